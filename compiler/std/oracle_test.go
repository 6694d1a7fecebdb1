package std_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	jsonnet "github.com/google/go-jsonnet"

	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/std"
)

// result is what a program gives: JSON text or an error, and what it traced.
type result struct {
	json  string
	err   error
	trace string
}

const snippetName = "snippet"

var engine = eval.NewEngine(eval.NewLibrary(std.Builtins()))

// ours evaluates a program with the engine of this module.
func ours(code string) result {
	var trace bytes.Buffer
	v, found := engine.Evaluate(context.Background(), &eval.Program{
		Files: source.NewSet(source.Disk{}), Snippet: source.NewFile(snippetName, code), Trace: &trace,
		ExtVars: []eval.Binding{{Name: "text", Text: "bound"}, {Name: "code", Kind: eval.BindCode, Text: "{ a: 1 + 1 }"}},
	})
	if found.HasErrors() {
		return result{err: errors.New(found[0].Message), trace: trace.String()}
	}
	return result{json: string(emit.AppendJSON(nil, v, emit.Jsonnet)), trace: trace.String()}
}

// theirs evaluates a program with go-jsonnet.
func theirs(code string) result {
	var trace bytes.Buffer
	vm := jsonnet.MakeVM()
	vm.SetTraceOut(&trace)
	vm.ExtVar("text", "bound")
	vm.ExtCode("code", "{ a: 1 + 1 }")
	json, err := vm.EvaluateAnonymousSnippet(snippetName, code)
	return result{json: strings.TrimSuffix(json, "\n"), err: err, trace: trace.String()}
}

// differ compares what the two make of a program: the text, or that there is an error.
func differ(t testing.TB, code string) {
	t.Helper()
	got, want := ours(code), theirs(code)
	switch {
	case (got.err == nil) != (want.err == nil):
		t.Errorf("%s\n got %q, error %v\nwant %q, error %v", code, got.json, got.err, want.json, want.err)
	case got.json != want.json:
		t.Errorf("%s\n got %q\nwant %q", code, got.json, want.json)
	case got.trace != want.trace:
		t.Errorf("%s\n got trace %q\nwant trace %q", code, got.trace, want.trace)
	}
}

// additions are the fields of our std that go-jsonnet's has not.
var additions = []string{}

func TestEveryFieldIsThere(t *testing.T) {
	const code = `std.lines([k + ' ' + std.type(std[k]) + (if std.isFunction(std[k]) then ' ' + std.length(std[k]) else '')
		for k in std.objectFieldsAll(std) if k[0] != '$'])`
	got, want := ours(code), theirs(code)
	if got.err != nil || want.err != nil {
		t.Fatal(got.err, want.err)
	}
	a, b := strings.Split(got.json, `\n`), strings.Split(want.json, `\n`)
	for _, field := range b {
		if !slices.Contains(a, field) {
			t.Errorf("std has no %q", field)
		}
	}
	for _, field := range a {
		name, _, _ := strings.Cut(field, " ")
		if !slices.Contains(b, field) && !slices.Contains(additions, name) {
			t.Errorf("go-jsonnet's std has no %q", field)
		}
	}
}

// TestParameterNames gives the first argument by its name, as go-jsonnet calls it.
func TestParameterNames(t *testing.T) {
	for _, b := range std.Builtins() {
		for _, p := range b.Params {
			code := "std." + b.Name + "(" + p.Name + "=null, no_such_parameter=1)"
			err := theirs(code).err
			if err == nil || !strings.Contains(err.Error(), "no_such_parameter") {
				t.Errorf("std.%s has no parameter %s: %v", b.Name, p.Name, err)
			}
		}
	}
}
