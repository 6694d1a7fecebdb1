package compiler_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"time"
	"unsafe"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/internal/generate"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/std"
)

// fuzzEngine is the engine that is held against go-jsonnet.
var fuzzEngine eval.Engine = eval.NewEngine(eval.NewLibrary(std.Builtins()))

// Bounds of one evaluation. Steps are evaluated expressions of go-jsonnet, about 0.2 s
// of them, so that the same programs are skipped on every machine; the times are for
// what never ends.
const (
	fuzzSteps    = 200_000
	fuzzOurSteps = 20 * fuzzSteps
	fuzzTime     = 10 * time.Second
	fuzzBytes    = 256 << 20
)

// outcome is what an engine makes of a program.
type outcome struct {
	Kind    string // "value", "CP2", "CP3", "crash" or "skip"
	Code    string // of our diagnostic
	Text    string // of the value
	Trace   string
	Place   string   // file:line:column of the failure, "" for none
	Places  []string // of all our diagnostics
	Message string
}

func (o outcome) String() string {
	if o.Kind == "value" {
		return o.Text + o.Trace
	}
	return fmt.Sprintf("%s at %s: %s", cmp.Or(o.Code, o.Kind), o.Place, o.Message)
}

// tree is the files of one program above those of the corpora.
type tree struct {
	program generate.Program
	base    map[string]string
	read    map[string]string // what was read of base, where that is asked for
}

func (t tree) text(name string) (string, bool) {
	for _, f := range t.program.Files {
		if f.Path == name {
			return f.Text, true
		}
	}
	text, ok := t.base[name]
	if ok && t.read != nil {
		t.read[name] = text
	}
	return text, ok
}

// ReadFile implements source.FS.
func (t tree) ReadFile(name string) ([]byte, error) {
	text, ok := t.text(name)
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return []byte(text), nil
}

// Stat implements source.FS. Engines do not ask.
func (tree) Stat(name string) (fs.FileInfo, error) {
	return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}

// ReadDir implements source.FS. Engines do not ask.
func (tree) ReadDir(name string) ([]fs.DirEntry, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ours evaluates a program with an engine of couplet's.
func (t tree) ours(engine eval.Engine) (o outcome) {
	defer func() {
		if fault := recover(); fault != nil {
			o = outcome{Kind: "crash", Message: fmt.Sprint(fault) + "\n" + crashPlace(string(debug.Stack()))}
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), fuzzTime)
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer fuzzStacks.guard(stop)()
	var trace bytes.Buffer
	p := &eval.Program{
		Files: source.NewSet(t), Entry: t.program.Main().Path, ExtVars: oracleExtVars, Trace: &trace, MaxSteps: fuzzOurSteps, MaxBytes: fuzzBytes,
	}
	for _, n := range oracleNatives {
		p.Natives = append(p.Natives, n.ours())
	}
	v, found := engine.Evaluate(ctx, p)
	if !found.HasErrors() {
		return outcome{Kind: "value", Text: string(emit.AppendJSON(nil, v, emit.Jsonnet)) + "\n", Trace: trace.String()}
	}
	d := found[0]
	o = outcome{Kind: string(d.Code)[:3], Code: string(d.Code), Place: bytePlace(d.Span), Message: d.Message}
	for _, d := range found {
		o.Places = append(o.Places, bytePlace(d.Span))
	}
	if d.Code == diag.EvalBudget {
		o.Kind = "budget"
	}
	return o
}

// stackGuard cancels evaluations when the stacks of the process grow large, as the
// command does: recursion through tail calls counts no frames, and an overflow ends the
// process.
type stackGuard struct {
	once  sync.Once
	stops sync.Map
}

var fuzzStacks stackGuard

const fuzzStackBytes = 128 << 20

// guard watches until the function that it gives is called.
func (s *stackGuard) guard(stop context.CancelCauseFunc) func() {
	s.once.Do(func() { go s.watch() })
	key := new(int)
	s.stops.Store(key, stop)
	return func() {
		s.stops.Delete(key)
		stop(nil)
	}
}

func (s *stackGuard) watch() {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}
	for range time.Tick(5 * time.Millisecond) {
		metrics.Read(sample)
		if sample[0].Value.Uint64() > fuzzStackBytes {
			s.stops.Range(func(_, stop any) bool {
				stop.(context.CancelCauseFunc)(eval.ErrStackExhausted)
				return true
			})
		}
	}
}

// crashPlace is the part of a stack that tells where a panic came from.
func crashPlace(stack string) string {
	var lines []string
	for _, line := range regexp.MustCompile(`compiler/\w+/\w+\.go:\d+`).FindAllString(stack, -1) {
		if !strings.HasSuffix(line, "_test.go") && len(lines) < 4 {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, " < ")
}

// memoryImporter is go-jsonnet's view of a tree.
type memoryImporter struct {
	tree tree
	read map[string]jsonnet.Contents
}

// Import implements jsonnet.Importer.
func (im memoryImporter) Import(from, name string) (jsonnet.Contents, string, error) {
	at := name
	if !path.IsAbs(name) {
		at = path.Join(path.Dir(from), name)
	}
	if c, ok := im.read[at]; ok {
		return c, at, nil
	}
	text, ok := im.tree.text(at)
	if !ok {
		return jsonnet.Contents{}, "", fmt.Errorf("couldn't open import %q", name)
	}
	im.read[at] = jsonnet.MakeContents(text)
	return im.read[at], at, nil
}

// errTooLong ends an evaluation of go-jsonnet.
const errTooLong = "fuzz: too many steps"

// limit makes a virtual machine panic after so many steps: it has a hook before each
// expression, which only its own package can set, and it recovers panics.
func limit(vm *jsonnet.VM) {
	steps := 0
	start := time.Now()
	hook := reflect.ValueOf(&vm.EvalHook).Elem().FieldByName("pre")
	*(*func(unsafe.Pointer, ast.Node))(hook.Addr().UnsafePointer()) = func(unsafe.Pointer, ast.Node) {
		steps++
		if steps > fuzzSteps || steps%1024 == 0 && time.Since(start) > fuzzTime {
			panic(errTooLong)
		}
	}
}

// theirs evaluates a program with go-jsonnet.
func (t tree) theirs() (o outcome) {
	var trace bytes.Buffer
	vm := oracleCase{extVars: oracleExtVars}.vm()
	vm.Importer(memoryImporter{t, map[string]jsonnet.Contents{}})
	vm.SetTraceOut(&trace)
	limit(vm)
	text, err := evaluateTheirs(vm, t.program.Main().Path)
	if err == nil {
		return outcome{Kind: "value", Text: text, Trace: trace.String()}
	}
	message, _, _ := strings.Cut(err.Error(), "\n")
	if strings.Contains(message, errTooLong) {
		return outcome{Kind: "skip"}
	}
	var static interface{ Loc() ast.LocationRange }
	if errors.As(err, &static) {
		return outcome{Kind: "CP2", Place: locationPlace(static.Loc()), Message: message}
	}
	var runtime jsonnet.RuntimeError
	if !errors.As(err, &runtime) {
		return outcome{Kind: "crash", Message: message}
	}
	o = outcome{Kind: "CP3", Message: runtime.Msg}
	if m := fuzzStatic.FindStringSubmatch(runtime.Msg); m != nil {
		if _, ok := t.text(m[1]); ok || strings.HasPrefix(m[1], "<extvar:") {
			o.Kind, o.Place = "CP2", m[1]+":"+cmp.Or(m[2], m[4])+":"+cmp.Or(m[3], m[5])
			return o
		}
	}
	for i := len(runtime.StackTrace) - 1; i >= 0 && o.Place == ""; i-- {
		if loc := runtime.StackTrace[i].Loc; loc.IsSet() && loc.File.DiagnosticFileName != "<std>" {
			o.Place = locationPlace(loc)
		}
	}
	return o
}

// fuzzStatic is importedStatic for any path.
var fuzzStatic = regexp.MustCompile(`^(\S[^\n]*?):(?:(\d+):(\d+)(?:-\d+)?|\((\d+):(\d+)\)-\(\d+:\d+\)) `)

func evaluateTheirs(vm *jsonnet.VM, entry string) (text string, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v", fault)
		}
	}()
	node, _, err := vm.ImportAST("", entry)
	if err != nil {
		return "", err
	}
	return vm.Evaluate(node)
}

// difference tells how two outcomes differ, in words that are the same for differences
// that look alike; "" if they agree.
func difference(ours, theirs outcome) string {
	switch {
	case theirs.Kind == "skip":
		return ""
	case ours.Kind == "crash":
		return "we crash: " + ours.Message
	case ours.Kind == "budget":
		return "we take too much: " + ours.Message
	case theirs.Kind == "crash":
		if ours.Kind == "value" {
			return "a value where go-jsonnet crashes: " + alike(theirs.Message)
		}
		return ""
	case ours.Kind == "value" && theirs.Kind == "value":
		return differentValues(ours, theirs)
	case ours.Kind == "value":
		return "a value where go-jsonnet fails: " + alike(theirs.Message)
	case theirs.Kind == "value":
		return "an error where go-jsonnet has a value: " + alike(ours.Message)
	case ours.Kind != theirs.Kind:
		return "another class, " + ours.Kind + " for " + theirs.Kind + ": " + alike(ours.Message) + " / " + alike(theirs.Message)
	case theirs.Place != "" && !strings.Contains("\n"+strings.Join(ours.Places, "\n")+"\n", "\n"+theirs.Place+"\n"):
		return "another place: " + alike(ours.Message) + " / " + alike(theirs.Message)
	}
	return ""
}

func differentValues(ours, theirs outcome) string {
	if ours.Text != theirs.Text {
		return "another value"
	}
	if ours.Trace != theirs.Trace {
		return "another trace"
	}
	return ""
}

var particular = regexp.MustCompile("`[^`]*`|\"[^\"]*\"|'[^']*'|[-+]?[0-9.]+(?:e[-+]?[0-9]+)?|\\S*\\.(?:jsonnet|libsonnet)\\S*")

// alike leaves out what is particular to one program.
func alike(message string) string {
	message, _, _ = strings.Cut(message, "\n")
	text := particular.ReplaceAllString(message, "_")
	if len(text) > 120 {
		text = text[:120]
	}
	return text
}
