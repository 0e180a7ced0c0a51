"""How knowledge spreads along ties: what is written down, and what is not."""

from collections.abc import Collection
from typing import Literal

import networkx as nx
import numpy as np
import pandas as pd

from clusterlab.networks.graphs import groups, in_order, on_network, require
from clusterlab.parameters import Seed, chosen, generator, number, whole


@on_network
def spread(
    graph: nx.DiGraph,
    start: Collection,
    *,
    knowledge: Literal["tacit", "codified"] = "tacit",
    rate: float = 0.1,
    periods: int = 20,
    by: str = "place",
    replicates: int = 200,
    seed: Seed = 0,
) -> pd.DataFrame:
    r"""Let knowledge spread from some nodes, and see who has it, group by group.

    Parameters
    ----------
    graph : networkx.Graph
        Needs ``codified`` and ``strength`` on ties and ``by`` on nodes.
    start : collection
        The nodes that know it first.
    knowledge : {"tacit", "codified"}
        What is passed on: with a tacit share :math:`1 - z` of what a tie hands over, or with the
        codified share z.
    rate : float
        Chance per unit of such content that one exchange passes it on, above 0.
    periods : int
        How long, in the time unit of ``strength``.
    by : str
        Node attribute that groups the result.
    replicates : int
        Runs averaged.
    seed : int or numpy.random.Generator
        The same seed gives the same runs.

    Returns
    -------
    pandas.DataFrame
        Indexed by period from 0, a column per group: mean share of its nodes that know.

    Raises
    ------
    ValueError
        No starting node or one that is not in the network, a missing attribute, or a rate, periods
        or replicates that are not above 0.

    See Also
    --------
    generate : networks whose ties have a codified share.
    stretch : which ties leave a district.

    Notes
    -----
    Whoever deals with each other learns, buyer and supplier alike: knowledge passes along a tie of
    strength s, either way, within a period with probability :math:`1 - e^{-\rho s (1 - z)}` (for
    codified knowledge z instead of 1 − z), independently over ties and periods; nobody forgets.
    Over one tie the share that knows after t periods is therefore
    :math:`1 - e^{-\rho s (1-z) t}`. A simple contagion of ours, not estimated.

    Examples
    --------
    >>> graph = nx.DiGraph()
    >>> graph.add_edge("a", "b", strength=1000, codified=0)
    >>> graph.add_nodes_from("ab", place="here")
    >>> spread(graph, ["a"], periods=2)["here"].tolist()
    [0.5, 1.0, 1.0]
    """
    if isinstance(start, str) or not isinstance(start, Collection) or not start:
        raise ValueError(f"spread: start is {start!r}, but it must be a list of at least one node.")
    network = in_order(graph)
    unknown = [node for node in start if node not in network]
    if unknown:
        raise ValueError(f"spread: {unknown[0]!r} is not a node of the network.")
    chosen("knowledge", knowledge, ("tacit", "codified"))
    number("rate", rate, 0, ends=False)
    periods, replicates = whole("periods", periods, 1), whole("replicates", replicates, 1)
    require(network, "spread", ties=["codified", "strength"])
    group = groups(network, "spread", by)
    at = {node: i for i, node in enumerate(network)}
    content = np.zeros((len(at), len(at)))
    for source, target, data in network.edges(data=True):
        share = data["codified"] if knowledge == "codified" else 1 - data["codified"]
        passed = rate * data["strength"] * share
        content[at[source], at[target]] += passed
        content[at[target], at[source]] += passed
    # what several neighbours pass on adds up in the exponent, as their chances to miss multiply
    rng = generator(seed)
    knows = np.zeros((replicates, len(at)), dtype=bool)
    knows[:, [at[node] for node in start]] = True
    shares = [knows.mean(axis=0)]
    for _ in range(periods):
        missed = np.exp(-(knows @ content))
        knows = knows | (rng.random(knows.shape) >= missed)
        shares.append(knows.mean(axis=0))
    of = pd.Series(list(group.values()), dtype=object)
    frame = pd.DataFrame(np.array(shares).T).groupby(of).mean().T
    return frame.rename_axis("period").rename_axis(by, axis=1)
