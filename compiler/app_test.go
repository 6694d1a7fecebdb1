package compiler_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	jsonnet "github.com/google/go-jsonnet"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// update rewrites testdata/assembly: go test ./compiler -update.
var update = flag.Bool("update", false, "rewrite the expected assemblies")

// ownApp compiles every environment of this repository's own app.
func ownApp(t *testing.T) []*bundle.Bundle {
	t.Helper()
	t.Chdir("..")
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	files := compiler.Files(source.Disk{})
	a, found := app.Finder{Files: files, Dir: filepath.ToSlash(root)}.App()
	if found.HasErrors() {
		t.Fatal(found)
	}
	var bundles []*bundle.Bundle
	for _, r := range compiler.CompileAll(context.Background(), files, a.Environments, compiler.Options{Check: true}, func() {}) {
		if len(r.Found) > 0 {
			t.Fatal(r.Found)
		}
		bundles = append(bundles, r.Bundle)
	}
	return bundles
}

// assembly is a bundle's YAML.
func assembly(t *testing.T, b *bundle.Bundle) string {
	t.Helper()
	var text strings.Builder
	if err := b.WriteYAML(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// TestAssembly compares the repository's own environments with their goldens.
func TestAssembly(t *testing.T) {
	bundles := ownApp(t)
	if len(bundles) < 3 {
		t.Fatalf("%d environments", len(bundles))
	}
	for _, b := range bundles {
		golden := filepath.Join("testdata", "assembly", b.Environment.Name+".yaml")
		if *update {
			if err := os.WriteFile(golden, []byte(assembly(t, b)), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), assembly(t, b)); diff != "" {
			t.Errorf("%s (-want +got, make golden rewrites):\n%s", golden, diff)
		}
		checked, found := compiler.Check(b)
		if found.HasErrors() || checked.Valid+checked.Unknown != checked.Objects {
			t.Errorf("%s: %+v %v", b.Environment.Name, checked, found)
		}
	}
}

// TestNoLockIn renders the environments as a stock jsonnet does, with nothing but its
// search path, and expects the objects that couplet renders, before namespace and
// labels and selection by targets.
func TestNoLockIn(t *testing.T) {
	for _, b := range ownApp(t) {
		env := b.Environment
		vm := jsonnet.MakeVM()
		vm.Importer(&jsonnet.FileImporter{JPaths: []string{"vendor", "lib"}})
		text, err := vm.EvaluateFile(env.Entry)
		if err != nil {
			t.Fatal(err)
		}
		v, found := decode.JSON(source.NewFile(env.Entry, text))
		if found.HasErrors() {
			t.Fatal(found)
		}
		stock, found := object.Extract(v, object.Source{})
		if found.HasErrors() {
			t.Fatal(found)
		}
		compareStock(t, env, stock, b.Objects)
	}
}

// compareStock undoes on the compiled objects what couplet adds, and expects the rest
// to be there and the same.
func compareStock(t *testing.T, env *app.Environment, stock, compiled []object.Object) {
	t.Helper()
	byPath := map[string]value.Value{}
	targeted := 0
	for _, o := range stock {
		byPath[o.Path] = o.Value
		if env.Targets == nil || strings.Contains(" "+strings.Join(env.Targets, " ")+" ", " "+o.Component+" ") {
			targeted++
		}
	}
	if len(compiled) != targeted || targeted == 0 {
		t.Errorf("%s: %d objects, stock jsonnet has %d of the targeted components", env.Name, len(compiled), targeted)
	}
	for _, o := range compiled {
		want := byPath[o.Path]
		got := o
		for _, member := range []string{"namespace", "labels"} {
			if own := want.Get("metadata", member); own.IsNull() {
				got.Value = got.Value.With("metadata", got.Value.Get("metadata").Without(member))
			} else {
				got = got.WithMetadata(member, own)
			}
		}
		if !value.Equal(got.Value, want) {
			t.Errorf("%s: %s differs from stock jsonnet's", env.Name, o.Identity())
		}
	}
}

// TestWorkers expects the same bytes whatever the order in which environments are
// compiled.
func TestWorkers(t *testing.T) {
	first := ownApp(t)
	t.Chdir("compiler")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for i, b := range ownApp(t) {
		if assembly(t, b) != assembly(t, first[i]) {
			t.Errorf("%s differs from run to run", b.Environment.Name)
		}
	}
}
