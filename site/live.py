"""The script and the style that make widgets live on a page without a kernel, and pages of one.

The views are the widgets' own scripts and styles; `live.js` answers them in the kernel's place.
"""

import html
import json
import re
from pathlib import Path

from clusterlab.views.still import VIEWS

HERE = Path(__file__).parent
#: How the HTML of a widget begins, as `execute` makes it.
LIVE = re.compile(r'<div class="clusterlab-live" data-live="([^"]*)"')


def state(start: re.Match) -> dict:
    """Return what a page is told of the widget that begins there."""
    return json.loads(html.unescape(start[1]))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _view(*names: str) -> str:
    """Return the expression of a view: its script, one that another one is built on before it."""
    *before, last = (_text(VIEWS / f"{name}.js") for name in names)
    built_on = "".join(each.replace("export default", "const explorer =") for each in before)
    return f"(() => {{\n{built_on}{last.replace('export default', 'return')}}})()"


def script() -> str:
    """Return the page's script, ``clusterlab.js``."""
    views = {
        "explorer": _view("explore"),
        "radar": _view("explore", "radar"),
        "graph": _view("graph"),
        "question": _view("question"),
        "line": _view("line"),
        "course": _view("course"),
    }
    made = "".join(f"views.{name} = {view};\n" for name, view in views.items())
    shared = [_text(VIEWS / f"{name}.js") for name in ("page", "answers")]
    parts = [*shared, "const views = {};\n", made, _text(HERE / "live.js")]
    # comments are for who works on it: a page of one widget carries the whole script
    return re.sub(r"(?m)^ *//.*\n", "", f"(() => {{\n{''.join(parts)}}})();\n")


def style() -> str:
    """Return the page's style, ``clusterlab.css``."""
    return "".join(
        _text(each)
        for each in (
            *(VIEWS / f"{n}.css" for n in ("explore", "graph", "radar", "course")),
            HERE / "live.css",
        )
    )


def alone(live: str, store: str, *, title: str, unit: str, run: str = "") -> str:
    """Return a page of one widget with all it needs, for a frame of a learning platform.

    Parameters
    ----------
    live : str
        The widget's HTML, as `execute` makes it.
    store : str
        The script of its store.
    title : str
        What it is called.
    unit : str
        Address of the unit it is from.
    run : str
        Address at which the unit runs with a kernel; none by default.
    """
    place = live.replace(
        '<div class="clusterlab-live"', '<div class="clusterlab-live" data-alone', 1
    )
    meta = f'<meta name="clusterlab-run" content="{html.escape(run)}">' if run else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{meta}<title>{html.escape(title)}</title>
<style>{style()}</style>
</head>
<body class="clusterlab-alone">
<main>
<h1>{html.escape(title)}</h1>
{place}
<p><a href="{html.escape(unit)}" target="_top">From the unit it belongs to</a></p>
</main>
<script>{script()}</script>
<script>{store}</script>
</body>
</html>
"""
