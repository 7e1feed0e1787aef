# Everything is built with CGO, because DuckDB is linked in, and with the tag
# that lets results come as Arrow batches.
GO      ?= go
TAGS    := duckdb_arrow
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# RACE=1 runs tests with the race detector, RUN selects tests by name.
RACE ?=
RUN  ?=

# FUZZTIME is how long each fuzz target runs.
FUZZTIME ?= 30s

# CASES is how many random programs "make fuzz" compares with the naive
# evaluator; "make test" compares 1,500.
CASES ?= 10000

# DATA is the folder with the public data sets that "make realdata" reads.
DATA ?= ../shared/data

LINT_VERSION := v2.15.0
LINT         := bin/tools/$(LINT_VERSION)/golangci-lint

export CGO_ENABLED = 1

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: build
build: ## Build bin/strata.
	$(GO) build -trimpath -tags $(TAGS) -ldflags "-X main.version=$(VERSION)" -o bin/strata ./cmd/strata

.PHONY: demo
demo: build ## Make a sample shop in ./demo and take its first snapshot.
	rm -rf demo
	bin/strata init --demo demo
	bin/strata -C demo run
	@printf '%s\n' '' 'The demo shop is in ./demo. Try next:' \
		'  cd demo' \
		'  ../bin/strata' \
		'  ../bin/strata list' \
		'  ../bin/strata count vip --by country' \
		'  ../bin/strata funnel luxury_cart_abandoners' \
		'  ../bin/strata sql luxury_cart_abandoners' \
		'  ../bin/strata help rules'

.PHONY: test
test: ## Run all tests; RACE=1 with the race detector, RUN=NAME only some.
	$(GO) test -tags $(TAGS) -timeout 30m $(if $(RACE),-race) $(if $(RUN),-run '$(RUN)') ./...

.PHONY: lint
lint: $(LINT) ## Check format, linters, vet and go.mod.
	$(LINT) fmt --diff
	$(GO) vet -tags $(TAGS) ./...
	$(LINT) run
	$(GO) mod tidy -diff

$(LINT):
	GOBIN=$(abspath $(@D)) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

.PHONY: fuzz
fuzz: ## Run each fuzz target for FUZZTIME, and CASES random programs against the naive evaluator.
	STRATA_CASES=$(CASES) $(GO) test -tags $(TAGS) -timeout 60m -run TestSQLAgreesWithNaive ./segments/evaluate
	@grep -rE '^func Fuzz[A-Za-z0-9_]*\(' --include='*_test.go' . | sed -E 's|^(.*)/[^/]*:func (Fuzz[A-Za-z0-9_]*).*|\1 \2|' | sort -u | \
	while read -r dir name; do \
		echo "$$dir $$name"; \
		$(GO) test -tags $(TAGS) -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$dir" || exit 1; \
	done

# TIER is how much data "make bench" evaluates many segments on: S, M or L.
TIER ?= S

.PHONY: bench
bench: ## Run all benchmarks; TIER=M or L on more data. Writes bin/bench/report-TIER.md.
	$(GO) test -tags $(TAGS) -run '^$$' -bench . -benchmem $$($(GO) list -tags $(TAGS) ./... | grep -v /fixtures/bench)
	STRATA_TIER=$(TIER) STRATA_BENCH_REPORT="$(CURDIR)/bin/bench/report-$(TIER).md" \
		$(GO) test -tags $(TAGS) -run '^$$' -bench Tiers -timeout 3h ./fixtures/bench
	STRATA_TIER=$(TIER) STRATA_BENCH_ROUNDS=3 STRATA_BENCH_WORKLOADS=100 STRATA_BENCH_ONE_BY_ONE=10 \
		$(GO) test -tags $(TAGS) -run '^$$' -bench 'Timeline|Backfill|Why' -benchtime 1x -v -timeout 3h ./fixtures/bench
	STRATA_TIER=$(TIER) $(GO) test -tags $(TAGS) -run '^$$' -bench Terminal -benchtime 1x ./fixtures/bench
	@echo 'report: bin/bench/report-$(TIER).md'

# KILLS is how often "make crash" kills a writer of the store; "make test" does it 20 times.
KILLS ?= 300

.PHONY: crash
crash: ## Kill writers of the store KILLS times in every phase, and let them meet full disks: nothing may be lost.
	STRATA_KILLS=$(KILLS) STRATA_CUSTOMERS=1000 STRATA_FULL=60 \
		$(GO) test -tags $(TAGS) -timeout 60m -count 1 -v -run 'TestKilledWriter|TestFullDisk' ./segments/snapshot

.PHONY: golden
golden: ## Rewrite expected texts after a wanted change; look at the diff.
	$(GO) test -tags $(TAGS) $$(grep -rlE 'flag\.Bool\("update"' --include='*_test.go' . | xargs -n1 dirname | sort -u) -update

.PHONY: screens
screens: ## Drive the real program in tmux through all screens, on the demo and on public data in DATA.
	STRATA_DATA="$(abspath $(DATA))" $(GO) test -tags '$(TAGS) tmux' -count 1 -timeout 30m ./fixtures/terminal

.PHONY: pictures
pictures: ## Draw the pictures of README anew, from the program on the demo.
	$(GO) test -tags '$(TAGS) pictures' -count 1 -run TestPictures ./cmd -pictures "$(CURDIR)/tui/pictures"

.PHONY: realdata
realdata: ## Run the tests on public data sets in the folder DATA.
	@test -d "$(DATA)" || { echo 'DATA=$(DATA) is no folder: name the one with the public data sets' >&2; exit 2; }
	STRATA_DATA="$(abspath $(DATA))" $(GO) test -tags '$(TAGS) realdata' -timeout 30m $$(grep -rlE '^//go:build .*realdata' --include='*_test.go' . | xargs -n1 dirname | sort -u)
