# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

SHELL := /bin/bash
.DEFAULT_GOAL := help

# Another Python: make PYTHON=/path/to/python test. Without it the newest that serves is used.
PYTHON ?=
VENV ?= .venv
override VENV := $(abspath $(VENV))
BUILD := $(CURDIR)/.build
LINK := $(BUILD)/ansible_collections/secops/fortiview
STEP := tools/step.sh
PYTEST = $(STEP) $@ pytest --quiet --junitxml=.build/junit/$@.xml

LINT_STEPS := ruff format prose mypy eda-lint shellcheck reuse changelog ansible-lint
# The long ones first, so that the others fill what is left of the processors.
STEPS := acceptance inputs integration blocking awx eda molecule sanity oldest browser unit faults release-check docs-lint docsite python39 $(LINT_STEPS)
# How many steps run at the same time; the output of each comes in one piece.
# Two more than processors, for some steps wait for most of their time.
JOBS ?= $(shell expr $$(nproc) + 2)
# Of the lists one in `make test`: tests/blocking has the life of all.
SCENARIOS ?= --all
USUAL_SCENARIOS := -s block_ban -s block_addrgrp -s hunt
# What the FortiGate part works through: the connection plugin, and the modules that it is compared with.
OFFICIAL := ansible.utils ansible.netcommon fortinet.fortios

export PATH := $(VENV)/bin:$(PATH)
export LC_ALL := C.UTF-8
export ANSIBLE_COLLECTIONS_PATH := $(BUILD)
# Nothing of a test lands in the user's own ~/.ansible, where it would shadow this checkout later.
export ANSIBLE_HOME := $(BUILD)/ansible-home
export ANSIBLE_PYTHON_INTERPRETER := $(VENV)/bin/python
# A checkout that belongs to somebody else, as in most CI, is still this checkout.
export GIT_CONFIG_COUNT := 1
export GIT_CONFIG_KEY_0 := safe.directory
export GIT_CONFIG_VALUE_0 := $(CURDIR)
# The simulators are meant, never the appliance that the user's shell points to. Only `make demo` on its own keeps that one;
# inside `make test` the goals are others, and the outer make has already dropped these.
ifneq ($(MAKECMDGOALS),demo)
unexport FAZ_HOST FAZ_PORT FAZ_USERNAME FAZ_PASSWORD FAZ_API_TOKEN FAZ_CLOUD_TOKEN
unexport FAZ_VALIDATE_CERTS FAZ_CA_PATH FAZ_REQUEST_TIMEOUT
endif

.PHONY: help venv-demo venv collections link test lint postgresql $(STEPS) demo matrix benchmark fault-table soak comparison guides simulator build clean distclean FORCE

help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# A Python named on the command line may be another than the environment was made with.
$(VENV)/.demo: requirements/demo.txt requirements/simulators.txt tools/venv.sh $(if $(PYTHON),FORCE)
	@tools/venv.sh $(VENV) requirements/demo.txt "$(PYTHON)"
	@touch $@

$(VENV)/.done: requirements/dev.txt $(VENV)/.demo
	@tools/venv.sh $(VENV) requirements/dev.txt "$(PYTHON)"
	@touch $@

venv-demo: $(VENV)/.demo link ## The packages that the demo needs, in .venv

venv: $(VENV)/.done link ## All packages for development, on top of those of the demo

# Not from Galaxy: the package `ansible` carries them, and only these are taken out of it.
$(BUILD)/.collections: requirements/collections.txt requirements/awx.txt tools/pick_collections.py Makefile $(VENV)/.demo
	@python tools/pick_collections.py requirements/collections.txt $(BUILD) $(OFFICIAL)
	@python tools/pick_collections.py requirements/awx.txt $(BUILD) awx.awx
	@touch $@

collections: venv-demo $(BUILD)/.collections ## The official FortiGate collections and awx.awx, in .build

link:
	@mkdir -p $(dir $(LINK)) && ln -sfn ../../.. $(LINK)

demo: collections ## From threats to blocks, their effect and the undo, against simulators; or the questions to the FortiAnalyzer in FAZ_HOST
	@$(STEP) $@ tools/demo.sh

test: venv ## Everything below, then "N passed, N failed"; a failing step stops no other
	@rm -rf $(BUILD)/steps $(BUILD)/junit
	@$(MAKE) --no-print-directory --keep-going --jobs=$(JOBS) --output-sync=target SCENARIOS="$(USUAL_SCENARIOS)" $(STEPS) || true
	@python tools/summary.py $(STEPS)

lint: venv ## The quick checks: ruff to ansible-lint
	@$(MAKE) --no-print-directory --keep-going $(LINT_STEPS)

ruff: venv ## Likely bugs and style of the Python code
	@$(STEP) $@ ruff check --quiet .

format: venv ## Formatting of the Python code (ruff format . repairs it)
	@$(STEP) $@ ruff format --quiet --check .

prose: venv ## Check the words, sentences and next steps of what people read
	@$(STEP) $@ python tools/prose.py

mypy: venv ## Types of plugins and simulators
	@$(STEP) $@ mypy $(addprefix .build/ansible_collections/secops/fortiview/,$(wildcard plugins extensions/eda/plugins)) \
	  $(wildcard tests/simulators)

eda-lint: venv ## What certification asks of the plugins for Event-Driven Ansible
	@$(STEP) $@ tools/eda-lint.sh

shellcheck: venv ## Shell scripts
	@$(STEP) $@ shellcheck .ci/run $$(git ls-files --cached --others --exclude-standard '*.sh')

reuse: venv ## Copyright and licence of every file
	@$(STEP) $@ reuse lint --quiet

changelog: venv ## Changelog fragments
	@$(STEP) $@ antsibull-changelog lint

ansible-lint: venv $(BUILD)/.collections ## Roles, playbooks and metadata, production profile
	@$(STEP) $@ ansible-lint --offline --profile production

docs-lint: venv ## Documentation of plugins and roles
	@$(STEP) $@ antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all .

docsite: venv ## The documentation as HTML, in .build/docsite; a warning fails
	@$(STEP) $@ tools/docsite.sh

# Where it cannot be installed, the tests that need it fail and say so.
postgresql: ## The programs of PostgreSQL, which a part of the tests starts (installs them where it can)
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || tools/apt.sh postgresql || true

unit: venv postgresql ## Unit tests
	@$(PYTEST) tests/unit

oldest: venv-demo ## What releases of ansible-core do differently, and the demo, on the oldest that is promised
	@DEMO_SHORT=1 $(STEP) $@ python tools/matrix.py --cores 2.16 --steps core demo

matrix: venv-demo postgresql ## Tests on every ansible-core that is promised, as a table (ARGS="--cores 2.16 --steps unit --write")
	@python tools/matrix.py $(ARGS)

acceptance: venv $(BUILD)/.collections ## Playbooks as users run them, against the simulators
	@$(PYTEST) tests/acceptance --ignore=tests/acceptance/inputs

inputs: venv $(BUILD)/.collections ## What users hand in: lists, passwords, hosts, facts and results
	@$(PYTEST) tests/acceptance/inputs

faults: venv ## Tests against a real simulator that misbehaves
	@$(PYTEST) tests/faults

blocking: venv postgresql $(BUILD)/.collections ## Role fortigate_block on boxes that obey and boxes that lie (FAULTS=all: on every kind of them)
	@$(PYTEST) --timeout=3600 tests/blocking

browser: venv ## The report in Chromium, its CSV files in LibreOffice (installs both where it can)
	@$(STEP) $@ tools/browser.sh --quiet --junitxml=.build/junit/$@.xml

eda: venv $(BUILD)/.collections ## Rulebooks in ansible-rulebook, against the simulators (needs Java 17)
	@$(PYTEST) --numprocesses 2 tests/eda

python39: venv ## Import of all modules on the oldest Python that is promised
	@$(STEP) $@ tools/sanity-on.sh 3.9

sanity: venv ## ansible-test sanity (the first run takes a minute longer)
	@$(STEP) $@ tools/ansible-test.sh sanity

integration: venv $(BUILD)/.collections ## ansible-test integration, against the simulators
	@$(STEP) $@ tools/ansible-test.sh integration

# In an environment of its own: it wants older versions of what the others need.
$(BUILD)/importer/.done: requirements/importer.txt tools/venv.sh $(VENV)/.demo
	@tools/venv.sh $(BUILD)/importer requirements/importer.txt "$$(readlink -f $(VENV)/bin/python)"
	@touch $@

awx: venv postgresql $(BUILD)/.collections $(BUILD)/importer/.done ## Job templates through ansible-runner, set-up of a controller, execution environment
	@$(PYTEST) --numprocesses 2 --dist loadfile tests/awx

molecule: venv $(BUILD)/.collections ## Roles, each scenario a whole life against the simulators
	@$(STEP) $@ molecule test $(SCENARIOS) --workers 2

benchmark: venv postgresql $(BUILD)/.collections ## Time taken, by the benchmarks in tests/benchmarks (ARGS=...)
	@PYTHONPATH=$(BUILD):tests python -m benchmarks $(ARGS)

fault-table: venv $(BUILD)/.collections ## .build/faults.md: every fault of the simulators, met by playbooks (two hours of a processor; ARGS=PART for less)
	@PYTHONPATH=$(BUILD):tests python -m fault_table $(ARGS)

soak: venv postgresql $(BUILD)/.collections ## 2,000 random FortiGates, 1,000 runs of modules, half an hour of a rulebook (ARGS="--minutes 5"), each kind of run after each kill
	@EXAMPLES=2000 pytest --quiet tests/faults/test_random_fortigates.py
	@KILLED=all pytest --quiet --timeout=3600 tests/blocking/test_killed.py
	@PYTHONPATH=$(BUILD):tests python -m benchmarks.soak $(ARGS)

comparison: venv $(BUILD)/.collections ## docs/comparison.md: the same jobs by hand, by the official collections and by this one
	@PYTHONPATH=$(BUILD):tests python -m benchmarks.comparison $(ARGS)

guides: venv $(BUILD)/.collections ## The outputs in docs/guides, from runs against the simulators
	@tools/guides.sh

simulator: venv-demo ## A FortiAnalyzer to play with, in the foreground (ARGS=...)
	@PYTHONPATH=$(BUILD):tests python -m simulators.fortianalyzer $(ARGS)

build: venv ## The tarball that ansible-galaxy installs, in .build
	@ansible-galaxy collection build --force --output-path $(BUILD)

release-check: ansible-lint docs-lint docsite reuse changelog venv $(BUILD)/.collections $(BUILD)/importer/.done ## Would the artifact do? Linted, imported, installed, used
	@$(STEP) $@ python tools/release_check.py

clean: ## Away with everything but .venv
	rm -rf $(BUILD) .ansible .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis tests/output
	find . -path $(VENV) -prune -o -name __pycache__ -type d -exec rm -rf {} +

distclean: clean ## Away with .venv too
	rm -rf $(VENV)
