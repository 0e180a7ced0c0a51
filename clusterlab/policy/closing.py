"""One district through the whole course: what each step needs, what is known, and the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd

from clusterlab import datasets, networks
from clusterlab.diamond.indicators import FACETS, by_facet
from clusterlab.districts import membership
from clusterlab.names import listed
from clusterlab.parameters import chosen, need, number
from clusterlab.results import Result

_COUNTS = ("here", "all here", "everywhere", "all everywhere")
_MAY = ("establishments", "all establishments")
#: Step → what it needs, and under which name the reader's own goes in.
_STEPS = {
    "measured": f"jobs: the numbers {listed(_COUNTS)}",
    "typed": "features: at least one row of districts.levels(), and its level",
    "sketched": "ties: pairs of names, who delivers to whom",
    "balanced": "ties, and in elsewhere who of them is regional or global",
    "scored": f"ratings from 1 to 7 of {listed(FACETS)}",
    "compared": "the same ratings, from which the place starts",
}
#: How far an actor is from the district → what it is told and drawn as.
_SPOTS = {"local": "in the district", "regional": "in its region", "global": "beyond the region"}


@dataclass(frozen=True, repr=False)
class Case(Result):
    """What is known of a district for each step of the closing case.

    Attributes
    ----------
    name : str
        The district.
    facts : pandas.DataFrame
        What sources say, a row a fact: the columns of the data set ``"district_cases"``.
    jobs : dict
        Jobs of its industry ``here`` and ``everywhere``, ``all here`` and ``all everywhere``; where
        they are known ``establishments`` of the industry and ``all establishments``, both here.
    features : dict
        Feature → level, or list of levels, for `clusterlab.districts.membership`.
    graph : networkx.DiGraph
        The sketch: kinds of actors, each with a ``place``, a ``region`` and a ``role``.
    ratings : dict
        Facet of the diamond → rating from 1 to 7.
    needs : dict
        Step that cannot be done → what it needs.
    """

    name: str
    facts: pd.DataFrame
    jobs: dict
    features: dict
    graph: nx.DiGraph
    ratings: dict
    needs: dict


@dataclass(frozen=True, repr=False)
class Findings(Result):
    """A page of findings; a notebook shows it as a page.

    Attributes
    ----------
    text : str
        The page, in Markdown.
    """

    text: str

    def _repr_markdown_(self) -> str:
        return self.text


def case(district: str, own: Mapping[str, Any] | None = None) -> Case:
    """Return what is known of a district for each step of the closing case, and what is lacking.

    Parameters
    ----------
    district : str
        A prepared one, from the data set ``"district_cases"``, or ``"own"``.
    own : mapping, optional
        What the reader knows; it takes the place of what is prepared. ``name``; ``jobs``,
        ``features`` and ``ratings`` as in `Case`; ``ties``, a list of (who delivers, to whom);
        ``elsewhere``, those outside the district → ``"regional"`` or ``"global"``. Each may be
        left out or None.

    Returns
    -------
    Case

    Raises
    ------
    ValueError
        No such district, part, count, feature, level, facet or reach (the nearest is named), a
        count that is not above zero, a rating outside 1 to 7, ties that are no pairs, of which some
        have a kind and some have none or that `clusterlab.networks.read` refuses, or somebody
        elsewhere who is in no tie.

    See Also
    --------
    findings : The page that is written from the steps.

    Notes
    -----
    What documents do not tell stays unknown. The sketches hold kinds of actors, not firms. Levels
    of features and places of actors are our reading where their caveat says so.

    References
    ----------
    porter-2000, whitford-potter-2007, guerrieri-pietrobelli-2001 and bathelt-2019; each fact names
    its place.

    Examples
    --------
    >>> case("Medellín").needs["measured"]
    'jobs: the numbers here, all here, everywhere and all everywhere'
    >>> case("own", {"name": "Ghent", "features": {"leadership": "hub"}}).features
    {'leadership': 'hub'}
    """
    need(own is None or isinstance(own, Mapping), "own", "a mapping, as {'name': …}", own)
    known, ties = datasets.load("district_cases"), datasets.load("district_case_ties")
    chosen("district", district, [*known["district"].unique(), "own"])
    facts = known[known["district"] == district].drop(columns="district")
    values = facts.dropna(subset="value").set_index(["step", "item"])["value"]
    told: dict = {step: values.xs(step).to_dict() for step in values.index.unique("step")}
    levels = {feature: level.split("; ") for feature, level in told.get("typed", {}).items()}
    counts = {k: int(n) for k, n in told.get("measured", {}).items() if k in _COUNTS + _MAY}
    drawn = ties.loc[ties["district"] == district, ["source", "target", "kind"]]
    drawn_anew = (own or {}).get("ties") is not None
    elsewhere = {} if drawn_anew else told.get("sketched", {})
    name = "your district" if district == "own" else district
    parts: dict[str, Any] = {"name": name, "ties": [*drawn.itertuples(index=False, name=None)]}
    parts |= {"jobs": counts, "features": levels, "elsewhere": elsewhere, "ratings": {}}
    for part, given in (own or {}).items():
        usual = parts[chosen("a part of own", part, parts)]
        fits = not isinstance(usual, dict) or given is None or isinstance(given, Mapping)
        need(fits, part, "a mapping", given)
        parts[part] = usual if given is None else given
    named = isinstance(parts["name"], str) and parts["name"].strip()
    need(bool(named), "name", "a word or more", parts["name"])
    for part in ("jobs", "features", "elsewhere", "ratings"):
        parts[part] = {name: value for name, value in parts[part].items() if value is not None}
    for count, value in parts["jobs"].items():
        number(f"jobs: {chosen('a count of jobs', count, _COUNTS + _MAY)!r}", value, ends=False)
    if parts["features"]:
        membership(parts["features"], replicates=1)  # refuses what is no feature or no level of one
    by_facet("ratings", "rating", parts["ratings"], FACETS, 1, 7)
    parts["graph"] = _sketch(parts["name"], parts.pop("ties"), parts.pop("elsewhere"))
    placed = parts["name"] in dict(parts["graph"].nodes(data="place")).values()
    counted, rated = {*_COUNTS} <= {*parts["jobs"]}, {*FACETS} <= {*parts["ratings"]}
    done = (counted, parts["features"], parts["graph"], placed, rated, rated)
    lacking = [step for step, can in zip(_STEPS, done, strict=True) if not can]
    return Case(facts=facts, needs={step: _STEPS[step] for step in lacking}, **parts)


def _sketch(name: str, ties: Any, elsewhere: Mapping) -> nx.DiGraph:
    """Return a network of actors, each in the district, in its region or beyond."""
    rows = ties if isinstance(ties, Sequence) and not isinstance(ties, str) else [ties]
    for tie in rows:
        fits = isinstance(tie, tuple | list) and len(tie) in (2, 3)
        fits = fits and all(isinstance(end, str) for end in tie)
        need(fits, "a tie", "names (who delivers, to whom), or three with the kind", tie)
    if not rows:
        return nx.DiGraph()
    need(len({*map(len, rows)}) == 1, "ties", "all with a kind, or none of them", rows)
    actors = dict.fromkeys(actor for tie in rows for actor in tie[:2])
    for actor, reach in elsewhere.items():
        chosen("somebody elsewhere", actor, actors)
        chosen(f"elsewhere: {actor!r}", reach, _SPOTS)
    nodes = pd.DataFrame({"node": [*actors], "reach": [elsewhere.get(a, "local") for a in actors]})
    nodes["role"] = nodes["place"] = nodes["region"] = nodes["reach"].map(_SPOTS)
    nodes.loc[nodes["reach"] == "local", "place"] = name
    nodes.loc[nodes["reach"] != "global", "region"] = name
    table = pd.DataFrame(rows, columns=["source", "target", "kind"][: len(rows[0])])
    return networks.read(table, nodes.drop(columns="reach"))


def findings(
    district: Case,
    found: Mapping[str, str],
    said: Mapping[str, str] | None = None,
    *,
    file: str | Path | None = None,
) -> Findings:
    """Write one page from what the steps found, what the reader says, and what is not known.

    Parameters
    ----------
    district : Case
        From `case`.
    found : mapping
        Step → what it found, in a sentence.
    said : mapping, optional
        Step → the reader's own sentence; an empty one counts as not written.
    file : str or Path, optional
        Where the page is written too. Left out, nothing is written.

    Returns
    -------
    Findings

    Raises
    ------
    ValueError
        A step that there is not, or a file that is there already: it is never written over.

    See Also
    --------
    case : What is known for each step.

    Examples
    --------
    >>> page = findings(case("Napa"), {"typed": "Many small firms."}, {"typed": "Who leads?"})
    >>> "> Who leads?" in page.text, "leadership: who leads is not told" in page.text
    (True, True)
    """
    for step in (*found, *(said := said or {})):
        chosen("a step", step, _STEPS)
    lines, unknown = [f"# {district.name}: findings"], list[str]()
    for step, needs in _STEPS.items():
        gap = f"not done; it needs {needs}" if step in district.needs else "not run yet"
        sentence = " ".join(str(said.get(step) or "").split()) or "(your sentence is missing)"
        facts = district.facts[district.facts["step"] == step].fillna("")
        lines += [f"## {step.capitalize()}", found.get(step, f"({gap})")]
        unknown += [f"- {step}: {gap}"] * (step not in found)
        for fact in facts.to_dict("records"):
            if not fact["value"]:
                unknown.append("- {step}, {item}: {said}; {caveat}".format(**fact))
            elif fact["said"]:
                lines.append("- {said} ({source}, {where})".format(**fact))
        lines.append(f"> {sentence}")
        read = facts[(facts["value"] != "") & (facts["caveat"] != "")]
        for caveat, items in read.groupby("caveat", sort=False)["item"]:
            unknown.append(f"- {step}, {listed([*items])}: {caveat}")
    text = "\n\n".join([*lines, "## What is not known", *unknown]).replace("\n\n- ", "\n- ")
    if file is not None:
        if Path(file).exists():
            raise ValueError(f"findings: {str(file)!r} is there already; name another file.")
        Path(file).write_text(text + "\n", encoding="utf-8")
    return Findings(text=text)
