"""The command: what it prints, what it refuses, and that nothing of the reader's is overwritten."""

import inspect
import json
import subprocess
import sys
import time
import tomllib
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest
import tqdm

from clusterlab import agglomeration, command_line, tables

ROOT = Path(__file__).resolve().parents[1]
LONG = "county;naics;year;jobs\n01;0111;2018;7\n01;0111;2019;5\n01;0112;2019;2\n02;0111;2019;1\n02;0112;2019;4\n"
NAMES = ["--region", "county", "--industry", "naics", "--value", "jobs"]


@pytest.fixture
def said(capsys):
    """Return a function that runs the command and returns its status, output and errors."""

    def run(*words):
        status = command_line.main([*map(str, words)])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert len(err.strip().splitlines()) <= 1, "one sentence"
        return status, out, err

    return run


@pytest.fixture
def jobs(tmp_path):
    file = tmp_path / "jobs.csv"
    file.write_text(LONG)
    return file


def test_every_recipe_is_listed_with_its_heading(said):
    status, out, _ = said("recipes")
    names = sorted(path.stem for path in (ROOT / "notebooks" / "recipes").glob("*.ipynb"))
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == names
    assert "measure concentration in your own table" in out
    assert "Recipe" not in out


def test_a_recipe_comes_with_its_table_and_overwrites_nothing(said, tmp_path):
    status, out, _ = said("copy", "measure_concentration", tmp_path / "new")
    files = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert status == 0
    assert files[0] == "measure_concentration.ipynb"
    assert {"us_state_employment.csv", "us_state_employment.csv.yml"} <= {*files}
    assert sorted(Path(line).name for line in out.splitlines()) == files
    text = (tmp_path / "new" / files[0]).read_text(encoding="utf-8")
    assert "lesson 03 (03_agglomeration/3_cluster_or_few_big_plants) shows" in text
    assert ".ipynb)" not in text, "a link to what is not beside the copy"
    json.loads(text)
    (tmp_path / "new" / files[0]).unlink()
    (tmp_path / "new" / "us_state_employment.csv").write_text("mine")
    status, _, err = said("copy", "measure_concentration", tmp_path / "new")
    assert (status, "us_state_employment.csv exists and is not overwritten" in err) == (1, True)
    assert (tmp_path / "new" / "us_state_employment.csv").read_text() == "mine"
    assert not (tmp_path / "new" / files[0]).exists(), "nothing is written where one file is there"


def test_measures_are_those_of_the_library(said, jobs, tmp_path):
    call = ["measure", jobs, *NAMES, "--where", "year=2019", "--absent", "zero"]
    status, out, _ = said(*call)
    assert status == 0
    assert "regional totals: sums over the table's own 2 industries" in out
    file = tmp_path / "out.csv"
    assert said(*call, "--output", file)[0] == 0
    table = tables.read(
        jobs, region="county", industry="naics", value="jobs", where={"year": 2019}, absent="zero"
    )
    written = pd.read_csv(file, dtype={"naics": str, "highest_quotient_in": str}).set_index("naics")
    pd.testing.assert_frame_equal(
        written, agglomeration.measure_all(table), check_dtype=False, check_index_type=False
    )
    assert (tmp_path / "out.note.txt").read_text().startswith("regional totals: sums over")


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        ([], 2, "required: COMMAND"),
        (["mesure"], 2, "invalid choice: 'mesure'"),
        (["copy", "measure_concentratoin"], 2, "did you mean 'measure_concentration'?"),
        (["measure", "jobs.csv"], 2, "required: --region"),
        (["measure", "jobs.csv", *NAMES, "--absent", "nought"], 2, "choose from"),
        (["measure", "jobs.csv", *NAMES, "--where", "2019"], 2, "must be COLUMN=VALUE"),
        (["measure", "none.csv", *NAMES], 1, "none.csv"),
        (["measure", "jobs.csv", *NAMES[:-1], "job"], 1, "did you mean 'jobs'?"),
        (["measure", "jobs.csv", *NAMES], 1, "year"),
        (["measure", "jobs.csv", *NAMES, "--output", "jobs.csv"], 1, "exists and is not overwr"),
        (["measure", "jobs.csv", *NAMES, "--output", "no/a.csv"], 1, "there is no folder 'no'"),
    ],
)
def test_a_refusal_is_one_sentence(said, jobs, monkeypatch, words, status, sentence):
    monkeypatch.chdir(jobs.parent)
    found, out, err = said(*words)
    assert (found, out) == (status, "")
    assert err.startswith("clusterlab: ")
    assert sentence in err
    assert jobs.read_text() == LONG


def test_every_option_of_reading_is_one_of_the_command(said, capsys):
    with pytest.raises(SystemExit) as stopped:
        command_line.main(["measure", "--help"])
    assert stopped.value.code == 0
    out = capsys.readouterr().out
    for name, told in inspect.signature(tables.read).parameters.items():
        if told.kind is told.KEYWORD_ONLY:
            assert f"--{name.replace('_', '-')}" in out


def test_options_reach_the_reader(said, tmp_path):
    file = tmp_path / "odd.csv"
    file.write_text('A title\ncounty,naics,jobs\n1,a,D\n1,b,"2,000"\n2,a,S\n2,b,4\n')
    words = ["--skip-rows", "1", "--thousands", ",", "--unknown", "D", "--unknown", "S"]
    status, _, err = said("measure", file, *NAMES, *words)
    assert status == 1
    assert "unknown" in err or "NaN" in err, "read as unknown, which measures refuse"


def test_what_is_taken_for_zero_is_said_in_one_line(said, tmp_path):
    file = tmp_path / "gaps.csv"
    file.write_text("county,naics,jobs\n1,a,3\n1,b,2\n2,b,4\n")
    status, out, err = said("measure", file, *NAMES)
    assert status == 0
    assert out
    assert "1 of 4" in err or "absent" in err


def test_doctor_reads_the_metadata_of_the_package(said, monkeypatch):
    needs = ["numpy>=2", "openpyxl>=3.1; extra == 'files'", "no-such-thing>=1; extra == 'maps'"]
    needs.append("clusterlab[files,maps]; extra == 'all'")
    monkeypatch.setattr(metadata, "requires", lambda name: needs)
    status, out, _ = said("doctor")
    assert status == 0
    assert out.startswith(f"Python {sys.version.split()[0]}")
    assert "extra [maps]: 1 missing, pip install 'clusterlab[maps]'" in out
    assert f"openpyxl                 {metadata.version('openpyxl')}" in out
    assert "[all]" not in out
    needs.append("no-such-base>=1")
    status, out, _ = said("doctor")
    assert (status, "needed: 1 missing" in out) == (1, True)


def test_doctor_says_what_is_too_old(said, monkeypatch):
    needs = ["numpy>=2", "pandas<4,>=2.2", "openpyxl>=3.1; extra == 'files'"]
    monkeypatch.setattr(metadata, "requires", lambda name: needs)
    versions = {"numpy": "2.0", "pandas": "2.10.1", "openpyxl": "3.0.10"}
    monkeypatch.setattr(command_line, "_version", lambda name: versions[name])
    monkeypatch.setattr(metadata, "version", lambda name: "1")
    status, out, _ = said("doctor")
    assert (status, out.count("too old")) == (0, 2)
    assert "extra [files]: 1 too old, pip install --upgrade 'clusterlab[files]'" in out
    assert "openpyxl                 3.0.10       asked: >=3.1 (too old)" in out
    versions |= {"openpyxl": "3.1", "numpy": "1.26.4"}
    status, out, _ = said("doctor")
    assert (status, "needed: 1 too old, pip install --upgrade clusterlab" in out) == (1, True)


def test_doctor_without_an_installation_says_so(said, monkeypatch):
    def absent(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", absent)
    status, _, err = said("doctor")
    assert (status, "pip install --editable ." in err) == (1, True)


def test_it_is_a_program_and_a_module():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"] == {"clusterlab": "clusterlab.command_line:main"}
    call = [sys.executable, "-m", "clusterlab", "copy", "nothing"]
    run = subprocess.run(call, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("clusterlab: there is no recipe 'nothing'")


def test_a_list_needs_no_jupyter_and_no_drawing():
    code = "import sys\nfrom clusterlab.command_line import main\nmain(['recipes'])\nprint(*sys.modules)"
    call = [sys.executable, "-c", code]
    run = subprocess.run(call, capture_output=True, text=True, cwd=ROOT, check=True)
    modules = set(run.stdout.splitlines()[-1].split())
    assert not modules & {"pandas", "matplotlib", "ipywidgets", "IPython", "jupyterlab"}


def test_the_bar_is_for_a_console(capsys, monkeypatch):
    made = []

    class Bar(tqdm.tqdm):
        def __init__(self, *args, **options):
            assert options["disable"] is None, "only on a console"
            super().__init__(*args, **{**options, "disable": False, "delay": 0})
            made.append(self)

    monkeypatch.setattr(tqdm, "tqdm", Bar)
    with command_line._bar("reading", "measuring") as step:
        time.sleep(0.7)
        step()
    assert (made[0].n, made[0].total) == (2, 2)
    told = capsys.readouterr().err
    assert "reading for 00:00 (step 1 of 2)" in told
    assert "%" not in told, "how much is done is not known"


def test_the_wheel_has_the_recipes_where_the_command_looks():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    inside = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert inside["notebooks/recipes"] == "clusterlab/_recipes"
    assert command_line._RECIPES == ROOT / "notebooks" / "recipes", "a checkout has none inside"
