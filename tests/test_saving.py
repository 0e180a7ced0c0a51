"""Results as files of other programs: nothing overwritten, labels text, the note goes along."""

import json
import re
import shutil
import subprocess
import sys

import geopandas
import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import openpyxl
import pandas as pd
import PIL.Image
import pytest
from matplotlib.text import Text

from clusterlab import agglomeration, datasets, networks, saving, style, tables

JOBS = pd.DataFrame(
    {"0111": [9, 1, 2], "=R&D": [5, 5, 8]}, index=pd.Index(["01", "NA", "03"], name="region")
)
SHAPES = geopandas.GeoDataFrame(
    {"code": ["03", "NA", "01"]},
    geometry=geopandas.points_from_xy(range(3), [0] * 3).buffer(0.5),
    crs="EPSG:3857",
)


@pytest.fixture(scope="module")
def measures():
    return agglomeration.measure_all(JOBS)


def test_no_file_is_overwritten_not_even_the_note(tmp_path, measures):
    for name in ("a.csv", "a.xlsx", "a.tex", "a.note.txt"):
        (tmp_path / name).write_text("mine")
        with pytest.raises(ValueError, match="exists and is not overwritten"):
            saving.save(measures, tmp_path / name.replace(".note.txt", ".csv"))
        assert (tmp_path / name).read_text() == "mine"
        (tmp_path / name).unlink()
    assert not list(tmp_path.iterdir()), "a note that exists keeps the table from being written"


def test_csv_keeps_labels_numbers_and_the_note(tmp_path, measures):
    saving.save(measures, tmp_path / "a.csv")
    back = pd.read_csv(tmp_path / "a.csv", dtype=str).set_index("index")
    assert back.index.tolist() == ["0111", "=R&D"]
    np.testing.assert_array_equal(back["hoover"].map(float), measures["hoover"])
    assert (tmp_path / "a.note.txt").read_text() == measures.attrs["note"] + "\n"
    saving.save(JOBS, tmp_path / "b.csv")
    assert not (tmp_path / "b.note.txt").exists(), "nothing to say, no file"


def test_a_workbook_keeps_labels_as_text_and_has_no_formula(tmp_path, measures):
    saving.save(measures, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for row in book["result"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.column == 1} == {"s"}
    assert [row[0].value for row in book["result"].iter_rows(min_row=2)] == ["0111", "=R&D"]
    assert book["note"]["A2"].value == measures.attrs["note"]


def test_a_workbook_is_read_by_pandas_as_it_was(tmp_path, measures):
    saving.save(measures, tmp_path / "a.xlsx")
    text = {"index": str, "highest_quotient_in": str}  # which pandas would guess are numbers
    back = pd.read_excel(tmp_path / "a.xlsx", "result", dtype=text, keep_default_na=False)
    back = back.set_index("index")
    pd.testing.assert_frame_equal(back, measures.rename_axis("index"), check_dtype=False)


def test_a_workbook_without_openpyxl_names_the_extra(tmp_path, measures, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ValueError, match=r"openpyxl: pip install 'clusterlab\[files\]'"):
        saving.save(measures, tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_latex_is_escaped_and_says_what_it_was_computed_from(tmp_path):
    frame = pd.DataFrame({"share_%": [0.123456, np.nan]}, index=["R&D_1", "a~b^c\\{}$#"])
    frame.attrs["note"] = "100 % of it."
    saving.save(frame, tmp_path / "a.tex")
    lines = (tmp_path / "a.tex").read_text().splitlines()
    assert lines[2] == r"index & share \% \\"
    assert lines[4] == r"R\&D\_1 & 0.1235 \\"
    assert lines[5] == (r"a\textasciitilde{}b\textasciicircum{}c\textbackslash{}\{\}\$\# & -- \\")
    assert lines[-1] == r"{\footnotesize 100 \% of it.\par}", "and the text after it is as before"


def test_numbers_in_latex_are_as_journals_print_them(tmp_path):
    numbers = [15_468_388.0, 0.5, -0.25, 1e-7, -2e-12, 3.0, 9999.4, 12345.6, np.inf]
    saving.save(pd.DataFrame({"n": numbers, "k": range(9)}), tmp_path / "a.tex")
    told = [line.partition(" &")[0] for line in (tmp_path / "a.tex").read_text().splitlines()[4:13]]
    small = [r"$1.000 \times 10^{-7}$", r"$-2.000 \times 10^{-12}$"]
    assert told == ["15,468,388", "0.5000", "$-$0.2500", *small, "3", "9999", "12,346", "inf"]


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no LaTeX here")
def test_latex_compiles_whatever_labels_begin_with(tmp_path, measures):
    """Read again from the PDF by pdftotext: rows, the note, and the size of what follows."""
    labels = ["[4] R&D_1 100 %", "*total", "a~b^c\\{}$#", "Größe < 5 | x > 3", "−1 × “γ” – Łódź"]
    frame = pd.DataFrame({"share_%": [0.5, np.nan, -1e-7, 15_468_388, 3]}, index=labels)
    frame.attrs["note"] = "100 % of [it], *all* − γ"
    saving.save(frame, tmp_path / "a.tex")
    saving.save(measures, tmp_path / "b.tex")
    begin = r"\documentclass{article}\usepackage{booktabs}\usepackage[landscape]{geometry}\begin{document}"
    text = [begin, r"\input{a.tex}", "", r"\input{b.tex}", r"\makeatletter\typeout{size \f@size}"]
    (tmp_path / "doc.tex").write_text("\n".join([*text, r"\end{document}"]))
    call = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "doc.tex"]
    run = subprocess.run(
        call, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False
    )
    if "booktabs.sty' not found" in run.stdout:
        pytest.skip("LaTeX without booktabs")
    assert run.returncode == 0, run.stdout[-2000:]
    assert "size 10" in run.stdout, "letters after a table are as large as before"
    assert "Missing character" not in (tmp_path / "doc.log").read_text(errors="replace")
    if not shutil.which("pdftotext"):
        return
    call = ["pdftotext", "-layout", "doc.pdf", "-"]
    page = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    rows = [" ".join(line.split()) for line in page.splitlines()]
    assert "[4] R&D 1 100 % 0.5000" in rows
    assert "*total –" in rows
    assert any(row.endswith("< 5 | x > 3 15,468,388") for row in rows), rows
    assert "0111" in page


def test_geojson_has_the_readers_geometry_by_label_in_degrees(tmp_path):
    quotients = agglomeration.location_quotient(JOBS)
    saving.save(quotients, tmp_path / "a.geojson", shapes=SHAPES, key="code")
    made = json.loads((tmp_path / "a.geojson").read_text())
    found = {each["properties"]["code"]: each for each in made["features"]}
    for region in JOBS.index:
        assert found[region]["properties"]["0111"] == quotients.value.loc[region, "0111"]
    east = max(x for x, _ in found["01"]["geometry"]["coordinates"][0])
    assert 0 < east < 1e-3, "three metres east, in degrees"
    assert made["note"] == quotients.base
    assert geopandas.read_file(tmp_path / "a.geojson").shape == (3, 4)


def test_geojson_refuses_rows_without_shapes_and_no_shapes(tmp_path):
    with pytest.raises(ValueError, match="region 'NA' has no shape"):
        saving.save(JOBS, tmp_path / "a.geojson", shapes=SHAPES[SHAPES["code"] != "NA"], key="code")
    with pytest.raises(ValueError, match="needs shapes= and key="):
        saving.save(JOBS, tmp_path / "a.geojson")
    assert not list(tmp_path.iterdir())


def test_an_ending_that_does_not_fit_says_which_do(tmp_path):
    with pytest.raises(ValueError, match=r"ends in \.doc, but a table is saved as \.csv, \.xlsx"):
        saving.save(JOBS, tmp_path / "a.doc")
    with pytest.raises(ValueError, match=r"ends in \.csv, but a network is saved as \.graphml"):
        saving.save(nx.path_graph(2), tmp_path / "a.csv")
    with pytest.raises(ValueError, match=r"no folder"):
        saving.save(JOBS, tmp_path / "none" / "a.csv")
    with pytest.raises(ValueError, match="a dict cannot be saved"):
        saving.save({}, tmp_path / "a.csv")


# --- networks -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def district():
    ties = pd.DataFrame(
        {"source": ["01", "Müller & Co", "b c"], "target": ["Müller & Co", "b c", "01"]}
        | {"strength": [2.5, 1, 3], "kind": ["supply", "social", "supply"]}
    )
    nodes = pd.DataFrame(
        {"node": ["01", "Müller & Co", "b c"], "size": [5, None, 20.5], "role": ["lead", "", "x"]}
    )
    return networks.read(ties, nodes)


@pytest.mark.parametrize("end", ["graphml", "gexf", "net"])
def test_a_network_comes_back(tmp_path, district, end):
    saving.save(district, tmp_path / f"a.{end}")
    back = networks.load(tmp_path / f"a.{end}")
    assert {*back} == {*district}
    assert {*back.edges} == {*district.edges}
    for *tie, data in district.edges(data=True):
        assert back.edges[tie]["strength"] == data["strength"]
        assert back.edges[tie]["kind"] == data["kind"]
    if end != "net":  # there all attributes of nodes are text
        assert {n: d.get("size") for n, d in back.nodes(data=True)} == {
            n: d.get("size") for n, d in district.nodes(data=True)
        }
    assert not {"id", "x", "shape"} & {name for _, data in back.nodes(data=True) for name in data}


def test_what_a_format_cannot_hold(tmp_path):
    """What networkx stops at: None, numpy's True, lists; what it mixes up: 1 and '1', 1 and 2.5."""
    graph = nx.DiGraph([("a", "b")])
    graph.nodes["a"].update(owner=None, big=np.True_, size=1, more=np.float64("nan"), age=3)
    graph.nodes["b"].update(size=2.5, age=4.5)
    for end in ("graphml", "gexf"):
        saving.save(graph, tmp_path / f"a.{end}")
        back = networks.load(tmp_path / f"a.{end}").nodes(data=True)
        kept = {"big": True, "size": 1.0, "age": 3.0}
        assert {k: v for k, v in back["a"].items() if k != "label"} == kept
        assert back["b"]["size"] == 2.5
    graph.nodes["a"]["list"] = [1]
    with pytest.raises(ValueError, match="node 'a': 'list' is a list, which a GraphML file cannot"):
        saving.save(graph, tmp_path / "b.graphml")
    with pytest.raises(ValueError, match="both written '1'"):
        saving.save(nx.DiGraph([(1, "1")]), tmp_path / "b.graphml")
    assert graph.nodes["a"]["owner"] is None, "the reader's network stays as it is"


def test_a_broken_file_is_named(tmp_path):
    for name, content in (("a.graphml", "<graphml>"), ("b.gexf", "no"), ("c.net", "source,target")):
        (tmp_path / name).write_text(content)
        with pytest.raises(ValueError, match=name):
            networks.load(tmp_path / name)
    (tmp_path / "d.csv").write_text("a,b")
    with pytest.raises(ValueError, match=r"d.csv is no .graphml.*networks.read"):
        networks.load(tmp_path / "d.csv")


def test_weights_keep_names_and_strengths(district):
    made = networks.weights(district)
    assert made.neighbors["01"] == ["Müller & Co"]
    assert made.weights["01"] == [2.5]
    assert made.id_order == [*district]
    back = networks.load(made)
    strengths = {(u, v): data["strength"] for u, v, data in district.edges(data=True)}
    assert {(u, v): data["strength"] for u, v, data in back.edges(data=True)} == strengths


def test_weights_without_libpysal_name_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "libpysal.weights", None)
    with pytest.raises(ValueError, match=r"libpysal: pip install 'clusterlab\[maps\]'"):
        networks.weights(nx.DiGraph([("a", "b")]))


# --- figures --------------------------------------------------------------------------------------


@pytest.fixture
def drawn():
    jobs = tables.from_long(
        datasets.load("us_state_employment"),
        region="state",
        industry="sector",
        value="employment",
        absent="zero",
    )
    profile = agglomeration.industry_profile(table=jobs, industry="manufacturing")
    return agglomeration.plots.plot_quotients(profile)


def _looks(figure):
    figure.draw_without_rendering()
    texts = {(text.get_text(), text.get_fontsize()) for text in figure.findobj(Text)}
    return texts, figure.get_size_inches().tolist()


@pytest.mark.parametrize("width", [85, 180])
def test_a_figure_is_as_wide_as_asked_with_letters_to_read(tmp_path, drawn, width, monkeypatch):
    before = _looks(drawn.figure)
    smallest, written = [], type(drawn.figure).savefig

    def spied(figure, *args, **options):
        smallest.append(min(t.get_fontsize() for t in figure.findobj(Text) if t.get_text()))
        return written(figure, *args, **options)

    monkeypatch.setattr(type(drawn.figure), "savefig", spied)
    for end in ("svg", "pdf", "png"):
        saving.save(drawn, tmp_path / f"a.{end}", width=width)
    assert min(smallest) >= 7
    svg = (tmp_path / "a.svg").read_text()
    points = float(re.search(r'width="([\d.]+)pt"', svg)[1])
    assert points == pytest.approx(width / 25.4 * 72, rel=0.01)
    assert "<text" not in svg, "letters are shapes, which need no font"
    pdf = (tmp_path / "a.pdf").read_bytes()
    assert b"FontFile2" in pdf
    assert b"/Type3" not in pdf
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+)", pdf)
    assert float(box[1]) == pytest.approx(width / 25.4 * 72, rel=0.01)
    dots = int.from_bytes((tmp_path / "a.png").read_bytes()[16:20], "big")
    assert dots == pytest.approx(width / 25.4 * 600, rel=0.01)
    with PIL.Image.open(tmp_path / "a.png") as picture:
        assert picture.info["dpi"][0] == pytest.approx(600, rel=0.001)
    if shutil.which("pdfinfo"):
        call = ["pdfinfo", str(tmp_path / "a.pdf")]
        told = subprocess.run(call, capture_output=True, text=True, check=True).stdout
        across = float(re.search(r"Page size: +([\d.]+) x", told)[1])
        assert across == pytest.approx(width / 25.4 * 72, rel=0.01)
    assert _looks(drawn.figure) == before, "the figure itself stays as it was"


def test_a_width_of_a_stamp_is_refused(tmp_path, drawn):
    with pytest.raises(ValueError, match="width"):
        saving.save(drawn, tmp_path / "a.svg", width=3.5)


def test_a_figure_is_still_shown_after_it_was_saved(tmp_path, drawn):
    saving.save(drawn, tmp_path / "a.svg", width=85)
    style.show(drawn, "quotients")
    assert not plt.fignum_exists(drawn.figure.number)
