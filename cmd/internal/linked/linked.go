// Package linked lets tests limit what a program consists of. Each process runs the
// initialisation of every package that is linked, so that one more may cost every command.
package linked

import (
	"os/exec"
	"strings"
	"testing"
)

// Limits are those of one program. A larger number is to be measured first, with the start-up
// section of cmd/internal/benchmark.
type Limits struct {
	Packages, Modules int
	// Absent are beginnings of import paths of which none may be linked.
	Absent []string
}

// Check holds the program in the folder of the test against its limits.
func Check(t *testing.T, limits Limits) {
	t.Helper()
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
		for _, prefix := range limits.Absent {
			if strings.HasPrefix(name, prefix) {
				t.Errorf("%s is linked", name)
			}
		}
	}
	if n := len(packages); n > limits.Packages || n < limits.Packages/2 {
		t.Errorf("%d packages are linked, want %d at most", n, limits.Packages)
	}
	if n := len(modules); n > limits.Modules || n < 2 {
		t.Errorf("%d modules are linked, want %d at most", n, limits.Modules)
	}
}
