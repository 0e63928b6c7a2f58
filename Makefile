# Everything that a fresh machine with Python 3.11+ needs: `make demo` and `make test` install what they use first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# With these, pip installs what the lock files name, checks its hash, and nothing else.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: install dev demo run test cover check torture fuzz soak bench lock clean

install: $(VENV)/.installed

dev: $(VENV)/.installed-dev

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV) || { \
		echo "A virtual environment could not be made: on Debian and Ubuntu, install python3-venv first." >&2; exit 1; }
	@echo "Installing MoAI into $(VENV) …" >&2
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "Installing what tests and checks need …" >&2
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

demo: install
	@$(BIN)/moai demo

run: install
	@$(BIN)/moai run

# Four workers for two cores, since many tests wait; what pytest makes of the asserts is kept for the next run.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 4 --dist worksteal

test: dev
	@$(PYTEST) $(COVER)

# The same tests, more slowly: with how much of the code they reach, and the floor under that.
cover:
	@$(MAKE) --no-print-directory test COVER="--cov --cov-report=term"

check: dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@PYTHONPATH=src $(BIN)/lint-imports

# Kills MoAI again and again over people's questions, with faults all around: SEED, KILLS, CHATS and DATABASE_URL
# can be set; the same seed asks the same questions and draws the same kills and faults.
torture: dev
	@$(BIN)/python -m tests.torture

# Many generated updates of every kind, on SQLite and on PostgreSQL: COUNT can be set, and DATABASE_URL for an empty
# database that they go to instead. Prints what memory did.
fuzz: dev
	@MOAI_FUZZ=$(or $(COUNT),10000) $(BIN)/python -m pytest -s tests/fuzz

# Questions for MINUTES (20) minutes with faults all around, PER_MINUTE (20): prints what MoAI holds before and after.
soak: dev
	@$(BIN)/python -m tests.soak

# Measures in five minutes; with SHORT=1 in two and a half, and fails where a figure is more than twice its mark.
bench: dev
	@$(BIN)/python -m benchmarks $(if $(SHORT),--short)

# Pins what is new in pyproject.toml; with UPGRADE=--upgrade everything anew. Needs uv.
lock:
	uv pip compile pyproject.toml --group build $(LOCK_FLAGS) -o requirements.lock
	uv pip compile pyproject.toml --group build --extra postgresql $(LOCK_FLAGS) -c requirements.lock \
		-o requirements-postgresql.lock
	uv pip compile pyproject.toml --group dev $(LOCK_FLAGS) -c requirements.lock -o requirements-dev.lock

LOCK_FLAGS := --universal --python-version 3.11 --no-strip-extras --generate-hashes $(UPGRADE) --quiet \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage
