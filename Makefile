# One verb for each chore; `make` alone lists them.
# Settings: PORT, VOTING_* (docs/3_operations.md), PYTHON (which Python makes .venv), SERVE=0.

PY := .venv/bin/python
FLASK := $(PY) -m flask --app wsgi
VAR := $(or $(VOTING_VAR),var)
CACHE := $(VAR)/cache

export RUFF_CACHE_DIR := $(CACHE)/ruff
PYTEST := $(PY) -m pytest -o cache_dir=$(abspath $(CACHE))/pytest

.DEFAULT_GOAL := help
.PHONY: help setup demo run test check fix bench soak lock clean

help: ## list these chores
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what is missing to run the platform
	@sh scripts/setup.sh run

demo: setup ## load the demo and serve it (PORT=8000; SERVE=0 stops before serving)
	@$(FLASK) schema upgrade
	@$(FLASK) demo load
ifneq ($(SERVE),0)
	@exec bash scripts/serve.sh
endif

run: setup ## bring the database up to date and serve it, without the demo
	@$(FLASK) schema upgrade
	@exec bash scripts/serve.sh

test: ## install what is missing and run every test (ARGS=… for pytest)
	@sh scripts/setup.sh test
	@$(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: ## format, lint, types, import contracts, migrations; changes nothing
	@sh scripts/setup.sh test
	@sh scripts/check.sh

fix: ## format and mend what ruff can mend
	@sh scripts/setup.sh test
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: ## measure, beside the floors of the same run; writes var/bench.json
	@sh scripts/setup.sh test
	@$(PY) -m bench $(ARGS)

soak: ## the long campaigns
	@sh scripts/setup.sh test
	@$(PYTEST) -m soak $(ARGS)

lock: ## resolve every version anew into constraints.txt
	@sh scripts/lock.sh

clean: ## remove caches, pictures and logs; never a database, a key or .venv
	@rm -rf $(CACHE) $(VAR)/pictures $(VAR)/log .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find . -path ./.venv -prune -o -path ./.git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
