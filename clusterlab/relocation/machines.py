"""Makers of machines, and the makers of final goods next door whom they learn from."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge

from clusterlab.parameters import Parameter, model
from clusterlab.results import Result

_share = partial(Parameter, low=0, high=1, step=0.05, source="constructed")


@dataclass(frozen=True, repr=False)
class MachineMakers(Result):
    """Makers of machines after a part of their customers has gone abroad.

    Attributes
    ----------
    given : dict
        The parameters it was computed for.
    path : pandas.DataFrame
        By year: ``knowledge`` of the makers (1 before), ``imitators``, the ``advantage`` over them
        and ``exports`` of machines (1 before).
    interaction : float
        What is left of unwritten exchange with local makers of final goods.
    limit : float
        What exports tend to.
    """

    given: dict[str, float]
    path: pd.DataFrame
    interaction: float
    limit: float

    @property
    def below(self) -> int | None:
        """First year in which exports are below those before; None if none is on the path."""
        low = self.path.index[self.path["exports"] < 1 - 1e-12]
        return int(low[0]) if len(low) else None

    def to_frame(self) -> pd.DataFrame:
        """Return the path, one row a year."""
        return self.path.copy()


@model
def machine_makers(
    *,
    moved: Annotated[float, _share("share of final producers' jobs moved")] = 0.3,
    loss: Annotated[
        float,
        _share("knowledge that leaves with a job", details="1: as in replicative relocation."),
    ] = 1.0,
    wary: Annotated[float, _share("exchange withheld by the wary")] = 0.1,
    imitation: Annotated[
        float, Parameter("learnt a year from machines abroad", 0, 0.25, 0.01, source="constructed")
    ] = 0.1,
    machines: Annotated[
        float, Parameter("machines per moved plant", 0, 2, 0.1, unit="× exports before")
    ] = 1.0,
    ageing: Annotated[
        float, Parameter("knowledge that ages in a year", 0.02, 0.5, 0.02, source="constructed")
    ] = 0.1,
    behind: Annotated[
        float, Parameter("imitators' knowledge before", 0, 0.9, 0.05, unit="× the makers'")
    ] = 0.3,
    years: Annotated[int, Parameter("years", 5, 60, 5, admissible=(Ge(1),))] = 30,
) -> MachineMakers:
    r"""Let customers of machine makers go abroad: exports rise at once, knowledge wears off.

    Returns
    -------
    MachineMakers

    Raises
    ------
    ValueError
        A parameter out of its range.

    See Also
    --------
    relocate : which tasks leave, and how much knowledge with them.

    Notes
    -----
    With m moved, ρ the loss and ω withheld, :math:`\ell=(1-\omega)(1-\rho m)` of the unwritten
    exchange is left. Makers' knowledge k ages at δ and is renewed by exchange; imitators renew i
    from sources of their own, :math:`i_0`, and take apart the machines sent to new plants, γm of
    them in units of exports before, at a rate μ:

    .. math:: k_{t+1} = k_t + \delta(\ell - k_t), \qquad
              i_{t+1} = i_t + \delta(i_0 - i_t) + \theta\max(k_t-i_t, 0), \quad \theta=\mu\gamma m,

    from :math:`k_0=1` and :math:`i_0`, which is where both rest before. Plants abroad add γm to
    demand, and sales go with the advantage A = k − i: exports are
    :math:`X_t=(1+\gamma m)\max(A_t, 0)/A_0`. So :math:`k_t=\ell+(1-\ell)(1-\delta)^t`, and while
    A > 0, since both age alike,

    .. math:: A_t = A^* + (A_0-A^*)(1-\delta-\theta)^t, \qquad
              A^*=\frac{\delta(\ell-i_0)}{\delta+\theta} .

    Three statements follow for all numbers. Exports jump to 1 + γm. If ℓ > i₀ they tend to
    :math:`(1+\gamma m)\frac{\ell-i_0}{1-i_0}\frac{\delta}{\delta+\theta}`, above 1 or below it
    (never above if μ ≥ δ: then what new plants buy is lost again); if ℓ ≤ i₀ they end. And A never
    rises, because A* ≤ A₀.

    The three ways in which knowledge may be lost (wary partners, customers that no longer know,
    machines taken apart) are the document's; the equations are ours and not estimated. That exports
    rise with relocation is a correlation that the document reports; here it is put in as γ.

    References
    ----------
    whitford-potter-2007, section 5.3 (after De Arcangelis and Ferri, and Russo).

    Examples
    --------
    >>> found = machine_makers(moved=0.5, wary=0, imitation=0, loss=1, behind=0)
    >>> found.interaction, found.limit, found.below
    (0.5, 0.75, 11)
    """
    exchange = (1 - wary) * (1 - loss * moved)
    learnt = imitation * machines * moved
    knowledge, imitators = np.ones(years + 1), np.full(years + 1, behind)
    for t in range(years):
        knowledge[t + 1] = knowledge[t] + ageing * (exchange - knowledge[t])
        ahead = max(knowledge[t] - imitators[t], 0)  # nobody learns from a worse machine
        imitators[t + 1] = imitators[t] + ageing * (behind - imitators[t]) + learnt * ahead
    advantage, start = knowledge - imitators, 1 - behind
    demand = 1 + machines * moved
    path = {"knowledge": knowledge, "imitators": imitators, "advantage": advantage}
    path["exports"] = demand * np.maximum(advantage, 0) / start
    kept = max(exchange - behind, 0) / start * ageing / (ageing + learnt)
    return MachineMakers(
        given={"moved": moved, "machines": machines, "imitation": imitation, "behind": behind},
        path=pd.DataFrame(path, pd.RangeIndex(years + 1, name="year")),
        interaction=exchange,
        limit=demand * kept,
    )
