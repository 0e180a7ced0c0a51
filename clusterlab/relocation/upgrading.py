"""Climbing the value ladder under price pressure, with and without partners who share the risk."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt

from clusterlab.parameters import Parameter, Seed, generator, model, refuse_too_many
from clusterlab.results import Result

_share = partial(Parameter, low=0, high=1, step=0.05, source="constructed")
_money = partial(Parameter, unit="× cost of an attempt", source="constructed", admissible=(Ge(0),))
_TINY = 1e-9  # sums of tenths miss their total by less


@dataclass(frozen=True, repr=False)
class Climb(Result):
    """Firms on the value ladder over the years, with partners and alone.

    Attributes
    ----------
    given : dict
        The parameters it was computed for.
    path : pandas.DataFrame
        By year, for "with partners" and "alone": shares of firms that have ``climbed`` and that are
        ``gone``, the mean ``rung`` of firms (a firm gone counts 0), and ``links`` (1 before).
    errors : pandas.DataFrame
        Standard errors in the last year, a column for each of the two.
    expected : pandas.Series
        The share of these firms that climbs, by the closed form.
    """

    given: dict[str, float]
    path: pd.DataFrame
    errors: pd.DataFrame
    expected: pd.Series

    def to_frame(self) -> pd.DataFrame:
        """Return the path, one row a year."""
        return self.path.copy()


@model
def climb(
    *,
    partners: Annotated[float, _share("cost that partners bear")] = 0.5,
    pressure: Annotated[float, _money("taken by price pressure in a year", 0, 1, 0.05)] = 0.2,
    success: Annotated[float, _share("chance that an attempt succeeds")] = 0.15,
    new_links: Annotated[
        float, Parameter("ties with partners per rung", 0, 3, 0.25, unit="× ties before")
    ] = 1.5,
    cut_links: Annotated[float, _share("ties cut on leaving the foot")] = 0.3,
    capital: Annotated[float, _money("capital", 0, 10, 0.5)] = 3.0,
    spread: Annotated[float, _share("part by which capital differs")] = 0.5,
    margin: Annotated[float, _money("earned per rung in a year", 0, 1, 0.05)] = 0.3,
    rungs: Annotated[int, Parameter("rungs above the foot", 1, 5, admissible=(Ge(1),))] = 3,
    years: Annotated[int, Parameter("years", 5, 40, 5, admissible=(Ge(1),))] = 20,
    firms: Annotated[int, Parameter("firms", 500, 20_000, 500, admissible=(Gt(1),))] = 4000,
    seed: Seed = 0,
) -> Climb:
    r"""Let firms at the foot of the value ladder try to climb before their money is out.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        The same seed gives the same luck, and firms have the same luck with partners and alone.

    Returns
    -------
    Climb

    Raises
    ------
    ValueError
        A parameter out of its range.

    See Also
    --------
    strategy_mix : innovation and presence abroad.

    Notes
    -----
    Each year a firm at the foot loses p to price pressure, one on rung h earns hg. A firm whose
    capital is below 0 is gone: it closes or shifts its production abroad. One that has
    :math:`c = 1-\sigma` left, the part of an attempt that partners do not bear, tries to climb a
    rung, pays c and succeeds with probability q. From capital K,
    uniform on K̄(1 ± spread), a firm can make

    .. math:: n = \min\{T, \lfloor K/(p+c)\rfloor\}

    attempts from the foot in T years (its capital before the j-th is K − jp − (j−1)c ≥ c iff
    j ≤ K/(p+c)), so it has climbed with probability :math:`1-(1-q)^n`: without pressure
    :math:`1-(1-q)^{\lfloor K/(1-\sigma)\rfloor}`. One that has not is gone as soon as
    pt > K − nc; without pressure none ever goes. That partners help to climb is put in:
    c falls with σ, so n cannot fall.

    A firm has 1 tie with others of the cluster (a unit). One that is gone has none. Leaving the
    foot cuts a share φ, as simple work goes elsewhere; each rung climbed with partners leaves νσ
    new ones. So links are :math:`E[1\{\text{there}\}(1-\varphi 1\{h>0\}+\nu\sigma h)]`, and they
    end above 1 iff :math:`\nu\sigma E[h] > P(\text{gone})+\varphi P(h>0)`, with h = 0 for firms
    that are gone: either can come out.

    The commentary reports a weakening from the Economist and argues against it, without figures:
    partners are found nearby, and diversity, which is not in this model, brings spillovers. The
    equations are ours, and not estimated.

    References
    ----------
    globalization-ties (whole); guerrieri-pietrobelli-2001, section 3, for relocation for the sake
    of price.

    Examples
    --------
    >>> found = climb(pressure=0, capital=3, spread=0, success=0.5, partners=0.5)
    >>> found.expected.tolist()  # six attempts with partners, three alone
    [0.984375, 0.875]
    """
    refuse_too_many("climb", firms=firms, years=years)
    rng = generator(seed)
    luck = rng.random((years, firms)) < success
    start = capital * (1 + spread * rng.uniform(-1, 1, firms))
    paths, errors, expected = {}, {}, {}
    for name, borne in (("with partners", partners), ("alone", 0.0)):
        cost, rows = 1 - borne, []
        money, rung, there = start.copy(), np.zeros(firms, int), np.ones(firms, bool)
        for year in range(years + 1):
            if year:
                money += np.where(rung > 0, margin * rung, -pressure)
                there &= money > -_TINY
                tries = there & (rung < rungs) & (money > cost - _TINY)
                money -= cost * tries
                rung += tries & luck[year - 1]
            up = rung > 0  # who has climbed loses no more, and stays
            links = there * (1 - cut_links * up + new_links * borne * rung)
            rows.append([each.mean() for each in (up, ~there, rung, links)])
        columns = ["climbed", "gone", "rung", "links"]
        paths[name] = pd.DataFrame(rows, pd.RangeIndex(years + 1, name="year"), columns)
        doubt = [each.std() / firms**0.5 for each in (up, ~there, rung, links)]
        errors[name] = pd.Series(doubt, columns)
        each_year = pressure + cost or _TINY  # an attempt that costs nothing is made every year
        attempts = np.minimum(years, np.floor(start / each_year + _TINY))
        expected[name] = float((1 - (1 - success) ** attempts).mean())
    names = ("partners", "pressure", "success", "new_links", "cut_links")
    numbers = (partners, pressure, success, new_links, cut_links)
    return Climb(
        given=dict(zip(names, numbers, strict=True)),
        path=pd.concat(paths, axis=1),
        errors=pd.DataFrame(errors),
        expected=pd.Series(expected),
    )
