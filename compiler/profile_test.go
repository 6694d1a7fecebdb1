package compiler_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/profile"
	"github.com/couplet-k8s/couplet/compiler/source"
)

const profiledProgram = `local fib(n) =
  if n < 2 then n else fib(n - 1) + fib(n - 2);
local squares = std.map(
  function(x) x * x,
  std.range(1, 10),
);
local late = import 'vendor/github.com/acme/lib/late.libsonnet';
{
  data: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'data' }, data: {
    fib: '%d' % fib(10),
    squares: std.toString(squares),
    parsed: std.toString(std.native('parseJson')('[1]')),
    [if late.fails then 'late']: late.value,
  } },
  broken: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: fail('broken') } },
  after: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'after' + fib(1) } },
  local fail(x) = std.map(function(y) error y, [x])[0],
}
`

// ticks is a clock that goes on by one each time that it is read, so that a profile is
// the same in every run.
func ticks() func() int {
	now := 0
	return func() int {
		now++
		return now
	}
}

// seconds is a clock that tells the time.
func seconds() func() int {
	start := time.Now()
	return func() int { return int(time.Since(start)) }
}

// profileOf profiles a program that imports a library.
func profileOf(t *testing.T, program string, clock func() int, targets ...string) (profile.Report, []byte) {
	t.Helper()
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("main.jsonnet", program)
	write("vendor/github.com/acme/lib/late.libsonnet", "local count(n) = if n > 0 then count(n - 1) else 'done';\n{ fails: true, value: count(4) }\n")
	files := compiler.Files(source.Disk{})
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	env, found := app.Finder{Files: files, Dir: filepath.ToSlash(dir)}.Environment("main.jsonnet")
	if found.HasErrors() {
		t.Fatal(found)
	}
	selected, err := object.ParseTargets(targets)
	if err != nil {
		t.Fatal(err)
	}
	r := profile.NewRecorder(clock, ticks())
	b, found := compiler.Compile(context.Background(), files, env, compiler.Options{Profile: r, Targets: selected})
	if b == nil {
		t.Fatal(found)
	}
	r.Lap(profile.Emit)
	return r.Report(env.Name, app.IsLibrary), r.Pprof()
}

func lineOf(t *testing.T, r profile.Report, file string, n int) profile.Line {
	t.Helper()
	i := slices.IndexFunc(r.Lines, func(l profile.Line) bool { return l.File == file && l.Line == n })
	if i < 0 {
		t.Fatalf("%s:%d is in no profile: %+v", file, n, r.Lines)
	}
	return r.Lines[i]
}

func groupOf(t *testing.T, groups []profile.Group, name string) profile.Group {
	t.Helper()
	i := slices.IndexFunc(groups, func(g profile.Group) bool { return g.Name == name })
	if i < 0 {
		t.Fatalf("%s is in no profile: %+v", name, groups)
	}
	return groups[i]
}

// TestProfileCounts: calls are exact.
func TestProfileCounts(t *testing.T) {
	r, _ := profileOf(t, profiledProgram, ticks(), "configmap/(data|after1)")
	const fibs = 177 + 1 // fib(10) and fib(1), each with all that it calls
	lib := "vendor/github.com/acme/lib/late.libsonnet"
	for _, c := range []struct {
		file        string
		line, calls int
	}{{"main.jsonnet", 2, fibs}, {"main.jsonnet", 4, 10}, {"main.jsonnet", 3, 1}, {"main.jsonnet", 10, 1}, {lib, 1, 5}, {lib, 2, 1}} {
		l := lineOf(t, r, c.file, c.line)
		if l.Calls != c.calls {
			t.Errorf("%s:%d %s: %d calls, want %d", c.file, c.line, l.Source, l.Calls, c.calls)
		}
	}
	for name, calls := range map[string]int{
		"function <fib> main.jsonnet:1": fibs, "function <anonymous> main.jsonnet:4": 10,
		"std.range": 1, "native parseJson": 1, "function <count> " + lib + ":1": 5,
	} {
		if g := groupOf(t, r.Functions, name); g.Calls != calls {
			t.Errorf("%s: %d calls, want %d", name, g.Calls, calls)
		}
	}
	for _, name := range []string{"(own code)", "std", "native", "github.com/acme/lib"} {
		groupOf(t, r.Libraries, name)
	}
}

// TestProfileSums: nothing is lost and nothing counted twice.
func TestProfileSums(t *testing.T) {
	r, _ := profileOf(t, profiledProgram, ticks(), "configmap/data")
	var phases profile.Cost
	evaluate := 0
	for _, p := range r.Phases {
		phases.Nanoseconds += p.Cost.Nanoseconds
		phases.Bytes += p.Cost.Bytes
		phases.Steps += p.Cost.Steps
		if p.Name == profile.Evaluate {
			evaluate = p.Cost.Nanoseconds
		}
		if p.Cost.Nanoseconds < 0 || p.Cost.Bytes < 0 {
			t.Errorf("phase %s costs %+v", p.Name, p.Cost)
		}
	}
	if phases != r.Total {
		t.Errorf("the phases add up to %+v, the total is %+v", phases, r.Total)
	}
	var lines profile.Cost
	for _, l := range r.Lines {
		lines.Nanoseconds += l.Self.Nanoseconds
		lines.Steps += l.Self.Steps
		if l.Cumulative.Nanoseconds < l.Self.Nanoseconds || l.Cumulative.Nanoseconds > evaluate {
			t.Errorf("%s:%d: of %d, itself %+v and in all %+v", l.File, l.Line, evaluate, l.Self, l.Cumulative)
		}
	}
	for what, groups := range map[string][]profile.Group{"functions": r.Functions, "files": r.Files, "libraries": r.Libraries} {
		var sum profile.Cost
		for _, g := range groups {
			sum.Nanoseconds += g.Self.Nanoseconds
			sum.Steps += g.Self.Steps
		}
		if sum.Nanoseconds != lines.Nanoseconds || sum.Steps != lines.Steps {
			t.Errorf("%s cost %+v, lines %+v", what, sum, lines)
		}
	}
	// Besides the code there is only the making of the machine.
	const machine = 4
	if lines.Nanoseconds > evaluate || lines.Nanoseconds < evaluate-machine {
		t.Errorf("the lines take %d, evaluation takes %d", lines.Nanoseconds, evaluate)
	}
}

// TestProfileAgain: with a clock of its own a profile is always the same.
func TestProfileAgain(t *testing.T) {
	_, first := profileOf(t, profiledProgram, ticks(), "configmap/data")
	_, second := profileOf(t, profiledProgram, ticks(), "configmap/data")
	if !bytes.Equal(first, second) {
		t.Error("two profiles of one program differ")
	}
}

// TestProfileAfterFailure: what failed and was left out has no part in what comes after.
func TestProfileAfterFailure(t *testing.T) {
	r, _ := profileOf(t, profiledProgram, ticks(), "configmap/after1")
	if g := groupOf(t, r.Functions, "function <fail> main.jsonnet:17"); g.Calls != 1 {
		t.Fatalf("%+v", g)
	}
	failed, after := groupOf(t, r.Functions, "std.map"), groupOf(t, r.Functions, "function <fib> main.jsonnet:1")
	if after.Calls != 1 || failed.Cumulative.Steps > 12 {
		t.Errorf("a failure was charged with what came after it: %+v; %+v", failed, after)
	}
	for _, l := range r.Lines {
		if l.Line == 15 && l.Cumulative.Steps > 20 {
			t.Errorf("%+v", l)
		}
	}
}

// TestProfileHot: what takes long comes out on top, be it many calls or a long one of a
// function of std.
func TestProfileHot(t *testing.T) {
	for name, program := range map[string]string{
		"calls": "local cold(n) = n + 1;\nlocal hot(n) = std.foldl(\n  function(a, b) std.length(std.toString(a * 7 + b)) + std.length(std.toString(b * 3)),\n  std.range(1, n), 0);\n" +
			"std.map(cold, std.range(1, 100))[5] + hot(100000)",
		"std": "local cold(n) = n + 1;\nlocal text = std.repeat(\n 'x', 3000000);\nlocal hot(n) =\n  std.length(std.sha3(text) + std.sha512(text) + std.sha3(text + text));\n" +
			"std.map(cold, std.range(1, 100))[5] + hot(1)",
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := profileOf(t, "{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' + ("+program+") } }", seconds())
			want := map[string]int{"calls": 3, "std": 5}[name]
			if top := r.Lines[0]; top.Line != want {
				t.Errorf("line %d is on top, want %d: %+v", top.Line, want, r.Lines[:3])
			}
		})
	}
}

// TestProfileChangesNothing: a machine with a profile does the same work.
func TestProfileChangesNothing(t *testing.T) {
	engine := compiler.Engines()[0].(workEngine)
	lang, err := filepath.Glob("../testdata/lang/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	programs, err := filepath.Glob(filepath.Join(moduleDir(t, "github.com/google/go-jsonnet"), "testdata", "*.jsonnet"))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, name := range append(programs, lang...) {
		plain, err := engine.Work(context.Background(), workProgram(t, name), eval.Form{})
		p := workProgram(t, name)
		p.Profile = &eval.Profile{Now: ticks(), Allocated: ticks()}
		profiled, failed := engine.Work(context.Background(), p, eval.Form{})
		if fmt.Sprint(err) != fmt.Sprint(failed) {
			t.Errorf("%s: %v; with a profile: %v", name, err, failed)
		}
		if !reflect.DeepEqual(plain, profiled) {
			t.Errorf("%s: %+v; with a profile: %+v", name, plain, profiled)
		}
		compared++
	}
	if compared < 300 {
		t.Errorf("%d programs compared", compared)
	}
}

// TestPprof: Go's own tool reads the profile.
func TestPprof(t *testing.T) {
	_, pprof := profileOf(t, profiledProgram, ticks(), "configmap/data")
	file := filepath.Join(t.TempDir(), "p.pb.gz")
	if err := os.WriteFile(file, pprof, 0o644); err != nil {
		t.Fatal(err)
	}
	for index, want := range map[string][]string{
		"calls":       {"Type: calls", "178 ", "function <fib> main.jsonnet:1", "std.toString"},
		"time":        {"Type: time", "parse main.jsonnet", "find objects", "std.range"},
		"steps":       {"Type: steps", "function <fib> main.jsonnet:1"},
		"alloc_space": {"Type: alloc_space"},
	} {
		out, err := exec.Command("go", "tool", "pprof", "-top", "-nodefraction=0", "-sample_index="+index, file).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, text := range want {
			if !strings.Contains(string(out), text) {
				t.Errorf("%s: %q is missing in\n%s", index, text, out)
			}
		}
	}
	out, err := exec.Command("go", "tool", "pprof", "-traces", "-lines", file).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "main.jsonnet:2") {
		t.Errorf("%v: no line in\n%s", err, out)
	}
}
