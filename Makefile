# Everything runs in .venv, made from pyproject.toml and constraints.txt with Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test check lint types install train-reader clean

## demo: install, fill a sample archive, answer one question, and serve a chat page
demo: $(VENV)/installed
	$(BIN)/isnad demo

## install: the command `isnad` in .venv/bin
install: $(VENV)/installed

## test: install with the test tools, and run every test
test: $(VENV)/tested
	$(BIN)/python -m pytest

## check: what CI checks: format, lint, types, tests
check: lint types test

lint: $(VENV)/tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/tested
	$(BIN)/mypy

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Isnad needs Python 3.11 or newer: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) --editable .
	touch $@

$(VENV)/tested: $(VENV)/installed
	$(INSTALL) --editable '.[test]'
	touch $@

## train-reader: rebuild the reader's weights (over an hour on two cores); DATA holds qa/tydi and qa/arcd.json
DATA ?= ../shared/data
train-reader: $(VENV)/tested
	$(BIN)/python -m index.training $(DATA) index/weights/reader.safetensors --work reader-training

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
