"""Make the pages for instructors, as MyST text for the site: one a unit, plans, and their index.

What a unit's page says comes from where it stands already: notebooks/units.csv, datasets/claims.csv
and the unit itself, its instructor cells above all; the wrong answers are read off the code of its
questions. The plans are the tables in site/teaching: minutes and sections there, clock, links and
reading added here.
"""

import ast
import re
import sys
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "binder"))

import readme  # noqa: E402

TEACHING = Path(__file__).parent / "teaching"
#: The calls that ask something.
ASKING = {f"exercises.{kind}" for kind in ("predict", "check", "judge")}
#: The part of an instructor cell that says what may be left out.
SHORT = re.compile(r" *Short of time: (.+)", re.DOTALL)


@dataclass
class Question:
    """A question of a unit: what is asked, from which choices, and what a wrong answer is told."""

    kind: str
    text: str
    choices: list[str] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)
    otherwise: str = ""
    right: str = ""


@dataclass
class Section:
    """A part of a unit that one instructor cell is about."""

    title: str = ""
    minutes: int = 0
    words: str = ""
    questions: list[Question] = field(default_factory=list)


@dataclass
class Unit:
    """What the guide says of a unit."""

    name: str
    title: str
    question: str
    minutes: int
    know_first: str
    aim: str
    sections: list[Section]
    skip: str
    rubric: str
    widgets: list[str]

    @property
    def page(self) -> str:
        """The name of its page, and of its deck."""
        return self.name.replace("/", "-")


def told(node: ast.expr, known: dict[str, ast.expr]) -> str:
    """Return what an expression of a question is for a reader: its words, or else its code.

    A name may be ``known`` from the same cell.
    """
    if isinstance(node, ast.Name):
        node = known.get(node.id, node)
    if not isinstance(node, ast.Constant):
        return f"`{ast.unparse(node).removeprefix('*')}`"
    plain = isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
    return f"{node.value:,}" if plain else str(node.value)


def task(source: str) -> str:
    """Return what a cell with a gap asks for: its comments, without the output they promise."""
    comments = (line.removeprefix("# ") for line in source.splitlines() if line.startswith("# "))
    return re.sub(r" *;? *[Ee]xpected output.*", "", " ".join(comments)).strip()


def questions(source: str, before: str) -> list[Question]:
    """Return the questions of a cell; a judge's is in the comments of a cell before it."""
    nodes = list(ast.walk(ast.parse(source)))
    known = names(nodes)
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    asking = [call for call in calls if ast.unparse(call.func) in ASKING]
    return [
        question(call, known, task(before))
        for call in sorted(asking, key=lambda call: (call.lineno, call.col_offset))
    ]


def names(nodes: list[ast.AST]) -> dict[str, ast.expr]:
    """Return what the names of a cell stand for."""
    found = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            pairs = zip(target.elts, value.elts, strict=True) if both else [(target, value)]
            found |= {ast.unparse(one): given for one, given in pairs}
    return found


def question(call: ast.Call, known: dict[str, ast.expr], gap: str) -> Question:
    """Return the question that a call asks; ``gap`` is what the reader's own code was to do."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}

    def say(node: ast.expr | None) -> str:
        return told(node, known) if node is not None else ""

    kind = call.func.attr
    made = Question(kind, gap if kind == "judge" else say(call.args[0]))
    choices = call.args[1] if kind == "predict" and call.args[1:] else named.get("choices")
    if isinstance(choices, ast.List):
        made.choices = [f"{say(each)} {say(named.get('unit'))}".strip() for each in choices.elts]
    hints = named.get("hints")
    if isinstance(hints, ast.Dict):
        pairs = zip(hints.keys, hints.values, strict=True)
        made.hints = {say(wrong): say(hint) for wrong, hint in pairs}
    elif isinstance(hints, ast.List):
        made.hints = {say(pair.elts[0]): say(pair.elts[1]) for pair in hints.elts}
    made.otherwise, made.right = say(named.get("otherwise")), say(named.get("why"))
    if kind == "check":
        answer = say(call.args[1])
        one_of_some = "choices" in named or "within" in named
        made.right = f"*{answer}*. {made.right}".strip() if one_of_some else answer
    return made


def read(row: dict[str, str]) -> Unit:
    """Read a unit for the guide, from its row in units.csv and its notebook."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{row['unit']}.ipynb", as_version=4)
    sections, now, skip, rubric, widgets, before = [], Section(), "", "", [], ""
    for cell in notebook.cells:
        if "instructor" in cell.metadata.get("tags", []):
            words = re.sub(r"^\*\*Instructor, (\d+) minutes\.\*\* *", "", cell.source)
            if words == cell.source:
                rubric = words.partition("\n")[2].strip()
                continue
            now.minutes = int(re.match(r"\*\*Instructor, (\d+)", cell.source)[1])
            if short := SHORT.search(words):
                skip, words = short[1].strip(), SHORT.sub("", words)
            now.words = words.strip()
            sections.append(now)
            now = Section()
        elif cell.cell_type == "markdown":
            for heading in re.findall(r"(?m)^## (.+)$", cell.source):
                now.title = heading
        else:
            now.questions += questions(cell.source, before)
            widgets += re.findall(r"\b(?:widgets\.|explore\(\s*\w+\.)(\w+)", cell.source)
            before = cell.source if task(cell.source) and "judge(" not in cell.source else before
    now.title = "Your place"
    sections.append(now)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    aim = re.search(r"After this unit you can(?:\*\*)?(.+?)\*\*Time\*\*", text, re.DOTALL)[1]
    return Unit(
        name=row["unit"],
        title=row["title"],
        question=row["question"],
        minutes=int(row["minutes"]),
        know_first=row["know_first"],
        aim=aim.strip().rstrip("."),
        sections=sections,
        skip=skip,
        rubric=rubric,
        widgets=list(dict.fromkeys(widgets)),
    )


def units() -> list[Unit]:
    """Return the units in their order."""
    return [read(row) for row in readme.units()]


def claims(unit: str) -> list[dict[str, str]]:
    """Return the claims that a unit runs."""
    return [row for row in readme.rows("datasets/claims.csv") if row["notebook"] == f"{unit}.ipynb"]


def asked(question: Question) -> list[str]:
    """Return the lines of a page on a prediction."""
    lines = [f"**Predict, by hands.** {question.text}"]
    return lines + ([f"Choices: {'; '.join(question.choices)}."] if question.choices else [])


def mistaken(question: Question) -> list[str]:
    """Return the lines of a page on a question that is judged."""
    lines = [f"**{question.text}**"]
    if not question.hints and not question.otherwise:
        return [*lines, f"Answered in words, and compared with: {question.right}"]
    listed = [f"- *{wrong}*: {hint}" for wrong, hint in question.hints.items()]
    listed += [f"- Anything else: {question.otherwise}"] if question.otherwise else []
    listed += [f"- Right: {question.right}"] if question.right else []
    return [*lines, "\n".join(listed)]


def page(unit: Unit) -> str:
    """Return the page of a unit."""
    taught = [section for section in unit.sections if section.minutes]
    together = sum(section.minutes for section in taught)
    times = "\n".join(f"| {section.title} | {section.minutes} |" for section in taught)
    aim = (
        f"A student can\n\n{unit.aim}" if unit.aim.startswith("-") else f"A student can {unit.aim}."
    )
    parts = [
        f"# Teach: {unit.title}",
        f"{unit.question} [Open the unit](/{unit.name}.ipynb), or its "
        f'<a href="../slides/{unit.page}.html">slides</a>.',
        f"## Aim\n\n{aim}",
        f"## Minutes\n\n{unit.minutes} for a reader alone; in a class {together} for the sections "
        "below, a few for the opening, and as many as you give to *Your place*.\n\n"
        f"| section | minutes |\n| --- | ---: |\n{times}",
        f"**Know first**: {unit.know_first}.",
        f"**Short of time**: {unit.skip}",
        "## What to ask",
    ]
    for section in unit.sections:
        predictions = [question for question in section.questions if question.kind == "predict"]
        if section.words or predictions:
            minutes = f" ({section.minutes} minutes)" if section.minutes else ""
            parts.append(f"### {section.title}{minutes}")
            parts += [line for question in predictions for line in asked(question)]
            parts += [section.words] if section.words else []
    parts.append(
        "## Wrong answers to expect\n\nWhat each usual mistake is told, in the order of the unit; "
        "what the room says before it computes stands above. Code stands for the number it gives."
    )
    for section in unit.sections:
        for question in section.questions:
            if question.kind != "predict":
                parts += mistaken(question)
    if unit.rubric:
        parts.append(f"## Rubric for the page\n\n{unit.rubric}")
    shown = ", ".join(f"*{name.replace('_', ' ')}*" for name in unit.widgets)
    parts.append(
        f"## To show elsewhere\n\nIts widgets: {shown}. On the page of the unit each has a link "
        "under it, to itself alone with the settings it has: for a frame of a learning platform."
    )
    lines = [
        f"| {claim['id']} | {claim['claim']} | {claim['read_in'].replace('; ', '<br>')} |"
        for claim in claims(unit.name)
    ]
    if lines:
        table = "\n".join(["| claim | in words | stands in |", "| --- | --- | --- |", *lines])
        parts.append(f"## What it runs\n\n{table}")
    return "\n\n".join(parts) + "\n"


def place(where: str, titles: dict[str, str]) -> str:
    """Return the link to what a plan writes as ``unit`` or ``unit#Section``."""
    name, _, section = where.partition("#")
    link = f"[{titles[name]}](/{name}.ipynb)"
    return f"{link}: {section}" if section else link


def cells(line: str) -> list[str]:
    """Return the cells of a row of a table, none for another line."""
    return [cell.strip() for cell in line[1:-1].split("|")] if line.startswith("|") else []


def timed(plan: str, titles: dict[str, str]) -> str:
    """Return the plan of a class with a clock instead of minutes, and with links to units."""
    lines, clock = [], 0
    for line in plan.splitlines():
        minutes, where, *rest = cells(line) or [""] * 2
        if not minutes.isdigit():
            clock = 0
            lines.append(line.replace("| minutes |", "| minute |"))
            continue
        until = clock + int(minutes)
        row = [f"{clock}–{until}", place(where, titles) if where else "", *rest]
        lines.append(f"| {' | '.join(row)} |")
        clock = until
    return "\n".join(lines) + "\n"


def reading(names: list[str]) -> str:
    """Return what to read beside some units: the sections of documents whose claims they run."""
    wanted = {spot for name in names for row in claims(name) for spot in row["read_in"].split("; ")}
    places = [(row["document"], row["section"]) for row in readme.sections()]
    kept = [spot for spot in places if ": ".join(spot) in wanted]
    return "<br>".join(
        f"[{document}](/reading/{document}.ipynb): {', '.join(section for _, section in spots)}"
        for document, spots in groupby(kept, lambda spot: spot[0])
    )


def with_reading(term: str, titles: dict[str, str]) -> str:
    """Return the plan of a term with links to units and a column of what to read."""
    lines = []
    for line in term.splitlines():
        row = cells(line)
        if row and row[0].isdigit():
            names = row[2].split(", ")
            row[2] = "<br>".join(place(name, titles) for name in names)
            row.insert(3, reading(names))
        elif row:
            row.insert(3, "---" if row[0].startswith("-") else "read")
        lines.append(f"| {' | '.join(row)} |" if row else line)
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Return every page for instructors: its name in the site, and its text."""
    taught = units()
    titles = {unit.name: unit.title for unit in taught}
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(TEACHING.glob("*.md"))}
    made = {name: timed(text, titles) for name, text in texts.items() if name.startswith("class")}
    made["term"] = with_reading(texts["term"], titles)
    listed = "\n".join(
        f"| [{unit.title}]({unit.page}.md) | {unit.question} | {unit.minutes} |" for unit in taught
    )
    heads = "| unit | question | minutes |\n| --- | --- | ---: |"
    made["index"] = f"{texts['index']}\n## Unit by unit\n\n{heads}\n{listed}\n"
    made |= {unit.page: page(unit) for unit in taught}
    inside = "\n".join(name for name in made if name != "index")
    made["index"] += f"\n```{{toctree}}\n:hidden:\n\n{inside}\n```\n"
    return {f"teach/{name}": text for name, text in made.items()}
