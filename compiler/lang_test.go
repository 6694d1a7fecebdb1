package compiler_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// langMin is how many cases there are at least.
const langMin = 150

// langMain is the file that is evaluated.
const langMain = "main.jsonnet"

// TestLang runs the programs of testdata/lang. Each is a txtar archive: what it is
// about, and perhaps a line `flags: ...` for couplet eval; the files, main.jsonnet
// first; then what comes out. out/json is the output, byte for byte; out/diag is each
// diagnostic's code and place, without one where it is not compared; out/trace is
// what std.trace writes. Whatever else begins with out/ belongs to other tests.
//
// -update rewrites them from the reference engine. Every case is held against
// go-jsonnet's virtual machine as well, so that an update cannot make them wrong.
func TestLang(t *testing.T) {
	names, err := filepath.Glob("../testdata/lang/*.txtar")
	if err != nil || len(names) < langMin {
		t.Fatalf("%d cases, want %d or more: %v", len(names), langMin, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			name, err := filepath.Abs(name)
			if err != nil {
				t.Fatal(err)
			}
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if strings.TrimSpace(string(archive.Comment)) == "" {
				t.Error("it does not say what it is about")
			}
			c, want := newLangArchive(t, archive)
			c.enter(t)
			if *update {
				want = c.evaluate(t, langReference(t))
				setLangResult(archive, want)
				if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			c.check(t, want)
		})
	}
}

// langReference is the engine that the expected results come from.
func langReference(t *testing.T) eval.Engine {
	t.Helper()
	for _, e := range compiler.Engines() {
		if e.Name() == "go-jsonnet" {
			return e
		}
	}
	t.Fatal("there is no reference engine")
	return nil
}

// langCase is a program with its files and flags.
type langCase struct {
	files      []txtar.File
	bindings   map[string][]eval.Binding // by flag: ext or tla
	searchPath []string
	maxStack   int
	mode       string // -S, -m, -y or none
}

// langResult is what becomes of a program.
type langResult struct {
	out   string
	diag  []string // code, and place if there is one
	trace string
}

func newLangArchive(t *testing.T, archive *txtar.Archive) (*langCase, langResult) {
	t.Helper()
	var files []txtar.File
	var want langResult
	for _, f := range archive.Files {
		switch f.Name {
		case "out/json":
			want.out = string(f.Data)
		case "out/diag":
			want.diag = strings.FieldsFunc(string(f.Data), func(r rune) bool { return r == '\n' })
		case "out/trace":
			want.trace = string(f.Data)
		default:
			if !strings.HasPrefix(f.Name, "out/") {
				files = append(files, f)
			}
		}
	}
	if len(files) == 0 || files[0].Name != langMain {
		t.Fatalf("the first file is not %s", langMain)
	}
	flags := ""
	for line := range strings.Lines(string(archive.Comment)) {
		if rest, ok := strings.CutPrefix(line, "flags: "); ok {
			flags = rest
		}
	}
	return newLangCase(t, files, flags), want
}

// setLangResult replaces the results in an archive and keeps the rest.
func setLangResult(archive *txtar.Archive, r langResult) {
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool {
		return f.Name == "out/json" || f.Name == "out/diag" || f.Name == "out/trace"
	})
	add := func(name, text string) {
		if text != "" {
			archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	add("out/json", r.out)
	add("out/diag", strings.Join(append(slices.Clone(r.diag), ""), "\n"))
	add("out/trace", r.trace)
}

// newLangCase reads flags as couplet eval takes them, their values without spaces.
func newLangCase(t *testing.T, files []txtar.File, flags string) *langCase {
	t.Helper()
	c := &langCase{files: files, bindings: map[string][]eval.Binding{}}
	kinds := map[string]eval.BindingKind{
		"str": eval.BindString, "code": eval.BindCode, "str-file": eval.BindStringFile, "code-file": eval.BindCodeFile,
	}
	words := strings.Fields(flags)
	for i := 0; i < len(words); i++ {
		flag := words[i]
		if flag == "-S" || flag == "-m" || flag == "-y" {
			c.mode = flag
			continue
		}
		i++
		if i == len(words) {
			t.Fatalf("flag %s has no value", flag)
		}
		side, kind, isBinding := strings.Cut(strings.TrimPrefix(flag, "--"), "-")
		switch {
		case flag == "-J":
			c.searchPath = slices.Insert(c.searchPath, 0, words[i]) // The last one wins.
		case flag == "-s":
			c.maxStack, _ = strconv.Atoi(words[i])
		case isBinding && (side == "ext" || side == "tla"):
			name, text, _ := strings.Cut(words[i], "=")
			bindingKind, ok := kinds[kind]
			if !ok {
				t.Fatalf("unknown flag %s", flag)
			}
			c.bindings[side] = append(c.bindings[side], eval.Binding{Name: name, Kind: bindingKind, Text: text})
		default:
			t.Fatalf("unknown flag %s", flag)
		}
	}
	return c
}

// enter writes the files to a folder of the test's own and goes there, so that paths
// are the same everywhere.
func (c *langCase) enter(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, f := range c.files {
		if err := os.MkdirAll(filepath.Dir(f.Name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// check compares what is wanted with what go-jsonnet and every engine make of it.
// langDiffers are the cases in which couplet's engine differs on purpose, with the
// section of docs/differences.md that says so. One that no longer differs fails.
var langDiffers = map[string]string{
	"default_cycle":      "Frames",
	"stack_over_call":    "Frames",
	"stack_over_output":  "Frames",
	"stack_over_thunk":   "Frames",
	"sum_infinite":       "Infinity",
	"sum_infinite_used":  "Infinity",
	"tailstrict_default": "Crashes",
}

func (c *langCase) check(t *testing.T, want langResult) {
	t.Helper()
	if want.out == "" && len(want.diag) == 0 {
		t.Error("no result is stated")
	}
	c.compare(t, "go-jsonnet's VM", want.kinds(), c.evaluateVM(t))
	for _, engine := range compiler.Engines() {
		got := c.evaluate(t, engine)
		if _, differs := langDiffers[filepath.Base(t.Name())]; differs && engine.Name() == "couplet" {
			if reflect.DeepEqual(got, want) {
				t.Error("it is listed as a difference and is none")
			}
			continue
		}
		c.compare(t, engine.Name(), want, got)
	}
}

// kinds is the result with nothing of the codes but their kind, which is all that
// go-jsonnet knows.
func (r langResult) kinds() langResult {
	r.diag = slices.Clone(r.diag)
	for i, d := range r.diag {
		code, place, _ := strings.Cut(d, " ")
		r.diag[i] = strings.TrimSpace(code[:min(3, len(code))] + " " + place)
	}
	return r
}

func (c *langCase) compare(t *testing.T, who string, want, got langResult) {
	t.Helper()
	if len(want.diag) == 1 && len(got.diag) > 1 && strings.HasPrefix(got.diag[0], "CP2") {
		got.diag = got.diag[:1] // All that is found before anything runs; go-jsonnet names one.
	}
	for i := range min(len(want.diag), len(got.diag)) {
		if code, _, _ := strings.Cut(got.diag[i], " "); want.diag[i] == code {
			got.diag[i] = code // No place to compare.
		}
	}
	for _, part := range [][3]string{
		{"output", want.out, got.out},
		{"diagnostics", strings.Join(want.diag, "\n"), strings.Join(got.diag, "\n")},
		{"trace", want.trace, got.trace},
	} {
		if diff := gocmp.Diff(part[1], part[2]); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", who, part[0], diff)
		}
	}
}

// evaluate runs the program by an engine.
func (c *langCase) evaluate(t *testing.T, engine eval.Engine) (r langResult) {
	t.Helper()
	var trace bytes.Buffer
	p := &eval.Program{
		Files: compiler.Files(source.Disk{}), Entry: langMain, SearchPath: c.searchPath,
		ExtVars: c.bindings["ext"], TLAs: c.bindings["tla"], MaxStack: c.maxStack, Trace: &trace,
	}
	for _, n := range oracleNatives {
		p.Natives = append(p.Natives, n.ours())
	}
	v, found := engine.Evaluate(context.Background(), p)
	r.trace = trace.String()
	if found.HasErrors() {
		for _, d := range found {
			r.diag = append(r.diag, langDiagnostic(d))
		}
		return r
	}
	r.out = c.render(v)
	return r
}

func langDiagnostic(d diag.Diagnostic) string {
	if !d.Span.HasPlace() {
		return string(d.Code)
	}
	return string(d.Code) + " " + strings.TrimPrefix(bytePlace(d.Span), langMain+":")
}

// render writes a value as couplet eval does, several files each behind its name.
func (c *langCase) render(v value.Value) string {
	json := func(v value.Value) string { return string(emit.AppendJSON(nil, v, emit.Jsonnet)) + "\n" }
	switch c.mode {
	case "-S":
		return v.Str() + "\n"
	case "-m":
		files := map[string]string{}
		for _, f := range v.Fields() {
			files[f.Name] = json(f.Value)
		}
		return langFiles(files)
	case "-y":
		var docs []string
		for _, item := range v.Items() {
			docs = append(docs, json(item))
		}
		return langStream(docs)
	}
	return json(v)
}

func langFiles(files map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&b, "==> %s <==\n%s", name, files[name])
	}
	return b.String()
}

func langStream(docs []string) string {
	return "---\n" + strings.Join(docs, "---\n") + "...\n"
}

// evaluateVM runs the program by go-jsonnet itself.
func (c *langCase) evaluateVM(t *testing.T) (r langResult) {
	t.Helper()
	var trace bytes.Buffer
	out, err := c.runVM(c.vm(&trace))
	r.out, r.trace = out, trace.String()
	if err != nil {
		r.diag = []string{langFailure(err)}
	}
	return r
}

func (c *langCase) vm(trace *bytes.Buffer) *jsonnet.VM {
	vm := jsonnet.MakeVM()
	importer := &jsonnet.FileImporter{JPaths: slices.Clone(c.searchPath)}
	slices.Reverse(importer.JPaths)
	vm.Importer(importer)
	vm.SetTraceOut(trace)
	vm.StringOutput = c.mode == "-S"
	if c.maxStack > 0 {
		vm.MaxStack = c.maxStack
	}
	for side, set := range map[string][2]func(k, v string){"ext": {vm.ExtVar, vm.ExtCode}, "tla": {vm.TLAVar, vm.TLACode}} {
		for _, b := range c.bindings[side] {
			switch b.Kind {
			case eval.BindString:
				set[0](b.Name, b.Text)
			case eval.BindCode:
				set[1](b.Name, b.Text)
			case eval.BindStringFile:
				set[1](b.Name, "importstr @'"+b.Text+"'")
			case eval.BindCodeFile:
				set[1](b.Name, "import @'"+b.Text+"'")
			}
		}
	}
	for _, n := range oracleNatives {
		vm.NativeFunction(n.theirs())
	}
	return vm
}

func (c *langCase) runVM(vm *jsonnet.VM) (string, error) {
	node, _, err := vm.ImportAST("", langMain)
	if err != nil {
		return "", err
	}
	switch c.mode {
	case "-m":
		files, err := vm.EvaluateMulti(node)
		if err != nil {
			return "", err
		}
		return langFiles(files), nil
	case "-y":
		docs, err := vm.EvaluateStream(node)
		if err != nil {
			return "", err
		}
		return langStream(docs), nil
	}
	return vm.Evaluate(node)
}

// langImported is how go-jsonnet writes the place of a static error in an imported
// file, which it turns into text: file:1:2-3 or file:(1:2)-(3:4).
var langImported = regexp.MustCompile(`^([^ :]+):(?:(\d+):(\d+)(?:-\d+)?|\((\d+):(\d+)\)-\(\d+:\d+\)) `)

// langFailure is kind and place of go-jsonnet's error.
func langFailure(err error) string {
	at := func(kind string, loc ast.LocationRange) string {
		return kind + " " + strings.TrimPrefix(locationPlace(loc), langMain+":")
	}
	var static interface{ Loc() ast.LocationRange }
	if errors.As(err, &static) {
		return at("CP2", static.Loc())
	}
	var runtime jsonnet.RuntimeError
	if !errors.As(err, &runtime) {
		return "CP3" // A panic.
	}
	if m := langImported.FindStringSubmatch(runtime.Msg); m != nil {
		return "CP2 " + strings.TrimPrefix(m[1]+":"+cmp.Or(m[2], m[4])+":"+cmp.Or(m[3], m[5]), langMain+":")
	}
	for _, f := range slices.Backward(runtime.StackTrace) {
		if loc := f.Loc; loc.IsSet() && loc.File.DiagnosticFileName != "<std>" {
			return at("CP3", loc)
		}
	}
	return "CP3"
}
