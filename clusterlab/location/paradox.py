"""The location paradox: what is left of a cluster's advantage when distance costs nothing.

The model is ours: the smallest one in which the sentence of porter-2000 (conclusion) holds, and in
which it can fail.
"""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge

from clusterlab.parameters import Parameter, model
from clusterlab.results import Result

_share = partial(Parameter, low=0, high=1, step=0.02, unit="share", source="constructed")

_DISTANCE_COST = _share(
    "distance cost left",
    reason="It is what is left of the cost of distance: 1 is the start, 0 is none.",
)
_INTENSITY = _share(
    "knowledge intensity", reason="It is the share of knowledge in a firm's inputs."
)
_TACITNESS = _share("tacitness", reason="It is the share of knowledge that cannot be written down.")
_REACH = _share(
    "reach of new media",
    reason="It says how far the fall in distance cost also carries tacit knowledge.",
)
_DECAY = Parameter(
    "loss of tacit knowledge",
    0,
    3,
    0.1,
    unit="log points",
    source="constructed",
    admissible=(Ge(0),),
    reason="Below 0, tacit knowledge would improve with distance.",
)


@dataclass(frozen=True, repr=False)
class LocationAdvantage(Result):
    """The advantage of a firm in a cluster over an isolated one, in log points of productivity.

    Attributes
    ----------
    given : dict
        The parameters it was computed for.
    from_afar : float
        Advantage in what can be sourced from afar.
    local : float
        Advantage in tacit knowledge, which cannot.
    total : float
        Their sum.
    local_share : float
        ``local`` over ``total``; its limit where both are zero.
    limit_share, limit_level : float
        What ``local_share`` and ``total`` tend to as t goes to zero.
    holds : bool
        Whether the local part keeps its level as t goes to zero, so that ``limit_share`` is 1.
    path : pandas.DataFrame
        The same by distance cost, from 1 down to 0.
    """

    given: dict[str, float]
    from_afar: float
    local: float
    total: float
    local_share: float
    limit_share: float
    limit_level: float
    holds: bool
    path: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each distance cost from 1 down to 0."""
        return self.path.copy()


@model
def location_paradox(
    *,
    distance_cost: Annotated[float, _DISTANCE_COST] = 0.2,
    knowledge_intensity: Annotated[float, _INTENSITY] = 0.4,
    tacitness: Annotated[float, _TACITNESS] = 0.5,
    reach: Annotated[float, _REACH] = 0,
    decay: Annotated[float, _DECAY] = 1,
) -> LocationAdvantage:
    r"""Split a cluster's advantage into what can and what cannot be had from afar.

    Parameters
    ----------
    distance_cost : float
        t in [0, 1], cost of distance: inputs lose t log points on the way, 1 at the start.
    knowledge_intensity : float
        κ, share of knowledge in the inputs.
    tacitness : float
        θ, share of knowledge that is tacit.
    reach : float
        r, part of the fall in distance cost that also carries tacit knowledge.
    decay : float
        δ ≥ 0, loss of tacit knowledge over the distance, in log points.

    Returns
    -------
    LocationAdvantage
        Both parts at t, what they tend to, and their path.

    Raises
    ------
    ValueError
        A share outside 0 and 1, or a negative decay.

    See Also
    --------
    circle : How few places keep industry as trade gets cheap.
    labour_pooling : A local advantage from the ground up.

    Notes
    -----
    Productivity is a Cobb–Douglas product of inputs. An isolated firm gets each over the same
    distance at an iceberg loss: inputs and codified knowledge lose e^(−t), tacit knowledge
    e^(−δ(t)) with δ(t) = δ(1−r+rt). The weight of tacit knowledge is m = κθ. The log productivity
    advantage of a firm in the cluster is then exactly

    .. math:: A(t) = \underbrace{(1-m)\,t}_{\text{from afar}}
                     + \underbrace{m\,\delta(t)}_{\text{local}} .

    An identity, from which two things follow. (a) The part from afar goes to zero with t. (b) If
    m > 0, δ > 0 and r < 1, the local part tends to mδ(1−r) > 0, so that the local share goes to 1.

    **Where it fails.** If r = 1 both parts vanish at the same rate, and the local share tends to
    mδ/(mδ + 1−m), which is below 1 unless m = 1. If m = 0 or δ = 0 nothing local is there and the
    share is 0, also where nothing from afar is there either (m = 1). And (b) is about the share:
    the level falls with t, because dA/dt = 1−m+mδr ≥ 0.

    References
    ----------
    porter-2000, conclusion (the location paradox).

    Examples
    --------
    >>> location_paradox(distance_cost=1).local_share
    0.2
    >>> location_paradox(distance_cost=0).local_share
    1.0
    >>> location_paradox(distance_cost=0, reach=1).local_share
    0.2
    """
    known = {"knowledge_intensity": knowledge_intensity, "tacitness": tacitness, "reach": reach}
    weight = tacitness * knowledge_intensity
    limit_level = weight * decay * (1 - reach)
    holds = limit_level > 0
    # without a lasting local part both vanish at the same rate (reach 1), or nothing is local
    fading = weight * decay
    limit_share = 1.0 if holds else fading / (fading + (1 - weight) or 1)
    costs = np.append(np.linspace(1, 0, 51), distance_cost)
    afar = (1 - weight) * costs
    local = weight * decay * (1 - reach + reach * costs)
    total = afar + local
    share = np.where(total > 0, local / np.where(total > 0, total, 1), limit_share)
    parts = {"from afar": afar, "local": local, "total": total, "local share": share}
    path = pd.DataFrame(parts, index=pd.Index(costs, name="distance cost"))
    return LocationAdvantage(
        given={"distance_cost": distance_cost, **known, "decay": decay},
        from_afar=float(afar[-1]),
        local=float(local[-1]),
        total=float(total[-1]),
        local_share=float(share[-1]),
        limit_share=limit_share,
        limit_level=limit_level,
        holds=holds,
        path=path.iloc[:-1],
    )
