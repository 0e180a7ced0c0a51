"""Distances of pairs, counted: every pair, or through the autocorrelation of a grid.

A point, or a distance, between the nodes of an axis is shared among the four nearest with the
weights of cubic interpolation; what is summed on the nodes then serves every distance asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.fft
from scipy.ndimage import maximum_filter1d
from scipy.spatial.distance import cdist, pdist
from tqdm.auto import tqdm

from clusterlab.agglomeration.places import WIDEST, Places, arc, mapped, on_sphere, reach

EXACT_UP_TO = 3000  # points; above it pairs are counted on a grid
EXACT_SIMULATED = 500  # the same where the count is repeated a thousand times
MOST = 10_000_000  # most values of simulated curves, or of neighbours by distance: 80 MB

_FAR = 7.0  # bandwidths after which a Gaussian is nothing (1e-11 of its peak)
_NODES = 20  # nodes of the distance axis in one bandwidth
_GRID_CELLS = 25_000_000  # most cells of the padded grid: three arrays of 200 MB
_BLOCK = 1024  # points in a block of exact distances
_LONGEST = 100_000  # most bandwidths in a curve
_AT = 1e-9  # of a distance: neighbours at exactly r are counted whatever the unit rounds to
_HALF_ROUND = 20_016.0  # km, half the earth around

#: Weights of nodes −1, 0, 1 and 2 for a place t between nodes 0 and 1, by powers of t.
_CUBIC = np.array([[0, -2, 3, -1], [6, -3, -6, 3], [0, 6, 3, -3], [0, -1, 0, 1]]) / 6
#: Largest value of |(t+1) t (t−1) (t−2)|/4! between nodes: an interpolation is at most this times
#: the fourth power of the spacing times the largest fourth derivative off.
_OFF = 9 / 384


# --- exact distances -----------------------------------------------------------------------------


def refuse_long(maximum: float, bandwidth: float) -> None:
    """Refuse a curve whose axis would have more nodes than make sense."""
    if maximum > _LONGEST * bandwidth:
        raise ValueError(
            f"maximum is {maximum:g} and bandwidth {bandwidth:.3g}, but a curve can be at most "
            f"{_LONGEST:,} bandwidths long: choose a smaller maximum or a larger bandwidth."
        )


def _blocks(
    xy: np.ndarray, size: np.ndarray | None, sphere: bool, progress: bool = False
) -> Iterator[tuple[np.ndarray, np.ndarray | None]]:
    """Yield distances of all pairs i < j block by block, with the products of their sizes."""
    space = on_sphere(xy) if sphere else xy
    starts = range(0, len(xy), _BLOCK)
    blocks = len(starts) * (len(starts) + 1) // 2
    with tqdm(total=blocks, disable=not progress, delay=2, leave=False, desc="distances") as bar:
        for a in starts:
            for b in range(a, len(xy), _BLOCK):
                one, two = slice(a, a + _BLOCK), slice(b, b + _BLOCK)
                found = pdist(space[one]) if a == b else cdist(space[one], space[two]).ravel()
                product = None
                if size is not None:
                    product = np.multiply.outer(size[one], size[two])
                    upper = np.triu_indices(len(product), 1) if a == b else ...
                    product = product[upper].ravel()
                yield (arc(found) if sphere else found), product
                bar.update()


def _on_nodes(
    found: np.ndarray, weight: np.ndarray | None, spacing: float, nodes: int
) -> np.ndarray:
    """Share each row of distances among evenly spaced nodes, those of 0 and up.

    What would fall on node −1 goes to node 1, because every kernel used is even in distance.
    Distances beyond the last node are dropped.
    """
    rows = len(found)
    scaled = np.minimum(found * (1 / spacing), nodes)
    index = scaled.astype(np.intp)
    t = (scaled - index).ravel()
    index += (np.arange(rows) * (nodes + 1))[:, None]
    flat, powers = index.ravel(), []
    # The weights are cubic in t, so it is enough to add up 1, t, t² and t³ once for each node.
    for _ in range(4):
        counted = np.bincount(flat, weight, minlength=rows * (nodes + 1))
        powers.append(counted.reshape(rows, -1)[:, :nodes].astype(float))
        weight = t.copy() if weight is None else weight * t
    masses = np.zeros((rows, nodes + 3))
    for node, share in enumerate(np.tensordot(_CUBIC, powers, 1)):
        masses[:, node : node + nodes] += share
    masses[:, 2] += masses[:, 0]
    return masses[:, 1:]


# --- the bandwidth rule --------------------------------------------------------------------------


def _silverman(pairs: float, sd: float, quartiles: list[float]) -> float:
    """Return the bandwidth by Silverman's rule of thumb."""
    low, median, high = quartiles
    wide = (high - low) / 1.34
    nothing = _AT * median  # what rounding leaves of distances that are all the same
    scale = min(sd, wide) if wide > nothing else sd
    if not scale > nothing:  # a single distance, as between two points
        scale = median
    return 0.9 * scale * pairs ** (-0.2)


def spread_of(here: Places, progress: bool) -> tuple[float, float]:
    """Return bandwidth and median of the distances of all pairs.

    The distances are taken themselves where they are few, else counted in classes.
    """
    xy, n = here.xy, len(here)
    pairs = n * (n - 1) / 2
    if not np.ptp(xy, axis=0).any():
        raise ValueError("all points are in one place: there is no distance to look at.")
    if n <= EXACT_UP_TO:
        found = np.concatenate([part for part, _ in _blocks(xy, None, here.sphere, progress)])
        quartiles = np.quantile(found, [0.25, 0.5, 0.75]).tolist()
        sd = float(found.std(ddof=1)) if n > 2 else 0.0
        return _silverman(pairs, sd, quartiles), quartiles[1]
    if here.sphere and reach(here) > WIDEST:
        edges = (np.arange(1 << 17) + 0.5) * (_HALF_ROUND / (1 << 17))
        cell, counts = edges[1] - edges[0], np.zeros(len(edges))
        for part, _ in _blocks(xy, None, True, progress):
            index = (part * (1 / cell)).astype(np.intp)
            counts += np.bincount(index, minlength=len(edges))
        squares = float(counts @ edges**2)
    else:
        flat = mapped(here)[0][0].xy if here.sphere else xy
        edges, counts, cell = _classes(flat, pairs)
        squares = n * float(np.sum((flat - flat.mean(axis=0)) ** 2))
    variance = max(squares / pairs - (float(counts @ edges) / pairs) ** 2, 0.0)
    low, median, high = _quantiles(counts, edges, np.array([0.25, 0.5, 0.75]) * pairs)
    if high - low < 3 * cell:  # quartiles in one place, spread by the classes only
        high = low
    sd = float(np.sqrt(variance * pairs / (pairs - 1)))
    return _silverman(pairs, sd, [low, median, high]), median


def _classes(xy: np.ndarray, pairs: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Count pairs on a grid fine enough for their quartiles: edges, counts and the cell."""
    span, cells = float(np.hypot(*np.ptp(xy, axis=0))), 192
    while True:
        cell = max(np.ptp(xy, axis=0).max(), span / 64) / cells
        edges = np.arange(int(span / cell) + 6) * cell
        grid = Grid(xy.min(axis=0), np.ptp(xy, axis=0), cell, span)
        counts = grid.masses(xy, np.ones(len(xy)), cell, len(edges) - 3)
        counts = np.concatenate([counts, np.zeros(3)])[: len(edges)]
        low, high = _quantiles(counts, edges, np.array([0.25, 0.75]) * pairs)
        if high - low > 20 * cell or cells >= 3072:
            return edges, counts, cell
        cells *= 4


def _quantiles(counts: np.ndarray, edges: np.ndarray, below: np.ndarray) -> list[float]:
    # what is counted at a place lies around it: half of it is below
    return np.interp(below, np.cumsum(counts) - counts / 2, edges).tolist()


# --- from nodes to a curve -----------------------------------------------------------------------


def _gauss(z: np.ndarray) -> np.ndarray:
    return np.exp(-0.5 * z * z) * (1 / np.sqrt(2 * np.pi))


class Kernel:
    """A Gaussian reflected at zero, from nodes on the distance axis to the distances asked for.

    Distances may have been measured up to ``stretch`` times too long.
    """

    def __init__(self, distance: np.ndarray, bandwidth: float, stretch: float = 1.0) -> None:
        self.distance, self.bandwidth, self.stretch = distance, bandwidth, stretch
        self.spacing = bandwidth / _NODES
        farthest = distance[-1] + _FAR * bandwidth
        self.nodes = int(farthest * stretch / self.spacing) + 2
        half = int(_FAR * _NODES)
        more = int(np.ceil(farthest * (stretch - 1) / self.spacing))
        centre = np.rint(distance / self.spacing).astype(np.intp)[:, None]
        window = centre + np.arange(-half, half + more + 1)
        self.inside = (window >= 0) & (window < self.nodes)
        self.window = np.where(self.inside, window, 0)
        self._at = self.window * self.spacing
        self.value = np.where(self.inside, sum(self._parts(self._at)), 0.0)

    def _parts(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the Gaussian around the distance asked for, and its reflection at zero."""
        d, h = self.distance[:, None], self.bandwidth
        mirror = np.zeros(at.shape)
        near = self.distance < _FAR * h  # the reflection of others lies beyond zero
        mirror[near] = _gauss((at[near] + d[near]) / h) / h
        return _gauss((at - d) / h) / h, mirror

    def curve(self, masses: np.ndarray) -> np.ndarray:
        """Return the sum of the kernel over all pairs at each distance."""
        return np.einsum("dw,dw->d", masses[self.window], self.value)

    def roughness(self) -> np.ndarray:
        """Bound the fourth derivative, in any direction, of the kernel at each node."""
        d, h = self.distance[:, None], self.bandwidth
        derivatives = []
        for z in ((self._at - d) / h, (self._at + d) / h):
            p, y = _gauss(z), z * z  # φ′ = −zφ, φ″ = (z²−1)φ, and so on
            derivatives.append((-z * p, (y - 1) * p, (3 - y) * z * p, ((y - 6) * y + 3) * p))
        k1, k2, k3, k4 = (a + b for a, b in zip(*derivatives, strict=True))
        r = np.maximum(self._at / h, 1e-9)
        # A grid moves a point along an axis, which may lie at any angle to the line of the pair.
        # With u = cos² of that angle, the fourth derivative of K(|p|) along the axis is
        #   K⁗ u² + 6 (K‴/r − 2K″/r² + 2K′/r³) u(1−u) + 3 (K″/r² − K′/r³) (1−u)²,
        # a quadratic in u: its largest value on 0 ≤ u ≤ 1 is at an end or at its vertex.
        across = 3 * (k2 / r**2 - k1 / r**3)
        slope = 6 * (k3 / r - 3 * k2 / r**2 + 3 * k1 / r**3)
        bend = k4 - slope - across
        with np.errstate(divide="ignore", invalid="ignore"):
            u = np.clip(np.nan_to_num(-slope / (2 * bend)), 0, 1)
        most = np.abs([k4, across, bend * u**2 + slope * u + across]).max(axis=0)
        # close to zero the formula cancels; 2.4 bounds it everywhere (it is 6 φ(0) at r = d = 0)
        return np.where(r < 3, 2.4, most) / h**5

    def displaced(self) -> np.ndarray:
        """Bound how far the kernel at each node is off because the distance may be too long."""
        # The true distance lies between the node / stretch and the node. Either Gaussian has one
        # peak, so on this stretch it is highest as near to the peak as it goes, lowest at an end.
        least, d = self._at / self.stretch, self.distance[:, None]
        here, mirror = self._parts(self._at)
        there, mirror_there = self._parts(least)
        highest = self._parts(np.clip(d, least, self._at))[0] + mirror_there
        lowest = np.minimum(here, there) + mirror
        return np.maximum(highest - here - mirror, here + mirror - lowest)

    def around(self, bound: np.ndarray, reach: float) -> np.ndarray:
        """Return the largest bound within reach of each node."""
        steps = 2 * int(np.ceil(reach / self.spacing)) + 1
        return maximum_filter1d(bound, steps, axis=1, mode="nearest")


class Counter:
    """Count pairs by distance, exactly or on a grid laid once over all sites."""

    def __init__(self, ground: Places, kernel: Kernel, *, exact: bool) -> None:
        self.kernel, self.exact, self.sphere = kernel, exact, ground.sphere
        if not exact:
            self.grid = self._laid(ground, kernel)

    @staticmethod
    def _laid(ground: Places, kernel: Kernel) -> Grid:
        """Return a grid as fine as the bandwidth asks for and memory allows."""
        low, extent = ground.xy.min(axis=0), np.ptp(ground.xy, axis=0)
        coarsest = float(np.sqrt(np.prod(extent + kernel.bandwidth) / _GRID_CELLS))
        # a cell of this width keeps the bound below a thousandth of the peak
        cell = coarsest if coarsest > kernel.bandwidth else kernel.bandwidth / 5.4
        while cell <= kernel.bandwidth:
            grid = Grid(low, extent, cell, kernel.spacing * kernel.nodes)
            if np.prod(grid.padded, dtype=float) <= _GRID_CELLS:
                return grid
            cell *= 1.02
        raise ValueError(
            f"the bandwidth {kernel.bandwidth:.3g} is finer than the cells a grid over these "
            f"points can have ({cell:.3g}); pass a larger bandwidth=, or method='exact'."
        )

    def __call__(self, xy: np.ndarray, size: np.ndarray, *, progress: bool = False) -> np.ndarray:
        """Return pairs, by the product of their sizes, on nodes of the distance axis."""
        spacing, nodes = self.kernel.spacing, self.kernel.nodes
        if not self.exact:
            return self.grid.masses(xy, size, spacing, nodes)
        alike = bool((size == size[0]).all())
        masses = np.zeros(nodes + 2)
        for found, product in _blocks(xy, None if alike else size, self.sphere, progress):
            masses += _on_nodes(found[None], product, spacing, nodes)[0]
        return masses * size[0] ** 2 if alike else masses

    def error(self, masses: np.ndarray) -> np.ndarray:
        """Bound the error of the sums over pairs at each distance."""
        # at distances up to half a bandwidth apart, and between them by the larger neighbour
        asked, bandwidth = self.kernel.distance, self.kernel.bandwidth
        every = max(1, int(0.5 * bandwidth / asked[1]))
        some = np.array([*range(0, len(asked) - 1, every), len(asked) - 1])
        kernel = Kernel(asked[some], bandwidth, self.kernel.stretch)
        rough, near = kernel.roughness(), 2 * kernel.spacing
        bound = _OFF * kernel.spacing**4 * kernel.around(rough, near)
        if not self.exact:
            # A pair has four coordinates, each interpolated on the grid. The weights of one add
            # up, without their signs, to at most 1.25, by which those after it are magnified.
            # The nodes of a point lie up to 2 cells off on either axis, 2√2 for each of two.
            cell = self.grid.cell
            near = 4 * np.sqrt(2) * cell
            growth = 1 + 1.25 + 1.25**2 + 1.25**3
            bound += _OFF * growth * cell**4 * kernel.around(rough, near)
        if kernel.stretch > 1:
            bound += kernel.around(kernel.displaced(), near + 2 * kernel.spacing)
        error = np.einsum("dw,dw->d", np.abs(masses)[kernel.window] * kernel.inside, bound)
        after = np.searchsorted(some, np.arange(len(asked)))
        return np.maximum(error[after], error[np.maximum(after - 1, 0)])


# --- a grid --------------------------------------------------------------------------------------


class Grid:
    """Pairs of points in a plane by lag, through the autocorrelation of a grid."""

    def __init__(self, low: np.ndarray, extent: np.ndarray, cell: float, reach: float) -> None:
        self.cell, self.low = cell, low - 1.5 * cell
        self.shape = np.ceil(extent / cell).astype(np.intp) + 5
        self.lags = np.minimum(int(reach / cell) + 5, self.shape)
        # zeros beyond the points, or pairs would be counted round the edge
        needed = (self.shape + self.lags).tolist()
        self.padded = tuple(scipy.fft.next_fast_len(n, real=True) for n in needed)

    def masses(self, xy: np.ndarray, size: np.ndarray, spacing: float, nodes: int) -> np.ndarray:
        """Return unordered pairs, by the product of their sizes, on nodes of the distance axis."""
        field, itself = self._spread(xy, size)
        threads = 1 if np.prod(self.padded) < 2_000_000 else -1
        # two-dimensional transforms in two steps, to leave out rows known zero or not needed
        wave = scipy.fft.rfft(field, n=self.padded[1], axis=1, workers=threads)
        del field
        wave = scipy.fft.fft(wave, n=self.padded[0], axis=0, workers=threads, overwrite_x=True)
        # the transform of an autocorrelation is the squared size of the transform (Wiener and
        # Khinchin): |wave|², in place
        parts = wave.view(float)
        np.multiply(parts, parts, out=parts)
        parts[:, ::2] += parts[:, 1::2]
        parts[:, 1::2] = 0
        power = scipy.fft.ifft(wave, axis=0, workers=threads, overwrite_x=True)
        del wave, parts
        lagged = scipy.fft.irfft(power[: self.lags[0]], n=self.padded[1], axis=1, workers=threads)
        return self._by_distance(lagged, itself, spacing, nodes)

    def _by_distance(
        self, lagged: np.ndarray, itself: np.ndarray, spacing: float, nodes: int
    ) -> np.ndarray:
        """Add up pairs by the length of their lag."""
        across, up = self.lags
        masses = np.zeros(nodes + 2)
        columns = np.arange(up) * self.cell
        for start in range(0, across, 512):
            rows = slice(start, min(start + 512, across))
            pairs = lagged[rows, :up].copy()
            # lags (k, l) and (k, −l) are different pairs; (k, l) and (−k, −l) the same ones
            pairs[:, 1:] += lagged[rows, :-up:-1]
            if start == 0:
                pairs[0] *= 0.5
                pairs[:4, :4] -= itself
            away = np.hypot((np.arange(rows.start, rows.stop) * self.cell)[:, None], columns)
            kept = away < nodes * spacing
            masses += _on_nodes(away[kept][None], pairs[kept], spacing, nodes)[0]
        return masses

    def _spread(self, xy: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Share every point among 4 × 4 nodes; return the grid, and each point's own pairs."""
        grid, itself = np.zeros(self.shape), np.zeros((4, 4))
        nodes, width = grid.reshape(-1), self.shape[1]
        scaled = (xy - self.low) / self.cell
        base = scaled.astype(np.intp)
        flat = (base[:, 0] - 1) * width + base[:, 1] - 1
        scaled -= base
        if len(xy) > 100_000:  # neighbours in memory first
            order = np.argsort(flat)
            flat, size, scaled = flat[order], size[order], scaled[order]
        for start in range(0, len(xy), 1 << 15):
            part = slice(start, start + (1 << 15))
            at, heavy = flat[part], size[part]
            across, up = (_CUBIC @ np.vander(t, 4, increasing=True).T for t in scaled[part].T)
            for i in range(4):
                weight = heavy * across[i]
                for j in range(4):
                    np.add.at(nodes, at + (i * width + j), weight * up[j])
            itself += (_own_lags(across) * heavy**2) @ _own_lags(up).T
        # The autocorrelation pairs each point's 16 shares with each other too, which is no pair of
        # two points: taken off at lags (±k, ±l) folded on one, each unordered pair once.
        twice = np.array([1.0, 2.0, 2.0, 2.0])
        return grid, itself * np.multiply.outer(twice, twice) / 2


def _own_lags(shares: np.ndarray) -> np.ndarray:
    """Return how much of a point's pair with itself falls on lags 0 to 3 of one axis."""
    a, b, c, d = shares
    return np.stack([a * a + b * b + c * c + d * d, a * b + b * c + c * d, a * c + b * d, a * d])


# --- neighbours ----------------------------------------------------------------------------------


class Neighbours:
    """Weight of the neighbours around places, at evenly spaced distances."""

    def __init__(
        self, ground: Places, cases: int, maximum: float, steps: int, bandwidth: float | None
    ) -> None:
        self.space = on_sphere(ground.xy) if ground.sphere else ground.xy
        self.sphere = ground.sphere
        self.distance = np.linspace(maximum / steps, maximum, steps)
        self.bandwidth = float(bandwidth or 0.0)
        self.nodes, held = steps, cases * steps
        if bandwidth:
            refuse_long(maximum, bandwidth)
            self.spacing = bandwidth / 8
            self.nodes = int(maximum / self.spacing + _FAR * 8) + 2
            held += self.nodes * steps
        if held > 5 * MOST:
            raise ValueError(
                f"steps is {steps:,}: {cases:,} cases at so many distances do not fit in memory; "
                "ask for fewer steps, or a smaller maximum or a larger bandwidth."
            )
        if bandwidth:
            at = np.arange(self.nodes + 2)[:, None] * self.spacing
            self.kernel = _gauss((at - self.distance) / bandwidth)
            self.kernel += _gauss((at + self.distance) / bandwidth)

    def around(
        self, places: np.ndarray, others: np.ndarray, weight: np.ndarray | None, progress: bool
    ) -> np.ndarray:
        """Return places by distances: weight of the others, the place's own included."""
        rows = max(1, min(len(places), 2_000_000 // max(len(others), self.nodes)))
        result = np.empty((len(places), len(self.distance)))
        starts = range(0, len(places), rows)
        for start in tqdm(starts, disable=not progress, delay=2, leave=False, desc="neighbours"):
            part = places[start : start + rows]
            found = cdist(self.space[part], self.space[others])
            if self.sphere:
                found = arc(found)
            heavy = None if weight is None else np.tile(weight[others], len(part))
            result[start : start + rows] = self._counted(found, heavy)
        return result

    def _counted(self, found: np.ndarray, heavy: np.ndarray | None) -> np.ndarray:
        """Add up each row of neighbours: near the distances, or up to them."""
        if self.bandwidth:
            return _on_nodes(found, heavy, self.spacing, self.nodes) @ self.kernel
        amount = len(found)
        nearest = np.ceil(found * ((1 - _AT) / self.distance[0]))
        index = np.clip(nearest, 1, self.nodes + 1).astype(np.intp)
        index += (np.arange(amount) * (self.nodes + 2))[:, None]
        counted = np.bincount(index.ravel(), heavy, minlength=amount * (self.nodes + 2))
        return counted.reshape(amount, -1)[:, 1:-1].cumsum(axis=1)

    def of_all(self, progress: bool) -> np.ndarray:
        """Return what surrounds every place, each counted as one."""
        everyone = np.arange(len(self.space))
        return self.around(everyone, everyone, None, progress)

    def ratio(
        self, cases: np.ndarray, size: np.ndarray, known: np.ndarray | None, progress: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the measure and the number of cases with neighbours, at each distance."""
        weight = None if (size == 1).all() else size
        # a place counts itself, at distance zero: taken off again
        own = size[cases, None] * (self.kernel[0] if self.bandwidth else np.ones(self.nodes))
        everyone = np.arange(len(size))
        all_ = known[cases] if known is not None else self.around(cases, everyone, weight, progress)
        all_ = all_ - own
        same = self.around(cases, cases, weight, False) - own
        # less than a billionth of the smallest neighbour is what rounding leaves of none
        least = 1e-9 * (self.kernel.max() if self.bandwidth else 1.0) * size.min()
        has = all_ > least
        share = np.divide(same, all_, out=np.zeros_like(same), where=has).sum(axis=0)
        of_cases, total = size[cases].sum(), size.sum()
        # what the shares would be if the industry were spread like the whole; a case is not its
        # own neighbour, so it is missing above and below
        usual = has.T @ ((of_cases - size[cases]) / (total - size[cases]))
        used = has.sum(axis=0)
        ratio = np.divide(share, usual, out=np.full(len(used), np.nan), where=used > 0)
        return ratio, used
