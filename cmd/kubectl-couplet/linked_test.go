package main

import (
	"testing"

	"github.com/couplet-k8s/couplet/cmd/internal/linked"
)

// TestLinkedPackages keeps out what registers all types of Kubernetes when it starts, and the
// parts of the libraries that bring it along.
func TestLinkedPackages(t *testing.T) {
	linked.Check(t, linked.Limits{Packages: 398, Modules: 45, Absent: []string{
		"k8s.io/client-go/discovery", "k8s.io/client-go/kubernetes", "k8s.io/client-go/informers", "k8s.io/client-go/restmapper", "k8s.io/kubectl",
		"github.com/fluxcd/cli-utils/pkg/kstatus/polling", "github.com/fluxcd/cli-utils/pkg/kstatus/watcher", "github.com/fluxcd/pkg/ssa", "sigs.k8s.io/controller-runtime",
		"helm.sh/helm", "sigs.k8s.io/kustomize", "github.com/xeipuuv/", "github.com/google/gnostic",
	}})
}
