package compiler_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	jsonnet "github.com/google/go-jsonnet"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// TestKubePrometheus holds a checkout of kube-prometheus with its vendor folder
// against go-jsonnet: make kube-prometheus KUBE_PROMETHEUS=DIR.
func TestKubePrometheus(t *testing.T) {
	dir := os.Getenv("KUBE_PROMETHEUS")
	if dir == "" {
		t.Skip("KUBE_PROMETHEUS names no checkout; its sources stay outside this repository")
	}
	t.Chdir(dir)
	vm := jsonnet.MakeVM()
	vm.Importer(&jsonnet.FileImporter{JPaths: []string{"vendor"}})
	want, err := vm.EvaluateFile("example.jsonnet")
	if err != nil {
		t.Fatal(err)
	}
	files := compiler.Files(source.Disk{})
	v, found := compiler.Engines()[0].Evaluate(context.Background(), &eval.Program{
		Files: files, Entry: "example.jsonnet", SearchPath: []string{"vendor"},
	})
	if found.HasErrors() {
		t.Fatal(found)
	}
	if got := string(emit.AppendJSON(nil, v, emit.Jsonnet)) + "\n"; got != want {
		t.Error("eval: the bytes differ from go-jsonnet's")
	}

	abs, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	env, found := app.Finder{Files: files, Dir: filepath.ToSlash(abs)}.Environment("example.jsonnet")
	if found.HasErrors() {
		t.Fatal(found)
	}
	b, found := compiler.Compile(context.Background(), files, env, compiler.Options{})
	if len(found) > 0 {
		t.Fatal(found)
	}
	sameObjects(t, v, b.Objects)
	docs, found := decode.YAML(source.NewFile("assembly.yaml", assembly(t, b)))
	if len(found) > 0 || len(docs) != len(b.Objects) {
		t.Fatal(len(docs), found)
	}
	for i, o := range b.Objects {
		if !value.Equal(docs[i], o.Value) {
			t.Errorf("%s reads back differently", o.Identity())
		}
	}
	checked, found := compiler.Check(b)
	for _, d := range found {
		t.Errorf("%s %s %s", d.Code, d.Object, d.Message)
	}
	t.Logf("%d objects, %d valid, %d without a schema", checked.Objects, checked.Valid, checked.Unknown)
	if checked.Unknown != 0 || checked.Valid != checked.Objects {
		t.Error("an object was not checked, or is not valid")
	}
}

// sameObjects asserts that a bundle holds just the objects of a value, unchanged.
func sameObjects(t *testing.T, v value.Value, got []object.Object) {
	t.Helper()
	want, found := object.Extract(v, object.Source{})
	if found.HasErrors() || len(want) == 0 {
		t.Fatal(len(want), found)
	}
	byID := map[object.Identity]value.Value{}
	for _, o := range want {
		byID[o.Identity()] = o.Value
	}
	if len(got) != len(want) || len(byID) != len(want) {
		t.Fatalf("%d objects, want %d", len(got), len(want))
	}
	for _, o := range got {
		if !value.Equal(o.Value, byID[o.Identity()]) {
			t.Errorf("%s differs", o.Identity())
		}
	}
}
