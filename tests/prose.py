"""Every number that a notebook states in words, and the cell that holds it.

A reader trusts a number in a sentence, an alternative text or the explanation of an exercise. Each
must be held by a cell of the same notebook: a literal in an ``assert``, what a cell puts out, or an
argument that the code passes where the sentence states an input. Run

    python tests/prose.py notebooks/04_location/1_*.ipynb          the numbers nothing holds
    python tests/prose.py --all notebooks/04_location/1_*.ipynb    every number and what holds it

**Where it may be held.** In the same section (a heading starts one) or within `NEAR` cells. A
number of three or more digits may be asserted anywhere in the notebook.

**When two numbers are the same.** The held one, rounded as the text prints it, is the number; 38 %
is 0.38 too. After "about" four per cent either way will do, but not from a table. A sign that is
written counts. A number in a table holds only where the paragraph has a word of its row or column.
Numbers of one digit and whole ones up to twelve, which chance finds anywhere, are held by assertions
and printed sentences within `NEAR` cells, by arguments, defaults and controls whose name is in the
sentence, and by a table in the cell next to them. A number word may count a list in the code.

**What is no statement**: code, formulas, years in brackets, page and section numbers, names such as
"Region 11", the references. What else is not a result (a year, a figure of a document, a count of
the sentence's own parts) stands in ``prose_exceptions.csv`` with its source.
"""

from __future__ import annotations

import ast
import csv
import inspect
import json
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import notebook_outputs

ROOT = Path(__file__).resolve().parents[1]
EXCEPTIONS = Path(__file__).with_name("prose_exceptions.csv")
NEAR = 2
SMALL = 12

_UNITS = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
WORDS = {word: value for value, word in enumerate(_UNITS.split(), 2)}
WORDS |= {"sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19}
WORDS |= {word: 10 * value for value, word in enumerate(_TENS.split(), 2)}
WORDS |= {
    f"{ten}-{unit}": 10 * i + j
    for i, ten in enumerate(_TENS.split(), 2)
    for j, unit in enumerate(["one", *_UNITS.split()[:8]], 1)
}
WORDS |= {"a hundred": 100, "hundred": 100, "a thousand": 1000, "dozen": 12}
WORDS |= {"twice": 2, "doubles": 2, "doubled": 2}
PARTS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}
COUNTS = {"a": 1, "one": 1, **{word: WORDS[word] for word in _UNITS.split()[:8]}}
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}

_DIGITS = r"(?<![\w.,\-–/])[+\-−±]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w)(?!\.\d)"
_NAMED = "|".join(sorted(WORDS, key=len, reverse=True))
_PARTS = "|".join(PARTS)
_COUNTS = "|".join(COUNTS)
_OF = "of|out|in|times|per|thousand|million"  # after another word "two" only points
NUMBER = re.compile(
    rf"(?P<digits>{_DIGITS}|(?<=[\d%]–)\d+(?:\.\d+)?(?![\w]))"
    rf"(?:[  ]?(?P<percent>%|per cent\b|percent\b)| (?P<scale>{'|'.join(SCALES)})\b)?"
    rf"|\b(?P<count>{_COUNTS})[ -](?P<part>{_PARTS})s?\b"
    rf"|\b(?P<one>one|{_UNITS.replace(' ', '|')}) (?:\w+ )?(?:in|out of) (?P<of>{_NAMED})\b"
    rf"|\b(?P<lone>half)\b"
    rf"|\b(?P<word>(?!two (?!{_OF}))(?:{_NAMED}))\b(?: (?P<wordpercent>per cent|%)| (?P<wordscale>{'|'.join(SCALES)})\b)?",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(about|around|nearly|almost|roughly|some|close to|hardly|over|more than|less than|fewer than"
    r"|under|above|below|at least|at most|up to|just|well)\s*$",
    re.IGNORECASE,
)

# What has digits and states nothing, taken out before numbers are looked for.
NO_STATEMENT = [
    r"\[\d\d(?: [^\]]*)?\]\(",  # a link to a lesson by its number
    r"`[^`]*`",
    r"\$\$.*?\$\$",
    r"\$[^$\n]*\$",
    r"\]\([^)]*\)",
    r"https?://\S+",
    r"\b[a-z][\w-]*-(?:19|20)\d\d\b",  # keys of documents
    r"\((?:[A-Z][^()]{0,80}, )?(?:1[89]|20)\d\d[a-z]?(?:, [^()]*)?\)",  # (1997), (Krugman, 1991)
    r"\b(?:[Ss]ections?|[Tt]ables?|[Ff]igures?|[Gg]raphics?|[Ll]essons?|[Uu]nits?|[Cc]laims?|[Nn]otes?|"
    r"[Pp]aragraphs?|[Cc]hapters?|[Pp]ages?|pp?\.|[Pp]arts?|steps?|questions?|"
    r"Region|Place|Theorem|Proposition|Python|NAICS|NACE|ISIC|SITC|HS|Mark)"
    r"[  ](?:[A-Z]?\d+(?:\.\d+)*)(?:(?:, |–| and | to | or )\d+(?:\.\d+)*)*",
    r"\b(?:[A-Z][\w-]+|others),? (?:1[89]|20)\d\d\b",  # Henderson 1974
    r"\*\*Time\*\*: \d+ minutes",  # these are counted in test_notebooks, and the table is written
    r"\*\*Instructor, \d+ minutes",
    r"<!-- units.*?<!-- end of units -->",
    r"\bhalf an hour\b",
    r"\(\d(?:\.\d)?\)",  # numbered arrows, sections
    r"^#+ \d+ ",
    r"\[\d\d [^\]]*\]",  # numbers of lessons
]


@dataclass
class Piece:
    """A text that states something."""

    cell: int
    place: str
    section: int
    text: str


@dataclass
class Found:
    """A number in a piece: its value, the size of its last digit (none of a part), its words."""

    piece: Piece
    said: str
    value: float
    step: float
    words: str
    percent: bool = False
    signed: bool = False
    about: bool = False
    scaled: float = 1.0
    part: bool = False
    held: str = ""

    @property
    def small(self) -> bool:
        """Whether it is a whole number up to twelve."""
        whole = self.step == 1 and not self.percent and self.scaled == 1
        return whole and abs(self.value) <= SMALL

    @property
    def common(self) -> bool:
        """Whether chance finds it anywhere."""
        return self.small or (self.digits == 1 and not self.part)

    @property
    def digits(self) -> int:
        """How many digits it is told with."""
        return len(re.sub(r"\D", "", self.said).lstrip("0"))


@dataclass
class Hold:
    """A number that code has: asserted, put out in a sentence or a table, or passed."""

    cell: int
    section: int
    kind: str  # assert, sentence, table, input, size
    value: float
    step: float = 0.0
    labels: frozenset = field(default_factory=frozenset)


def _blank(match: re.Match) -> str:
    return " " * len(match.group(0))


def numbers(piece: Piece) -> list[Found]:
    """Return the numbers that a text states."""
    text = piece.text
    for pattern in NO_STATEMENT:
        text = re.sub(pattern, _blank, text, flags=re.DOTALL | re.MULTILINE)
    found = []
    for match in NUMBER.finditer(text):
        start, end = match.span()
        words = " ".join(piece.text[max(0, start - 60) : end + 60].split())
        about = bool(_ABOUT.search(text[max(0, start - 20) : start]))
        one = {"piece": piece, "said": match.group(0).strip(), "words": words, "about": about}
        group = match.groupdict()
        if digits := group["digits"]:
            plain = digits.replace(",", "").replace("−", "-").lstrip("+±")
            decimals = len(plain.partition(".")[2])
            if re.fullmatch(r"(1[89]|20)\d\d", plain) and re.match(r"–\d\d\b", text[end : end + 4]):
                one["said"] += text[end : end + 3]
            found.append(
                Found(
                    value=float(plain),
                    step=10.0**-decimals,
                    percent=bool(group["percent"]),
                    signed=digits[0] in "+-−",
                    scaled=SCALES.get(group["scale"] or "", 1.0),
                    **one,
                )
            )
        elif part := group["part"]:
            count = COUNTS[group["count"].lower()]
            share = count / PARTS[part.lower().rstrip("s") if part != "halves" else part]
            found.append(Found(value=share, step=0.0, part=True, **one))
        elif group["one"]:
            top = COUNTS.get(group["one"].lower(), WORDS.get(group["one"].lower(), 1))
            found.append(Found(value=top / WORDS[group["of"].lower()], step=0.0, part=True, **one))
        elif group["lone"]:
            found.append(Found(value=0.5, step=0.0, part=True, **one))
        else:
            scale = SCALES.get(group["wordscale"] or "", 1.0)
            found.append(
                Found(
                    value=float(WORDS[group["word"].lower()]),
                    step=1.0,
                    scaled=scale,
                    percent=bool(group["wordpercent"]),
                    **one,
                )
            )
    return found


# --- what code holds -------------------------------------------------------------------------


def _value(node: ast.AST) -> float | None:
    """Return the number a literal stands for (with its sign), or None."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _value(node.operand)
        return None if inner is None else -inner
    number = isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    return float(node.value) if number and not isinstance(node.value, bool) else None


def _called(node: ast.AST) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def is_question(node: ast.AST) -> bool:
    """Return whether a node asks a question of the reader."""
    return _called(node) in ("exercises.check", "exercises.predict", "exercises.judge")


def _literals(node: ast.AST, kind: str, labels: frozenset = frozenset()) -> list[tuple]:
    """Return (kind, value, labels) of every literal of code; questions hold nothing.

    What an ``assert`` compares is asserted; places of digits, tolerances and indices are not. The
    labels are the words of what a literal is passed to or assigned to.
    """
    if is_question(node):
        return []
    value = _value(node)
    if value is not None:
        return [(kind, value, labels)]
    name = _called(node).rpartition(".")[2]
    children = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.List | ast.Tuple | ast.Set) and kind == "input":
        sizes = [("size", float(len(children) - 1), labels)]
        return sizes + [each for child in children for each in _literals(child, kind, labels)]
    if isinstance(node, ast.Assert):
        kind, labels = "assert", _label_words(ast.unparse(node))
    elif name == "round":
        children = children[:2]
    elif name:
        labels = labels | _label_words(name)
    elif isinstance(node, ast.keyword):
        if node.arg in ("abs", "rel", "seed"):
            return []
        labels = labels | _label_words(node.arg or "")
    elif isinstance(node, ast.Assign | ast.For | ast.comprehension):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        labels = labels | _label_words(ast.unparse(target))
    elif isinstance(node, ast.Subscript):
        return _literals(node.value, kind, labels) + _literals(node.slice, "input", labels)
    elif isinstance(node, ast.Dict):
        return (
            [("size", float(len(node.keys)), labels)]
            + [
                each
                for key, value in zip(node.keys, node.values, strict=True)
                for each in _literals(value, kind, labels | _label_words(ast.unparse(key or value)))
            ]
            + [each for key in node.keys if key for each in _literals(key, kind, labels)]
        )
    return [each for child in children for each in _literals(child, kind, labels)]


def _defaults(tree: ast.AST, modules: dict) -> list[tuple[float, frozenset]]:
    """Return the defaults of the library's functions that code calls: inputs that it leaves."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or is_question(node):
            continue
        first, *rest = _called(node).split(".")
        thing = modules.get(first)
        for name in rest:
            thing = getattr(thing, name, None)
        if not inspect.isfunction(thing) or not thing.__module__.startswith("clusterlab"):
            continue
        passed = {keyword.arg for keyword in node.keywords}
        for name, parameter in inspect.signature(thing).parameters.items():
            value = parameter.default
            if name in passed | {"seed"} or isinstance(value, bool):
                continue
            if isinstance(value, int | float):
                found.append((float(value), _label_words(name)))
    return found


_OUT = re.compile(r"(?<![\w.])[+\-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?[  ]?%?")


@cache
def _label_words(text: str) -> frozenset[str]:
    """Return the beginnings of the words of a text, by which two texts are found to be of one."""
    return frozenset(word[:5].lower() for word in re.findall(r"[^\W\d_]{3,}", text))


def _shown(text: str) -> list[tuple[float, float, str, frozenset]]:
    """Return the numbers of an output: value, size of the last digit, kind, labels in a table."""
    lines = text.splitlines()
    gaps = sum(bool(re.search(r"\S {2,}\S", line)) for line in lines)
    table = len(lines) > 1 and gaps >= len(lines) / 2
    kind = "table" if table else "sentence"
    found = []
    for number, line in enumerate(lines):
        row = set(_label_words(re.split(r" {2,}", line.strip())[0])) if table else set()
        for match in _OUT.finditer(line):
            told = match.group(0).replace(",", "").replace("−", "-").strip()
            percent = told.endswith("%")
            plain = told.rstrip("%").strip()
            decimals = len(plain.partition("e")[0].partition(".")[2])
            column = set()
            if table:
                for head in lines[: min(3, number)]:
                    for label in re.finditer(r"\S+(?: \S+)*", head):
                        if label.start() <= match.end() <= label.end() + 1:
                            column |= _label_words(label.group(0))
            value, step = float(plain), 10.0**-decimals
            labels = frozenset(row | column)
            found.append((value, step, kind, labels))
            if percent:
                found.append((value / 100, step / 100, kind, labels))
    return found


# --- a notebook ------------------------------------------------------------------------------


class Notebook:
    """A notebook's texts and what its code holds.

    Parameters
    ----------
    path : pathlib.Path
        The notebook, or a text without code (README.md).
    outputs : list of dict, optional
        What its code cells put out, as `notebook_outputs.of` returns it; run where it is not given.
    """

    def __init__(self, path: Path, outputs: list[dict] | None = None) -> None:
        self.path = path
        self.name = notebook_outputs.name(path)
        text = path.read_text(encoding="utf-8")
        words = path.suffix == ".md"
        self.cells = (
            [{"cell_type": "markdown", "source": text}] if words else json.loads(text)["cells"]
        )
        self.pieces: list[Piece] = []
        self.holds: list[Hold] = []
        run = outputs is None and not words
        self._read(notebook_outputs.of(path) if run else outputs or [])

    def _read(self, outputs: list[dict]) -> None:
        section, code = 0, 0
        modules: dict = {}
        for cell, content in enumerate(self.cells):
            text = "".join(content["source"])
            if content["cell_type"] == "markdown":
                text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
                for part in re.split(r"(?m)^(?=#{1,4} )", text):
                    if part.startswith("#"):
                        section += 1
                    if not re.match(r"#+ (?:References|The five documents)", part):
                        for paragraph in re.split(r"\n\s*\n", part):
                            self.pieces.append(Piece(cell, "text", section, paragraph))
                continue
            tree = ast.parse(text)
            for node in tree.body:
                if isinstance(node, ast.ImportFrom) and node.module == "clusterlab":
                    exec(ast.unparse(node), modules)
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                    "clusterlab."
                ):
                    exec(ast.unparse(node), modules)
            questions = [node for node in ast.walk(tree) if is_question(node)]
            self._words_of(tree, cell, section)
            for kind, value, labels in _literals(tree, "input"):
                self.holds.append(Hold(cell, section, kind, value, labels=labels))
            for value, labels in _defaults(tree, modules):
                self.holds.append(Hold(cell, section, "input", value, labels=labels))
            if not questions:
                self._outputs_of(tree, outputs[code], cell, section)
            code += 1

    def _words_of(self, tree: ast.AST, cell: int, section: int) -> None:
        """Collect the alternative texts and the questions in a code cell."""
        for node in ast.walk(tree):
            if _called(node) == "style.show" and len(node.args) > 1:
                self.pieces.append(Piece(cell, "alt text", section, _constant_text(node.args[1])))
            if _called(node).endswith(".reveal"):
                self.pieces.append(Piece(cell, "reply", section, _constant_text(node.args[0])))
            if not is_question(node):
                continue
            for place, text in _question_texts(node):
                self.pieces.append(Piece(cell, place, section, text))

    def _outputs_of(self, tree: ast.AST, output: dict, cell: int, section: int) -> None:
        """Collect what a cell put out, without the numbers that its own strings put there."""
        own = [
            round(abs(value), 10)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            for value, *_ in _shown(node.value)
        ]
        for text in [*output["text"], *output["sentences"]]:
            left = list(own)
            for value, step, kind, labels in _shown(text):
                if round(abs(value), 10) in left:
                    left.remove(round(abs(value), 10))
                    continue
                self.holds.append(Hold(cell, section, kind, value, step, labels))
        for control in output["controls"]:
            for end in ("start", "low", "high"):
                if isinstance(control.get(end), int | float):
                    labels = _label_words(f"{control['name']} {control['label']}")
                    value = float(control[end])
                    self.holds.append(Hold(cell, section, "input", value, labels=labels))

    def numbers(self) -> list[Found]:
        """Return every number that is stated, with what holds it (empty: nothing)."""
        found = []
        for piece in self.pieces:
            words = _label_words(piece.text)
            for number in numbers(piece):
                for hold in self.holds:
                    if _near(number, hold) and _same(number, hold, words):
                        number.held = f"{hold.kind} in cell {hold.cell}: {hold.value:.10g}"
                        break
                found.append(number)
        return found


def _constant_text(node: ast.AST) -> str:
    """Return what stands literally in a text; what is computed is a gap."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _constant_text(part) if isinstance(part, ast.Constant) else "…" for part in node.values
        )
    if isinstance(node, ast.BinOp):
        return _constant_text(node.left) + _constant_text(node.right)
    return "…"


def _question_texts(node: ast.Call) -> list[tuple[str, str]]:
    """Return the texts of a question: wrong choices and the keys of hints state nothing."""
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    judged = _called(node) == "exercises.judge"
    texts = [] if judged else [("question", _constant_text(node.args[0]))]
    if _called(node) == "exercises.check" and len(node.args) > 1:
        answer = node.args[1]
        value = _value(answer)
        texts.append(
            ("answer", ast.unparse(answer) if value is not None else _constant_text(answer))
        )
    for name in ("why", "otherwise"):
        if name in keywords:
            texts.append((name, _constant_text(keywords[name])))
    if isinstance(keywords.get("hints"), ast.Dict):
        texts += [("hint", _constant_text(hint)) for hint in keywords["hints"].values]
    if isinstance(keywords.get("hints"), ast.List):
        pairs = [hint.elts for hint in keywords["hints"].elts if isinstance(hint, ast.Tuple)]
        texts += [("hint", _constant_text(words)) for _, words in pairs]
    return texts


def _near(number: Found, hold: Hold) -> bool:
    apart = abs(number.piece.cell - hold.cell)
    if hold.kind == "size":
        return number.said.isalpha() and apart <= NEAR
    if number.common and hold.kind != "input":
        return apart <= (1 if hold.kind == "table" else NEAR)
    if number.piece.section == hold.section or apart <= NEAR:
        return True
    return hold.kind == "assert" and number.digits >= 3


def _same(number: Found, hold: Hold, words: set[str]) -> bool:
    if hold.kind == "table" and hold.labels and not hold.labels & words:
        return False
    if hold.kind == "input" and number.common and not hold.labels & _label_words(number.words):
        return False
    held = hold.value if number.signed else abs(hold.value)
    for factor in {1.0, number.scaled, 0.01 if number.percent else 1.0}:
        value, step = number.value * factor, number.step * factor
        value = value if number.signed else abs(value)
        if abs(held - value) <= _room(number, hold, value, step) + 1e-12:
            return True
    return False


def _room(number: Found, hold: Hold, value: float, step: float) -> float:
    """Return how far a held number may be from the one that is told."""
    if number.part:
        return 0.1 * value
    exact = 1e-9 * abs(value)
    if hold.kind == "input" or (number.small and hold.kind != "table"):
        return exact
    if hold.step > step * (1 + 1e-9):  # told in fewer digits than the text: it cannot be read off
        return exact
    if hold.kind == "assert" and hold.value == int(hold.value) and number.step < 1:
        return exact
    about = number.about and hold.kind in ("assert", "sentence") and not number.small
    return max(step / 2 * (1 + 1e-9), 0.04 * abs(value) if about else 0)


# --- exceptions ------------------------------------------------------------------------------


@cache
def exceptions() -> tuple[dict, ...]:
    """Return the list of numbers that no cell holds, each with its source."""
    with EXCEPTIONS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def excepted(name: str, number: Found) -> dict | None:
    """Return the entry that excepts a number of a notebook (``*``: of every one), if any does."""
    text = " ".join(number.piece.text.split())
    for entry in exceptions():
        here = entry["notebook"] in (name, "*") and entry["number"].lower() == number.said.lower()
        if here and entry["words"].lower() in text.lower():
            return entry
    return None


def orphans(notebook: Notebook) -> list[Found]:
    """Return the numbers that neither a cell nor the list of exceptions holds."""
    return [n for n in notebook.numbers() if not n.held and not excepted(notebook.name, n)]


def main(arguments: list[str]) -> None:
    """Print the orphans of notebooks; with ``--all`` every number."""
    everything = "--all" in arguments
    for path in (Path(each) for each in arguments if each != "--all"):
        notebook = Notebook(path)
        found = notebook.numbers()
        for number in found:
            entry = excepted(notebook.name, number)
            state = number.held or (entry and f"excepted: {entry['source']}") or "NOTHING HOLDS IT"
            if everything or state == "NOTHING HOLDS IT":
                print(f"[{number.piece.cell}] {number.piece.place}: {number.said}  ({state})")
                print(f"      … {number.words} …")
        held = sum(bool(n.held) for n in found)
        listed = sum(not n.held and bool(excepted(notebook.name, n)) for n in found)
        print(
            f"{path.name}: {len(found)} numbers, {held} held, {listed} excepted, "
            f"{len(found) - held - listed} orphans"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
