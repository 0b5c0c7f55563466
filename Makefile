# Every command of `npm run` as a target. GNU make turns each failure into its own status 2: for exit statuses use `npm run`.
# Another project's Makefile may include this one. It then gets the commands that work on a cluster, each with the prefix
# TIDB_CERT_ROTATE_PREFIX, and nothing else: no default goal, no variable but those that begin with `tidb-cert-rotate.`.

# This file as MAKEFILE_LIST names it, in the text that ends it: a path may hold spaces.
tidb-cert-rotate.quote = '$(subst ','\'',$(1))'
tidb-cert-rotate.hash := \#
tidb-cert-rotate.file := $(shell file=$(call tidb-cert-rotate.quote,$(strip $(MAKEFILE_LIST))); \
	while [ ! -f "$$file" ] && [ "$$file" != "$${file$(tidb-cert-rotate.hash)* }" ]; do file=$${file$(tidb-cert-rotate.hash)* }; done; \
	printf '%s' "$$file")
tidb-cert-rotate.folder := $(shell cd "$$(dirname $(call tidb-cert-rotate.quote,$(tidb-cert-rotate.file)))" && pwd)
tidb-cert-rotate.cd = cd $(call tidb-cert-rotate.quote,$(tidb-cert-rotate.folder))
# Not `cd`: npm tells the command where it was called, and relative paths in ARGS are meant from there.
tidb-cert-rotate.run = npm --silent --prefix $(call tidb-cert-rotate.quote,$(tidb-cert-rotate.folder)) run
tidb-cert-rotate.goal := $(.DEFAULT_GOAL)

ifeq ($(strip $(MAKEFILE_LIST)),$(tidb-cert-rotate.file))
tidb-cert-rotate.prefix :=
else
tidb-cert-rotate.prefix := $(TIDB_CERT_ROTATE_PREFIX)
endif

tidb-cert-rotate.commands := $(addprefix $(tidb-cert-rotate.prefix),rotate rollback issue runbook status verify sandbox)
.PHONY: $(tidb-cert-rotate.commands) tidb-cert-rotate.install
# `CLUSTER ?= basic`, but in an including project that would be its variable too, and hide what a target of its own hands down.
tidb-cert-rotate.cluster = $(call tidb-cert-rotate.quote,$(or $(CLUSTER),basic))
tidb-cert-rotate.namespace = $(call tidb-cert-rotate.quote,$(or $(NAMESPACE),tidb))

$(tidb-cert-rotate.prefix)rotate: tidb-cert-rotate.install ## rotate the certificates of CLUSTER
	@$(tidb-cert-rotate.run) rotate -- --cluster $(tidb-cert-rotate.cluster) $(ARGS)

$(tidb-cert-rotate.prefix)rollback: tidb-cert-rotate.install ## take CLUSTER back to the certificates it had
	@$(tidb-cert-rotate.run) rollback -- --cluster $(tidb-cert-rotate.cluster) $(ARGS)

$(tidb-cert-rotate.prefix)issue: tidb-cert-rotate.install ## make the first certificates and Secrets of CLUSTER
	@$(tidb-cert-rotate.run) issue -- --cluster $(tidb-cert-rotate.cluster) $(ARGS)

$(tidb-cert-rotate.prefix)runbook: tidb-cert-rotate.install ## print the rotation of CLUSTER in NAMESPACE as one bash script
	@$(tidb-cert-rotate.run) runbook -- --cluster $(tidb-cert-rotate.cluster) --namespace $(tidb-cert-rotate.namespace) $(ARGS)

$(tidb-cert-rotate.prefix)status: tidb-cert-rotate.install ## how the certificates of CLUSTER stand, or with ARGS="--all" those of all
	@$(tidb-cert-rotate.run) status -- $(if $(filter --all,$(ARGS)),,--cluster $(tidb-cert-rotate.cluster)) $(ARGS)

$(tidb-cert-rotate.prefix)verify: tidb-cert-rotate.install ## prove what can be proved of CLUSTER's certificates, and change nothing
	@$(tidb-cert-rotate.run) verify -- --cluster $(tidb-cert-rotate.cluster) $(ARGS)

$(tidb-cert-rotate.prefix)sandbox: tidb-cert-rotate.install ## a control plane with a TiDB cluster on this machine: ARGS="up", "down", "status", "env"
	@$(tidb-cert-rotate.run) sandbox -- $(ARGS)

# Not `npm ci`: it refuses where a registry lacks an optional package of another platform.
tidb-cert-rotate.install:
	@$(tidb-cert-rotate.cd) && lock=node_modules/.package-lock.json && \
	if [ ! -e $$lock ] || [ package.json -nt $$lock ] || [ package-lock.json -nt $$lock ]; then \
	npm install --no-save --no-audit --no-fund --loglevel=error >&2 && touch $$lock; fi

ifeq ($(strip $(MAKEFILE_LIST)),$(tidb-cert-rotate.file))
.DEFAULT_GOAL := help
.PHONY: help install demo lint golden bench test test-all test-unit test-integration test-world test-cluster test-kill test-long test-in-turn test-disturbed test-rollback test-mixed test-traffic

help: ## show this help
	@$(tidb-cert-rotate.cd) && sed -n 's/^\($$(tidb-cert-rotate.prefix)\)\{0,1\}\([a-z-]*\):.*## /\2\t/p' Makefile | expand -t 14

install: tidb-cert-rotate.install ## install the packages

demo: install ## start a sandbox, rotate its cluster, stop the sandbox
	@$(tidb-cert-rotate.run) demo

lint: install ## style, types and dead code
	@$(tidb-cert-rotate.run) lint

golden: install ## write the golden runbooks and reports of the tests anew
	@$(tidb-cert-rotate.run) golden

bench: install ## measure: ARGS="lines", "parts", "proof", "start", "status", or nothing for all
	@$(tidb-cert-rotate.run) bench -- $(ARGS)

test-unit: install ## the tests that start nothing
	@$(tidb-cert-rotate.run) test:unit

test-integration: install ## the tests that start a program or a server, but no cluster
	@$(tidb-cert-rotate.run) test:integration

test-world: install ## rotations and ways back that are killed at each of their writes, in memory
	@$(tidb-cert-rotate.run) test:world

test-cluster: install ## the tests on sandboxes: ARGS="test/cluster/rotate.test.ts" for one file
	@$(tidb-cert-rotate.run) test:cluster -- $(ARGS)

test-long: install ## the tests on sandboxes that take longest
	@$(tidb-cert-rotate.run) test:long -- $(ARGS)

test-kill: install ## kill a rotation at each of its writes, on stand-ins: SHARD=1/4 for a part, SEED=7 for another order; ISSUER=cert-manager, or SIDE=mysql, or CLUSTERS=2
	@$(tidb-cert-rotate.run) test:kill

test-in-turn: install ## one rotation on real parts, killed at each of its writes in turn: ISSUER=cert-manager, or SIDE=mysql; CLUSTERS=2 on stand-ins
	@$(tidb-cert-rotate.run) test:in-turn

test-disturbed: install ## rotations of cert-manager's certificates that are disturbed at each of their steps
	@$(tidb-cert-rotate.run) test:disturbed

test-rollback: install ## take a rotation back from each of its steps, and forward again: SHARD=1/4, SEED=7; ISSUER=cert-manager, or SIDE=mysql, or CLUSTERS=2
	@$(tidb-cert-rotate.run) test:rollback

test-mixed: install ## the proof of mixed states beside 200 that are set up for real: SHARD=1/4 for a part, SEED=7 for others
	@$(tidb-cert-rotate.run) test:mixed

test-traffic: install ## rotate real parts until 100,000 handshakes were made meanwhile: SHARD=1/4, ISSUER=cert-manager
	@$(tidb-cert-rotate.run) test:traffic

test: install ## lint, the unit tests, and rotations of a real cluster that are killed at each write (20 minutes)
	@$(tidb-cert-rotate.cd) && bash test/run.sh

test-all: install ## what CI runs: the same, and every command on sandboxes (an hour)
	@$(tidb-cert-rotate.cd) && bash test/run.sh all
else
.DEFAULT_GOAL := $(tidb-cert-rotate.goal)
endif
