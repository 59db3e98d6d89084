# Each target makes .venv and installs what it needs, the first time only. Needs Python 3.11 or newer with pip; with a
# C++ compiler the native core is built, without one the plain-Python reference takes its place.

PYTHON ?= python3
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
STAMPS := $(VENV)/stamps
NATIVE := $(shell find constrain -name '*.pyx' -o -name '*.pxd')

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-slow check format bench train clean

help:
	@echo "make demo       the main job, offline: documents from the embedded model, checked by jsonschema"
	@echo "make test       the tests (a few minutes)"
	@echo "make test-slow  the slow tests too"
	@echo "make check      ruff, mypy --strict, import-linter"
	@echo "make bench      a quick benchmark against other engines (benchmarks/README.md has the full one)"
	@echo "make train      train the embedded model anew"
	@echo "make format     rewrite the sources as 'make check' wants them"
	@echo "make clean      remove .venv and everything built"

# ------------------------------------------------------------------------------------------------ installation

$(STAMPS)/venv:
	@echo "installing into $(VENV): takes a few minutes, the first time only"
	@$(PYTHON) -c 'import sys; sys.exit("constrain needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	mkdir -p $(STAMPS)
	$(PIP) install -qq "setuptools>=77" "Cython>=3.1"
	touch $@

# torch first and alone: as somebody's dependency it would come as a CUDA build of several gigabytes.
$(STAMPS)/torch: $(STAMPS)/venv
	$(PIP) install -qq torch==2.13.0
	touch $@

# The package in place, with its compiled core; again whenever the build files or the native sources change.
$(STAMPS)/package: $(STAMPS)/torch pyproject.toml setup.py $(NATIVE)
	$(PIP) install -qq --no-build-isolation --editable ".[transformers]"
	touch $@

$(STAMPS)/dev: $(STAMPS)/package
	$(PIP) install -qq --no-build-isolation --editable ".[transformers,dev]"
	touch $@

$(STAMPS)/bench: $(STAMPS)/package
	$(PIP) install -qq --no-build-isolation --editable ".[transformers,bench]"
	touch $@

# ------------------------------------------------------------------------------------------------------- targets

demo: $(STAMPS)/package
	@HF_HUB_OFFLINE=1 $(BIN)/python -m constrain demo

test: $(STAMPS)/dev
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist=worksteal

test-slow: $(STAMPS)/dev
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist=worksteal -m "not nightly and not gpu"

check: $(STAMPS)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMPS)/dev
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

bench: $(STAMPS)/bench
	$(BIN)/python -m benchmarks.maskbench --quick

train: $(STAMPS)/package
	$(BIN)/python tools/train_embedded.py

clean:
	rm -rf $(VENV) build dist constrain.egg-info
	find constrain -name '*.so' -delete
	for f in $(filter %.pyx,$(NATIVE)); do rm -f "$${f%.pyx}.cpp" "$${f%.pyx}.c"; done
