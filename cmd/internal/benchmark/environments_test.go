package main

import (
	"fmt"
	"maps"
	"testing"

	"github.com/google/go-jsonnet"
)

func TestEnvironmentsAreDeterministic(t *testing.T) {
	few, many := environmentFiles(12), environmentFiles(40)
	if !maps.Equal(few, environmentFiles(12)) {
		t.Error("two trees of 12 differ")
	}
	for name, text := range few {
		if many[name] != text {
			t.Errorf("%s depends on the number of environments", name)
		}
	}
	if got, want := len(many)-len(few), 2*28; got != want {
		t.Errorf("28 more environments add %d files, want %d", got, want)
	}
	entries, err := library.ReadDir("tanka")
	if err != nil || len(entries) != len(libraryPaths) {
		t.Errorf("%d files of the library have a place, of %d (%v)", len(libraryPaths), len(entries), err)
	}
}

// TestEnvironmentsEvaluate wants that each kind of environment evaluates, and that no two
// come out alike.
func TestEnvironmentsEvaluate(t *testing.T) {
	files := environmentFiles(12)
	imports := searchPath{}
	for name, text := range files {
		imports[name] = jsonnet.MakeContents(text)
	}
	seen := map[string]string{}
	for _, i := range []int{0, 1, 2, 11} {
		name := environmentOf(i).dir() + "/main.jsonnet"
		vm := jsonnet.MakeVM()
		vm.Importer(imports)
		text, err := vm.EvaluateFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if other := seen[text]; other != "" {
			t.Errorf("%s is %s again", name, other)
		}
		seen[text] = name
	}
}

// searchPath imports from a tree in memory as Tanka does.
type searchPath map[string]jsonnet.Contents

func (p searchPath) Import(_, name string) (jsonnet.Contents, string, error) {
	for _, dir := range []string{"", "lib/", "vendor/"} {
		if text, there := p[dir+name]; there {
			return text, dir + name, nil
		}
	}
	return jsonnet.Contents{}, "", fmt.Errorf("%s is not in the tree", name)
}
