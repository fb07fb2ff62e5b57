# Two commands matter: `make demo` shows the main job, `make test` proves it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PYTHONUTF8 = 1
export DO_NOT_TRACK = 1

.PHONY: demo test test-all lint console bench setup clean help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## install the locked set of packages into .venv

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

demo: $(READY) ## make the sample centre, run the night over it, show what it found
	test -f demo/tingjian.toml || $(BIN)/tingjian init demo --weights packaged
	test -f demo/truth/centre.json || $(BIN)/python -m samples demo --no-transcripts
	$(BIN)/tingjian --centre demo run

test: $(READY) ## the tests (about 5 minutes after set-up)
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

test-all: $(READY) ## also the slow tests and the nights over real data
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile -m ""

lint: $(READY) ## style, types and the one-way order of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

console: demo ## the pages in the browser on the demo's centre; user demo, password demo-demo-demo
	$(BIN)/tingjian --centre demo people | grep -q "^demo " || TINGJIAN_PASSWORD=demo-demo-demo \
		$(BIN)/tingjian --centre demo people demo --role lead --role trainer --role admin
	$(BIN)/tingjian --centre demo console

bench: $(READY) ## the benchmarks, quick form
	for name in $$(ls benchmarks/*.py | xargs -n1 basename | sed 's/\.py$$//' | grep -v '^_'); do \
		$(BIN)/python -m benchmarks.$$name --quick || exit 1; done

clean: ## remove the demo's centre
	rm -rf demo
