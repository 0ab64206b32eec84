# Everything runs in .venv, made from pyproject.toml and constraints.txt with Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# The tools of `audit` and `sbom` have an environment of their own: they are no part of the product.
TOOLS := .venv-tools
# Whose advisories are asked, at https://google.github.io/osv.dev/post-v1-query.
ADVISORIES := https://api.osv.dev/v1/query
# The environment that is looked at; of a server: make sbom ENVIRONMENT=/opt/isnad
ENVIRONMENT := $(VENV)
# Advisories that we live with, by their ids, each with its reason above it.
ACCEPTED :=

.PHONY: demo test check lint types audit audited sbom install train-reader clean

## demo: install, fill a sample archive, answer one question, and serve a chat page
demo: $(VENV)/installed
	$(BIN)/isnad demo

## install: the command `isnad` in .venv/bin
install: $(VENV)/installed
	@echo "isnad is in $(BIN): source $(BIN)/activate"

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

## audit: is anything installed known to be vulnerable? Where nobody can be asked: says so, passes
audit: $(VENV)/installed
	@$(BIN)/python deploy/advisories.py $(ADVISORIES) || exit 0; $(MAKE) --no-print-directory audited

audited: $(TOOLS)/installed
	$(TOOLS)/bin/pip-audit --progress-spinner off --skip-editable --vulnerability-service osv \
	  --osv-url $(ADVISORIES) $(addprefix --ignore-vuln ,$(ACCEPTED)) \
	  --path "$$($(ENVIRONMENT)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

## sbom: all that is installed, with versions and licences, as CycloneDX JSON in isnad.cdx.json
sbom: $(VENV)/installed $(TOOLS)/installed
	$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --output-file isnad.cdx.json $(ENVIRONMENT)

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Isnad needs Python 3.11 or newer: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing into $(VENV): up to 6 GB, some minutes, in silence. Of an extra of lxml pip may warn: all is well."
	$(INSTALL) --editable .
	touch $@

$(VENV)/tested: $(VENV)/installed
	$(INSTALL) --editable '.[test]'
	touch $@

$(TOOLS)/installed: | $(BIN)/python
	$(BIN)/python -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.9' 'cyclonedx-bom>=7'
	touch $@

## train-reader: rebuild the reader's weights (some hours on two cores); DATA holds qa/tydi and qa/arcd.json
DATA ?= ../shared/data
train-reader: $(VENV)/tested
	# glibc gives large blocks back at once, and fetching them anew took half of the time
	MALLOC_MMAP_THRESHOLD_=8000000000 MALLOC_TRIM_THRESHOLD_=8000000000 \
	$(BIN)/python -m index.training $(DATA) index/weights/reader.safetensors --work reader-training

clean:
	rm -rf $(VENV) $(TOOLS) isnad.cdx.json .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
