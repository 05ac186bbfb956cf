# `make demo` and `make test` set themselves up in .venv; `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEBIAN := python3-venv bubblewrap chromium chromium-driver
# The tools that nbgrader starts are looked for on PATH.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help setup demo test lint bench wheel-check clean

help:
	@echo "make demo         grade a simulated class and name the pages to open"
	@echo "make test         run all tests"
	@echo "make lint         ruff, mypy"
	@echo "make bench        time against nbgrader"
	@echo "make wheel-check  build the wheel and try it in an empty folder"
	@echo "make clean        remove what the above have made"

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "numgrade needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 2; }
	@./tools/system-packages
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(READY)
	$(BIN)/numgrade demo --students $(or $(STUDENTS),100)

test: $(READY)
	$(BIN)/python -m pytest $(TESTS)

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python benchmarks/versus_nbgrader.py $(if $(SUBMISSIONS),--submissions $(SUBMISSIONS))

wheel-check: $(READY)
	./tools/wheel-check $(BIN)/python

clean:
	rm -rf $(VENV) demo dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
