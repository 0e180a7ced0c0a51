# Needs Python 3.11 or later, and git to check and to release; everything else is set up in .venv.
#   make lab    set up and open the course      (make lab LAB_OPTIONS="--port 9000")
#   make test   set up and run every test
PYTHON ?= python3
BIN := .venv/bin
LAB_OPTIONS ?=
PYTEST_OPTIONS ?=
# Kernels and tests start hundreds of processes, each of which would otherwise compile all it imports.
unexport PYTHONDONTWRITEBYTECODE
# nbval runs the notebooks first, keeps what they put out for tests/test_prose.py, looks at their figures.
NBVAL := -p notebook_outputs -p shown_figures -p warm_kernels --nbval-lax --nbval-current-env --nbval-cell-timeout=120 --dist loadscope
.PHONY: lab test check bench site slides class binder pins readme clean

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit("clusterlab needs Python 3.11 or later, this is " + sys.version.split()[0] + "; say which one with make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

.venv/ready-%: .venv/made pyproject.toml constraints.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[$*]'
	@touch $@

lab: .venv/ready-lab
	$(BIN)/jupyter lab --LabApp.news_url= --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb $(LAB_OPTIONS)

test: .venv/ready-test
	PYTHONPATH=tests $(BIN)/python -m pytest $(NBVAL) -n 2 -W default notebooks
	$(BIN)/python -m pytest -n 2 --dist loadscope $(PYTEST_OPTIONS)

check: .venv/ready-check
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/numpydoc lint $$(git ls-files 'clusterlab/*.py')
	$(BIN)/nbstripout --keep-id --verify $$(git ls-files 'notebooks/*.ipynb')

# One table of speed: ours, peers, what the machine can do at all; BENCH_OPTIONS=--quick takes a minute.
# The other scripts in benchmarks/ are run by themselves.
BENCH_OPTIONS ?=
bench: .venv/ready-test
	$(BIN)/python benchmarks/speed.py $(BENCH_OPTIONS)

# The suite with every Python that is here and with newest, lowest and pinned dependencies, in one table;
# some cells only: make matrix CELLS="3.13-lowest 3.12-newest"
CELLS ?=
.PHONY: matrix shipped release
matrix: .venv/made
	PATH="$$PWD/$(BIN):$$PATH" $(BIN)/python tests/matrix.py $(CELLS)

# What is shipped, tried where nothing else is: wheel, source distribution, make lab.
shipped: .venv/ready-test
	$(BIN)/python -m pytest tests/shipped.py

# Make a release in dist and say what to do next; nothing is overwritten, nothing leaves the machine.
release: .venv/ready-release
	PATH="$$PWD/$(BIN):$$PATH" $(BIN)/python binder/release.py

# Change formulas a little and see whether a test fails: all of them, for a night, or make mutants
# SAMPLE=200, or of some only: MUTANTS="clusterlab/networks clusterlab/tables.py --seed 7"
SAMPLE ?=
MUTANTS ?=
.PHONY: mutants
mutants: .venv/ready-mutants
	$(BIN)/python tests/mutants.py $(if $(SAMPLE),--sample $(SAMPLE)) $(MUTANTS)

# What Binder would build is asserted on; then a stand-in for it: a fresh environment with what Binder
# installs, and a session in it that is timed and weighed.
binder: .venv/ready-test
	rm -rf build/binder
	$(PYTHON) -m venv build/binder
	build/binder/bin/pip install --quiet --disable-pip-version-check jupyterlab
	build/binder/bin/pip install --quiet --disable-pip-version-check -r binder/requirements.txt
	PATH="$$PWD/build/binder/bin:$$PATH" bash binder/postBuild
	PATH="$$PWD/$(BIN):$$PATH" $(BIN)/python binder/session.py

# Compile the pinned versions again from pyproject.toml.
PIN := pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header --no-annotate --upgrade pyproject.toml
pins: .venv/made
	$(BIN)/uv $(PIN) --all-extras --output-file constraints.txt
	$(BIN)/uv $(PIN) --output-file binder/requirements.txt

# Make the site in build/site and check it; needs npm, which brings MathJax. Decks and the course with
# a Python in the browser are taken in where they are built: make slides lite site
site: .venv/ready-test
	$(BIN)/python site/pages.py

# Make a deck of slides of every unit in build/slides, with a list of them; needs npm, which brings
# reveal.js. What ran and was drawn is kept in build/cache.
slides: .venv/ready-test
	$(BIN)/python site/slides.py

# Summarise a class: make class ANSWERS=folder [CSV=new_file.csv], with the files that students saved.
class: .venv/ready-lab
	$(BIN)/python site/class_answers.py "$(ANSWERS)" $(if $(CSV),--csv "$(CSV)")

# Make a copy of the course without solutions in build/student; with FORMAT=nbgrader, assignments for
# nbgrader in build/nbgrader.
FORMAT ?= plain
.PHONY: student
student: .venv/made
	$(BIN)/python site/student.py --format $(FORMAT)

# Make the course with a Python in the browser in build/lite; Pyodide comes from its own address, or
# from a folder that is copied, for a place without a network: make lite PYODIDE=folder
PYODIDE ?=
.PHONY: lite
lite: .venv/ready-lite
	$(BIN)/python site/lite.py $(if $(PYODIDE),--pyodide $(PYODIDE))

# Write the project's address into README.md and CITATION.cff, and the table of units into README.md.
readme: .venv/made
	$(BIN)/python binder/readme.py

clean:
	rm -rf .venv build dist
