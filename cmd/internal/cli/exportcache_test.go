package cli

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// countingEngine notes what it evaluates.
type countingEngine struct {
	eval.Engine
	mu      sync.Mutex
	entries []string
}

func (e *countingEngine) Evaluate(ctx context.Context, p *eval.Program) (value.Value, diag.List) {
	e.mu.Lock()
	e.entries = append(e.entries, filepath.Base(filepath.Dir(p.Entry)))
	e.mu.Unlock()
	return e.Engine.Evaluate(ctx, p)
}

// exportRun exports all environments of the working folder in a new process, as it were.
func exportRun(t *testing.T, change func(o *ExportOptions)) (evaluated, stdout, stderr string) {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	p := &Process{
		Out: &out, Err: &errs, Dir: filepath.ToSlash(dir), Files: compiler.Files(source.Disk{}),
		Getenv: func(string) (string, bool) { return "", false }, CacheDir: filepath.Join(dir, ".cache"),
	}
	o := ExportOptions{All: true, To: "out", NameTemplate: defaultNameTemplate, Output: "yaml"}
	change(&o)
	namer, err := newNamer(o.NameTemplate, o.Output)
	if err != nil {
		t.Fatal(err)
	}
	engine := &countingEngine{Engine: compiler.Engines()[0]}
	x := &exporter{ExportOptions: o, process: p, namer: namer, options: compiler.Options{Engine: engine, Trace: &errs, KeepUnmatched: true}}
	cache, found := p.openExportCache()
	if len(found) > 0 {
		t.Fatal(found)
	}
	x.cache = cache
	entries, err := p.entries(context.Background(), nil, true, x.options)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.run(context.Background(), entries); err != nil {
		t.Fatal(err)
	}
	if found := x.cache.close(); len(found) > 0 {
		t.Fatal(found)
	}
	slices.Sort(engine.entries)
	return strings.Join(engine.entries, " "), out.String(), errs.String()
}

func asIs(*ExportOptions) {}

func writeTree(t *testing.T, files map[string]string) {
	t.Helper()
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// tankaTree has three environments with a folder each, of which two have one component
// more, and an entry that holds two environments.
func tankaTree(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	configMap := `{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '%s' }, data: { n: '1' } }`
	inline := `{ apiVersion: 'tanka.dev/v1alpha1', kind: 'Environment', metadata: { name: '%s' }, spec: { namespace: 'x' }, data: import 'web.libsonnet' }`
	writeTree(t, map[string]string{
		"jsonnetfile.json":        "{}",
		"lib/web.libsonnet":       fmt.Sprintf(configMap, "web"),
		"lib/db.libsonnet":        fmt.Sprintf(configMap, "db"),
		"envs/one/main.jsonnet":   "std.trace('one', [import 'web.libsonnet'])",
		"envs/one/spec.json":      "{}",
		"envs/two/main.jsonnet":   "std.trace('two', [import 'web.libsonnet', import 'db.libsonnet'])",
		"envs/two/spec.json":      "{}",
		"envs/three/main.jsonnet": "std.trace('three', { web: import 'web.libsonnet', db: import 'db.libsonnet' })",
		"envs/three/spec.json":    "{}",
		"inline/main.jsonnet":     "[" + fmt.Sprintf(inline, "east") + "," + fmt.Sprintf(inline, "west") + "]",
	})
}

// TestOnlyWhatChanged counts the evaluations after edits.
func TestOnlyWhatChanged(t *testing.T) {
	tankaTree(t)
	all, first, trace := exportRun(t, asIs)
	if all != "inline one three two" || strings.Count(first, "written") != 5 || !strings.Contains(trace, "three") {
		t.Fatalf("the first run evaluated %s and said\n%s%s", all, first, trace)
	}
	expect := func(what, want string) {
		t.Helper()
		got, stdout, stderr := exportRun(t, asIs)
		if got != want {
			t.Errorf("%s: evaluated %q, want %q", what, got, want)
		}
		if stderr != trace || strings.Count(stdout, "\n") != 5 {
			t.Errorf("%s: the messages are\n%s%s", what, stdout, stderr)
		}
	}
	expect("nothing changed", "")
	writeTree(t, map[string]string{"lib/db.libsonnet": `{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'db' }, data: { n: '2' } }`})
	expect("an edit of db", "three two")
	expect("nothing changed", "")
	writeTree(t, map[string]string{"envs/one/db.libsonnet": "{}"})
	expect("a file that one never looked for", "")
	writeTree(t, map[string]string{"envs/one/web.libsonnet": `{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' } }`})
	expect("a file that one looked for", "one")
	writeTree(t, map[string]string{"envs/two/spec.json": `{ "spec": { "namespace": "other" } }`})
	expect("two's own settings", "two")
	if got, _, _ := exportRun(t, func(o *ExportOptions) { o.Output = "json"; o.To = "json" }); got != "inline one three two" {
		t.Errorf("another form evaluated %q", got)
	}
	if got, _, _ := exportRun(t, func(o *ExportOptions) { o.To = "elsewhere" }); got != "" {
		t.Errorf("another folder evaluated %q", got)
	}
}

// TestDamagedCache damages what hits need, in several places, and removes all outputs.
func TestDamagedCache(t *testing.T) {
	for _, part := range []float64{0, 0.5, 0.999} {
		tankaTree(t)
		exportRun(t, asIs)
		want := tree(t, "out")
		err := filepath.WalkDir(".cache", func(name string, e fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".entry") {
				return err
			}
			text, err := os.ReadFile(name)
			if err == nil {
				text[int(part*float64(len(text)))] ^= 1
				err = os.WriteFile(name, text, 0o600)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll("out"); err != nil {
			t.Fatal(err)
		}
		if got, _, _ := exportRun(t, asIs); got != "inline one three two" {
			t.Errorf("damage at %v: evaluated %q", part, got)
		}
		if got := tree(t, "out"); got != want {
			t.Errorf("damage at %v: the files are\n%s", part, got)
		}
		if got, _, _ := exportRun(t, asIs); got != "" {
			t.Errorf("damage at %v: not replaced, evaluated %q", part, got)
		}
	}
}

// tree is all files of a folder with their texts.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		fmt.Fprintf(&b, "%s:\n%s\n", name, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWorkersDoNotShow exports with one worker and with many.
func TestWorkersDoNotShow(t *testing.T) {
	var first string
	for _, workers := range []int{1, 2, 8} {
		tankaTree(t)
		before := runtime.GOMAXPROCS(workers)
		_, stdout, stderr := exportRun(t, asIs)
		runtime.GOMAXPROCS(before)
		if all := stdout + stderr + tree(t, "out"); first == "" {
			first = all
		} else if all != first {
			t.Errorf("%d workers give\n%s\nand one gives\n%s", workers, all, first)
		}
	}
}

// TestCacheKey changes one thing at a time.
func TestCacheKey(t *testing.T) {
	type change func(o *ExportOptions, env *app.Environment)
	key := func(c change) string {
		x := &exporter{cache: &exportCache{}}
		env := &app.Environment{Name: "e", Virtual: map[string]*source.File{"tk": source.NewFile("<tk>", "1")}}
		c(&x.ExportOptions, env)
		k, _ := x.cacheKey(env)
		return fmt.Sprintf("%x", k)
	}
	plain := key(func(*ExportOptions, *app.Environment) {})
	for i, c := range []change{
		func(o *ExportOptions, _ *app.Environment) { o.SearchPath = []string{"a"} },
		func(o *ExportOptions, _ *app.Environment) { o.ExtVars = []eval.Binding{{Name: "a"}} },
		func(o *ExportOptions, _ *app.Environment) { o.ExtVars = []eval.Binding{{Name: "a", Text: "\xff"}} },
		func(o *ExportOptions, _ *app.Environment) { o.ExtVars = []eval.Binding{{Name: "a", Text: "\xfe"}} },
		func(o *ExportOptions, _ *app.Environment) { o.TLAs = []eval.Binding{{Name: "a"}} },
		func(o *ExportOptions, _ *app.Environment) { o.TLAs = []eval.Binding{{Name: "a", Kind: eval.BindCode}} },
		func(o *ExportOptions, _ *app.Environment) { o.Engine = "other" },
		func(o *ExportOptions, _ *app.Environment) { o.Targets = []string{"a"} },
		func(o *ExportOptions, _ *app.Environment) { o.Components = []string{"a"} },
		func(o *ExportOptions, _ *app.Environment) { o.NameTemplate = "a" },
		func(o *ExportOptions, _ *app.Environment) { o.Output = "json" },
		func(o *ExportOptions, _ *app.Environment) { o.NoValidate = true },
		func(_ *ExportOptions, e *app.Environment) { e.Name = "f" },
		func(_ *ExportOptions, e *app.Environment) { e.Kubernetes = "1.37" },
		func(_ *ExportOptions, e *app.Environment) { e.Destination.Namespace = "n" },
		func(_ *ExportOptions, e *app.Environment) { e.Labels = map[string]string{"a": "b"} },
		func(_ *ExportOptions, e *app.Environment) { e.Targets = []string{} },
		func(_ *ExportOptions, e *app.Environment) { e.ExtVars = []eval.Binding{{Name: "v"}} },
		func(_ *ExportOptions, e *app.Environment) { e.Virtual["tk"] = source.NewFile("<tk>", "2") },
		func(_ *ExportOptions, e *app.Environment) { e.MaybeInline = true },
	} {
		if key(c) == plain {
			t.Errorf("change %d makes no difference", i)
		}
	}
	one := func(o *ExportOptions, e *app.Environment) { e.MaybeInline = true }
	many := func(o *ExportOptions, e *app.Environment) { e.MaybeInline, o.All = true, true }
	if key(one) == key(many) {
		t.Error("an entry by itself is what it holds")
	}
	same := func(o *ExportOptions, e *app.Environment) {
		o.To, o.Overwrite, o.Environments, e.Span = "x", true, []string{"e"}, source.NewFile("f", "").At(1)
	}
	if key(same) != plain {
		t.Error("where files go to makes a difference")
	}
}
