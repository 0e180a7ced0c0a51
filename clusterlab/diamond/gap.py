"""Which industries a region has, or how well it does in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterlab import tables
from clusterlab.names import did_you_mean
from clusterlab.results import Result


@dataclass(frozen=True, repr=False)
class ProductivityGap(Result):
    """What `productivity_gap` returns.

    Attributes
    ----------
    regions : pandas.DataFrame
        A row a region: productivity, gap to the reference, composition and within parts; the two
        parts sum to the gap exactly.
    composition, within : pandas.DataFrame
        The same two parts by region and industry.
    reference : pandas.Series
        Productivity of each industry in the reference.
    reference_productivity : float
        Productivity of the reference as a whole.
    """

    regions: pd.DataFrame
    composition: pd.DataFrame
    within: pd.DataFrame
    reference: pd.Series
    reference_productivity: float

    @property
    def within_share(self) -> float:
        """Share of the spread of gaps that is "within": Σ gap·within / Σ gap² over regions.

        Below 0 or above 1 where the two parts pull in opposite directions; missing (NaN) where no
        region lies above or below the reference, so that there is no spread to share.
        """
        gap = self.regions["gap"]
        if gap.abs().max() <= 1e-12 * self.reference_productivity:  # rounding, no gap
            return float("nan")
        return float((gap * self.regions["within"]).sum() / (gap**2).sum())

    def to_frame(self) -> pd.DataFrame:
        """Return the table of regions."""
        return self.regions

    def __repr__(self) -> str:
        share = self.within_share
        said = (
            f"{share:.0%} of the spread is how industries compete, {1 - share:.0%} is which "
            "industries there are"
        )
        if np.isnan(share):
            said = "no region lies above or below it, so there is no spread to split"
        return (
            f"ProductivityGap of {len(self.regions)} regions to "
            f"{self.reference_productivity:.4g}: {said}"
        )


def productivity_gap(
    table: pd.DataFrame, employment: pd.DataFrame, *, reference: str | None = None
) -> ProductivityGap:
    r"""Split each region's productivity gap into its industries and how they compete.

    With employment shares :math:`s_{ri}` and productivity :math:`p_{ri}` of industry :math:`i` in
    region :math:`r`, and the same without :math:`r` for the reference,

    .. math:: p_r - p = \underbrace{\sum_i (s_{ri}-s_i)\,\frac{p_{ri}+p_i}{2}}_{composition}
              + \underbrace{\sum_i \frac{s_{ri}+s_i}{2}\,(p_{ri}-p_i)}_{within}

    which holds exactly, with no remainder.

    Parameters
    ----------
    table : pandas.DataFrame
        Output (value added, pay), regions x industries, not negative.
    employment : pandas.DataFrame
        Employment, with the same regions and industries.
    reference : str, optional
        The region to compare with; all regions together by default.

    Returns
    -------
    ProductivityGap

    Raises
    ------
    ValueError
        No tables, or tables with other labels, with empty or repeated ones; something that is no
        number; missing or negative numbers; output without employment, a region without employment,
        an industry without employment in any region; a reference that is no region.

    See Also
    --------
    clusterlab.agglomeration.shift_share : The same split for change over time.

    Notes
    -----
    An industry that a region does not have has no productivity there; it is given the
    reference's, so that all of its contribution counts as composition (and the other way round
    for an industry the reference does not have). The sum is exact either way. Where to put the
    product of the two differences is a convention: here half goes to each part.

    References
    ----------
    porter-2000, paragraphs on productivity before "Clusters and Productivity": prosperity rests
    on how firms compete rather than on the industries they are in. The split is the symmetric
    (Marshall–Edgeworth) form of shift–share analysis.

    Examples
    --------
    >>> output = pd.DataFrame({"shoes": [60.0, 20.0], "chips": [40.0, 240.0]}, index=["A", "B"])
    >>> jobs = pd.DataFrame({"shoes": [8.0, 2.0], "chips": [2.0, 8.0]}, index=["A", "B"])
    >>> gap = productivity_gap(output, jobs, reference="B")
    >>> gap.regions.loc["A", ["gap", "composition", "within"]].tolist()
    [-16.0, -9.75, -6.25]
    """
    output, jobs = _checked(table, employment)
    if reference is not None and reference not in list(jobs.index):
        raise ValueError(
            f"productivity_gap: the reference {reference!r} is no region of the table"
            f"{did_you_mean(reference, jobs.index)}"
        )
    base_output = output.sum() if reference is None else output.loc[reference]
    base_jobs = jobs.sum() if reference is None else jobs.loc[reference]

    share = jobs.div(jobs.sum(axis=1), axis=0)
    own = (output / jobs.where(jobs > 0)).to_numpy()
    base_share = (base_jobs / base_jobs.sum()).to_numpy()
    base = (base_output / base_jobs.where(base_jobs > 0)).to_numpy()
    own, base_rows = np.where(np.isnan(own), base, own), np.where(np.isnan(base), own, base)

    known = ~(np.isnan(own) & np.isnan(base_rows))  # in neither: no share, no part
    # Each difference is weighted by the mean of the other factor, so that nothing is left over.
    composition = ((share - base_share) * (own + base_rows) / 2).where(known, 0.0)
    within = ((share + base_share) / 2 * (own - base_rows)).where(known, 0.0)
    whole = float(base_output.sum() / base_jobs.sum())
    regions = (output.sum(axis=1) / jobs.sum(axis=1)).to_frame("productivity")
    regions["gap"] = regions["productivity"] - whole
    regions["composition"], regions["within"] = composition.sum(axis=1), within.sum(axis=1)
    return ProductivityGap(
        regions=regions,
        composition=composition,
        within=within,
        reference=pd.Series(base, index=jobs.columns, name="productivity"),
        reference_productivity=whole,
    )


def _checked(output: pd.DataFrame, jobs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    checked = []
    for what, table in (("output", output), ("employment", jobs)):
        try:
            checked.append(tables.check_values(table))
        except ValueError as error:
            raise ValueError(f"productivity_gap: {what}: {error}") from None
    output, jobs = checked
    for what, one, other in (
        ("regions", output.index, jobs.index),
        ("industries", output.columns, jobs.columns),
    ):
        for label in one.symmetric_difference(other, sort=False):
            raise ValueError(
                f"productivity_gap: output and employment must have the same {what}; {label!r} is "
                "in only one of them."
            )
    jobs = jobs.reindex_like(output)
    for row, column in np.argwhere(((output > 0) & (jobs == 0)).to_numpy()):
        raise ValueError(
            f"productivity_gap: {output.columns[column]!r} in {output.index[row]!r} has output but "
            "no employment."
        )
    for region in jobs.index[jobs.sum(axis=1) == 0]:
        raise ValueError(f"productivity_gap: region {region!r} has no employment.")
    for industry in jobs.columns[jobs.sum() == 0]:
        raise ValueError(
            f"productivity_gap: industry {industry!r} has no employment anywhere; leave it out."
        )
    return output, jobs
