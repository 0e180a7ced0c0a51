"""One region, two policies: target an industry, or ease what linked industries share."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import numpy as np
import pandas as pd
from annotated_types import Ge, Lt

from clusterlab.parameters import Parameter, Seed, generator, model, refuse_too_many
from clusterlab.results import Result

_ours = partial(Parameter, source="constructed")
_POLICIES, _OUTCOMES = ["cluster policy", "industrial policy"], ["productivity", "jobs", "HHI"]
_PARTS = (0.5, 1.0, 1.5)


@dataclass(frozen=True, repr=False)
class Targeting(Result):
    """The same regions under either policy; productivity and jobs are 1 before.

    Attributes
    ----------
    picking : float
        Chance that the government picks the best industry.
    industries : int
        Industries of a region.
    outcomes : pandas.DataFrame
        By region (replicate), policy and outcome: ``productivity`` (output per job), ``jobs``, and
        ``HHI``, the Herfindahl index of jobs, which is one over the number of industries before.
    lead : pandas.DataFrame
        Productivity under cluster policy less that under industrial policy, mean over regions, by
        the chance that the government picks the best industry; a column for half the linkages,
        those given and one and a half times as strong ones, at most 1.
    errors : pandas.Series
        Standard error of the difference between the policies, by outcome, over regions.
    """

    picking: float
    industries: int
    outcomes: pd.DataFrame
    lead: pd.DataFrame
    errors: pd.Series

    @property
    def border(self) -> pd.Series:
        """The chance of picking the best at which both are level in productivity, by linkages.

        It is infinite where cluster policy leads at any chance, minus infinity where it never does.
        """
        blind, sure = self.lead.iloc[0], self.lead.iloc[-1]
        cut = blind / (blind - sure).where(blind != sure)
        beyond = np.where(blind > 0, np.inf, -np.inf)
        return cut.where(cut.between(0, 1), pd.Series(beyond, cut.index)).rename("border")

    def to_frame(self) -> pd.DataFrame:
        """Return the mean outcomes of both policies, a row each."""
        return pd.DataFrame({name: self.outcomes[name].mean() for name in _POLICIES}).T


@model
def targeting(
    *,
    picking: Annotated[float, _ours("chance of picking the best", 0, 1, 0.05)] = 0.5,
    linkages: Annotated[float, _ours("strength of linkages", 0, 1, 0.05)] = 0.3,
    scale: Annotated[float, _ours("scale economies of an industry", 0, 0.4, 0.05)] = 0.2,
    spread: Annotated[
        float, _ours("spread of prospects", 0, 0.75, 0.05, admissible=(Ge(0), Lt(3)))
    ] = 0.5,
    budget: Annotated[float, _ours("money per job", 0, 1, 0.05, admissible=(Ge(0), Lt(1e6)))] = 0.2,
    gain: Annotated[
        float, _ours("mean gain from money", 0.1, 0.5, 0.05, admissible=(Ge(0), Lt(3)))
    ] = 0.3,
    spill: Annotated[float, _ours("use of targeted money for the linked", 0, 1, 0.05)] = 0.25,
    demand: Annotated[float, _ours("price elasticity of demand", 0.5, 2.5, 0.1)] = 2.0,
    industries: Annotated[int, _ours("industries", 2, 20, 1, admissible=(Ge(2),))] = 10,
    replicates: Annotated[int, Parameter("regions", 2, 1000, admissible=(Ge(2),))] = 200,
    seed: Seed = 0,
) -> Targeting:
    r"""Spend a budget on one industry, or on what linked industries share, in the same regions.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        The same seed draws the same regions at every setting.

    Returns
    -------
    Targeting

    Raises
    ------
    ValueError
        A parameter out of its range.

    See Also
    --------
    portfolio : Rules for clusters of different age.
    clusterlab.location.location_choice : Why large places or industries grow larger.

    Notes
    -----
    A region has n industries of equal size, all linked with one another. Industry i's prospects are
    :math:`\gamma_i = \gamma\, e^{\sigma z_i - \sigma^2/2}`, with z normal and mean γ. Money x per
    job of its own makes it

    .. math:: P_i = (1 + x_i)^{\gamma_i}\, L_i^{\,\varepsilon}

    times as productive, where :math:`L_i` are its jobs (before = 1) and ε its scale economies. Its
    price falls as productivity rises, buyers ask for :math:`P_i^{\eta}` times as much, and so
    :math:`L_i = P_i^{\eta-1}`: jobs rise if η > 1 and fall if η < 1. Put into the first equation,

    .. math:: \log P_i = m\,\gamma_i \log(1 + x_i), \qquad m = 1/[1 - \varepsilon(\eta - 1)] .

    The budget is b for each job of the region. What is bought for one industry can be used by a
    linked one at the same time, to the degree of the linkages λ.

    - **Cluster policy** buys what all need: each industry uses its n-th part and λ of the others',
      :math:`x_i = b\,[1 + \lambda (n-1)]`.
    - **Industrial policy** buys what industry k needs: :math:`x_k = nb`; the others can use less of
      it, :math:`x_i = s\lambda\,nb` with s ≤ 1. Of the picks a share h is the industry with the
      best prospects, the others fall on any industry alike. Outcomes are expected over the picks.

    Productivity is :math:`\sum P_iL_i / \sum L_i`, jobs are :math:`\sum L_i/n`, HHI is
    :math:`\sum (L_i/\sum L)^2`. The lead of cluster policy is linear in h, so that both are level
    at :math:`h^* = (C - R)/(B - R)`, with C cluster policy, R random picks and B the best pick.

    **What can be proved.** (a) With b = 0, γ = 0, or λ = s = 1 the policies are the same. (b) With
    σ = 0 picking is of no use. (c) Under cluster policy and σ = 0 all industries stay equal, HHI at
    1/n, and productivity is :math:`[1+b(1+\lambda(n-1))]^{m\gamma}`. (d) More linkages never lower
    C. The rest hangs on numbers, which are ours and not estimated. That what one industry needs is
    of less use to others (s below 1) is an input.

    References
    ----------
    porter-2000, "Clusters Versus Industrial Policy" and "Government Influences on Cluster
    Upgrading", for the two views; the document has no equations, and these are ours.

    Examples
    --------
    >>> found = targeting(spread=0, linkages=0.3, scale=0, demand=1)
    >>> round(float(found.to_frame().loc["cluster policy", "productivity"]), 4)
    1.1808
    >>> round(1.74**0.3, 4)  # 1 + 0.2 (1 + 0.3 · 9) = 1.74
    1.1808
    >>> targeting().border.round(2).tolist()
    [0.28, 0.66, inf]
    """
    refuse_too_many("targeting", replicates=replicates, industries=industries, picks=industries)
    z = generator(seed).normal(size=(replicates, industries))
    prospects = gain * np.exp(spread * z - spread**2 / 2) / (1 - scale * (demand - 1))
    best = prospects.argmax(axis=1)[None, :, None]

    def after(money: Any) -> np.ndarray:  # outcomes x regions (x picks)
        made = np.exp(money)
        jobs = made ** (demand - 1)
        each = jobs / jobs.sum(axis=-1, keepdims=True)
        return np.stack([(each * made).sum(axis=-1), jobs.mean(axis=-1), (each**2).sum(axis=-1)])

    def ends(strength: float) -> np.ndarray:
        """Return cluster policy, random picks and the best pick; x outcomes x regions."""
        shared = after(prospects * np.log1p(budget * (1 + strength * (industries - 1))))
        own, other = (np.log1p(part * industries * budget) for part in (1, spill * strength))
        picked = np.where(np.eye(industries, dtype=bool), own, other)
        picks = after(prospects[:, None, :] * picked)
        sure = np.take_along_axis(picks, best, axis=2)[..., 0]
        return np.stack([shared, picks.mean(axis=2), sure])

    strengths = {part: min(1.0, part * linkages) for part in _PARTS}
    found = {part: ends(strength) for part, strength in strengths.items()}
    chances = np.linspace(0, 1, 21)
    lead = {
        part: ((1 - chances) * (shared - blind)[0].mean() + chances * (shared - sure)[0].mean())
        for part, (shared, blind, sure) in found.items()
    }
    shared, blind, sure = found[1.0]
    values = np.stack([shared, (1 - picking) * blind + picking * sure])
    columns = pd.MultiIndex.from_product([_POLICIES, _OUTCOMES], names=["policy", "outcome"])
    rows = pd.RangeIndex(replicates, name="replicate")
    errors = (values[0] - values[1]).std(axis=1, ddof=1) / replicates**0.5
    return Targeting(
        picking=picking,
        industries=industries,
        outcomes=pd.DataFrame(values.reshape(6, -1).T, rows, columns),
        lead=pd.DataFrame(lead, pd.Index(chances.round(2), name="picking")),
        errors=pd.Series(errors, _OUTCOMES, name="error"),
    )
