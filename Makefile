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
	@$(PYTHON) -c 'import sys; sys.exit("constrain needs Python 3.11 or newer: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	mkdir -p $(STAMPS)
	$(PIP) install -qq "setuptools>=77" "Cython>=3.1"
	touch $@

# torch first and alone: as somebody's dependency it would come as a CUDA build of several gigabytes.
$(STAMPS)/torch: $(STAMPS)/venv
	$(PIP) install -qq torch==2.13.0
	touch $@

# The package in place, and its compiled core: that again whenever a native source changes, and only what changed.
$(STAMPS)/package: $(STAMPS)/torch pyproject.toml setup.py
	CONSTRAIN_PURE=1 $(PIP) install -qq --no-build-isolation --editable ".[transformers]"
	touch $@

$(STAMPS)/native: $(STAMPS)/package $(NATIVE)
	$(BIN)/python setup.py --quiet build_ext --inplace
	touch $@

# What an extra asks for, without building the package once more.
EXTRA = $(BIN)/python -c 'import sys, tomllib; \
	print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"][sys.argv[1]], sep="\n")'

$(STAMPS)/dev $(STAMPS)/bench: $(STAMPS)/%: $(STAMPS)/torch pyproject.toml
	$(EXTRA) $* > $@.txt
	$(PIP) install -qq --requirement $@.txt
	touch $@

# ------------------------------------------------------------------------------------------------------- targets

demo: $(STAMPS)/native
	@HF_HUB_OFFLINE=1 $(BIN)/python -m constrain demo

test: $(STAMPS)/native $(STAMPS)/dev
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist=worksteal

test-slow: $(STAMPS)/native $(STAMPS)/dev
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist=worksteal -m "not nightly and not gpu"

check: $(STAMPS)/package $(STAMPS)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMPS)/dev
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

bench: $(STAMPS)/native $(STAMPS)/bench
	$(BIN)/python -m benchmarks.maskbench --quick

train: $(STAMPS)/native
	$(BIN)/python tools/train_embedded.py

clean:
	rm -rf $(VENV) build dist constrain.egg-info
	find constrain -name '*.so' -delete
	for f in $(filter %.pyx,$(NATIVE)); do rm -f "$${f%.pyx}.cpp" "$${f%.pyx}.c"; done
