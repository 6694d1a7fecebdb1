package main

import (
	"os/exec"
	"strings"
	"testing"
)

// Each process runs the initialisation of every package that is linked, so that one
// more may cost every command. A larger number than these is to be measured first, with
// the start-up section of cmd/internal/benchmark.
const (
	linkedPackages = 210
	linkedModules  = 18
)

// absent must never be linked: what they initialise takes longer than a small command,
// or they keep a small command's memory from being small.
var absent = []string{"net/http", "crypto/tls", "github.com/xeipuuv/", "k8s.io/client-go", "k8s.io/kubectl", "helm.sh/helm", "sigs.k8s.io/kustomize", "k8s.io/api/", "k8s.io/apimachinery"}

func TestLinkedPackages(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}} {{with .Module}}{{.Path}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Split(strings.TrimSpace(string(out)), "\n")
	modules := map[string]bool{}
	for _, line := range packages {
		name, module, _ := strings.Cut(line, " ")
		if module != "" {
			modules[module] = true
		}
		for _, prefix := range absent {
			if strings.HasPrefix(name, prefix) {
				t.Errorf("%s is linked", name)
			}
		}
	}
	if n := len(packages); n > linkedPackages || n < linkedPackages/2 {
		t.Errorf("%d packages are linked, want %d at most", n, linkedPackages)
	}
	if n := len(modules); n > linkedModules || n < 2 {
		t.Errorf("%d modules are linked, want %d at most", n, linkedModules)
	}
}
