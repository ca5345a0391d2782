# Everything that is needed is installed first: `make demo` and `make test` work on a fresh Debian.
#
#   make demo                    a region to look at            make demo ARGS="--once"
#   make test                    all checks and all tests       make test ARGS="tests/domain -k foo"
#   make test-fast               contracts, domain, commands, projections: a minute, no database
#   make test-clocks             what asks the time, at midnight, as clocks change, ... (libfaketime)
#   make check                   format, lint, types, imports
#   make docs                    rebuilds the reference pages and the site, in docs/_build/html
#   make bench                   how fast it is, against its peers
#   make format                  put the code in order
#   make texts                   write the approved texts anew, for a review
#   make clean                   remove what make has made; data in .ullage stay
#
# Other settings: PYTHON (3.11 or newer), WORKERS (processes that test at the same time),
# ULLAGE_TEST_PG_BIN or ULLAGE_TEST_DSN (another PostgreSQL to test on, see tests/kit/postgres.py).

ARGS ?=
PYTHON ?= python3
# One more than there are cores: a test waits for other processes half of its time.
WORKERS ?= $(shell expr $$(nproc) + 1)
BIN := .venv/bin
INSTALLED := .venv/.installed

export PYTHON

FAST := tests/test_architecture.py tests/domain tests/commands tests/projections

.PHONY: install demo test test-fast test-clocks check style types imports format texts docs bench clean
.DELETE_ON_ERROR:

install: $(INSTALLED)

$(INSTALLED): packages.sh environment.sh uv.lock pyproject.toml
	@./packages.sh build
	@./packages.sh guest
	@./environment.sh
	@touch $@

demo: $(INSTALLED)
	$(BIN)/ullage demo $(ARGS)

test: check
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

test-fast: imports
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(FAST) $(ARGS)

test-clocks: $(INSTALLED)
	@./packages.sh clocks
	$(BIN)/python -m tests.clocks $(ARGS)

# Side by side; each shows what it says when it has ended.
check: $(INSTALLED)
	@$(MAKE) --no-print-directory --jobs --output-sync=target style types imports

style: $(INSTALLED)
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(INSTALLED)
	$(BIN)/mypy

imports: $(INSTALLED)
	$(BIN)/lint-imports

format: $(INSTALLED)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

texts: $(INSTALLED)
	$(BIN)/pytest -q tests/texts --snapshot-update

docs: $(INSTALLED)
	$(BIN)/python -m tests.docs.generate
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet docs docs/_build/html
	@echo 'The site is in docs/_build/html.'

bench: $(INSTALLED)
	@./packages.sh bench
	$(BIN)/python -m tests.bench $(ARGS)

clean:
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache docs/_build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
