# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Creates the virtual environment. The commands of all other steps are in tools/steps.py.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# To choose a Python: make PYTHON=/path/to/python test. The default is the newest supported one.
PYTHON ?=
VENV ?= .venv
override VENV := $(abspath $(VENV))
RUN = @$(VENV)/bin/python tools/steps.py

# Steps that need only the packages of the demo, and steps that need all packages.
SHORT := demo simulator oldest matrix
STEPS := test test-all lint \
  ruff format prose mypy eda-lint shellcheck actionlint reuse changelog docs-lint ansible-lint \
  unit component sanity integration core-targets core-playbooks browser \
  acceptance inputs blocking molecule awx eda python39 docsite release-check \
  benchmark fault-table soak comparison guides generate build

.PHONY: help venv venv-demo collections costs clean distclean FORCE $(SHORT) $(STEPS)

help: ## Prints this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@python3 tools/steps.py --list

# With PYTHON, venv.sh always runs, because the environment may have another release of Python.
$(VENV)/.demo: requirements/demo.txt requirements/simulators.txt tools/venv.sh $(if $(PYTHON),FORCE)
	@tools/venv.sh $(VENV) requirements/demo.txt "$(PYTHON)"
	@touch $@

$(VENV)/.done: requirements/dev.txt $(VENV)/.demo
	@tools/venv.sh $(VENV) requirements/dev.txt "$(PYTHON)"
	@touch $@

venv-demo: $(VENV)/.demo ## Installs the packages that the demo needs into .venv
	$(RUN) --prepare link

venv: $(VENV)/.done ## Installs all packages for development into .venv, including the packages of the demo
	$(RUN) --prepare link

collections: venv-demo ## Installs the official FortiGate collections and awx.awx into .build
	$(RUN) --prepare $@

$(SHORT): venv-demo
	$(RUN) $@

$(STEPS): venv
	$(RUN) $@

costs: venv-demo ## Prints the processor time of each step in its last run, as the table in CONTRIBUTING.md
	$(RUN) --costs

clean: ## Removes all generated files except .venv
	rm -rf .build .ansible .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis tests/output tests/simulators/build tests/simulators/*.egg-info
	find . -path $(VENV) -prune -o -name __pycache__ -type d -exec rm -rf {} +

distclean: clean ## Removes all generated files and .venv
	rm -rf $(VENV)
