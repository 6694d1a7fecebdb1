# make build    build couplet and kubectl-couplet into bin/
# make demo     and render this repo's own app
# make companion  build couplet-admit, the API server's own rules, too; takes minutes the first time
# make install  install all three programs, and the completion of kubectl couplet
# make test     all tests
# make check    what CI runs: tests, format, vet, staticcheck, tidy, race detector
# make release  cross-built programs in archives, with checksums and the krew manifest, in dist/
# make schemas  regenerate the embedded Kubernetes schemas
# make docs     regenerate docs/cli and docs/diagnostics.md
# make golden   rewrite the expected outputs of tests
# make fuzz     each fuzz target for FUZZTIME
# make soak     what takes hours: soak-engine and soak-cluster
# make soak-engine  PROGRAMS programs made from seeds SEED on, with our engine and go-jsonnet; CORPUS=DIR[:DIR...] mutates those in DIR, too
# make soak-cluster  all faults of cmd/internal/faults in full against a real API server, into docs/reliability.md, and each right of rbac taken away; takes half an hour
# make benchmark CORPORA=DIR   measure couplet against its peers, into docs/performance.md
# make mutants MUTANTS=N SEED=N  ask a real API server and couplet about wrong objects, and compare
# make cluster          a real Kubernetes control plane on loopback; make cluster-down stops it
# make kube-prometheus KUBE_PROMETHEUS=DIR   hold a checkout with vendor/ against go-jsonnet, and apply it to a real API server

GO         ?= go
FUZZTIME   ?= 60s
PROGRAMS   ?= 1000000
SEED       ?= 0
MUTANTS    ?= 20000
COMPANION   = CGO_ENABLED=0 GOWORK=off $(GO)
VERSION    ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
PLATFORMS   = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
COMPLETION  = cmd/kubectl-couplet/kubectl_complete-couplet
MAINS       = ./cmd/couplet ./cmd/kubectl-couplet
LDFLAGS     = -s -w -X github.com/couplet-k8s/couplet/cmd/internal/cli.version=$(VERSION)

.PHONY: build companion install demo test check fmt vet staticcheck tidy race clean-tree release schemas docs golden fuzz fuzz-short soak soak-engine soak-cluster benchmark kube-prometheus cluster cluster-down servers mutants clean

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/ $(MAINS)
	cp $(COMPLETION) bin/

companion: build
	@echo "building couplet-admit: some minutes the first time, for it contains the API server's rules"
	cd cmd/couplet-admit && $(COMPANION) build -trimpath -ldflags '-s -w' -o ../../bin/couplet-admit .

install:
	CGO_ENABLED=0 $(GO) install -trimpath -ldflags '$(LDFLAGS)' $(MAINS)
	bin=$$($(GO) env GOBIN); cp $(COMPLETION) "$${bin:-$$($(GO) env GOPATH | cut -d: -f1)/bin}/"
	@echo "installing couplet-admit: some minutes the first time, for it contains the API server's rules"
	cd cmd/couplet-admit && $(COMPANION) install -trimpath -ldflags '-s -w' .

demo: build
	bin/couplet env list
	bin/couplet show dev
	bin/couplet show prod
	bin/couplet validate dev prod

# The tests want the companion, and say what they leave out where it is not there.
test: companion
	$(GO) test ./...
	cd cmd/couplet-admit && $(COMPANION) test -trimpath ./...

check: fmt vet staticcheck tidy servers test fuzz-short race clean-tree

fmt:
	@files=$$(gofmt -l cmd compiler lib schemas); if [ -n "$$files" ]; then echo "not formatted: $$files"; exit 1; fi

vet:
	$(GO) vet ./...
	cd cmd/couplet-admit && $(COMPANION) vet ./...

staticcheck:
	$(GO) run $(STATICCHECK) ./...
	cd cmd/couplet-admit && $(COMPANION) run $(STATICCHECK) ./...

tidy:
	$(GO) mod tidy -diff
	cd cmd/couplet-admit && $(COMPANION) mod tidy -diff
	cd cmd/internal/testcluster/servers && $(COMPANION) mod tidy -diff

race:
	CGO_ENABLED=1 $(GO) test -race -short ./...

# Whatever a target above generated must be what is committed.
clean-tree:
	@changes=$$(git status --porcelain); if [ -n "$$changes" ]; then echo "the tree is not clean:"; echo "$$changes"; exit 1; fi

release:
	@rm -rf dist
	@set -e; for platform in $(PLATFORMS); do \
	  os=$${platform%/*}; arch=$${platform#*/}; echo "building for $$platform"; \
	  GOOS=$$os GOARCH=$$arch CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags '$(LDFLAGS) -buildid=' -o dist/build/$${os}_$$arch/ $(MAINS); \
	done
	$(GO) run ./cmd/internal/release -version $(VERSION) -dist dist
	@cat dist/SHA256SUMS

schemas:
	$(GO) generate ./schemas

docs:
	$(GO) run ./cmd/internal/docgen

golden:
	$(GO) test ./cmd/couplet ./cmd/kubectl-couplet ./compiler ./compiler/diff -update

fuzz:
	@set -e; for package in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
	    echo "$$package $$target"; $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
	  done; \
	done

# The engine's fuzz targets for 30 seconds in all.
fuzz-short:
	@set -e; for target in FuzzEval FuzzMutate; do \
	  $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime 15s -fuzzminimizetime 1x ./compiler; \
	done

soak: soak-engine soak-cluster

soak-engine:
	PROGRAMS=$(PROGRAMS) SEED=$(SEED) CORPUS=$(CORPUS) $(GO) test -count=1 -timeout 0 -v -run '^TestSoak$$' ./compiler

soak-cluster: servers
	COUPLET_SOAK=1 RELIABILITY="$(CURDIR)/docs/reliability.md" $(GO) test -count=1 -timeout 0 -v ./cmd/internal/faults
	$(GO) test -count=1 -timeout 0 -v -run '^TestRights$$' ./cmd/kubectl-couplet -rights 1

benchmark: build
	$(GO) run ./cmd/internal/benchmark -corpora "$(CORPORA)" -o docs/performance.md

mutants: companion
	$(GO) run ./cmd/internal/judgement/run -n $(MUTANTS) -seed $(SEED)

kube-prometheus:
	KUBE_PROMETHEUS="$(abspath $(KUBE_PROMETHEUS))" $(GO) test -count=1 -run KubePrometheus -v ./compiler ./compiler/schema ./cmd/internal/faults

cluster:
	$(GO) run ./cmd/internal/testcluster/run up

servers:
	$(GO) run ./cmd/internal/testcluster/run build

cluster-down:
	$(GO) run ./cmd/internal/testcluster/run down

clean:
	rm -rf bin dist
