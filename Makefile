# `make` alone lists the tasks: every line below with two hashes is one.
PYTHON := .venv/bin/python
TSC = $(or $(shell command -v tsc),$(if $(shell command -v npx),npx --yes --package typescript@7.0.2 tsc))

BIOME = $(or $(shell command -v biome),$(if $(shell command -v npx),npx --yes --package @biomejs/biome@2.6.8 biome))
DPRINT = $(or $(shell command -v dprint),$(if $(shell command -v npx),npx --yes --package dprint@0.57.4 dprint))

CLAIMTAG_LONG ?= 10
RUNS ?= 10

.PHONY: help run dev test quick long browser-under-load check lint script-types script-lint template-lint format consumers columns lock tools

help:  ## list the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## +(.*)/make \1|\2/' | column -t -s '|'

run:  ## start the server and open the browser
	python3 run.py

dev: tools  ## serve the sources as they are and start anew when one changes
	python3 run.py dev

test:  ## run every test
	python3 run.py test -n 2

quick: tools  ## run the tests that stay inside one process, on SQLite: under 90 seconds
	$(PYTHON) -m pytest -q --quick -n 2

long: tools  ## kills, load and faults for CLAIMTAG_LONG minutes of load (10), on both databases, then pages and roles
	CLAIMTAG_LONG=$(CLAIMTAG_LONG) $(PYTHON) -m pytest -v tests/long
	$(PYTHON) -m pytest -q --long -m "page or long" -n 2
	$(PYTHON) -m pytest -q tests/test_faults.py tests/test_file_in_place.py

browser-under-load: tools  ## the browser tests RUNS times (10) beside two busy processes
	$(PYTHON) bench/browser_under_load.py --runs $(RUNS)

check: lint test  ## format, lint, types and tests: what a change has to pass

lint: tools  ## format, lint and types, without the tests
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	@$(MAKE) --no-print-directory script-types script-lint template-lint

script-types:  ## the types of the scripts, where Node is present
	@if ! $(or $(TSC),false) --version >/dev/null 2>&1; then \
	  echo "Script types: SKIPPED, because neither tsc nor an npx that can get it is here."; \
	else echo $(TSC) --project jsconfig.json; $(TSC) --project jsconfig.json; fi

script-lint:  ## format and lint of scripts and styles, where Node is present
	@if ! $(or $(BIOME),false) --version >/dev/null 2>&1; then \
	  echo "Scripts and styles: SKIPPED, because neither biome nor an npx that can get it is here."; \
	else echo $(BIOME) check; $(BIOME) check --error-on-warnings; fi

template-lint:  ## format of templates, where Node is present
	@if ! $(or $(DPRINT),false) --version >/dev/null 2>&1; then \
	  echo "Templates: SKIPPED, because neither dprint nor an npx that can get it is here."; \
	else echo $(DPRINT) check; $(PYTHON) .ci/templates.py --check $(DPRINT); fi

format: tools  ## put code, imports, scripts, styles and templates into their form
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .
	@if ! $(or $(BIOME),false) --version >/dev/null 2>&1; then \
	  echo "Scripts and styles: SKIPPED, because neither biome nor an npx that can get it is here."; \
	else echo $(BIOME) check --write; $(BIOME) check --write --error-on-warnings; fi
	@if ! $(or $(DPRINT),false) --version >/dev/null 2>&1; then \
	  echo "Templates: SKIPPED, because neither dprint nor an npx that can get it is here."; \
	else echo $(DPRINT) fmt; $(PYTHON) .ci/templates.py $(DPRINT); fi

consumers: tools  ## read what goes out with the programs that others use, in an environment of their own
	python3 -m venv .venv-consumers
	.venv-consumers/bin/python -m pip install --quiet --require-hashes -r requirements-consumers.lock
	CLAIMTAG_CONSUMERS=$(CURDIR)/.venv-consumers/bin/python $(PYTHON) -m pytest -q tests/consumers

columns: tools  ## write the tables of columns in docs/export.md anew
	$(PYTHON) -m webapp.export.document

lock:  ## resolve the dependencies anew (needs uv) and write both locks
	uv lock
	uv export --quiet --frozen --no-emit-project --no-dev -o requirements.lock
	uv export --quiet --frozen --no-emit-project --no-dev --group test -o requirements-test.lock
	rm uv.lock

tools:
	@python3 run.py test --version >/dev/null
