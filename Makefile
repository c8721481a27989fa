# Two commands: `make tour` shows what acetate does, `make test` checks that it does.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: tour test check bench clean

tour: $(VENV)/.installed
	$(BIN)/acetate tour

test: $(VENV)/.developer
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --cov --cov-report=term:skip-covered

bench: $(VENV)/.developer
	$(BIN)/pip install --quiet --constraint constraints.txt '.[bench]'
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/augment.py

$(VENV)/.venv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "acetate needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; set PYTHON=python3.x")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/.venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/.developer: pyproject.toml constraints.txt | $(VENV)/.venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) acetate-tour
