"""Knowledge passed on by barter: who is near enough to trade, and who has something to offer."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import networkx as nx
import numpy as np
import pandas as pd
from annotated_types import Ge, Gt, Le

from clusterlab.networks.graphs import in_order, validate
from clusterlab.parameters import Parameter, Seed, generator, model, need, refuse_too_many
from clusterlab.results import Result

Experts = Literal["one in each category", "in random categories", "in every category", "none"]
#: What experts know, against at most 10 that others begin with (Cowan and Jonard 2004).
EXPERT, START = 30.0, 10.0
#: Leads below this are what rounding leaves of a lead, not knowledge.
_NOTHING = 1e-9


@dataclass(frozen=True, repr=False)
class Barter(Result):
    """What agents know when they have bartered, in several replicates.

    Attributes
    ----------
    given : dict
        The arguments it was computed from.
    runs : pandas.DataFrame
        Indexed by replicate: ``level``, the mean over agents and categories; ``spread``, the
        standard deviation of agents' own means; ``trades``, the meetings in which something was
        passed on; ``settled``, whether no tie is left along which a trade is possible.
    level, standard_error : float
        Mean of the levels, and its standard error (NaN for one replicate).
    """

    given: dict[str, Any]
    runs: pd.DataFrame
    level: float
    standard_error: float

    def to_frame(self) -> pd.DataFrame:
        """Return the replicates, one row each."""
        return self.runs.copy()


@model
def barter(
    graph: nx.Graph | None = None,
    *,
    rewiring: Annotated[
        float,
        Parameter(
            "rewired ties",
            0,
            1,
            0.01,
            unit="share",
            reason="At 0 everybody is tied to the nearest on a ring, at 1 to anybody.",
        ),
    ] = 0.09,
    experts: Annotated[Experts, Parameter("experts")] = "one in each category",
    tolerance: Annotated[
        float,
        Parameter(
            "levels counted as equal",
            0,
            0.05,
            0.01,
            unit="share of the lower",
            admissible=(Ge(0),),
            reason="It is the lead, as a share of the lower level, that does not count as one.",
        ),
    ] = 0.0,
    schedule: Annotated[
        Literal["one at a time", "in rounds"],
        Parameter(
            "meetings",
            details="In a round as many ties as there are agents are drawn; a tie drawn after "
            "another of the same agent is left out, so that nobody meets twice.",
        ),
    ] = "one at a time",
    agents: Annotated[int, Parameter("agents", 50, 500, 50, admissible=(Ge(4),))] = 500,
    neighbours: Annotated[
        int, Parameter("neighbours on the ring", 4, 20, 2, admissible=(Ge(2),))
    ] = 10,
    categories: Annotated[
        int, Parameter("categories of knowledge", 2, 10, admissible=(Ge(1),))
    ] = 10,
    absorption: Annotated[
        float,
        Parameter(
            "absorption",
            0.05,
            1,
            0.05,
            unit="share of the lead",
            admissible=(Gt(0), Le(1)),
            reason="It is the share of a lead that is learned in a trade: at 0 nobody learns, "
            "above 1 the learner would know more than the teacher.",
        ),
    ] = 0.1,
    meetings: Annotated[
        int, Parameter("meetings per tie", 100, 1200, 100, admissible=(Ge(1),))
    ] = 600,
    replicates: Annotated[int, Parameter("replicates", 2, 20, admissible=(Ge(1),))] = 20,
    seed: Seed = 0,
) -> Barter:
    r"""Let agents exchange knowledge with those they are tied to, kind for kind.

    Parameters
    ----------
    graph : networkx.Graph, optional
        Who is tied to whom, whatever the direction; the same in all replicates. Without it each
        replicate has a small world of its own, after Watts and Strogatz, and only then do
        ``agents``, ``neighbours`` and ``rewiring`` count.
    seed : int or numpy.random.Generator
        The same seed gives the same replicates.

    Returns
    -------
    Barter

    Raises
    ------
    ValueError
        A parameter out of its range, an odd number of neighbours or as many as agents, as many
        experts as agents, a graph without ties, or more than fits in memory.

    See Also
    --------
    pipelines : Links to a world outside, which cost something.
    clusterlab.networks.spread : Knowledge that is handed on without anything in return.

    Notes
    -----
    Agent i knows :math:`v_{ik}` of category k, drawn from a uniform distribution between 0 and 10.
    Experts know 30: of one category each, every category once, or of a random category, or of all
    (as many experts as categories in each case). A tie is drawn at random and its two agents i and
    j meet. Let A be the categories in which i leads, :math:`v_{ik} > (1+\varepsilon)v_{jk}` with
    ε the tolerance, and B those in which j leads. They trade :math:`\min(|A|, |B|)` categories each
    way, drawn at random where there are more, and the learner's level becomes

    .. math:: v \leftarrow v + \alpha\,(v_{\text{lead}} - v)

    with absorption α. Who has nothing to offer gets nothing. It ends when no tie is left along
    which a trade is possible, or after so many meetings per tie. Ties between agents who know
    other things are useful to both; on a ring, neighbours soon know much the same, and without
    neighbours in common nobody passes on what a neighbour has learned. So the mean level is
    highest with a few rewired ties, where experts are rare and each knows one thing. The hump is
    fragile: it shrinks or goes with another tolerance or other experts.

    Leads below 10⁻⁹ count as none: they are what rounding leaves, and traded on they would be as
    good a currency as any. With one meeting at a time the meetings of many agents are computed
    together where no two have an agent in common; the order that each agent sees is kept, so the
    process is the sequential one.

    References
    ----------
    Cowan and Jonard (2004), Journal of Economic Dynamics and Control 28(8), 1557–1575; the
    parameters are those reported of it, from general knowledge. bathelt-2019, section 4, for the
    question.

    Examples
    --------
    >>> two = nx.Graph([("a", "b")])
    >>> met = barter(two, experts="in every category", categories=2, absorption=1, meetings=5)
    Traceback (most recent call last):
    ValueError: barter: 2 experts among 2 agents leave nobody to learn; ...
    >>> barter(agents=60, neighbours=6, experts="none", meetings=50, replicates=2).level < 10
    True
    """
    rng = generator(seed)
    given: dict[str, Any] = {"rewiring": rewiring, "experts": experts, "tolerance": tolerance}
    given |= {"schedule": schedule, "absorption": absorption, "meetings": meetings}
    flat = None if graph is None else nx.Graph(in_order(validate(graph, what="barter")))
    agents = agents if flat is None else len(flat)
    refuse_too_many("barter", agents=agents, categories=categories, replicates=replicates)
    if flat is None:
        fits = neighbours < agents and neighbours % 2 == 0
        wanted = f"an even number below the {agents} agents, as many on each side"
        need(fits, "barter: neighbours", wanted, neighbours)
        draws = rng.integers(2**31, size=replicates)
        worlds = [nx.watts_strogatz_graph(agents, neighbours, rewiring, int(s)) for s in draws]
    else:
        worlds = [nx.convert_node_labels_to_integers(flat)] * replicates
    if not worlds[0].number_of_edges():
        raise ValueError("barter: the graph has no ties, so that nobody meets anybody.")
    if experts != "none" and categories >= agents:
        raise ValueError(
            f"barter: {categories} experts among {agents} agents leave nobody to learn; lower "
            "categories, of which there are as many as experts, or take more agents."
        )
    # all replicates are one large network without ties between them
    ties = np.concatenate([np.array(w.edges) + r * agents for r, w in enumerate(worlds)])
    known = _endowments(replicates, agents, categories, experts, rng)
    how = {"meetings": meetings, "tolerance": tolerance, "absorption": absorption}
    trades, settled = _meet(known, ties.astype(np.intp), replicates, rng, schedule, **how)
    own = known.mean(axis=0).reshape(replicates, agents)
    runs = pd.DataFrame(
        {"level": own.mean(axis=1), "spread": own.std(axis=1), "trades": trades, "settled": settled}
    )
    return Barter(
        given=given,
        runs=runs.rename_axis("replicate"),
        level=float(runs["level"].mean()),
        standard_error=float(runs["level"].sem()),
    )


def _endowments(replicates, agents, categories, experts, rng):
    """Return what everybody knows at first, categories × (replicates · agents)."""
    known = rng.uniform(0, START, (categories, replicates, agents))
    if experts != "none":
        every = np.arange(categories)
        for r in range(replicates):
            who = rng.choice(agents, categories, replace=False)
            if experts == "in every category":
                known[:, r, who] = EXPERT
            else:
                of = rng.integers(categories, size=categories) if "random" in experts else every
                known[of, r, who] = EXPERT
    return known.reshape(categories, -1)


def _ahead(known, first, second, tolerance):
    """Return by how much the first of each pair leads, category by category, and who can trade."""
    one, other = known.take(first, axis=1), known.take(second, axis=1)
    ahead = one - other
    if tolerance:
        ahead *= np.abs(ahead) > _NOTHING + tolerance * np.minimum(one, other)
    return ahead, (ahead.max(axis=0) > _NOTHING) & (ahead.min(axis=0) < -_NOTHING)


def _meet(known, ties, replicates, rng, schedule, *, meetings, tolerance, absorption):
    """Let agents meet until none can trade or time is up; return trades, and who is settled.

    Each replicate has a queue of ties drawn at random. Those in front of which no other tie of
    either agent stands are computed at once: the result is that of one after the other.
    """
    agents, each = known.shape[1] // replicates, len(ties) // replicates
    waiting = agents if schedule == "in rounds" else max(4, agents // 5)
    spots, lasting = np.arange(replicates * waiting), np.arange(waiting)
    places, (first, second) = np.repeat(spots, 2)[::-1], np.ascontiguousarray(ties.T)
    base = each * np.arange(replicates)[:, None]
    queue = base + rng.integers(each, size=(replicates, waiting))
    front = np.empty(known.shape[1], dtype=np.intp)
    changed = np.ones(known.shape[1], dtype=np.intp)  # the step of an agent's last trade,
    useless = np.zeros(len(ties), dtype=np.intp)  # and that at which a tie was last found useless
    done, trades, step = *np.zeros((2, replicates), dtype=np.intp), 0
    while done.min() < meetings * each:
        step += 1
        tie = queue.ravel()
        one, other = first[tie], second[tie]
        # written backwards, so that of an agent's places in the queue the foremost is left
        front[np.stack([one, other], axis=1).ravel()[::-1]] = places
        free = (front[one] == spots) & (front[other] == spots)
        # nothing has changed since a tie was found useless: it still is
        alive = free & (useless[tie] < np.maximum(changed[one], changed[other]))
        tie, one, other = tie[alive], one[alive], other[alive]
        can = _trade(known, one, other, tolerance, absorption, rng)
        useless[tie[~can]] = step
        changed[one[can]] = changed[other[can]] = step
        trades += np.bincount((tie[can] // each).astype(np.intp), minlength=replicates)
        free = free.reshape(replicates, waiting)
        gone = free.sum(axis=1)
        done += gone
        fresh = base + rng.integers(each, size=queue.shape)
        if schedule == "in rounds":
            queue = fresh
        else:
            queue = np.take_along_axis(queue, np.argsort(free, axis=1, kind="stable"), axis=1)
            queue = np.where(lasting >= (waiting - gone)[:, None], fresh, queue)
        if step % 1000 == 0 and _settled(known, first, second, replicates, tolerance).all():
            break
    return trades, _settled(known, first, second, replicates, tolerance)


def _settled(known, first, second, replicates, tolerance):
    return ~_ahead(known, first, second, tolerance)[1].reshape(replicates, -1).any(axis=1)


def _trade(known, first, second, tolerance, absorption, rng):
    """Let pairs that share no agent exchange what they can, in ``known``; return who could."""
    ahead, can = _ahead(known, first, second, tolerance)
    first, second, ahead = first[can], second[can], ahead[:, can]
    one, other = ahead > _NOTHING, ahead < -_NOTHING
    ahead *= one | other
    more, less = (lead.sum(axis=0, dtype=np.int16) for lead in (one, other))
    rows = np.flatnonzero(more != less)
    if len(rows):  # of the longer list as many are drawn as the shorter one has
        longer = np.where(more[rows] > less[rows], one[:, rows], other[:, rows])
        draw = np.where(longer, rng.random(longer.shape), 2.0)
        last = np.sort(draw, axis=0)[np.minimum(more, less)[rows] - 1, np.arange(len(rows))]
        ahead[:, rows] *= ~longer | (draw <= last)
    ahead *= absorption
    known[:, first] -= np.minimum(ahead, 0)
    known[:, second] += np.maximum(ahead, 0)
    return can
