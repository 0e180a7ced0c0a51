"""Search for a better product on rugged landscapes: whole, or module by module."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from annotated_types import Ge, Le

from clusterlab.parameters import Parameter, Seed, generator, model
from clusterlab.results import Result

_MOST = 16  # elements whose 2^N combinations are enumerated


@dataclass(frozen=True, repr=False)
class Search(Result):
    """How far search came, by module size, before and after the architecture changed.

    Attributes
    ----------
    path : pandas.DataFrame
        Mean fitness over the best possible, indexed by step, a column per module size.
    error : pandas.DataFrame
        Standard error over landscapes.
    change : int or None
        The step at which the architecture changed.
    moved : int
        Elements that changed places then; with fewer than two only performance changed.
    block : int
        Size of the true blocks.
    """

    path: pd.DataFrame
    error: pd.DataFrame
    change: int | None
    moved: int
    block: int

    @property
    def loss(self) -> pd.Series:
        """Level reached before the change less the level reached in as many steps after it."""
        if self.change is None:
            raise ValueError("loss: the architecture did not change in this search.")
        return (self.path.loc[self.change] - self.path.loc[2 * self.change]).rename("loss")

    def to_frame(self) -> pd.DataFrame:
        """Return the path with its errors."""
        return pd.concat({"level": self.path, "error": self.error}, axis=1)


@model
def modular_search(
    *,
    block: Annotated[int, Parameter("true blocks of", 1, 12, admissible=(Ge(1),))] = 4,
    modules: tuple[int, ...] = (2, 4, 6, 12),
    acceptance: Annotated[
        Literal["system", "module"], Parameter("a change is kept if better for the")
    ] = "system",
    moved: Annotated[
        int, Parameter("elements that change block", 0, 12, 2, admissible=(Ge(0),))
    ] = 0,
    steps: Annotated[int, Parameter("trials", 100, 10_000, 100, admissible=(Ge(1),))] = 1000,
    change: bool = False,
    elements: Annotated[int, Parameter("elements, N", 4, 14, admissible=(Ge(1), Le(_MOST)))] = 12,
    replicates: Annotated[int, Parameter("landscapes", 1, 400, admissible=(Ge(1),))] = 100,
    seed: Seed = 0,
) -> Search:
    r"""Search module by module for the best product, and change its architecture on the way.

    Parameters
    ----------
    block : int
        Size of the blocks within which elements truly depend on each other; divides ``elements``.
    modules : tuple of int
        Sizes of the modules within which search goes on, each compared; ``elements`` is integral
        search. A last module is smaller where the size does not divide.
    acceptance : {"system", "module"}
        Whether a change is kept when it makes the whole product better, or when it makes the
        module's own elements contribute more, whatever it does to the others.
    moved : int
        Elements that change places with each other when the architecture changes. With 0, or 1
        that finds nobody to change with, the performance of every combination is drawn anew, but
        who depends on whom stays.
    steps : int
        Trials in total; with ``change`` as many again follow it.
    change : bool
        Change the architecture after ``steps`` trials.
    elements, replicates : int
        N, and the landscapes drawn, at least 1; each module size searches the same ones.
    seed : int or numpy.random.Generator
        The same seed gives the same search.

    Returns
    -------
    Search

    Raises
    ------
    ValueError
        A block that does not divide ``elements``, or a module size that is not from 1 to N.

    See Also
    --------
    stretch : which ties written hand-offs let go.

    Notes
    -----
    One trial: a module is drawn, its elements get new states at random, and the change is kept if
    the criterion rises strictly. One module tries at a time; Ethiraj and Levinthal let all modules
    try at once, so their periods are not these trials. The level is F/F_max of each landscape.
    At the change contributions are drawn anew for everyone; modules keep their members, while the
    true blocks lose ``moved`` of theirs to each other.

    References
    ----------
    Ethiraj and Levinthal (2004), Modularity and innovation in complex systems, Management Science
    50(2); Rivkin and Siggelkow (2007); Brusoni, Marengo, Prencipe and Valente (2007);
    whitford-potter-2007, section 5.3, after Sabel and Zeitlin (2004).

    Examples
    --------
    >>> found = modular_search(modules=(4, 12), steps=200, replicates=50)
    >>> bool(found.path.loc[200, 4] > found.path.loc[200, 12])  # the right modules are faster
    True
    """
    if elements % block:
        raise ValueError(f"modular_search: blocks of {block} do not divide {elements} elements.")
    wrong = [size for size in modules if not 1 <= size <= elements]
    if wrong or not modules:
        raise ValueError(
            f"modular_search: modules {modules!r} must be sizes from 1 to {elements} elements."
        )
    if moved > elements:
        raise ValueError(f"modular_search: {moved} of {elements} elements cannot move.")
    rng = generator(seed)
    state = np.tile(rng.integers(0, 2**elements, replicates), len(modules))
    places = np.tile(np.arange(elements), (replicates, 1))  # where each element's bit stands
    levels = []
    for phase in range(1 + change):
        if phase:
            places = _trade_places(places, moved, rng)
        parts = rng.random((replicates, elements, 2**block))
        level, state = _climb(state, parts, places, modules, acceptance, _shown(steps), rng)
        levels.append(level if not phase else level[1:])
    steps_shown = np.concatenate([_shown(steps), steps + _shown(steps)[1:]])
    index = pd.Index(steps_shown[: sum(map(len, levels))], name="step")
    each = np.concatenate(levels).reshape(len(index), len(modules), replicates)
    columns = pd.Index(modules, name="module size")
    error = each.std(axis=2, ddof=min(1, replicates - 1)) / np.sqrt(replicates)
    return Search(
        path=pd.DataFrame(each.mean(axis=2), index, columns),
        error=pd.DataFrame(error, index, columns),
        change=steps if change else None,
        moved=moved,
        block=block,
    )


def _shown(steps: int) -> np.ndarray:
    """Return the steps that are recorded: closer together at first, and every power of ten."""
    spread = np.geomspace(1, steps, 60).round().astype(int)
    tens = 10 ** np.arange(int(np.log10(steps)) + 1)
    return np.unique(np.concatenate([[0], spread, tens]))


def _trade_places(places: np.ndarray, moved: int, rng: np.random.Generator) -> np.ndarray:
    """Let ``moved`` elements of each landscape, drawn at random, take each other's places."""
    drawn = rng.random(places.shape).argsort(axis=1)[:, :moved]
    old = np.take_along_axis(places, drawn, axis=1)
    changed = places.copy()
    np.put_along_axis(changed, drawn, np.roll(old, 1, axis=1), axis=1)
    return changed


def _climb(state, parts, places, modules, acceptance, shown, rng):
    """Return the level at the steps shown (steps x searches) and the last states.

    ``parts`` holds the contribution of each place to each state of its block: landscapes x places
    x states. Searches are module sizes x landscapes, flattened.
    """
    replicates, elements, states = parts.shape
    block = states.bit_length() - 1
    blocks = elements // block
    shift = (np.arange(blocks) * block)[:, None]
    tables, masks = [], []  # what a module sees: blocks x states; which bits it may set
    for size in modules:
        for start in range(0, elements, size):
            own = np.zeros((replicates, elements), dtype=bool)
            np.put_along_axis(own, places[:, start : start + size], True, axis=1)
            masks.append(own @ (1 << np.arange(elements)))
            if acceptance == "module":
                seen = np.where(own[:, :, None], parts, 0)
                seen = seen.reshape(replicates, blocks, block, states).sum(axis=2)
                tables.append(seen.astype(np.float32))
    count = np.array([-(-elements // size) for size in modules]).repeat(replicates)
    first = np.concatenate([[0], np.cumsum(count[::replicates])[:-1]]).repeat(replicates)
    landscapes = np.tile(np.arange(replicates), len(modules))
    mask = np.stack(masks)
    whole = parts.reshape(replicates, blocks, block, states).sum(axis=2) / elements
    heights = _heights(whole)
    best = heights.max(axis=1)[landscapes]
    heights, home = heights.ravel(), landscapes * 2**elements
    table = (np.stack(tables) if tables else whole[:0]).ravel()
    within = np.arange(blocks)[:, None] * states

    def seen_by(base, bits):
        return table[base + within + ((bits >> shift) & (states - 1))].sum(axis=0)

    now, step = heights[home + state], 0
    level = [now / best]
    for stop in shown[1:]:
        few = stop - step
        module = first + (rng.random((few, len(state))) * count).astype(np.intp)
        free = mask[module, landscapes]
        new_bits, kept_bits = rng.integers(0, 2**elements, free.shape) & free, ~free
        if acceptance == "module":
            base = (module * replicates + landscapes) * blocks * states
        for t in range(few):
            tried = (state & kept_bits[t]) | new_bits[t]
            if acceptance == "system":
                new = heights[home + tried]
                better = new > now
                now = np.maximum(now, new)
            else:
                better = seen_by(base[t], tried) > seen_by(base[t], state)
            state = np.where(better, tried, state)
        step = stop
        level.append(heights[home + state] / best)
    return np.array(level, dtype=float), state


def _heights(whole: np.ndarray) -> np.ndarray:
    """Return the fitness of every combination, landscapes x combinations, block by block."""
    heights = whole[:, -1].astype(np.float32)
    for part in whole[:, -2::-1].astype(np.float32).swapaxes(0, 1):
        heights = (heights[:, :, None] + part[:, None, :]).reshape(len(whole), -1)
    return heights
