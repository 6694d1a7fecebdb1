package main

import (
	"testing"

	"github.com/couplet-k8s/couplet/cmd/internal/linked"
)

// TestLinkedPackages keeps out what takes longer to initialise than a small command, or keeps a
// small command's memory from being small.
func TestLinkedPackages(t *testing.T) {
	linked.Check(t, linked.Limits{Packages: 210, Modules: 18, Absent: []string{
		"net/http", "crypto/tls", "github.com/xeipuuv/", "k8s.io/client-go", "k8s.io/kubectl", "helm.sh/helm", "sigs.k8s.io/kustomize", "k8s.io/api/", "k8s.io/apimachinery",
	}})
}
