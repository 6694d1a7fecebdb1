package compiler_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// workEngine is an engine that counts what it does.
type workEngine interface {
	Work(ctx context.Context, p *eval.Program, form eval.Form) (eval.Work, error)
}

// workMin is how many programs are counted at least.
const workMin = 100

// TestWork holds what the engine does for each of go-jsonnet's benchmarks and each case
// of testdata/lang against testdata/work.txt. A change there is a change in speed to be
// looked at; -update accepts it.
func TestWork(t *testing.T) {
	engine := compiler.Engines()[0].(workEngine)
	programs, err := filepath.Glob(filepath.Join(moduleDir(t, "github.com/google/go-jsonnet"), "builtin-benchmarks", "*.jsonnet"))
	if err != nil {
		t.Fatal(err)
	}
	lang, err := filepath.Glob("../testdata/lang/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	count := 0
	for _, name := range append(programs, lang...) {
		p := workProgram(t, name)
		for range 2 {
			// A second time, to see that the counts do not depend on what is shared.
			work, err := engine.Work(context.Background(), p, eval.Form{})
			if err != nil {
				break
			}
			fmt.Fprintf(&text, "%s: %d steps, %d calls, %d objects, %d merges, %d layouts, %d bytes\n",
				strings.TrimSuffix(strings.TrimSuffix(filepath.Base(name), ".txtar"), ".jsonnet"),
				work.Steps, work.Calls, work.Objects, work.Merges, work.Layouts, work.Bytes)
			count++
		}
	}
	if count < 2*workMin {
		t.Errorf("%d programs counted, want %d or more", count/2, workMin)
	}
	compareWork(t, text.String())
}

// workProgram is a benchmark's file, or the main program of a case that needs no other.
func workProgram(t *testing.T, name string) *eval.Program {
	t.Helper()
	p := &eval.Program{Files: source.NewSet(source.Disk{}), Entry: filepath.ToSlash(name)}
	if !strings.HasSuffix(name, ".txtar") {
		return p
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, program, _ := strings.Cut(string(data), "-- main.jsonnet --\n")
	program, _, _ = strings.Cut(program, "\n-- ")
	p.Snippet = source.NewFile("main.jsonnet", program)
	return p
}

func compareWork(t *testing.T, got string) {
	t.Helper()
	lines := strings.Split(got, "\n")
	var once strings.Builder
	for i := 0; i+1 < len(lines); i += 2 {
		if lines[i] != lines[i+1] {
			t.Errorf("twice the same program:\n%s\n%s", lines[i], lines[i+1])
		}
		once.WriteString(lines[i] + "\n")
	}
	golden := filepath.Join("testdata", "work.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(once.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Split(string(want), "\n")
	for i, line := range strings.Split(once.String(), "\n") {
		if i >= len(old) || old[i] != line {
			t.Errorf("work is %q, want %q", line, old[min(i, len(old)-1)])
		}
	}
}
