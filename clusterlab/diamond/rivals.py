"""What a rival next door is worth: it shows how much of a firm's cost is the place's."""

from typing import Annotated

import pandas as pd

from clusterlab.parameters import Parameter, model

_SHARE = Parameter("share of the spread of costs that neighbours have in common", 0, 1, 0.05)
_RIVALS = Parameter("rivals next door", 0, 20, 1)


@model
def relative_performance(
    *, common: Annotated[float, _SHARE] = 0.6, rivals: Annotated[int, _RIVALS] = 1
) -> pd.Series:
    r"""Judge a manager's cost against the mean cost of rivals that share some of the shocks.

    A cost is a common shock (wages, weather, demand) plus one's own, with variances
    :math:`\rho` and :math:`1-\rho`, so that the spread of a cost seen alone is 1. What is left of
    its variance after :math:`w` times the mean of :math:`n` rivals is taken off is smallest at

    .. math:: w = \frac{\rho}{\rho + (1-\rho)/n}, \qquad V = 1 - w\rho

    and taking off the whole mean (:math:`w = 1`) leaves :math:`(1-\rho)(1 + 1/n)`, which is less
    than nothing taken off only if :math:`\rho > (1-\rho)/n`.

    Returns
    -------
    pandas.Series
        The best weight, the variance it leaves, and the variance that the plain difference leaves;
        with no rival the weight is 0 and all of the variance, 1, is left.

    See Also
    --------
    compare_forms : What the comparison is worth in a market, a cluster and one firm.

    Notes
    -----
    porter-2000, "Clusters and Productivity", on incentives and performance measurement: constant
    comparison under similar circumstances. The document has no formula; with one rival :math:`w` is
    the correlation of the two costs and :math:`V = 1-\rho^2`.

    References
    ----------
    Holmström, B. (1982). Moral hazard in teams. Bell Journal of Economics 13(2), 324–340; recalled.

    Examples
    --------
    >>> relative_performance(common=0.6, rivals=1).round(2).tolist()
    [0.6, 0.64, 0.8]
    """
    weight = common * rivals / (common * rivals + 1 - common) if rivals * common else 0.0
    plain = (1 - common) * (1 + 1 / rivals) if rivals else 1.0
    return pd.Series({"weight": weight, "left": 1 - weight * common, "plain difference": plain})


@model
def compare_forms(
    *,
    common: Annotated[float, _SHARE] = 0.6,
    rivals: Annotated[int, _RIVALS] = 4,
    distant: Annotated[float, Parameter("what distant rivals have in common", 0, 1, 0.05)] = 0.2,
    cost: Annotated[float, Parameter("cost of an exchange at arm's length", 0, 1, 0.05)] = 0.3,
    cooperation: Annotated[float, Parameter("share of it that trust saves", 0, 1, 0.05)] = 0.5,
) -> pd.DataFrame:
    r"""Compare arm's length, a cluster and one integrated firm on the same inputs.

    Effort is paid for by results that are noisy. With quadratic cost of effort and a manager who
    dislikes risk (both scaled to one) the best linear pay leaves the surplus :math:`1/(1+V)`, with
    :math:`V` the noise left by `relative_performance`; exchange costs are taken off. A distant
    market has rivals, but other shocks; a cluster has rivals near by, and trust; in one firm there
    is nobody to compare with, and nothing to pay for exchange.

    Returns
    -------
    pandas.DataFrame
        A row a form: noise left, cost of exchange, and what is left over.

    See Also
    --------
    relative_performance : The noise.

    Notes
    -----
    Ours: porter-2000 ("Clusters and Competition") puts the cluster between markets and
    hierarchies, and says that competition and cooperation can live side by side on different
    dimensions; rivalry is ``rivals`` and ``common`` here, cooperation is ``cooperation``. The pay
    is that of Holmström and Milgrom (1987), from general knowledge.

    Examples
    --------
    >>> compare_forms()["left over"].idxmax()
    'cluster'
    """
    far, near = (
        relative_performance(common=share, rivals=rivals)["left"] for share in (distant, common)
    )
    forms = {
        "arm's length": (far, cost),
        "cluster": (near, cost * (1 - cooperation)),
        "one firm": (1.0, 0.0),
    }
    table = pd.DataFrame(forms, index=["noise", "exchange"]).T.rename_axis("form")
    return table.assign(**{"left over": 1 / (1 + table["noise"]) - table["exchange"]})
