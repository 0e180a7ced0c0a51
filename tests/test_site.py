"""A small site keeps what the large one promises: links lead somewhere, nothing comes from outside."""

import random
import re
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "site"))

import check  # noqa: E402
import pages  # noqa: E402

# Sphinx, its theme and its readers of notebooks are not of the same year
pytestmark = pytest.mark.filterwarnings(
    "ignore::PendingDeprecationWarning", "ignore::DeprecationWarning"
)

made = nbformat.v4
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
TABLE = (
    '<div><style scoped>x</style><table border="1" class="dataframe"><thead><tr><th></th><th>a</th>'
    "</tr></thead><tbody><tr><th>Valley</th><td>1</td></tr></tbody></table></div>"
)


def shown(**data):
    return made.new_output("display_data", {name.replace("_", "/"): x for name, x in data.items()})


def code(source, *outputs, **metadata):
    return made.new_code_cell(source, outputs=list(outputs), metadata=metadata)


def text(source, **metadata):
    return made.new_markdown_cell(source, metadata=metadata)


def units():
    still = f'<a href="2_two.ipynb">on</a><img class="clusterlab-still" alt="A dot" src="data:image/png;base64,{DOT}">'
    folded = {"source_hidden": True}
    return {
        "00_start_here": [text("# Start here\n\n[Limits](01_wine/1_one.ipynb#Limits,-and-more)")],
        "01_wine/1_one": [
            text("# One\n\nWhy?\n\n**Time**: 9 minutes. **Know first**: a <mean>. Rest."),
            text("Ask the room.", tags=["instructor"]),
            code("picture()", shown(text_html=still)),
            code("a = 1\nassert a == 1", shown(text_html=TABLE)),
            code(
                "ask('secret')",
                shown(text_html="<p>How many?</p>"),
                jupyter=folded,
                tags=["exercise"],
            ),
            code("print(1)", shown(text_plain="the solved"), jupyter=folded, tags=["solution"]),
            text(
                "## Limits, and more\n\n$x^2$, [next](2_two.ipynb), [all](../00_start_here.ipynb)"
            ),
        ],
        "01_wine/2_two": [
            text("# Two\n\n[up](1_one.ipynb#Limits,-and-more) and [own](../recipes/own.ipynb)"),
            code("\n".join(f"line_{n} = {n}" for n in range(20)), shown(text_plain="long")),
        ],
        "recipes/own": [text("# Own")],
    }


def built(folder):
    notebooks = folder / "notebooks"
    for name, cells in units().items():
        path = notebooks / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        speaks = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
        nbformat.write(made.new_notebook(cells=cells, metadata=speaks), path)
    rows = ["unit,title,question,minutes,know_first,needs"]
    rows += ["01_wine/1_one,One,Why?,9,a <mean>,"]
    rows += ["01_wine/2_two,Two,When?,8,unit 1,01_wine/1_one"]
    (notebooks / "units.csv").write_text("\n".join(rows))
    script = folder / "work" / "static" / "mathjax" / "tex-chtml.js"
    script.parent.mkdir(parents=True)
    script.touch()
    course = pages.Course(notebooks, ["relocation"], "https://github.com/OWNER/clusterlab")
    assert pages.build(course, ran, folder / "work", folder / "site") == 0
    return folder / "site"


def ran(path):
    return nbformat.read(path, as_version=4), path.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built(tmp_path_factory.mktemp("site"))


def html(site, name):
    return (site / f"{name}.html").read_text(encoding="utf-8")


def article(site, name):
    return html(site, name).partition("<article")[2].partition("</article>")[0]


def test_the_site_has_no_faults(site):
    assert check.faults(site) == []


def test_a_page_of_a_unit_says_what_it_takes_and_has_its_doors(site):
    page = article(site, "01_wine/1_one")
    assert "<strong>9 minutes.</strong> <strong>Know first:</strong> a &lt;mean&gt;." in page
    assert page.count("Know first") == 1
    assert "Rest." in page
    assert 'href="../lite/notebooks/index.html?path=01_wine/1_one.ipynb"' in page
    assert (site / "notebooks" / "01_wine" / "1_one.ipynb").exists()
    assert ">Print</button>" in page
    after = article(site, "01_wine/2_two")
    assert '<strong>Know first:</strong> <a href="../01_wine/1_one.html">One</a>.' in after


def test_what_is_for_instructors_is_on_no_page(site):
    assert not [path for path in site.rglob("*.html") if "Ask the room" in path.read_text()]


def test_a_solution_is_folded_and_a_question_shows_no_code(site):
    page = article(site, "01_wine/1_one")
    folded = re.findall(r"<details.*?</details>", page, re.DOTALL)
    labels = [re.search(r"Show [\w ]+", each)[0] for each in folded]
    assert labels == ["Show the code", "Show a solution"], "the first holds a check"
    assert "the solved" in folded[1]
    assert "the solved" not in page.replace(folded[1], "")
    assert "secret" not in page
    assert "How many?" in page
    assert "Show the code" in article(site, "01_wine/2_two")


def test_tables_and_pictures_can_be_reached(site):
    page = article(site, "01_wine/1_one")
    assert '<div class="scrolls" tabindex="0" role="group" aria-label="Table">' in page
    assert '<th scope="row">Valley</th>' in page
    assert "<th></th>" not in page
    assert "base64" not in page
    picture = re.search(r'src="\.\./(_static/pictures/\w+\.webp)"', page)[1]
    assert (site / picture).exists()


def test_an_analyst_is_led_to_several_machines():
    door = made.new_markdown_cell("## Analyse", id="door-analyse")
    course = pages.Course(ROOT / "notebooks", [], "", {pages.MACHINES: "# More"})
    for known, links in ((course, 1), (replace(course, texts={}), 0)):
        start = made.new_notebook(cells=[made.new_markdown_cell("# Start"), door.copy()])
        shown = pages.page(known, course.folder / "00_start_here.ipynb", start, {})
        words = "".join(cell.source for cell in shown.cells)
        assert words.count(f"({pages.MACHINES}.md)") == links
    assert (pages.HERE / f"{pages.MACHINES}.md").read_text(encoding="utf-8").startswith("# ")


def test_a_page_can_be_edited_once_its_address_is_known(site):
    assert "/edit/" not in html(site, "01_wine/1_one")
    folder = site.parent / "notebooks"
    course = pages.Course(folder, [], "https://github.com/someone/clusterlab")
    head = pages.doors(course, folder / "01_wine" / "1_one.ipynb")
    assert 'href="https://github.com/someone/clusterlab/edit/main/notebooks/01_wine/1_one' in head


def test_the_reference_is_readable_and_linked(site):
    page = article(site, "reference/relocation")
    heads = re.findall(r'<dt class="sig.*?</dt>', page, re.DOTALL)
    assert len(heads) > 5
    assert not [each for each in heads if "Parameter(" in each or "Annotated" in each]
    assert 'href="#clusterlab.relocation.' in page


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ('<img src="https://example.org/a.png" alt="">', "loads https://example.org/a.png"),
        ('<p style="background: url(//example.org/b.png)">', "loads //example.org/b.png"),
        ('<a href="gone.html">x</a>', "gone.html is not there"),
        ('<a href="#gone">x</a>', "no such anchor"),
        ('<a href="../../x.html">x</a>', "leaves the site"),
        ("<h1>again</h1>", "2 titles"),
        ("<table><tr><th>unit</th><th></th></tr></table>", "whose head says nothing"),
    ],
)
def test_the_check_sees_faults(tmp_path, broken, said):
    (tmp_path / "page.html").write_text(f"<h1>One</h1>{broken}")
    assert [said in fault for fault in check.faults(tmp_path)] == [True]


def test_the_check_sees_what_a_style_loads_and_what_is_too_large(tmp_path):
    live = '<div data-live="{&quot;name&quot;:&quot;one&quot;}"></div>'
    (tmp_path / "page.html").write_text(f'<h1>One</h1><img src="a.png" alt="">{live}')
    (tmp_path / "a.png").write_bytes(bytes(1_900_000))
    store = tmp_path / "_static" / "stores" / "one.js"
    store.parent.mkdir(parents=True)
    store.write_bytes(random.Random(1).randbytes(1_000_000))
    (tmp_path / "a.css").write_text('@import "https://example.org/a.css";')
    found = check.faults(tmp_path)
    assert found == [
        "page.html has 2.9 MB compressed, at most 2",
        "a.css loads https://example.org/a.css",
    ]


def test_what_other_commands_built_is_taken_in_and_what_is_missing_is_said(tmp_path, capsys):
    for name in ("lite", "slides"):
        (tmp_path / name / "lab").mkdir(parents=True)
    for name in ("lite/index.html", "lite/lab/index.html", "slides/reveal.js"):
        (tmp_path / name).write_text("x")
    for _ in range(2):  # a second build finds the first
        pages.take_in(tmp_path / "site", tmp_path)
    assert (tmp_path / "site" / "lite" / "lab" / "index.html").read_text() == "x"
    assert "make slides site" in capsys.readouterr().out
