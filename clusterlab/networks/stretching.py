"""Which ties leave the district as coordination gets cheaper or work gets codified."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge

from clusterlab.parameters import Parameter, Seed, generator, model
from clusterlab.results import Result

_HIGHEST = 5.0
_GROUPS = ("codified", "tacit, bridged", "tacit, not bridged")


@dataclass(frozen=True, repr=False)
class Stretch(Result):
    """Which ties are at a distance, now and along a fall and a rise of coordination cost.

    Attributes
    ----------
    falling, rising : pandas.DataFrame
        Share of ties at a distance, indexed by coordination cost, a column per group of ties and
        one for all; while the cost falls from its highest to nothing, and while it rises again.
    ties : pandas.DataFrame
        The ties, one row each: ``buyer``, ``codified``, ``bridged``, and ``away`` at this cost.
    cost : float
        The coordination cost now, reached from above.
    """

    falling: pd.DataFrame
    rising: pd.DataFrame
    ties: pd.DataFrame
    cost: float

    @property
    def away(self) -> float:
        """Share of ties at a distance now."""
        return float(self.ties["away"].mean())

    @property
    def thick_away(self) -> float:
        """Share of the ties at a distance now whose hand-off is mostly tacit; 0 if none left."""
        gone = self.ties[self.ties["away"]]
        return float((gone["codified"] < 0.5).mean()) if len(gone) else 0.0

    @property
    def kept_open(self) -> float:
        """Share of ties that stay away when the cost comes back up to the present one."""
        at = np.abs(self.rising.index.to_numpy() - self.cost).argmin()
        return float(self.rising["all"].iloc[at])

    def to_frame(self) -> pd.DataFrame:
        """Return the shares along the fall and the rise."""
        return pd.concat({"falling": self.falling, "rising": self.rising}, axis=1)

    def __repr__(self) -> str:
        return (
            f"Stretch(at cost {self.cost:g}: {self.away:.2f} of ties away, "
            f"{self.thick_away:.2f} of them thick)"
        )


@model
def stretch(
    *,
    cost: Annotated[
        float, Parameter("coordination cost at a distance", 0, _HIGHEST, 0.1, unit="× saving")
    ] = 2.0,
    codifiability: Annotated[float, Parameter("mean codified share", 0.05, 0.95, 0.05)] = 0.5,
    bridged: Annotated[float, Parameter("ties that a bridging person knows", 0, 1, 0.05)] = 0.2,
    bridging: Annotated[float, Parameter("cost a bridging person takes away", 0, 1, 0.05)] = 0.7,
    contextuality: Annotated[float, Parameter("pull of partners that stay", 0, 0.9, 0.05)] = 0.0,
    path_dependence: Annotated[
        float, Parameter("cost of reversing a decision", 0, 0.8, 0.05)
    ] = 0.0,
    contingency: Annotated[float, Parameter("deviation of single firms", 0, 1, 0.05)] = 0.0,
    buyers: Annotated[int, Parameter("buyers", 20, 500, admissible=(Ge(1),))] = 200,
    ties_each: Annotated[int, Parameter("ties of a buyer", 2, 20, admissible=(Ge(2),))] = 10,
    seed: Seed = 0,
) -> Stretch:
    r"""Let coordination cost fall, and see which ties of a district go to a distant partner.

    Parameters
    ----------
    cost : float
        Cost c of coordinating a wholly tacit hand-off at a distance, in units of what a distant
        supplier saves.
    codifiability : float
        Mean of the codified shares z of the ties, drawn from a beta distribution whose two
        parameters add up to 4.
    bridged, bridging : float
        Share of ties where somebody is known and trusted at both ends, and the part β of the
        coordination cost this takes away.
    contextuality : float
        φ: what it is worth that the buyer's other suppliers are next door, times the share of
        them that still are.
    path_dependence : float
        κ: a tie is moved, either way, only if that gains more than κ.
    contingency : float
        ε: standard deviation of what single decisions deviate by.
    buyers, ties_each : int
        Size of the district.
    seed : int or numpy.random.Generator
        The same seed gives the same ties.

    Returns
    -------
    Stretch

    Raises
    ------
    ValueError
        A parameter out of its range.

    See Also
    --------
    spread : what is learned along ties that have left.

    Notes
    -----
    Moving tie e to a distance gains

    .. math:: g_e = 1 - c\,(1-z_e)(1-\beta b_e) - \varphi L_e + \varepsilon \xi_e ,

    with :math:`b_e` whether it is bridged, :math:`L_e` the share of the buyer's other ties that
    are local and :math:`\xi_e` a standard normal number drawn once. A local tie leaves when
    :math:`g_e > \kappa`, a distant one returns when :math:`g_e < -\kappa`; decisions repeat until
    none changes, then the cost moves on. With φ = κ = ε = 0 the share away is the chance that
    :math:`z > 1 - 1/[c(1-\beta b)]`. The argument follows Sturgeon and Saxenian as
    whitford-potter-2007, sections 5.1 and 5.2, reports them, and the slide "Fundamental
    conditions" of bathelt-2019; the equation is ours and not estimated.

    Examples
    --------
    >>> stretch(cost=0.9).away  # cheaper than the saving even for the most tacit tie
    1.0
    """
    rng = generator(seed)
    shape = (buyers, ties_each)
    codified = rng.beta(4 * codifiability, 4 * (1 - codifiability), shape)
    known = rng.random(shape) < bridged
    friction = (1 - codified) * (1 - bridging * known)
    start = 1 + contingency * rng.standard_normal(shape)
    steps = np.linspace(_HIGHEST, 0, 51)
    falling = np.unique(np.append(steps, cost))[::-1]
    away = np.zeros(shape, dtype=bool)
    paths, now = [], away
    for costs in (falling, falling[::-1]):
        path = []
        for level in costs:
            away = _settle(away, start - level * friction, contextuality, path_dependence)
            path.append(away)
            if costs is falling and level == cost:
                now = away
        paths.append(np.array(path))
    groups = [codified >= 0.5, (codified < 0.5) & known, (codified < 0.5) & ~known]
    frames = [
        _shares(path, costs, groups)
        for path, costs in zip(paths, (falling, falling[::-1]), strict=True)
    ]
    ties = pd.DataFrame(
        {
            "buyer": np.repeat(np.arange(buyers), ties_each),
            "codified": codified.ravel(),
            "bridged": known.ravel(),
            "away": now.ravel(),
        }
    )
    return Stretch(falling=frames[0], rising=frames[1], ties=ties, cost=cost)


def _settle(away, gain, contextuality, path_dependence):
    """Repeat the decisions until none changes; leaving and returning each feed themselves."""
    others = away.shape[1] - 1
    for _ in range(away.size + 1):
        local = (~away).sum(axis=1, keepdims=True) - ~away
        worth = gain - contextuality * local / others
        leave = ~away & (worth > path_dependence)
        if not leave.any():
            leave = away & (worth < -path_dependence)
            if not leave.any():
                break
        away = away ^ leave
    return away


def _shares(path, costs, groups):
    columns = {
        name: path[:, group].mean(axis=1)
        for name, group in zip(_GROUPS, groups, strict=True)
        if group.any()
    }
    index = pd.Index(costs, name="coordination cost")
    return pd.DataFrame(columns | {"all": path.mean(axis=(1, 2))}, index)
