# Two commands: `make up` runs Dabyl, `make test` proves it. Both set up what they need.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.made
SCRIPTS := .ci/run $(wildcard tools/*.sh)
# They take root, or real peers (Prometheus, Kannel, a browser); every other test is a unit test.
SLOW := $(wildcard tests/lab tests/system)

# `make -j` must not install packages and test at once
.NOTPARALLEL:
.PHONY: help env system up test check lab bench clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^/make /; s/:.*## /\t/'

env: $(STAMP) ## the environment in .venv

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 env"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { [ "$$(id -u)" = 0 ] && tools/setup-system.sh python3-venv; } || { echo "python3-venv is missing: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[all,dev]'
	@touch $@

system:
	@tools/setup-system.sh

up: env ## run everything on this machine: http://127.0.0.1:8080
	@$(BIN)/dabyl up

check: env ## lint, types, contracts, size, unit tests with coverage
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/size_budget.py .
	@if command -v shellcheck >/dev/null; then shellcheck $(SCRIPTS); else echo "shellcheck is not installed: scripts not read"; fi
	$(BIN)/python -m pytest -q -n auto --dist worksteal --cov --cov-report=term:skip-covered $(SLOW:%=--ignore=%)

test: system check ## everything: check, the lab, the real peers
	$(BIN)/python -m pytest -q -n 4 --dist loadfile $(SLOW)

lab: system env ## the censorship lab's table
	$(BIN)/python -m tests.lab

bench: system env ## all benchmarks beside their peers
	$(BIN)/python -m benchmarks

clean: ## remove what was made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage tests/artifacts
