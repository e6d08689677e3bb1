# `make report` and `make test` need Python 3.11 or newer, make and, the first time, a package index.
# Another Python: make report PYTHON=python3.12
# More arguments: make report ARGS="01_prevention", make test ARGS="-k bounds"

.DEFAULT_GOAL := help
.PHONY: help report test coverage soak bench check docs lock lab clean venv

# Unless told otherwise, an existing .venv keeps its Python.
PYTHON ?= $(shell test -x .venv/bin/python && echo .venv/bin/python || echo python3)
ARGS ?=

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 20

report: venv  ## build the report, then its rehearsal; the last line says where reports/index.html is
	@.venv/bin/analysis build $(ARGS)
	@.venv/bin/analysis build --rehearse $(ARGS)
	@echo "$(CURDIR)/reports/index.html"

test: venv  ## run the tests (eight minutes at most on two cores)
	@.venv/bin/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

coverage: venv  ## run the tests and tell which lines none of them reaches
	@.venv/bin/python -m pytest --numprocesses auto --dist loadfile --cov $(ARGS)

soak: venv  ## run the slower tests that `make test` leaves out
	@.venv/bin/python -m pytest -m soak $(ARGS)

bench: venv  ## measure how fast the report is built beside other ways (five minutes; quicker: ARGS=--quick)
	@.venv/bin/python benchmarks/build_speed.py $(ARGS)

check: venv  ## lint, format, types, and notebooks without outputs
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/nbstripout --verify --keep-id notebooks/*.ipynb

docs:  ## build the documentation; the last line says where site/index.html is
	@$(PYTHON) tools/setup_venv.py --extra
	@.venv/bin/sphinx-build --quiet --fail-on-warning --keep-going docs site
	@echo "$(CURDIR)/site/index.html"

lab: venv  ## open the notebooks in JupyterLab
	@.venv/bin/analysis lab $(ARGS)

lock: venv  ## pin the dependencies of pyproject.toml again (newest releases: ARGS=--upgrade)
	.venv/bin/uv pip compile --universal --python-version 3.11 --fork-strategy fewest \
		--generate-hashes --no-emit-index-url --no-emit-find-links --quiet $(ARGS) \
		--custom-compile-command "make lock" --group dev pyproject.toml -o requirements.lock
	.venv/bin/uv pip compile --universal --python-version 3.11 --fork-strategy fewest \
		--generate-hashes --no-emit-index-url --no-emit-find-links --quiet $(ARGS) \
		--custom-compile-command "make lock" --constraint requirements.lock \
		--group docs --group validators -o requirements-extra.lock
	.venv/bin/python tools/make_environment.py

clean:  ## remove what is generated: reports, processed data, caches (not .venv)
	rm -rf reports package site docs/made dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find data/processed -mindepth 1 ! -name README.md -delete
	find src tests tools notebooks \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

venv:
	@$(PYTHON) tools/setup_venv.py
