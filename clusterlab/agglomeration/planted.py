"""Small worlds with a known answer, to try the measures on: all constructed.

An economy with skill families, regions with related or unrelated variety, and two industries that
weigh knowledge against wages.
"""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

import numpy as np
import pandas as pd

from clusterlab import tables
from clusterlab.agglomeration.related import relatedness_density
from clusterlab.parameters import Parameter, Seed, generator, model, number, whole
from clusterlab.results import Result

_THRESHOLD = Parameter("location quotient that counts as present", 0.5, 1.5, 0.1)
_SPILLOVER = Parameter("growth from related industries", 0, 4, 0.5, unit="% a year")
_SECTORS = Parameter("sectors the twelve industries lie in")
_weight = partial(Parameter, low=0, high=1.5, step=0.1)
_FAMILIES = {
    "food": ["bakeries", "dairies", "wine", "beer", "sweets", "tinned fruit"],
    "metal": ["castings", "machine tools", "pumps", "bearings", "locks", "knives"],
    "textiles": ["spinning", "weaving", "knitwear", "carpets", "shirts", "sails"],
    "electronics": ["sensors", "chips", "test gear", "displays", "radios", "lasers"],
    "chemistry": ["paints", "plastics", "drugs", "soaps", "dyes", "glues"],
    "media": ["film", "games", "software", "design", "books", "music"],
}


def planted_economy(
    *, regions: int = 60, focus: float = 0.25, seed: Seed = 0
) -> tuple[pd.DataFrame, pd.Series]:
    """Construct a table of regions by 36 industries that belong to six skill families.

    Every region is strong in some families; employment of an industry is Poisson around the
    region's strength in its family, times the region's size. Industries of a family are therefore
    related, and nothing else relates them.

    Parameters
    ----------
    regions : int
        Number of regions, two or more.
    focus : float
        Parameter of the Dirichlet distribution of a region's strengths, above 0: small values
        make specialised regions.
    seed : int or numpy.random.Generator
        Of the random draws.

    Returns
    -------
    table : pandas.DataFrame
        Regions by industries, employment.
    families : pandas.Series
        Family of each industry.

    See Also
    --------
    next_industries : what a region of it could do next.
    clusterlab.agglomeration.relatedness : finds its families.

    Examples
    --------
    >>> table, families = planted_economy()
    >>> table.shape, families["wine"]
    ((60, 36), 'food')
    """
    regions = whole("regions", regions, 2, 100_000)
    focus = number("focus", focus, 0, ends=False)
    rng = generator(seed)
    names = [name for group in _FAMILIES.values() for name in group]
    of = [family for family, group in _FAMILIES.items() for _ in group]
    families = pd.Series(of, pd.Index(names, name="industry"), name="family")
    strength = rng.dirichlet(np.full(len(_FAMILIES), focus), regions)
    size = rng.lognormal(7, 0.7, regions)
    general = 0.08  # the part of an industry that every region has, trade and repair
    column = np.array([list(_FAMILIES).index(family) for family in of])
    mean = size[:, None] * (general + strength[:, column]) * rng.lognormal(-3, 0.9, (regions, 36))
    jobs = rng.poisson(mean) + (mean == mean.max(axis=0))  # no industry is left without a job
    labels = pd.Index([f"region {i + 1:02d}" for i in range(regions)], name="region")
    return pd.DataFrame(jobs.astype(float), labels, families.index), families


@dataclass(frozen=True, repr=False)
class NextIndustries(Result):
    """Where a region stands among industries: what it has, and how near the rest is.

    Attributes
    ----------
    region : str
        The region.
    frame : pandas.DataFrame
        Industries by present (location quotient at or above the threshold), density of related
        industries, and the quotient, which is NaN where it is not known; nearest first.
    threshold : float
        Location quotient that counts as present.
    """

    region: str
    frame: pd.DataFrame
    threshold: float

    @property
    def candidates(self) -> pd.DataFrame:
        """Industries the region does not have, nearest first."""
        return self.frame[~self.frame["present"]]

    def to_frame(self) -> pd.DataFrame:
        """Return industries by present, density and quotient."""
        return self.frame

    def __repr__(self) -> str:
        return (
            f"NextIndustries of {self.region!r}: has {int(self.frame['present'].sum())} of "
            f"{len(self.frame)}, nearest others {self.candidates.index[:3].tolist()}"
        )


@model
def next_industries(
    *,
    region: Annotated[str, Parameter("region")],
    threshold: Annotated[float, _THRESHOLD] = 1.0,
    quotients: pd.DataFrame,
) -> NextIndustries:
    """Rank the industries a region does not have by how related they are to what it has.

    Parameters
    ----------
    quotients : pandas.DataFrame
        Regions by industries, location quotients. Where one is not known (NaN) the industry counts
        as not present.

    Returns
    -------
    NextIndustries

    Raises
    ------
    ValueError
        A region the table does not have, or what `relatedness_density` refuses.

    See Also
    --------
    clusterlab.agglomeration.location_quotient : the quotients, its ``value``.
    clusterlab.agglomeration.relatedness_density : how near an industry is.

    Examples
    --------
    >>> from clusterlab.agglomeration import location_quotient
    >>> quotients = location_quotient(planted_economy()[0]).value
    >>> next_industries(region="region 07", quotients=quotients).candidates.index[0]
    'sweets'
    """
    tables.need_frame(quotients, "quotients", "one row per region and one column per industry")
    if region not in quotients.index:
        raise ValueError(f"region {region!r} is not a row of the table.")
    # the allowance is for rounding: a quotient of exactly one counts
    there = quotients >= threshold * (1 - 1e-12)
    density = relatedness_density(there)
    rows = {"present": there.loc[region], "density": density.loc[region]}
    frame = pd.DataFrame({**rows, "quotient": quotients.loc[region]})
    frame = frame.sort_values("density", ascending=False, kind="stable")
    return NextIndustries(region=region, frame=frame, threshold=threshold)


@dataclass(frozen=True, repr=False)
class VarietyGrowth(Result):
    """Growth of constructed regions whose twelve industries lie in few or many sectors.

    Attributes
    ----------
    paths : numpy.ndarray
        Employment (start = 100), replicates by years.
    unrelated, related : float
        Variety between and within sectors, in bits; they add up to log2(12).
    growth, volatility : float
        Mean yearly growth and its standard deviation over years and replicates, in percent.
    frontier : pandas.DataFrame
        Expected growth and volatility (closed form) for 1, 2, 3, 4, 6 and 12 sectors.
    sectors : int
        Sectors chosen.
    """

    paths: np.ndarray
    unrelated: float
    related: float
    growth: float
    volatility: float
    frontier: pd.DataFrame
    sectors: int

    def to_frame(self) -> pd.DataFrame:
        """Return expected growth and volatility by number of sectors."""
        return self.frontier


@model
def variety_and_growth(
    *,
    sectors: Annotated[Literal[1, 2, 3, 4, 6, 12], _SECTORS] = 3,
    spillover: Annotated[float, _SPILLOVER] = 2.0,
    shock: Annotated[float, Parameter("shocks that hit a whole sector", 0, 12, 1, unit="%")] = 6.0,
    seed: Seed = 0,
) -> VarietyGrowth:
    r"""Let a region grow with its related industries and suffer with its sectors.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        Of the random draws.

    Returns
    -------
    VarietyGrowth

    See Also
    --------
    clusterlab.agglomeration.variety : related and unrelated variety of a table.

    Notes
    -----
    With k sectors, growth of an industry is
    :math:`1 + b\,(12/k - 1)/11 + \epsilon_{sector} + \epsilon_{own}` percent a year, b the
    spillover, :math:`\epsilon_{own}` of standard deviation 3. The region therefore grows by
    :math:`1 + b\,(12/k - 1)/11` on average, with variance :math:`\sigma^2/k + 9/12`. The first
    term is the spillover argument for related variety, the second the portfolio argument for
    unrelated variety (Frenken, van Oort and Verburg 2007, section 2). The model assumes both;
    it shows what follows, not that they hold.

    Examples
    --------
    >>> variety_and_growth(sectors=12).frontier.loc[12, "growth"]
    np.float64(1.0)
    """
    rng = generator(seed)
    years, replicates = 20, 40
    counts = np.array([1, 2, 3, 4, 6, 12])
    growth = 1 + spillover * (12 / counts - 1) / 11
    volatility = np.sqrt(shock**2 / counts + 9 / 12)
    expected = {"growth": growth, "volatility": volatility}
    frontier = pd.DataFrame(expected, index=pd.Index(counts, name="sectors"))
    # the same draws whatever the choice, so that only the choice moves the picture
    common = rng.standard_normal((replicates, years, 12))
    own = rng.standard_normal((replicates, years, 12)) * 3
    sector = np.arange(12) * sectors // 12
    rate = frontier.loc[sectors, "growth"] + shock * common[:, :, sector] + own
    region = rate.mean(axis=2)
    paths = 100 * np.cumprod(np.hstack([np.ones((replicates, 1)), 1 + region / 100]), axis=1)
    return VarietyGrowth(
        paths=paths,
        unrelated=float(np.log2(sectors)),
        related=float(np.log2(12 / sectors)),
        growth=float(region.mean()),
        volatility=float(region.std()),
        frontier=frontier,
        sectors=sectors,
    )


@dataclass(frozen=True, repr=False)
class Dispersal(Result):
    """Two constructed industries that start in the same places and weigh knowledge differently.

    Attributes
    ----------
    tables : dict of int to pandas.DataFrame
        Year → regions by the industries "design", "assembly" and "everything else".
    concentration : pandas.DataFrame
        Years by industry: raw index Σ(s − x)²/(1 − Σx²), x the regions' shares of all else.
    stayed : pandas.DataFrame
        Years by industry: share in regions 1 to 3, where both began.
    """

    tables: dict[int, pd.DataFrame]
    concentration: pd.DataFrame
    stayed: pd.DataFrame


@model
def dispersal(
    *,
    knowledge: Annotated[float, _weight("weight of local knowledge in design")] = 1.2,
    assembly: Annotated[float, _weight("weight of local knowledge in assembly")] = 0.3,
    openness: Annotated[float, Parameter("openness to far-away regions", 0, 2, 0.25)] = 0.5,
    years: int = 20,
) -> Dispersal:
    r"""Follow a knowledge-intensive and a labour-intensive industry as places far away open up.

    Parameters
    ----------
    years : int
        Length of the run, 1 to 1,000.

    Returns
    -------
    Dispersal

    See Also
    --------
    clusterlab.agglomeration.dynamic_shift_share : what of the change is the regions' own.

    Notes
    -----
    The weight κ is that of the log of an industry's local share in its choice of place; openness o
    is the weight of wages w, which fall from 1 in region 1 to 0 in region 20. Each year a fifth of
    the plants choose anew, in expectation (nothing is random):

    .. math:: s_r \leftarrow 0.8\,s_r + 0.2\,
        \frac{s_r^{\kappa} e^{-o\,w_r}}{\sum_q s_q^{\kappa} e^{-o\,w_q}}.

    Both industries start with seven tenths in regions 1 to 3, where wages are highest. Design
    grows by 3 % a year in all, assembly shrinks by 1 %, everything else is spread evenly. An
    illustration of what guerrieri-pietrobelli-2001, section 4, presumes and asks, not a
    calibrated model. With κ = 1 and o = 0 nothing ever moves; with κ = 0 the past does not
    count; with κ > 1 the old places hold until openness
    outweighs their lead, and then the industry gathers again where wages are lowest.

    Examples
    --------
    >>> dispersal(knowledge=1, assembly=1, openness=0).concentration.nunique().tolist()
    [1, 1]
    """
    years = whole("years", years, 1, 1000)
    regions = 20
    wage = np.linspace(1, 0, regions)
    x = np.full(regions, 1 / regions)
    share = np.full((2, regions), 0.3 / (regions - 3))
    share[:, :3] = 0.7 / 3
    weight = np.array([[knowledge], [assembly]])
    labels = pd.Index([f"region {i + 1:02d}" for i in range(regions)], name="region")
    names = ["design", "assembly", "everything else"]
    tables, rows, stayed = {}, [], []
    for year in range(years + 1):
        size = 10_000 * np.array([[1.03**year], [0.99**year]])
        jobs = np.column_stack([(size * share).T, 200_000 * x])
        tables[year] = pd.DataFrame(jobs, labels, names)
        index = np.sum((share - x) ** 2, axis=1) / (1 - x @ x)
        rows.append(np.round(index, 12))
        stayed.append(share[:, :3].sum(axis=1))
        pull = share**weight * np.exp(-openness * wage)
        share = 0.8 * share + 0.2 * pull / pull.sum(axis=1, keepdims=True)
    frames = [pd.DataFrame(kept, columns=names[:2]).rename_axis("year") for kept in (rows, stayed)]
    return Dispersal(tables=tables, concentration=frames[0], stayed=frames[1])
