"""Every widget with pictures gets a page of its own, which names where it is from."""

import html
import json
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "site"))

import embeds  # noqa: E402


def live(name, **state):
    told = html.escape(json.dumps({"name": name, **state}, separators=(",", ":")))
    return f'<div class="clusterlab-live" data-live="{told}"><p>{name}, still</p></div>'


def notebook():
    made = nbformat.v4

    def shown(*parts):
        output = made.new_output("display_data", {"text/html": "".join(parts)})
        return made.new_code_cell("x", outputs=[output])

    return made.new_notebook(
        cells=[
            made.new_markdown_cell("# A unit\n\n## Two: here & there"),
            shown(live("u-1", edition="a1")),
            shown(live("u-2")),  # a question: it has no pictures
            made.new_markdown_cell("## Three"),
            shown(
                '<div class="clusterlab-box">', live("u-3", edition="b"), live("u-4", edition="c")
            ),
        ]
    )


def test_each_widget_with_pictures_has_a_page_that_holds_it_alone(tmp_path):
    for name in ("u-1", "u-3", "u-4"):
        (tmp_path / f"{name}.js").write_text(f'clusterlabStore("{name}", "x", "");')
    made = embeds.pages("01_a/1 b", notebook(), tmp_path, "../lite/?path=b")
    assert list(made) == ["u-1", "u-3", "u-4"]
    assert 'href="../01_a/1%20b.html#Two%3A-here-%26-there"' in made["u-1"]
    assert "<title>Two: here &amp; there</title>" in made["u-1"]
    assert 'content="../lite/?path=b"' in made["u-1"]
    for name, page in made.items():
        assert page.count(", still</p>") == 1
        assert f"{name}, still" in page
        assert f'clusterlabStore("{name}"' in page
        assert "http" not in page.replace("http://www.w3.org/2000/svg", ""), "loads nothing"


def test_the_list_names_each_once_under_its_unit():
    listed = embeds.listing({"A unit": notebook(), "Without": nbformat.v4.new_notebook()})
    assert listed.count("embed/u-") == 3
    assert "## A unit" in listed
    assert "## Without" not in listed
