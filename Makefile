# Each target sets up .venv when it is absent or older than pyproject.toml; python3 (3.11 or newer), pip and make suffice.
# Tests of a back end are skipped where its package is missing: make test EXTRAS=dev,jax,numba
PYTHON ?= python3
VENV   ?= .venv
EXTRAS ?= dev
RUN    := $(VENV)/bin/python
DOC    ?= examples/derivation.md
READY  := $(VENV)/ready-$(EXTRAS)

.PHONY: demo check notebook test lint format bench page static docs clean

demo: $(VENV)/ready-serve          ## softmax regression on iris: formula, steps, code, comparison with autograd
	@$(RUN) examples/softmax_regression.py

check: $(VENV)/ready-serve         ## a derivation with a slip, checked step by step: make check DOC=notes.md
	@$(RUN) -m indexcalc check $(DOC); test $$? -le 1

notebook: $(VENV)/ready-notebook   ## the tour in JupyterLab
	@$(RUN) -c 'import jupyterlab' 2> /dev/null || $(RUN) -m pip install --quiet jupyterlab
	$(RUN) -m jupyterlab examples/tour.ipynb

test: $(READY)                     ## the whole test suite, on all cores
	$(RUN) -m pytest -n auto $(ARGS)

lint: $(READY)                     ## style and types
	$(RUN) -m ruff check .
	$(RUN) -m mypy

format: $(READY)                   ## mend what ruff can mend by itself
	$(RUN) -m ruff check --fix .

bench: $(VENV)/ready-dev,bench     ## side-by-side measurements; takes minutes
	@for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(RUN) $$script $(ARGS) || exit 1; done

page: $(VENV)/ready-serve          ## the page, in the browser
	$(RUN) -m indexcalc serve --open

static: $(VENV)/ready-serve        ## the page as files that need no server of ours: build/page
	$(RUN) -m indexcalc serve --static build/page

docs: $(VENV)/ready-dev,docs       ## the documentation as a site: build/site/index.html
	$(RUN) -m sphinx -W --keep-going -q -b html docs build/site

clean:
	rm -rf $(VENV) build *.egg-info

$(VENV)/ready-%: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "indexcalc needs Python 3.11 or newer")'
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@
