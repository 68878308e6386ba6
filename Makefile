# Everything a person needs; works with GNU make 3.81 (macOS) and newer.
PYTHON ?= python3
ARGS ?=
export PYTHON

run = .venv/bin/python -m
compile = $(run) uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-header --no-annotate --upgrade pyproject.toml

.PHONY: help chat serve test bench setup lock clean

help: ## list these targets
	@echo 'make TARGET, one of:'
	@sed -n 's/^\([a-z]*\):.*## /  \1	/p' Makefile

chat: setup ## set up what is missing and talk; options: make chat ARGS="--persona coder"
	@.venv/bin/ostro chat $(ARGS)

serve: setup ## set up what is missing and answer on Telegram and Discord, until Ctrl-C
	@.venv/bin/ostro serve $(ARGS)

test: ## set up what is missing and run every check
	@scripts/setup.sh dev
	@echo 'Style (ruff) ...'
	@$(run) ruff check --quiet .
	@$(run) ruff format --quiet --check .
	@echo 'Types (mypy) ...'
	@$(run) mypy --no-error-summary
	@echo 'Tests (pytest) ...'
	@$(run) pytest $(ARGS)

bench: ## measure Ostro beside its peers, 15 minutes; options: make bench ARGS="--full"
	@scripts/setup.sh dev
	@$(run) benchmarks $(ARGS)

setup: ## set up what is missing in .venv, for chatting; with MODEL_URL nothing is compiled
	@scripts/setup.sh runtime

lock: ## resolve the dependencies anew, development first
	@scripts/setup.sh dev
	@echo 'Resolving; the locks are rewritten ...'
	@$(compile) --extra embedded --group dev --output-file requirements-dev.lock >/dev/null
	@$(compile) --extra embedded --group build --constraint requirements-dev.lock \
		--output-file requirements.lock >/dev/null
	@$(compile) --group build --constraint requirements.lock \
		--output-file requirements-remote.lock >/dev/null

clean: ## remove .venv and what the tools keep; weights/ and data/ stay
	@echo 'Removing .venv and the caches of the tools; weights/ and data/ stay.'
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
