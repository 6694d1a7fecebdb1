package compiler_test

import (
	"context"
	"os"
	"testing"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// BenchmarkProvenance evaluates kube-prometheus, whose checkout KUBE_PROMETHEUS names,
// with provenance and without.
func BenchmarkProvenance(b *testing.B) {
	dir := os.Getenv("KUBE_PROMETHEUS")
	if dir == "" {
		b.Skip("KUBE_PROMETHEUS names no checkout: see make kube-prometheus")
	}
	b.Chdir(dir)
	engine := compiler.Engines()[0].(eval.Machines)
	program := func() *eval.Program {
		return &eval.Program{Files: source.NewSet(source.Disk{}), Entry: "example.jsonnet", SearchPath: []string{"vendor"}}
	}
	b.Run("provenance=off", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, found := engine.Evaluate(context.Background(), program()); found.HasErrors() {
				b.Fatal(found)
			}
		}
	})
	b.Run("provenance=on", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, found := engine.Tracked(context.Background(), program()); found.HasErrors() {
				b.Fatal(found)
			}
		}
	})
}
