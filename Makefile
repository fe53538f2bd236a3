# Two commands do everything on a fresh machine with Python and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
MUTATE_PYTHON ?= $(PYTHON)
SAMPLE ?= 20
SEED ?= 1
MINUTES ?= 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.PHONY: demo test check pytest generate damage growth bench matrix load strangers interop mutate smoke wheel clean help

help:
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --upgrade 'pip>=25.1'
	$(PY) -m pip install --quiet --group check --group test --editable '.[generator,testing,units]'
	touch $@

demo: $(VENV)/.ready ## run the main job on real input and show what happens
	$(PY) examples/demo.py

test: check pytest smoke demo ## everything that must hold: linters, types, floors, regeneration, tests against the wheel, demo

check: $(VENV)/.ready ## linters, type checkers, floors and the regeneration check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(PY) -m iec61968_9_generator check
	$(BIN)/mypy
	$(BIN)/pyright
	$(PY) -m tests.examples.check_documents

wheel: $(VENV)/.ready
	rm -rf build dist
	$(PY) -m pip wheel --quiet --no-deps --wheel-dir dist .

$(VENV)/wheel/bin/python: $(VENV)/.ready
	$(PYTHON) -m venv $(VENV)/wheel
	$@ -m pip install --quiet --upgrade 'pip>=25.1'
	$@ -m pip install --quiet --group test
	touch $@

pytest: wheel $(VENV)/wheel/bin/python ## the tests, against the built wheel in an environment of its own
	$(VENV)/wheel/bin/python -m pip install --quiet --force-reinstall --no-deps dist/*.whl
	$(VENV)/wheel/bin/python -m pip install --quiet "$$(ls dist/*.whl)[generator,testing,units]"
	$(VENV)/wheel/bin/python -m pytest -n auto

generate: $(VENV)/.ready ## regenerate everything that the generator writes
	$(PY) -m iec61968_9_generator generate

damage: $(VENV)/.ready ## damage every sample at every position, spoil objects and write them, and count what becomes of it
	nice -n 19 $(PY) -m tests.damage

bench: $(VENV)/.ready ## measure, side by side with the alternatives, and write docs/performance.md
	$(PY) -m pip install --quiet --group bench
	$(PY) -m benchmarks --page docs/performance.md

matrix: wheel ## the tests on every Python that is admitted, with the core alone, and with the lowest versions; ROWS='3.12 3.11-lowest-extras'
	$(PY) -m tests.interop.pythons dist/*.whl $(ROWS)

smoke: wheel ## the wheel alone, with the newest and lowest lxml and attrs, on every Python that is found
	$(PY) -m tests.interop.smoke dist/*.whl

SECONDS ?= 60

$(VENV)/fuzz/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)/fuzz
	$(VENV)/fuzz/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(VENV)/fuzz/bin/python -m pip install --quiet --group fuzz --only-binary atheris || \
		{ echo "There is no atheris for $$($(PYTHON) --version): set PYTHON to one of 3.11 to 3.14 on Linux." >&2; exit 2; }
	$(VENV)/fuzz/bin/python -m pip install --quiet --group test --editable '.[testing]'
	touch $@

.PHONY: fuzz
fuzz: $(VENV)/fuzz/.ready ## coverage-guided fuzzing of all that reads, SECONDS=60 for each target
	$(VENV)/fuzz/bin/python -m tests.fuzz --seconds $(SECONDS) $(TARGETS)

growth: $(VENV)/.ready ## how time grows with the size of inputs that were made to be slow
	$(PY) -m tests.limits.growth

load: $(VENV)/.ready ## a gigabyte read and written, eight threads, a hundred thousand messages: memory, speed, and nothing lost
	$(PY) -m tests.load

strangers: $(VENV)/.ready ## the generator on schemas that nobody here wrote; fetches packages from the registry
	$(PY) -m tests.interop.strangers

interop: $(VENV)/.ready ## compare with what Java's JAXB reads and writes; needs Debian's libjaxb-java
	$(PY) -m tests.interop.java

$(VENV)/mutate/bin/python: $(VENV)/.ready
	$(MUTATE_PYTHON) -m venv $(VENV)/mutate
	$@ -m pip install --quiet --upgrade 'pip>=25.1'
	$@ -m pip install --quiet --group test --group mutate '.[generator,testing,units]'
	$@ -m pip uninstall --quiet --yes iec61968-9
	touch $@

mutate: $(VENV)/mutate/bin/python ## mutation testing; MODULES='codes/*' SAMPLE=20 (0: all) SEED=1 MINUTES=0 (an area; 0: no end)
	PYTHONPATH=$(CURDIR):$(CURDIR)/generator nice -n 19 $< -P -m tests.mutation $(MODULES) --sample $(SAMPLE) --seed $(SEED) --minutes $(MINUTES)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
