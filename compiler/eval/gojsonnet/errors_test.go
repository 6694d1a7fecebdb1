package gojsonnet_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/eval/gojsonnet"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// expectation is a comment of a chunk: ### and a quoted regular expression. The error
// is expected on its line.
var expectation = regexp.MustCompile(`### (".*")`)

// TestErrors evaluates the chunks of testdata/errors.jsonnet. Each expects one error,
// as "code: message; hint; data path". An error elsewhere has "in file:line:column: "
// before it, and its expectation stands on the line of the trace's last step, or on
// any line where there is no trace.
func TestErrors(t *testing.T) {
	text, err := os.ReadFile("testdata/errors.jsonnet")
	if err != nil {
		t.Fatal(err)
	}
	chunks := strings.Split(string(text), "\n---\n")
	if len(chunks) < 30 {
		t.Errorf("only %d chunks", len(chunks))
	}
	for _, chunk := range chunks {
		t.Run(strings.SplitN(chunk, "  ###", 2)[0], func(t *testing.T) {
			t.Parallel()
			want, line := expected(t, chunk)
			_, found := gojsonnet.Engine{}.Evaluate(context.Background(), program(chunk))
			if len(found) != 1 {
				t.Fatalf("found %v", found)
			}
			d := found[0]
			got := string(d.Code) + ": " + d.Message + "; " + d.Hint + "; " + d.Path
			if d.Span.File.Name() != "<chunk>" || !d.Span.HasPlace() {
				got = "in " + diag.Location(d.Span) + ": " + got
			} else if at := d.Span.File.Position(d.Span.Start).Line; at != line {
				t.Errorf("on line %d, want %d", at, line)
			}
			if !regexp.MustCompile(want).MatchString(got) {
				t.Errorf("got %s\nwant %s", got, want)
			}
		})
	}
}

func expected(t *testing.T, chunk string) (pattern string, line int) {
	t.Helper()
	at := expectation.FindStringSubmatchIndex(chunk)
	if at == nil {
		t.Fatal("the chunk expects nothing")
	}
	pattern, err := strconv.Unquote(chunk[at[2]:at[3]])
	if err != nil {
		t.Fatal(err)
	}
	return pattern, strings.Count(chunk[:at[0]], "\n") + 1
}

func program(text string) *eval.Program {
	one := func(args []value.Value) (value.Value, error) { return args[0], nil }
	return &eval.Program{
		Files: source.NewSet(source.Disk{}), Snippet: source.NewFile("<chunk>", text), SearchPath: []string{"testdata/lib"},
		ExtVars: []eval.Binding{
			{Name: "broken", Kind: eval.BindCode, Text: ")"},
			{Name: "unbound", Kind: eval.BindCode, Text: "1 + name"},
			{Name: "fails", Kind: eval.BindCode, Text: "error 'inner'"},
			{Name: "missing", Kind: eval.BindStringFile, Text: "nowhere.txt"},
		},
		Natives: []eval.Native{
			{Name: "one", Params: []string{"x"}, Call: one},
			{Name: "fail", Call: func([]value.Value) (value.Value, error) { return value.Null, errors.New("native failure") }},
			{Name: "crash", Call: func([]value.Value) (value.Value, error) { panic("native panic") }},
		},
	}
}

// TestLibraryFrames: an error points at the user's code, and says where in the library
// it came from.
func TestLibraryFrames(t *testing.T) {
	p := program("local lib = import 'lib.libsonnet';\n{ port: lib.checked(70000) }")
	p.IsLibrary = func(name string) bool { return strings.HasPrefix(name, "testdata/lib/") }
	_, found := gojsonnet.Engine{}.Evaluate(context.Background(), p)
	if len(found) != 1 || diag.Location(found[0].Span) != "<chunk>:2:9" {
		t.Fatalf("found %+v", found)
	}
	related := found[0].Related
	if len(related) != 1 || diag.Location(related[0].Span) != "testdata/lib/lib.libsonnet:2:40" {
		t.Errorf("related %+v", related)
	}
	trace := found[0].Trace
	if len(trace) < 2 || diag.Location(trace[0].Span) != "testdata/lib/lib.libsonnet:2:40" || found[0].Path != "port" {
		t.Errorf("trace %+v, path %s", trace, found[0].Path)
	}
}

// TestDeepPath: the data path of an error in endless data is short.
func TestDeepPath(t *testing.T) {
	_, found := gojsonnet.Engine{}.Evaluate(context.Background(), program("local a = { b: a }; a"))
	want := strings.Repeat("b.", 12)
	if len(found) != 1 || found[0].Code != diag.StackLimit || len(found[0].Path) > 100 || !strings.HasPrefix(found[0].Path, want) {
		t.Errorf("found %+v", found)
	}
}

// TestThisFile: std.thisFile and std.trace show paths as jsonnet does.
func TestThisFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "this.jsonnet"), []byte("std.trace('seen', std.thisFile)"), 0o644); err != nil {
		t.Fatal(err)
	}
	name := filepath.ToSlash(dir) + "/sub/..//this.jsonnet"
	var trace strings.Builder
	p := &eval.Program{Files: source.NewSet(source.Disk{}), Entry: name, Trace: &trace}
	v, found := gojsonnet.Engine{}.Evaluate(context.Background(), p)
	if found != nil || v.Str() != name || trace.String() != "TRACE: "+name+":1 seen\n" {
		t.Errorf("%v %v %q", v.Str(), found, trace.String())
	}
	p = program("std.trace('seen', std.thisFile)")
	trace.Reset()
	p.Trace = &trace
	if v, found := (gojsonnet.Engine{}).Evaluate(context.Background(), p); found != nil || v.Str() != "" || trace.String() != "TRACE: <chunk>:1 seen\n" {
		t.Errorf("%v %v %q", v.Str(), found, trace.String())
	}
}

// TestStopped: an evaluation ends with its context.
func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, found := gojsonnet.Engine{}.Evaluate(ctx, program("std.foldl(function(a, x) a + x, std.range(1, 10000000), 0)"))
	if len(found) != 1 || found[0].Code != diag.EvalStopped {
		t.Errorf("found %v", found)
	}
}
