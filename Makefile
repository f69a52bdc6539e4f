# Yanzhen. `make run` starts it, `make test` checks everything, `make help` lists the rest.
#
# Each step leaves a stamp in .build/ and is skipped while nothing it depends on has changed.

PORT ?= 8000
DATA ?= data
# One more than there are cores: many tests wait for a process of their own.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)

MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

BIN := .venv/bin
PY := $(BIN)/python
UV := $(BIN)/uv
# Steps that only look at the code read the settings too; they get a data folder of no consequence.
QUIET := YANZHEN_DATA=.build/data
PYTEST := $(PY) -m pytest --tb=short
CODE := src tools bench conftest.py manage.py

ASSETS := src/yanzhen/web/assets
BUILT := src/yanzhen/web/static/built
ASSET_FILES := $(shell find $(ASSETS) -type f 2>/dev/null)
STATIC_FILES := $(shell find src/yanzhen -path '*/static/*' -not -path '$(BUILT)/*' -type f 2>/dev/null)
CATALOGUES := $(wildcard src/yanzhen/*/locale/*/LC_MESSAGES/django.po)

##@ Use

.PHONY: run
run: install ## start Yanzhen with the demo brand (PORT, DATA)
	@exec env PORT='$(PORT)' YANZHEN_DATA='$(abspath $(DATA))' $(BIN)/yanzhen up --demo

.PHONY: install
install: .build/run .build/collected .build/messages ## install and build what running needs, start nothing

.PHONY: saml
saml: .build/saml ## install what sign-in through SAML needs as well

##@ Work on it

.PHONY: setup
setup: .build/dev .build/collected .build/messages ## install everything that development needs

.PHONY: fmt
fmt: .build/dev ## put Python in its one form
	@$(BIN)/ruff format --quiet $(CODE)
	@$(BIN)/ruff check --quiet --fix-only $(CODE)

.PHONY: messages
messages: .build/dev ## bring the catalogues up to date with the code
	@$(PY) -m tools.update_messages
	@$(MAKE) .build/messages

.PHONY: docs
docs: .build/dev .build/messages ## write the pages of docs/ that follow from the code
	@$(QUIET) $(PY) manage.py draw_docs

.PHONY: lock
lock: .build/dev ## resolve the dependencies again and write the locks
	@tools/lock

.PHONY: clean
clean: ## remove everything make has made; your data stays
	rm -rf .build .venv node_modules $(BUILT) src/yanzhen/web/collected
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find src -name '*.mo' -delete

##@ Check

.PHONY: test
test: setup ## everything: checks, tests on both databases, browser
	@$(MAKE) check
	@$(MAKE) test-sqlite
	@$(MAKE) test-pg
	@$(MAKE) e2e

.PHONY: prove
prove: setup ## every promise of publishing in its release size, hours; P=7 runs one (writes docs/promises.md)
	@$(PY) -m tools.prove $(P) $(if $(DB),--db=$(DB))

.PHONY: check
check: .build/dev .build/messages ## lint types contracts templates i18n migrations sizes docs-check
	@$(MAKE) -k -j2 --output-sync=target types lint contracts templates i18n migrations sizes docs-check
	@echo 'check: all gates pass'

.PHONY: lint
lint: .build/dev
	@echo '== lint'
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/ruff format --quiet --check $(CODE)
	@$(PY) -m tools.check_noqa_reasons

.PHONY: types
types: .build/dev
	@echo '== types'
	@$(QUIET) $(BIN)/mypy --no-error-summary

.PHONY: contracts
contracts: .build/dev
	@echo '== contracts'
	@PYTHONPATH=src $(BIN)/lint-imports --no-logo --cache-dir .build/importlinter > .build/contracts.log 2>&1 \
	  || { cat .build/contracts.log; exit 1; }
	@$(PY) -m tools.check_imports

.PHONY: templates
templates: .build/dev
	@echo '== templates'
	@$(BIN)/djlint src --lint --quiet

.PHONY: i18n
i18n: .build/dev
	@echo '== i18n'
	@$(PY) -m tools.check_messages

.PHONY: migrations
migrations: .build/dev
	@echo '== migrations'
	@$(QUIET) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

.PHONY: sizes
sizes: .build/dev
	@echo '== sizes'
	@$(PY) -m tools.check_sizes

.PHONY: docs-check
docs-check: .build/dev .build/messages
	@echo '== docs'
	@$(QUIET) $(PY) manage.py draw_docs --check

.PHONY: test-sqlite
test-sqlite: setup ## tests on SQLite
	@echo '== tests on SQLite'
	@$(PYTEST) -q -n $(WORKERS) --dist worksteal

# A machine without PostgreSQL or Chromium says so and goes on; REQUIRE_ALL=1 makes it an error.
.PHONY: test-pg
test-pg: setup ## tests on PostgreSQL
	@echo '== tests on PostgreSQL'
	@if missing=$$($(PY) -m tools.postgres); then $(PYTEST) -q -n $(WORKERS) --dist worksteal --db=pg; \
	else echo "Not run. $$missing"; test -z '$(REQUIRE_ALL)'; fi

.PHONY: e2e
e2e: setup ## tests in the browser
	@echo '== tests in the browser'
	@if missing=$$($(PY) -m tools.find_chromium); then $(PYTEST) -q -m e2e; \
	else echo "Not run. $$missing"; test -z '$(REQUIRE_ALL)'; fi

.PHONY: coverage
coverage: setup ## which lines and branches the tests on SQLite reach
	@$(PYTEST) -q -n $(WORKERS) --dist worksteal --cov --cov-report=term

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# --- what the targets stand on -------------------------------------------------------------------

# pip fetches uv, uv fetches the rest: the locks hold hashes, so only the very same bytes pass.
.build/uv: requirements-bootstrap.lock
	@mkdir -p .build
	@if [ ! -x $(PY) ]; then python=$$(tools/find_python '$(PYTHON)') && "$$python" -m venv .venv; fi
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@touch $@

.build/run: .build/uv requirements.lock pyproject.toml
	@echo 'Installing Python packages'
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(PY) --no-deps --editable .
	@touch $@

.build/saml: .build/run requirements-saml.lock
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements-saml.lock
	@touch $@

.build/dev: .build/run requirements-dev.lock
	@echo 'Installing development packages'
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements-dev.lock
	@touch $@

.build/node: .build/uv package.json package-lock.json .npmrc requirements-node.lock
	@echo 'Installing browser packages'
	@if ! tools/find_node; then \
	  $(UV) pip install --quiet --python $(PY) --require-hashes -r requirements-node.lock; fi
	@PATH="$$(tools/find_node --folder):$$PATH" npm ci --loglevel=error
	@touch $@

# Each file straight in assets/ becomes one file of the same name, with no chunks shared between
# them, so that Django can put a hash into every name. Style sheets only lose their white space:
# esbuild's colour shortening would move gradients from OKLab to sRGB.
.build/assets: .build/node $(ASSET_FILES)
	@echo 'Building style sheets and scripts'
	@rm -rf $(BUILT)
	@PATH="$$(tools/find_node --folder):$$PATH"; set -e; \
	build() { node_modules/.bin/esbuild "$$@" --bundle --target=esnext --legal-comments=linked \
	  --log-level=warning --outdir=$(BUILT); }; \
	build --minify-whitespace $(filter-out %.js,$(wildcard $(ASSETS)/*.css)); \
	build --minify --format=esm $(wildcard $(ASSETS)/*.js)
	@touch $@

.build/collected: .build/run .build/assets $(STATIC_FILES)
	@$(QUIET) $(PY) manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@

.build/messages: .build/run $(CATALOGUES)
	@$(PY) -m tools.compile_messages
	@touch $@
