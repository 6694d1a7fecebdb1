package gojsonnet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/toolutils"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Engine implements eval.Engine. Each evaluation has a virtual machine of its own.
type Engine struct{}

// Name implements eval.Engine.
func (Engine) Name() string { return "go-jsonnet" }

// Evaluate implements eval.Engine. go-jsonnet cannot be interrupted: when ctx ends,
// the evaluation is abandoned to its goroutine.
func (Engine) Evaluate(ctx context.Context, p *eval.Program) (value.Value, diag.List) {
	type result struct {
		value value.Value
		found diag.List
	}
	done := make(chan result, 1)
	go func() {
		v, found := evaluate(p)
		done <- result{v, found}
	}()
	select {
	case r := <-done:
		return r.value, r.found
	case <-ctx.Done():
		return value.Null, diag.List{eval.Stopped(ctx)}
	}
}

// evaluate turns a panic of go-jsonnet's parser into an error: nobody else could, as a
// panic ends the process unless its own goroutine recovers it. Behind the parser
// go-jsonnet does so itself.
func evaluate(p *eval.Program) (v value.Value, found diag.List) {
	r := newRun(p)
	defer func() {
		if fault := recover(); fault != nil {
			v, found = value.Null, r.diagnose(fmt.Errorf("%v", fault))
		}
	}()
	return r.evaluate()
}

// run is one evaluation.
type run struct {
	program  *eval.Program
	vm       *jsonnet.VM
	importer *importer
	texts    map[string]*source.File // by go-jsonnet's diagnostic name, what no path leads to
	codes    []*source.File          // those of texts that are code
	err      error                   // of an evaluation that gives it as text only
}

func newRun(p *eval.Program) *run {
	r := &run{program: p, vm: jsonnet.MakeVM(), texts: map[string]*source.File{}}
	r.importer = &importer{program: p, imported: map[*source.File]imported{}, found: map[string]*source.File{}}
	r.vm.Importer(r.importer)
	r.vm.SetTraceOut(io.Discard)
	if p.Trace != nil {
		r.vm.SetTraceOut(p.Trace)
	}
	if p.MaxStack > 0 {
		r.vm.MaxStack = p.MaxStack
	}
	for _, b := range p.ExtVars {
		r.bind("<extvar:"+b.Name+">", b, r.vm.ExtVar, r.vm.ExtCode)
	}
	for _, b := range p.TLAs {
		r.bind("<top-level-arg:"+b.Name+">", b, r.vm.TLAVar, r.vm.TLACode)
	}
	for _, n := range p.Natives {
		r.vm.NativeFunction(nativeFunction(n))
	}
	return r
}

func (r *run) bind(name string, b eval.Binding, text, code func(key, val string)) {
	expression := b.Text
	switch b.Kind {
	case eval.BindString:
		text(b.Name, b.Text)
		return
	case eval.BindStringFile:
		expression = "importstr " + quote(b.Text)
	case eval.BindCodeFile:
		expression = "import " + quote(b.Text)
	}
	r.addCode(source.NewFile(name, expression))
	code(b.Name, expression)
}

func quote(path string) string { return "@'" + strings.ReplaceAll(path, "'", "''") + "'" }

// addCode takes note of a text without a path that go-jsonnet is going to parse.
func (r *run) addCode(f *source.File) {
	r.texts[f.Name()] = f
	r.codes = append(r.codes, f)
	r.importer.anonymous = append(r.importer.anonymous, f)
}

func (r *run) evaluate() (v value.Value, found diag.List) {
	if r.program.Snippet != nil {
		r.addCode(r.program.Snippet)
	}
	for _, f := range r.codes {
		if err := checkNesting(f, maxNesting); err != nil {
			return value.Null, r.diagnose(err)
		}
	}
	text, err := r.evaluateEntry()
	if err != nil {
		return value.Null, r.diagnose(err)
	}
	return parseJSON(text), nil
}

func (r *run) evaluateEntry() (string, error) {
	if r.program.Snippet != nil {
		r.vm.ErrorFormatter = errorKeeper{keep: &r.err}
		text, err := r.vm.EvaluateAnonymousSnippet(r.program.Snippet.Name(), r.program.Snippet.Text())
		if err != nil {
			return "", r.err
		}
		return text, nil
	}
	node, _, err := r.vm.ImportAST("", r.program.Entry)
	if err != nil {
		return "", err
	}
	return r.vm.Evaluate(node)
}

// errorKeeper keeps the error that go-jsonnet is about to turn into text.
type errorKeeper struct {
	jsonnet.ErrorFormatter
	keep *error
}

// Format implements jsonnet.ErrorFormatter.
func (k errorKeeper) Format(err error) string {
	*k.keep = err
	return err.Error()
}

// importer is go-jsonnet's view of the program's files. go-jsonnet asks that one
// path always gives the same Contents.
type importer struct {
	program   *eval.Program
	anonymous []*source.File // code that has no path
	imported  map[*source.File]imported
	found     map[string]*source.File // by the path given to go-jsonnet
	failed    []importFailure
}

// imported is what a file's import gives.
type imported struct {
	contents jsonnet.Contents
	tooDeep  error // why it must not be parsed
}

type importFailure struct {
	message string
	name    string
	tried   []string
	err     error // nil where nothing was found
}

// Import implements jsonnet.Importer.
func (im *importer) Import(from, name string) (jsonnet.Contents, string, error) {
	f, tried, err := im.program.Resolve(from, name)
	if err == nil && f != nil {
		return im.give(from, name, f)
	}
	failure := importFailure{name: name, tried: tried, err: err}
	failure.message = eval.MissingImport(im.program, name, tried, err).Message
	im.failed = append(im.failed, failure)
	return jsonnet.Contents{}, "", errors.New(failure.message)
}

// give hands a file over. An absolute path stays as it is written, as std.thisFile
// shows it.
func (im *importer) give(from, name string, f *source.File) (jsonnet.Contents, string, error) {
	foundAt := f.Name()
	if path.IsAbs(name) {
		foundAt = name
	}
	im.found[foundAt] = f
	got := im.load(f)
	if got.tooDeep != nil && im.isCode(from, name) {
		return jsonnet.Contents{}, "", got.tooDeep
	}
	return got.contents, foundAt, nil
}

func (im *importer) load(f *source.File) imported {
	got, ok := im.imported[f]
	if !ok {
		got = imported{contents: jsonnet.MakeContents(f.Text()), tooDeep: checkNesting(f, maxNesting)}
		im.imported[f] = got
	}
	return got
}

// isCode tells whether an importing text takes what it imports by this name for code,
// and not only for a string. go-jsonnet does not say, so the text is parsed once more.
func (im *importer) isCode(from, name string) bool {
	texts := im.anonymous
	if from != "" {
		f, err := im.program.Files.Load(from)
		if err != nil {
			return true
		}
		texts = []*source.File{f}
	}
	for _, f := range texts {
		node, err := jsonnet.SnippetToAST(f.Name(), f.Text())
		if err == nil && importsCode(node, name) {
			return true
		}
	}
	return len(texts) == 0 || from == "" && name == im.program.Entry
}

func importsCode(node ast.Node, name string) bool {
	if n, ok := node.(*ast.Import); ok && n.File.Value == name {
		return true
	}
	for _, child := range toolutils.Children(node) {
		if importsCode(child, name) {
			return true
		}
	}
	return false
}
