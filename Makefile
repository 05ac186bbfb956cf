# `make demo` and `make test` set themselves up in .venv; `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Stamps: what they stand for is installed, so that the second time is quick.
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# nbgrader starts tools such as alembic, and looks for them on PATH.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help demo test lint docs verify verify-deep attack fuzz bench bench-growth wheel-check clean

help:
	@echo "make demo         grade a simulated class, name the pages to open   (STUDENTS=100)"
	@echo "make test         run all tests, or some of them                    (TESTS=FILES)"
	@echo "make lint         ruff and mypy"
	@echo "make docs         the documentation as pages and as a manual page"
	@echo "make verify       prove that the hidden checks are sound            (SEEDS=200)"
	@echo "make verify-deep  the same with 1000 seeds"
	@echo "make attack       grade hostile notebooks among honest ones         (LEVEL=A SAMPLE=5)"
	@echo "make fuzz         feed nonsense to all that reads a student's bytes (SECONDS=600)"
	@echo "make bench        time numgrade against nbgrader                    (SUBMISSIONS=10)"
	@echo "make bench-growth grade classes of growing size, then kill a run    (SIZES=100,1000)"
	@echo "make wheel-check  build the wheel and grade with it, away from here"
	@echo "make clean        remove what the above have made"
	@echo "Another Python:   make PYTHON=python3.12 demo"

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "numgrade needs Python 3.11 or newer, and $(PYTHON) is not:" \
	    "make PYTHON=python3.12 demo, say" >&2; exit 2; }
	@./tools/system-packages $(PYTHON)
	@echo "setting up $(VENV), once: this takes a minute or two"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	@./tools/system-packages $(PYTHON) tests
	@$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(INSTALLED)
	@$(BIN)/numgrade demo calculus --students $(or $(STUDENTS),100)
	@echo; echo "What hostile notebooks get, some of those that \`make attack\` tries:"
	@$(BIN)/python meta_tests/attacks/run.py --sample 1

test: $(INSTALLED_DEV)
	$(BIN)/python -m pytest $(TESTS)

lint: $(INSTALLED_DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

docs: $(INSTALLED_DEV)
	@$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet docs build/docs
	@$(BIN)/python -m sphinx --fail-on-warning --quiet -b man docs build/man
	@echo "build/docs/index.html, build/man/numgrade.1"

verify: $(INSTALLED)
	@$(BIN)/numgrade verify calculus --seeds $(or $(SEEDS),200)
	@$(BIN)/numgrade verify rootfinding --seeds $(or $(SEEDS),200)

verify-deep: $(INSTALLED)
	@$(BIN)/numgrade verify calculus --seeds 1000
	@$(BIN)/numgrade verify rootfinding --seeds 1000

attack: $(INSTALLED)
	@$(BIN)/python meta_tests/attacks/run.py $(if $(LEVEL),--level $(LEVEL)) \
	  $(if $(SAMPLE),--sample $(SAMPLE))

fuzz: $(INSTALLED_DEV)
	@$(PIP) install --constraint constraints.txt --editable '.[fuzz]'
	@$(BIN)/python meta_tests/fuzz/run.py --seconds $(or $(SECONDS),600)

bench: $(INSTALLED)
	@$(BIN)/python benchmarks/versus_nbgrader.py $(if $(SUBMISSIONS),--submissions $(SUBMISSIONS))

bench-growth: $(INSTALLED)
	@$(BIN)/python benchmarks/growth.py $(if $(SIZES),--sizes $(SIZES))

wheel-check: $(INSTALLED_DEV)
	@./tools/wheel-check $(BIN)/python

clean:
	rm -rf $(VENV) demo dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
