# Kaiji. `make run` starts a studio; `make test` proves it; `make journey` walks one title to its payouts.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONDONTWRITEBYTECODE ?= 1

.PHONY: help install run test test-fast lint format journey bench-api bench-scripts bench-money bench-boards messages lock clean

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(VENV)/.dev ## make the virtual environment with everything

# One sentence for an old Python instead of a page of pip.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"Kaiji needs Python 3.11 or newer; {sys.executable} is {v.major}.{v.minor}. Try: make PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV)

define install_lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv 2>/dev/null || true
	@if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi
endef

$(VENV)/.runtime: requirements.lock | $(VENV)/bin/python
	$(call install_lock,requirements.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock requirements.lock | $(VENV)/bin/python
	$(call install_lock,requirements-dev.lock)
	@touch $(VENV)/.runtime $@

run: $(VENV)/.runtime ## start web, worker and clockwork on an embedded database (PORT=, KAIJI_DATA=, DATABASE_URL=, REDIS_URL=)
	@exec $(BIN)/python manage.py run

test: $(VENV)/.dev ## the whole suite on SQLite, then on a PostgreSQL of its own
	@$(BIN)/python -m pytest -n 2 --dist loadfile -rs
	@$(BIN)/python -m pytest -n 2 --dist loadfile -rs --database postgresql -m "not browser and not once"

test-fast: $(VENV)/.dev ## what another Python could break: engines, doors and rows, without browsers and workers
	@$(BIN)/python -m pytest -n 2 --dist loadfile -rs -m "not browser and not real_broker" \
		tests/studio tests/dashboard tests/scripts_app tests/finance/settlement tests/scheduling/solver tests/delivery

lint: $(VENV)/.dev ## style, types, import order of the rooms, templates, security
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/mypy
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/bandit -q -c pyproject.toml -r studio scripts_app compliance scheduling shooting postproduction delivery finance dashboard

format: $(VENV)/.dev ## rewrite the code in house style
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

journey: $(VENV)/.runtime ## walk one script to its payouts (SCRIPT=path, ARGS=--json)
	@exec $(BIN)/python manage.py journey $(if $(SCRIPT),"$(SCRIPT)") $(ARGS)

bench-api: $(VENV)/.dev ## requests a second of the delivery list beside a bare handler, on PostgreSQL
	@exec $(BIN)/python bench/api.py

bench-scripts: $(VENV)/.dev ## time and score of reading scripts, clean and dirty; Fountain; script pages
	@$(BIN)/python bench/scripts.py
	@for file in bench/fountain.py bench/script_pages.py; do if [ -f $$file ]; then $(BIN)/python $$file || exit 1; fi; done

bench-money: $(VENV)/.dev ## settle 10^4 to 10^6 receipts and statement lines, the engine alone and a month of 500 titles on PostgreSQL
	@for file in bench/money_*.py; do $(BIN)/python $$file || exit 1; done

bench-boards: $(VENV)/.dev ## exact talent scheduling, boards beside hand-made ones, growth (about 8 minutes; SEEDS=10 LONG=seconds)
	@$(BIN)/python bench/boards_talent.py
	@$(BIN)/python bench/boards_search.py $(if $(SEEDS),--seeds $(SEEDS)) $(if $(LONG),--long $(LONG))

messages: $(VENV)/.dev ## collect new sentences into locale/ (needs gettext)
	@$(BIN)/python manage.py collect_messages
	@$(BIN)/python manage.py compile_locale

lock: $(VENV)/.dev ## resolve pyproject.toml anew into the hashed locks
	@$(BIN)/uv lock --quiet
	@$(BIN)/uv export --quiet --frozen --no-emit-project --no-header --no-annotate --no-default-groups -o requirements.lock >/dev/null
	@$(BIN)/uv export --quiet --frozen --no-emit-project --no-header --no-annotate --group dev -o requirements-dev.lock >/dev/null

clean: ## remove the virtual environment and caches (never var/)
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
