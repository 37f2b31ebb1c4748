# Each target sets up .venv when it is absent or older than pyproject.toml; python3 (3.11 or newer), pip and make suffice.
PYTHON ?= python3
VENV   ?= .venv
RUN    := $(VENV)/bin/python

.PHONY: demo test lint format bench clean

demo: $(VENV)/ready            ## softmax regression on iris: formula, steps, code, comparison with autograd
	@$(RUN) examples/softmax_regression.py

test: $(VENV)/ready            ## the whole test suite, on all cores
	$(RUN) -m pytest -n auto $(ARGS)

lint: $(VENV)/ready            ## style and types
	$(RUN) -m ruff check .
	$(RUN) -m mypy

format: $(VENV)/ready          ## mend what ruff can mend by itself
	$(RUN) -m ruff check --fix .

bench: $(VENV)/ready-bench     ## side-by-side measurements; takes minutes
	@for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(RUN) $$script $(ARGS) || exit 1; done

clean:
	rm -rf $(VENV) build *.egg-info

$(VENV)/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "indexcalc needs Python 3.11 or newer")'
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(VENV)/ready-bench: $(VENV)/ready
	$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@
