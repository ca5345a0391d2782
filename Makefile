# Everything that is needed is installed first: `make demo` and `make test` work on a fresh Debian.
#
#   make demo                    a region to look at            make demo ARGS="--once"
#   make test                    all checks and all tests       make test ARGS="tests/domain -k foo"
#   make check                   format, lint, types, imports
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

.PHONY: install demo test check format texts bench clean
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

check: $(INSTALLED)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(INSTALLED)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

texts: $(INSTALLED)
	$(BIN)/pytest -q tests/texts --snapshot-update

bench: $(INSTALLED)
	@./packages.sh bench
	$(BIN)/python -m tests.bench $(ARGS)

clean:
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
