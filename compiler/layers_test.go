package compiler_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/couplet-k8s/couplet/"

// layers is policy: a package imports only from lines below its own. It is not to be
// changed to make a build pass.
var layers = [][]string{
	{"lib", "schemas", "schemas/internal/format", "compiler/source", "compiler/quantity"},
	{"compiler/diag", "compiler/value"},
	{"compiler/decode", "compiler/emit", "compiler/syntax"},
	{"compiler/jsonschema", "compiler/resolve"},
	{"compiler/ir"},
	{"compiler/eval"},
	{"compiler/eval/gojsonnet"},
	{"compiler/std", "compiler/object"},
	{"compiler/app", "compiler/schema", "compiler/diff"},
	{"compiler/bundle", "compiler/profile", "compiler/admission", "compiler/parameters", "compiler/relations"},
	{"compiler"},
	{"cmd/internal/cache", "cmd/internal/git", "cmd/internal/nametemplate", "cmd/internal/companion", "cmd/internal/programs", "cmd/internal/cluster"},
	{"cmd/internal/cli", "cmd/internal/kube"},
	{"cmd/internal/docgen"},
	{"cmd/couplet", "cmd/kubectl-couplet"},
}

// siblings may import each other within a line.
var siblings = map[string]string{
	"schemas": "schemas/internal/format",
}

// hermetic ends with the line of package compiler: what stands there or below sees no
// network, process, clock or chance.
const hermetic = "compiler"

var forbidden = []string{"net", "net/http", "os/exec", "math/rand", "math/rand/v2", "os/signal"}

// tools generate what is committed, measure or help tests; they are in no binary.
var tools = []string{"compiler/internal/generate", "compiler/internal/inplace", "schemas/internal/build", "schemas/internal/generate", "cmd/internal/benchmark", "cmd/internal/release", "cmd/internal/scripttest", "cmd/internal/linked", "cmd/internal/testcluster", "cmd/internal/testcluster/run", "cmd/internal/faults", "cmd/internal/judgement", "cmd/internal/judgement/run"}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestLayers(t *testing.T) {
	line := map[string]int{}
	for i, names := range layers {
		for _, name := range names {
			line[name] = i
		}
	}
	seen := 0
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		at, known := line[name]
		if isTool(name) {
			continue
		}
		if !known {
			t.Errorf("package %s has no layer", name)
			continue
		}
		seen++
		checkImports(t, p, name, at, line)
	}
	if seen < 10 {
		t.Errorf("only %d packages seen", seen)
	}
}

func isTool(name string) bool {
	for _, tool := range tools {
		if name == tool {
			return true
		}
	}
	return false
}

func checkImports(t *testing.T, p listed, name string, at int, line map[string]int) {
	for _, imported := range p.Imports {
		if inner, ours := strings.CutPrefix(imported, module); ours {
			if to, known := line[inner]; (!known || to >= at) && siblings[name] != inner {
				t.Errorf("%s imports %s, which does not lie below it", name, inner)
			}
		}
		if at <= line[hermetic] {
			for _, bad := range forbidden {
				if imported == bad {
					t.Errorf("%s imports %s", name, bad)
				}
			}
		}
		if strings.HasPrefix(imported, "github.com/spf13/") && name != "cmd/internal/cli" && name != "cmd/internal/docgen" {
			t.Errorf("%s imports %s: only the command line knows cobra", name, imported)
		}
	}
}
