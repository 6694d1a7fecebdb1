package compiler_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// How many programs and places of errors there are at least: a guard against a run
// that finds nothing to compare.
const (
	oracleMin    = 700
	oraclePlaces = 200
)

// TestOracle evaluates go-jsonnet's own test programs with every engine and with
// go-jsonnet's virtual machine. The emitted bytes must be equal; where go-jsonnet
// fails, an engine must fail with an error of the same kind at the same place.
func TestOracle(t *testing.T) {
	dir := filepath.Join(moduleDir(t, "github.com/google/go-jsonnet"), "testdata")
	programs, err := filepath.Glob(filepath.Join(dir, "*.jsonnet"))
	if err != nil || len(programs) < oracleMin {
		t.Fatalf("%d programs, want %d or more: %v", len(programs), oracleMin, err)
	}
	for _, engine := range compiler.Engines() {
		var places atomic.Int32
		t.Run(engine.Name(), func(t *testing.T) {
			for _, name := range programs {
				stem := strings.TrimSuffix(filepath.Base(name), ".jsonnet")
				t.Run(stem, func(t *testing.T) {
					t.Parallel()
					places.Add(compareWithOracle(t, engine, newOracleCase(stem, name)))
				})
			}
		})
		if places.Load() < oraclePlaces {
			t.Errorf("%d places of errors compared, want %d or more", places.Load(), oraclePlaces)
		}
	}
}

func moduleDir(t testing.TB, module string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	dir := strings.TrimSpace(string(out))
	if err != nil || dir == "" {
		t.Fatalf("where is %s? %v", module, err)
	}
	return dir
}

// oracleCase is one program with what go-jsonnet's own test gives it.
type oracleCase struct {
	file    string
	extVars []eval.Binding
}

func newOracleCase(stem, file string) oracleCase {
	c := oracleCase{file: file}
	if strings.HasPrefix(stem, "extvar_") {
		c.extVars = oracleExtVars
	}
	return c
}

var oracleExtVars = []eval.Binding{
	{Name: "stringVar", Kind: eval.BindString, Text: "2 + 2"},
	{Name: "codeVar", Kind: eval.BindCode, Text: "3 + 3"},
	{Name: "errorVar", Kind: eval.BindCode, Text: "error 'xxx'"},
	{Name: "staticErrorVar", Kind: eval.BindCode, Text: ")"},
	{Name: "UndeclaredX", Kind: eval.BindCode, Text: "x"},
	{Name: "selfRecursiveVar", Kind: eval.BindCode, Text: `[42, std.extVar("selfRecursiveVar")[0] + 1]`},
	{Name: "mutuallyRecursiveVar1", Kind: eval.BindCode, Text: `[42, std.extVar("mutuallyRecursiveVar2")[0] + 1]`},
	{Name: "mutuallyRecursiveVar2", Kind: eval.BindCode, Text: `[42, std.extVar("mutuallyRecursiveVar1")[0] + 1]`},
}

// oracleNative is a native function for both sides.
type oracleNative struct {
	name   string
	params []string
	call   func(args []any) (any, error)
}

var oracleNatives = []oracleNative{
	{"jsonToString", []string{"x"}, func(args []any) (any, error) {
		text, err := json.Marshal(args[0])
		return string(text), err
	}},
	{"nativeError", nil, func([]any) (any, error) { return nil, errors.New("native function error") }},
	{"nativePanic", nil, func([]any) (any, error) { panic("native function panic") }},
}

func (n oracleNative) ours() eval.Native {
	return eval.Native{Name: n.name, Params: n.params, Call: func(args []value.Value) (value.Value, error) {
		given := make([]any, len(args))
		for i, arg := range args {
			given[i] = arg.ToGo()
		}
		result, err := n.call(given)
		return value.FromGo(result), err
	}}
}

func (n oracleNative) theirs() *jsonnet.NativeFunction {
	f := &jsonnet.NativeFunction{Name: n.name, Func: n.call}
	for _, name := range n.params {
		f.Params = append(f.Params, ast.Identifier(name))
	}
	return f
}

func (c oracleCase) program() *eval.Program {
	p := &eval.Program{
		Files: compiler.Files(source.Disk{}), Entry: filepath.ToSlash(c.file), ExtVars: c.extVars,
	}
	for _, n := range oracleNatives {
		p.Natives = append(p.Natives, n.ours())
	}
	return p
}

func (c oracleCase) vm() *jsonnet.VM {
	vm := jsonnet.MakeVM()
	vm.Importer(&jsonnet.FileImporter{})
	vm.SetTraceOut(discard{})
	for _, b := range c.extVars {
		if b.Kind == eval.BindCode {
			vm.ExtCode(b.Name, b.Text)
		} else {
			vm.ExtVar(b.Name, b.Text)
		}
	}
	for _, n := range oracleNatives {
		vm.NativeFunction(n.theirs())
	}
	return vm
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// compareWithOracle gives the number of compared places of errors.
func compareWithOracle(t *testing.T, engine eval.Engine, c oracleCase) int32 {
	want, failure := c.vm().EvaluateFile(c.file)
	got, found := engine.Evaluate(context.Background(), c.program())
	switch {
	case failure != nil && !found.HasErrors():
		t.Fatalf("go-jsonnet fails, we do not: %v", failure)
	case failure == nil && found.HasErrors():
		t.Fatalf("go-jsonnet does not fail, we do: %v", found)
	case failure != nil:
		return compareFailure(t, c.failure(t), found)
	}
	if text := string(emit.AppendJSON(nil, got, emit.Jsonnet)) + "\n"; text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if got.Kind() == value.KindString {
		vm := c.vm()
		vm.StringOutput = true
		if plain, err := vm.EvaluateFile(c.file); err != nil || plain != got.Str()+"\n" {
			t.Errorf("as plain text: got\n%s\nwant\n%s (%v)", got.Str(), plain, err)
		}
	}
	return 0
}

// oracleFailure is what go-jsonnet says of a failing program: CP2 for what it finds
// before the evaluation, CP3 for the rest, and where.
type oracleFailure struct {
	kind  string
	place string // file:line:column, the column in bytes; "" where it names none
}

// failure evaluates once more by the functions of go-jsonnet that give its errors as
// values.
func (c oracleCase) failure(t *testing.T) oracleFailure {
	t.Helper()
	vm := c.vm()
	node, _, err := vm.ImportAST("", c.file)
	if err == nil {
		_, err = vm.Evaluate(node)
	}
	var static interface{ Loc() ast.LocationRange }
	if errors.As(err, &static) {
		return oracleFailure{kind: "CP2", place: locationPlace(static.Loc())}
	}
	var runtime jsonnet.RuntimeError
	if !errors.As(err, &runtime) {
		return oracleFailure{kind: "CP3"} // A panic.
	}
	if m := importedStatic.FindStringSubmatch(runtime.Msg); m != nil {
		return oracleFailure{kind: "CP2", place: m[1] + ":" + cmp.Or(m[2], m[4]) + ":" + cmp.Or(m[3], m[5])}
	}
	for i := len(runtime.StackTrace) - 1; i >= 0; i-- {
		if loc := runtime.StackTrace[i].Loc; loc.IsSet() && loc.File.DiagnosticFileName != "<std>" {
			return oracleFailure{kind: "CP3", place: locationPlace(loc)}
		}
	}
	return oracleFailure{kind: "CP3"}
}

// importedStatic is how go-jsonnet writes the place of a static error in an imported
// file, which it turns into text: file:1:2-3 or file:(1:2)-(3:4).
var importedStatic = regexp.MustCompile(`^(/.*?):(?:(\d+):(\d+)(?:-\d+)?|\((\d+):(\d+)\)-\(\d+:\d+\)) `)

func compareFailure(t *testing.T, want oracleFailure, found diag.List) int32 {
	if len(found) != 1 {
		t.Fatalf("%d findings, want 1: %v", len(found), found)
	}
	d := found[0]
	if !strings.HasPrefix(string(d.Code), want.kind) {
		t.Errorf("code %s, want %s: %s", d.Code, want.kind, d.Message)
	}
	if strings.TrimSpace(d.Message) == "" || strings.Contains(d.Message, "go-jsonnet failed") {
		t.Errorf("the message is %q", d.Message)
	}
	if want.place == "" {
		return 0
	}
	if got := bytePlace(d.Span); got != want.place {
		t.Errorf("at %s, want %s: %s", got, want.place, d.Message)
	}
	return 1
}

// locationPlace is the start of a location as file:line:column.
func locationPlace(loc ast.LocationRange) string {
	return fmt.Sprintf("%s:%d:%d", loc.File.DiagnosticFileName, loc.Begin.Line, loc.Begin.Column)
}

// bytePlace is the start of a span in the same form.
func bytePlace(s source.Span) string {
	if !s.HasPlace() {
		return diag.Location(s)
	}
	line := s.File.Position(s.Start).Line
	start := s.File.Offset(source.Position{Line: line, Column: 1})
	return s.File.Name() + ":" + strconv.Itoa(line) + ":" + strconv.Itoa(s.Start-start+1)
}
