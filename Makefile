# Every command of `npm run` as a target. GNU make turns each failure into its own status 2: for exit statuses use `npm run`.
CLUSTER ?= basic
ARGS ?=

NPM := npm --silent
HERE := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
RUN := cd $(HERE) && $(NPM) run

.DEFAULT_GOAL := help
.PHONY: help install rotate issue sandbox demo test test-unit lint

help: ## show this help
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(HERE)Makefile | expand -t 14

install: $(HERE)node_modules/.package-lock.json ## install the packages

$(HERE)node_modules/.package-lock.json: $(HERE)package.json $(HERE)package-lock.json
	@# Not `npm ci`: it refuses where a registry lacks an optional package of another platform.
	cd $(HERE) && npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

rotate: install ## rotate the certificates of CLUSTER
	@$(RUN) rotate -- --cluster $(CLUSTER) $(ARGS)

issue: install ## make the first certificates and Secrets of CLUSTER
	@$(RUN) issue -- --cluster $(CLUSTER) $(ARGS)

sandbox: install ## a real control plane with a TiDB cluster on this machine: ARGS="up", "down", "status", "env"
	@$(RUN) sandbox -- $(ARGS)

demo: install ## start the sandbox, rotate its cluster, stop the sandbox
	@$(RUN) demo

lint: install ## style, types and dead code
	@$(RUN) lint

test-unit: install ## the tests that need no cluster
	@$(RUN) test:unit

test: install ## all tests that CI runs
	@bash $(HERE)test/run.sh
