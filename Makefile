# `make` alone lists the tasks: every line below with two hashes is one.
PYTHON := .venv/bin/python
TSC = $(or $(shell command -v tsc),$(if $(shell command -v npx),npx --yes --package typescript@7.0.2 tsc))

.PHONY: help run test check lint script-types format lock tools

help:  ## list the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## +(.*)/make \1|\2/' | column -t -s '|'

run:  ## start the server and open the browser
	python3 run.py

test:  ## run every test
	python3 run.py test -n 2

check: lint test  ## format, lint, types and tests: what a change has to pass

lint: tools  ## format, lint and types, without the tests
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	@$(MAKE) --no-print-directory script-types

script-types:  ## the types of the scripts, where Node is present
	@if ! $(or $(TSC),false) --version >/dev/null 2>&1; then \
	  echo "Script types: SKIPPED, because neither tsc nor an npx that can get it is here."; \
	else echo $(TSC) --project jsconfig.json; $(TSC) --project jsconfig.json; fi

format: tools  ## put code and imports into their form
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

lock:  ## resolve the dependencies anew (needs uv) and write both locks
	uv lock
	uv export --quiet --frozen --no-emit-project --no-dev -o requirements.lock
	uv export --quiet --frozen --no-emit-project --no-dev --group test -o requirements-test.lock
	rm uv.lock

tools:
	@python3 run.py test --version >/dev/null
