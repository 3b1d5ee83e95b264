# One line per target; `make help` prints them.
MODE ?= hybrid
CONFIG ?= relay/relay.example.toml
IMPL ?=
LEVEL ?=
FINDING ?=
FRAMES ?= 10000
SEED ?= 1
SOURCE := --conditions=@0k-sync/source
RUN := tools/with-node
INSTALLED := node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help setup demo relay test conformance selftest implementations model vectors check generate ledger fmt abuse fuzz bench docs build consumer ci clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

setup: $(INSTALLED) ## fetch Node 24 when it is missing and install the dependencies

$(INSTALLED): package-lock.json
	@$(RUN) npm ci --no-audit --no-fund --loglevel=error
	@touch $@

demo: setup ## pair two devices and sync through a relay that is killed and restarted (MODE=hybrid|classical)
	@$(RUN) node $(SOURCE) tools/demo/main.ts --mode=$(MODE)

relay: setup ## start a relay (CONFIG=relay/relay.example.toml)
	@$(RUN) relay/bin/0k-relay.js --config $(CONFIG)

test: setup ## run all tests; the last line counts them
	@$(RUN) node tools/runner/main.ts

conformance: setup ## run every level against every implementation (IMPL=python LEVEL=vectors narrow it)
	@$(RUN) node conformance/bin/0k-conformance.js matrix $(if $(IMPL),--impl $(IMPL)) $(if $(LEVEL),--level $(LEVEL))

selftest: setup ## prove the suite: each faulty implementation must be found
	@$(RUN) node conformance/bin/0k-conformance.js selftest

implementations: ## run the tests that the Python and Rust implementations bring themselves
	@for test in python/test rust/test; do echo "$$test"; $$test || exit $$?; done

model: ## visit every state of the model of rotation and membership, within its bounds; needs Rust
	@cd model && cargo test --locked --quiet

vectors: setup ## write conformance/vectors/ anew, as far as independent implementations agree
	@$(RUN) node $(SOURCE) conformance/generate/publish.ts

check: setup ## format, lint, import boundaries, types, fresh generated/, buf lint, requirement ledger
	@$(RUN) biome check --error-on-warnings
	@$(RUN) tsc -p .
	@$(RUN) buf lint
	@$(MAKE) --no-print-directory generate
	@changed=$$(git status --porcelain generated) && if [ -n "$$changed" ]; then \
	  echo "$$changed"; \
	  echo "error: generated/ differs from what spec/ and proto/ give"; \
	  echo "hint: commit what make generate wrote"; exit 1; fi >&2
	@$(RUN) node tools/ledger/main.ts --check

generate: setup ## write generated/ from proto/ and spec/
	@$(RUN) buf generate
	@$(RUN) node spec/compile/main.ts

ledger: setup ## write generated/docs/ledger.md: what exercises each requirement of spec/
	@$(RUN) node tools/ledger/main.ts

fmt: setup ## format the sources and sort their imports
	@$(RUN) biome check --write

abuse: setup ## attack a relay process and clients, and print what a quiet device beside them saw (FINDING=R1)
	@$(RUN) node $(SOURCE) abuse/main.ts $(FINDING)

fuzz: setup ## send a relay process and each client frames that are wrong in every way (FRAMES=10000 SEED=1 IMPL=rust)
	@$(RUN) node $(SOURCE) abuse/fuzz.ts $(FRAMES) $(SEED) $(IMPL)

bench: setup ## measure throughput, latency, handshakes and memory as ratios to raw SQLite and QUIC
	@$(RUN) node $(SOURCE) bench/main.ts

docs: setup ## write the API reference to dist/reference/index.html
	@$(RUN) tools/node_modules/.bin/typedoc --options tools --logLevel Warn
	@echo "dist/reference/index.html"

build: setup ## compile and pack the packages into dist/packages/, and check what they publish
	@rm -rf */dist generated/*/dist
	@$(RUN) tsc -b tsconfig.build.json
	@$(RUN) node tools/packages/main.ts

consumer: build ## install the packed packages in fresh folders and use them as an app does
	@$(RUN) node tools/runner/main.ts tools/consumer/*.test.ts

ci: ## everything CI runs
	@.ci/run

clean: ## remove what builds and test runs leave behind
	@rm -rf dist .tap */dist generated/*/dist
