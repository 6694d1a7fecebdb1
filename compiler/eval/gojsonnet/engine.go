package gojsonnet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

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
		v, found := newRun(p).evaluate()
		done <- result{v, found}
	}()
	select {
	case r := <-done:
		return r.value, r.found
	case <-ctx.Done():
		return value.Null, diag.List{{Code: diag.EvalStopped, Message: "the evaluation was interrupted"}}
	}
}

// run is one evaluation.
type run struct {
	program  *eval.Program
	vm       *jsonnet.VM
	importer *importer
	texts    map[string]*source.File // by go-jsonnet's diagnostic name, what no path leads to
}

func newRun(p *eval.Program) *run {
	r := &run{program: p, vm: jsonnet.MakeVM(), texts: map[string]*source.File{}}
	r.importer = &importer{program: p, contents: map[string]jsonnet.Contents{}}
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
	switch b.Kind {
	case eval.BindString:
		text(b.Name, b.Text)
	case eval.BindCode:
		r.texts[name] = source.NewFile(name, b.Text)
		code(b.Name, b.Text)
	case eval.BindStringFile:
		code(b.Name, "importstr "+quote(b.Text))
	case eval.BindCodeFile:
		code(b.Name, "import "+quote(b.Text))
	}
}

func quote(path string) string { return "@'" + strings.ReplaceAll(path, "'", "''") + "'" }

func (r *run) evaluate() (v value.Value, found diag.List) {
	node, err := r.parse()
	if err != nil {
		return value.Null, r.diagnose(err)
	}
	text, err := r.vm.Evaluate(node)
	if err != nil {
		return value.Null, r.diagnose(err)
	}
	return parseJSON(text), nil
}

// parse parses a text without a path under the empty name: go-jsonnet takes the name
// for the path from which imports start, and for std.thisFile.
func (r *run) parse() (ast.Node, error) {
	snippet := r.program.Snippet
	if snippet == nil {
		node, _, err := r.vm.ImportAST("", r.program.Entry)
		return node, err
	}
	r.texts[""] = snippet
	if err := checkNesting(snippet); err != nil {
		return nil, err
	}
	return jsonnet.SnippetToAST("", snippet.Text())
}

// importer is go-jsonnet's view of the program's files. go-jsonnet asks that one
// path always gives the same Contents.
type importer struct {
	program  *eval.Program
	contents map[string]jsonnet.Contents
	files    []*source.File  // in the order of their first import
	failed   []importFailure // imports that found nothing
}

type importFailure struct {
	message string
	name    string
	tried   []string
}

// Import implements jsonnet.Importer.
func (im *importer) Import(from, name string) (jsonnet.Contents, string, error) {
	f, tried, err := im.program.Resolve(from, name)
	if err == nil && f != nil {
		return im.give(f)
	}
	failure := importFailure{name: name, tried: tried, message: fmt.Sprintf("import `%s` is not there", name)}
	if err != nil {
		failure.message = fmt.Sprintf("import `%s` cannot be read: %s", name, source.Reason(err))
	}
	im.failed = append(im.failed, failure)
	return jsonnet.Contents{}, "", errors.New(failure.message)
}

func (im *importer) give(f *source.File) (jsonnet.Contents, string, error) {
	if c, ok := im.contents[f.Name()]; ok {
		return c, f.Name(), nil
	}
	im.files = append(im.files, f)
	if err := checkNesting(f); err != nil {
		return jsonnet.Contents{}, "", err
	}
	c := jsonnet.MakeContents(f.Text())
	im.contents[f.Name()] = c
	return c, f.Name(), nil
}
