"""Pipelines: links of a cluster to the world, what they bring, what they cost, and whom they reach.

The model is ours. It follows the argument of Bathelt, Malmberg and Maskell as bathelt-2019 sums it
up; that of Morrison, Rabellotti and Zirulia (2013) is a different one, whose equations were not at
hand, so that nothing here replicates it.
"""

import math
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from typing import Annotated, Any

import networkx as nx
import numpy as np
import pandas as pd
from annotated_types import Ge, Gt, Le, Lt

from clusterlab.parameters import Parameter, Seed, generator, model, refuse_too_many
from clusterlab.results import Result

_FIRMS, _NEIGHBOURS, _REWIRED = 60, 6, 0.1
#: What an average firm comes to know alone of each kind: the place makes some well, others hardly.
_ALONE = 10 * np.array([1, 0.7, 0.4, 0.1])
_AGEING, _FLOW, _BEFORE = 0.1, 0.1, 60
_ROLES = ["gatekeepers", "external stars", "others"]
_ours = partial(Parameter, source="constructed")
_NEED = "At 0 firms are no cluster; above 1 they would learn more from a neighbour than there is."


@dataclass(frozen=True)
class Setting:
    """A cluster and its links; what the numbers mean is told in `pipelines`."""

    linked: Annotated[float, _ours("share of firms with a link", 0, 1, 0.05)] = 0.2
    keep: Annotated[
        float, _ours("time a link takes", 0, 0.6, 0.05, unit="share", admissible=(Ge(0), Le(1)))
    ] = 0.25
    absorption: Annotated[
        float, _ours("local absorption", 0.05, 1, 0.05, admissible=(Gt(0), Le(1)), reason=_NEED)
    ] = 0.3
    gatekeepers: Annotated[float, _ours("gatekeepers among the linked", 0, 1, 0.05)] = 1.0
    channels: Annotated[int, Parameter("channels of a link", 1, len(_ALONE), 1)] = 1
    trust: Annotated[float, _ours("periods that trust takes", 1, 40, 1, admissible=(Gt(0),))] = 10
    world: Annotated[float, _ours("what the world knows", 0, 60, 5)] = 30
    combination: Annotated[
        float, _ours("gain from combining kinds", 0, 0.08, 0.01, admissible=(Ge(0), Lt(_AGEING)))
    ] = 0.04
    periods: Annotated[int, Parameter("periods", 5, 100, 5, admissible=(Ge(1),))] = 60


@dataclass(frozen=True, repr=False)
class Pipelines(Result):
    """Clusters with links to the world, held against themselves without.

    Attributes
    ----------
    given : dict
        The setting it was computed for.
    path : pandas.DataFrame
        By period from 0: mean level ``with links`` and ``without``, their difference, the ``gain``,
        and its standard ``error`` over clusters.
    clusters : pandas.DataFrame
        One row a replicate, at the end: level ``with links`` and ``without``, the ``gain``, and the
        ``spread``, which is the standard deviation between firms, with links and without.
    roles : pandas.DataFrame
        For gatekeepers, external stars and others, as far as there are any: ``firms`` in a cluster,
        ``level`` at the end, ``gain`` and its standard ``error``.
    gain, error : float
        Mean level with links less the level without, at the end, and its standard error.
    """

    given: dict[str, Any]
    path: pd.DataFrame
    clusters: pd.DataFrame
    roles: pd.DataFrame
    gain: float
    error: float

    @property
    def even(self) -> int | None:
        """The period from which on the mean gain is not below nothing; None if it ends below."""
        below = np.flatnonzero(self.path["gain"].to_numpy() < -1e-12)
        after = int(below[-1]) + 1 if len(below) else 0
        return after if after < len(self.path) else None

    def to_frame(self) -> pd.DataFrame:
        """Return the path."""
        return self.path.copy()


@model
def pipelines(
    *,
    replicates: Annotated[int, Parameter("clusters", 2, 200, admissible=(Ge(2),))] = 20,
    seed: Seed = 0,
    **setting: Annotated[float, Setting],
) -> Pipelines:
    r"""Give some firms of a cluster a link to the world, and see who knows more, and when.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        The same seed gives the same clusters, partners and meetings at every setting, so that two
        settings differ by nothing but the setting.

    Returns
    -------
    Pipelines

    Raises
    ------
    ValueError
        An absorption of 0 or above 1, or another parameter out of its range.

    See Also
    --------
    clusterlab.networks.spread : one piece of knowledge that spreads along ties.
    clusterlab.sweep.sweep : many settings; a ``seed`` among ``fixed`` keeps the clusters the same.

    Notes
    -----
    60 firms sit on a small world (Watts and Strogatz: 6 neighbours, a tenth of the ties rewired).
    Firm i knows :math:`v_{ik}` of K = 4 kinds. For 60 periods nobody has a link; that is period 0.
    From then on, in each period t, all firms do at once what follows, one step after the other.

    1. **A link takes time.** Trust in it is :math:`\tau = 1 - e^{-t/T}`. With m channels it takes
       :math:`h_i = \min(1, m\,c\,(2 - \tau))` of the time of a linked firm: twice c while there is
       no trust, c once there is. Others have :math:`h_i = 0`.
    2. **Own making.** With δ = 0.1, at which knowledge ages, and φ < δ,
       :math:`v_{ik} \leftarrow (1-\delta) v_{ik} + (1-h_i)\,(g_{ik} + \varphi \bar v_i)`, where
       :math:`\bar v_i` is the geometric mean over the kinds of what firm i knows. The
       :math:`g_{ik}` are drawn once from an exponential distribution; their means let an average
       firm alone come to know 10, 7, 4 and 1 of the four kinds without combining.
    3. **From outside.** Through each channel of a linked firm comes
       :math:`v_{ik} \leftarrow v_{ik} + 0.1\,\tau \max(w - v_{ik}, 0)`. The first channel carries
       the kind the place makes least, the second the next, and so on.
    4. **Buzz.** With probability :math:`1 - h_i` firm i meets one neighbour j, drawn at random, and
       :math:`v_{ik} \leftarrow v_{ik} + a \max(u_{jk} - v_{ik}, 0)`. A gatekeeper passes on all it
       knows, :math:`u = v`. An external star passes on what it would know in the same time
       had nothing come through its link.

    Who is linked is drawn at random; a larger share adds firms to a smaller one, and so does a
    larger share of gatekeepers. *Without* is the same cluster with the same meetings and no link.

    **What can be proved.** Each step maps a higher state to a state that is not lower, as δ, a and
    0.1 τ are at most 1; and step by step it only adds to have a link, a channel, or more time. By
    induction, with the same draws, for every firm and kind: (a) where links take no time (c = 0),
    more links, channels, gatekeepers or trust never take any knowledge away, at any absorption; (b)
    for given links, a higher c never adds any; (c) if all links are those of stars, nobody without
    a link gains, and where c = 0 nobody loses. Levels stay below the larger of w and
    :math:`\max g/(\delta-\varphi)`, or of where they start. **What cannot** is whether links pay at
    c > 0: that is found by running the model, and hangs on numbers that are ours. With the defaults
    the level is highest at a share linked of about 0.2, between none and all; inside it stays with
    half or double of c, a, T or the 0.1 of step 3, with w or δ doubled or φ halved. It is none with
    w or δ halved, with φ doubled, or if the place makes all kinds alike.

    References
    ----------
    bathelt-2019, section 4, slide on pipelines: flows are not automatic, participation takes
    investment, trust takes time and money, buzz and pipelines stimulate each other.
    guerrieri-pietrobelli-2001, end of section 3: several linkages at once.

    Examples
    --------
    >>> free = pipelines(keep=0, replicates=5)
    >>> bool((free.clusters["gain"] > 0).all()), free.even
    (True, 0)
    >>> dear = pipelines(linked=1.0, keep=0.6, absorption=0.05, replicates=5)
    >>> dear.gain < -3 * dear.error, dear.even is None
    (True, True)
    """
    here = Setting(**setting)  # type: ignore[arg-type]
    refuse_too_many("pipelines", replicates=replicates, periods=here.periods, firms=_FIRMS)
    rng = generator(seed)
    neighbours, degree = _small_worlds(replicates, rng)
    making = _AGEING * _ALONE * rng.exponential(size=(replicates, _FIRMS, len(_ALONE)))
    rank = rng.permuted(np.tile(np.arange(_FIRMS), (replicates, 1)), axis=1)
    number = round(here.linked * _FIRMS)
    role = np.digitize(rank, [round(here.gatekeepers * number), number])  # as in _ROLES
    # three layers: what is known with links, what of it is passed on, and all that without links
    takes = np.stack([role < 2, role < 2, role < 0])
    carried = np.arange(len(_ALONE)) >= len(_ALONE) - here.channels
    brings = np.stack([role < 2, role < 1, role < 0])[..., None] * carried

    state, heard = (making / _AGEING)[None], [0]
    levels = []
    for t in range(-_BEFORE, here.periods):
        if t == 0:
            state, heard = np.repeat(state, 3, axis=0), [1, 1, 2]
        trust = 1 - np.exp(-max(t, 0) / here.trust)
        time = min(1, here.channels * here.keep * (2 - trust))
        time_left = 1 - time * takes if t >= 0 else np.ones((1, replicates, _FIRMS))
        opened = _FLOW * trust * brings if t >= 0 else 0
        met, drawn = rng.random((2, replicates, _FIRMS))
        picked = (drawn * degree).astype(np.intp)[..., None]
        partner = np.take_along_axis(neighbours, picked, axis=2)[..., 0]
        levels.append(state[[0, -1]].mean(axis=(2, 3)))
        state = _period(state, here, making, time_left, opened, heard, partner, met < time_left)
    levels.append(state[[0, -1]].mean(axis=(2, 3)))
    given = asdict(here) | {"replicates": replicates}
    return _summed_up(given, np.array(levels[_BEFORE:]), state[[0, -1]].mean(axis=3), role)


def _small_worlds(replicates: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return each firm's neighbours, padded to the longest list, and how many there are."""
    seeds = rng.integers(2**31, size=replicates)
    lists = [ties for seed in seeds for ties in _small_world(int(seed))]
    degree = np.array([len(ties) for ties in lists])
    padded = np.array([ties + [0] * (degree.max() - len(ties)) for ties in lists], dtype=np.intp)
    return padded.reshape(replicates, _FIRMS, -1), degree.reshape(replicates, _FIRMS)


@lru_cache(maxsize=400)  # the same seed gives the same worlds at every setting
def _small_world(number: int) -> list[list[int]]:
    world = nx.watts_strogatz_graph(_FIRMS, _NEIGHBOURS, _REWIRED, seed=number)
    return [[*world[firm]] for firm in range(_FIRMS)]


def _period(
    state: np.ndarray,
    here: Setting,
    making: np.ndarray,
    time_left: np.ndarray,
    opened: Any,
    heard: list[int],
    partner: np.ndarray,
    meets: np.ndarray,
) -> np.ndarray:
    """Return what is known after one period: making and ageing, the world, then buzz.

    ``state`` is layers x clusters x firms x kinds, and layer l hears what layer ``heard[l]`` knows;
    ``partner`` is clusters x firms; ``time_left`` and ``meets`` have the layers before them.
    """
    # slice by slice a product along a short axis takes a quarter of the time
    combined = math.prod(np.moveaxis(state, -1, 0)) ** (1 / state.shape[-1])
    made = making + here.combination * combined[..., None]
    state = (1 - _AGEING) * state + time_left[..., None] * made
    state = state + opened * np.maximum(here.world - state, 0)
    place = (partner + partner.shape[1] * np.arange(len(partner))[:, None]).ravel()
    told = state[heard].reshape(len(heard), len(place), -1).take(place, axis=1)
    lead = np.maximum(told.reshape(state.shape) - state, 0)
    return state + here.absorption * meets[..., None] * lead


def _summed_up(
    given: dict[str, Any], levels: np.ndarray, firms: np.ndarray, role: np.ndarray
) -> Pipelines:
    """Sum up levels (periods x with and without x clusters) and each firm's level at the end."""
    root = given["replicates"] ** 0.5
    gain = (levels[:, 0] - levels[:, 1]).T
    path = pd.DataFrame(levels.mean(axis=2), columns=["with links", "without"])
    path["gain"], path["error"] = gain.mean(axis=0), gain.std(axis=0, ddof=1) / root
    clusters = pd.DataFrame(levels[-1].T, columns=["with links", "without"])
    clusters["gain"] = gain[:, -1]
    clusters["spread"], clusters["spread without"] = firms.std(axis=2)
    last, rows = path.iloc[-1], {}
    for code, name in enumerate(_ROLES):
        of_role = np.where(role == code, 1.0, np.nan)
        if (role == code).any():
            level = np.nanmean(firms[0] * of_role, axis=1)
            gained = level - np.nanmean(firms[1] * of_role, axis=1)
            number = int((role[0] == code).sum())
            rows[name] = [number, level.mean(), gained.mean(), gained.std(ddof=1) / root]
    columns = ["firms", "level", "gain", "error"]
    return Pipelines(
        given=given,
        path=path.rename_axis("period"),
        clusters=clusters.rename_axis("replicate"),
        roles=pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("role"),
        gain=float(last["gain"]),
        error=float(last["error"]),
    )
