# Everything is python -m; these are the verbs. PYTHON: a Python 3.11 to make the environments with.
PYTHON ?= python3.11
CANDOR = .venv/bin/candor

.PHONY: run setup setup-tests test check bench clean

run: setup
	@$(CANDOR) run $(ARGS)

setup:
	@$(PYTHON) -m models.setup

setup-tests:
	@$(PYTHON) -m models.setup --tests

test: setup-tests
	@.venv/bin/python -m pytest $(ARGS)

check: setup-tests
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/python -m pytest $(ARGS)

bench: setup
	@.venv/bin/python -m evals.bench $(ARGS)

clean:
	rm -rf .venv .venv-vllm .candor/models .candor/logs .candor/cache .candor/setup.json
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
