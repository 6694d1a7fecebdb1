package compiler_test

import (
	"context"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// counting counts the evaluations of an engine that traces.
type counting struct {
	eval.Machines
	plain, traced *int
}

func (c counting) Evaluate(ctx context.Context, p *eval.Program) (value.Value, diag.List) {
	*c.plain++
	return c.Machines.Evaluate(ctx, p)
}

func (c counting) Tracked(ctx context.Context, p *eval.Program) (value.Value, *eval.Provenance, diag.List) {
	*c.traced++
	return c.Machines.Tracked(ctx, p)
}

// compileText compiles a jsonnet file, and counts the evaluations.
func compileText(t *testing.T, text string, opts compiler.Options) (found diag.List, plain, traced int) {
	t.Helper()
	opts.Engine = counting{compiler.Engines()[0].(eval.Machines), &plain, &traced}
	files := compiler.Files(overlay{source.Disk{}, "x.jsonnet", text})
	env := &app.Environment{Name: "x", Layout: app.Bare, Entry: "x.jsonnet", Dir: ".", Kubernetes: "1.37"}
	_, found = compiler.Compile(context.Background(), files, env, opts)
	return found, plain, traced
}

// TestTracedOnce: a run that finds nothing in the objects does not trace, one that does
// traces once, and one that fails to evaluate does neither.
func TestTracedOnce(t *testing.T) {
	config := `{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { n: `
	for _, test := range []struct {
		text          string
		opts          compiler.Options
		plain, traced int
		place         string
	}{
		{config + `'1' } }`, compiler.Options{Check: true}, 1, 0, ""},
		{config + `1 } }`, compiler.Options{}, 1, 0, ""},
		{config + `1 } }`, compiler.Options{Check: true}, 1, 1, "x.jsonnet:1:76"},
		{config + `1 } }`, compiler.Options{Check: true, Provenance: true}, 0, 1, "x.jsonnet:1:76"},
		{config + `error 'x' } }`, compiler.Options{Check: true}, 1, 0, "x.jsonnet:1:76"},
		{`{ a: { b: 'stray' } }`, compiler.Options{}, 1, 1, "x.jsonnet:1:11"},
		{"local c = " + config + "'1' } };\n[c,\n c]", compiler.Options{}, 1, 1, "x.jsonnet:1:11"},
	} {
		found, plain, traced := compileText(t, test.text, test.opts)
		if plain != test.plain || traced != test.traced {
			t.Errorf("%s: %d evaluations and %d traced ones, want %d and %d", test.text, plain, traced, test.plain, test.traced)
		}
		var places []string
		for _, d := range found {
			places = append(places, diag.Location(d.Span))
		}
		if got := strings.Join(places, " "); got != test.place {
			t.Errorf("%s: findings at %q, want %q", test.text, got, test.place)
		}
	}
}

// TestTraceWrittenOnce: what std.trace writes is not written again.
func TestTraceWrittenOnce(t *testing.T) {
	var trace strings.Builder
	found, _, traced := compileText(t, `{ a: std.trace('here', 'stray') }`, compiler.Options{Trace: &trace})
	if !found.HasErrors() || traced != 1 || strings.Count(trace.String(), "here") != 1 {
		t.Errorf("%d traced, %q, %v", traced, trace.String(), found)
	}
}

// TestInlineTraced: the objects of an inline Tanka environment have places, too.
func TestInlineTraced(t *testing.T) {
	t.Chdir(unpacked(t, "testdata/inline.txtar"))
	finder := app.Finder{Files: compiler.Files(source.Disk{}), Dir: "."}
	tree, found := finder.App()
	if found.HasErrors() {
		t.Fatal(found)
	}
	tree, found = compiler.Expand(context.Background(), finder.Files, tree, compiler.Options{})
	if found.HasErrors() || len(tree.Environments) != 2 {
		t.Fatal(tree, found)
	}
	for i, want := range []string{"environments/all/main.jsonnet:8:90", "environments/all/main.jsonnet:8:90"} {
		b, found := compiler.Compile(context.Background(), finder.Files, tree.Environments[i], compiler.Options{})
		if found.HasErrors() {
			t.Fatal(found)
		}
		_, found = compiler.Validate(context.Background(), finder.Files, b, compiler.Options{})
		if len(found) != 1 || diag.Location(found[0].Span) != want {
			t.Errorf("%s: %v at %s, want it at %s", b.Environment.Name, found, diag.Location(found[0].Span), want)
		}
	}
}
