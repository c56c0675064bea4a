# Every target sets up what it needs: a virtual environment from the lock file.
# Another interpreter: make PYTHON=python3.12
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
LOCKER := $(VENV)-lock
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal
UV_RANGE := uv>=0.13,<0.14

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Tests and the demonstration start many programs: each would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test quick prove fuzz bench bench-test bench-desk bench-peers bench-growth check fix lock vendor gallery clean python

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make or refresh .venv from requirements.lock (other targets do it by themselves)

demo: $(STAMP) ## Watch eight agencies exchange real seizures through a hub; ROWS=, FILE=, KEEP= are handed on; DESK=1 shows it in a browser
	@$(BIN)/python -m clients.demo $(if $(ROWS),--rows "$(ROWS)") $(if $(FILE),--file "$(FILE)") $(if $(KEEP),--keep "$(KEEP)") $(if $(DESK),--desk)

test: $(STAMP) ## Run every test; SETUP=system first installs Debian packages for some, COVERAGE=yes measures
	@$(if $(filter system,$(SETUP)),$(BIN)/python -m tests.support.machine,:)
	@$(PYTEST) $(if $(COVERAGE),--cov --cov-report=)
	@$(if $(COVERAGE),$(BIN)/python -m tests.support.coverage_floors,:)

quick: $(STAMP) ## Run the tests that take no time: a minute or so
	@$(PYTEST) -m "not slow"

prove: $(STAMP) ## Switch each defence off in a copy and demand that its tests fail
	@$(BIN)/python -m tests.attacks.prove

fuzz: $(STAMP) ## Fuzz everything that reads what others wrote; RUNS= inputs for each target
	@$(BIN)/python -m tests.fuzz all --runs "$(or $(RUNS),1000000)"

bench: $(STAMP) ## Measure the hub, one JSON line for each workload
	@$(BIN)/python -m tests.bench

bench-desk: $(STAMP) ## Measure the desk in Chromium, one JSON line for each workload
	@$(BIN)/python -m tests.bench.desk $(if $(QUICK),--quick)

bench-test: $(STAMP) ## Run the tests of the benchmarks themselves, which make test leaves out
	@$(PYTEST) tests/bench

bench-peers: $(STAMP) ## Measure the hub beside RabbitMQ and Redis Streams, in turn; draws tests/bench/plots/peers.svg
	@$(BIN)/python -m tests.bench.peers

bench-growth: $(STAMP) ## Measure how the hub's cost grows with members, recipients, ledger; draws tests/bench/plots/growth-*.svg
	@$(BIN)/python -m tests.bench.growth

check: $(STAMP) ## Lint, format, types and layers; changes nothing
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --no-cache

fix: $(STAMP) ## Format and apply the safe fixes of the linter
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

lock: python ## Bring requirements.lock up to pyproject.toml; UPGRADE=yes takes the newest versions of everything
	@$(PYTHON) -m venv $(LOCKER)
	@$(LOCKER)/bin/python -m pip install -qq '$(UV_RANGE)'
	@$(LOCKER)/bin/uv pip compile --quiet --system-certs --universal --python-version 3.11 $(if $(UPGRADE),--upgrade) --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' \
		--group dev pyproject.toml --output-file requirements.lock
	@rm -rf $(LOCKER)

vendor: ## Make anew what the page has of others, and check its types (Node is needed for this alone)
	@cd deploy/vendor && npm ci --silent && node build.mjs && npx tsc --project tsconfig.json

gallery: $(STAMP) ## Photograph the desk's screens anew for clients/desk/README.md; needs Chromium
	@$(BIN)/python -m tests.support.desk_gallery

clean: ## Remove .venv, caches and whatever was built
	@rm -rf $(VENV) $(LOCKER) build dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find schemas broker clients tests -name __pycache__ -type d -prune -exec rm -rf {} +

# One line that can be pasted, and nothing else, if the interpreter will not do.
python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "apt-get install -y python3.11 python3.11-venv  # then: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "apt-get install -y python3-venv" >&2; exit 1; }

$(STAMP): pyproject.toml requirements.lock | python
	@echo "Setting up $(VENV) ..." >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@
