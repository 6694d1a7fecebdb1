package compiler

import (
	"context"
	"slices"

	"github.com/couplet-k8s/couplet/compiler/admission"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// tracingEngine is an engine that can tell where each value came from.
type tracingEngine interface {
	Tracked(ctx context.Context, p *eval.Program) (value.Value, *eval.Provenance, diag.List)
	RunTracked(ctx context.Context, p *eval.Program, use func(m *eval.Machine, root eval.Value)) (*eval.Provenance, diag.List)
}

// Traces tells whether an engine can tell where each value came from.
func Traces(engine eval.Engine) bool {
	_, ok := engine.(tracingEngine)
	return ok
}

// Profiles tells whether an engine can tell what a program costs, by place.
func Profiles(engine eval.Engine) bool {
	_, ok := engine.(eval.Machines)
	return ok
}

// untraced tells whether the places of values were not kept, and could be.
func (c *compilation) untraced() bool {
	return !c.opts.Provenance && c.env.Manifests == nil && dataForm(c.env.Entry) == "" && Traces(c.opts.engine())
}

// again compiles an environment in which something was found once more, with
// provenance, so that what is found has the places of the expressions that are to blame.
// A compilation that finds nothing pays nothing for that. Where provenance makes the
// evaluation meet a limit, the findings stay as they were.
func (c *compilation) again(ctx context.Context, b *bundle.Bundle) (*bundle.Bundle, *compilation) {
	traced := &compilation{files: c.files, env: c.env, opts: c.opts}
	traced.opts.Provenance, traced.opts.Trace, traced.opts.Profile = true, nil, nil
	if better := traced.compile(ctx); traced.late {
		return better, traced
	}
	return b, c
}

// Validate is Check of a bundle that was compiled with these options, by the options'
// Judge too. What it finds has places: of an environment in which there is something the
// values are traced.
func Validate(ctx context.Context, files *source.Set, b *bundle.Bundle, opts Options) (Checked, diag.List) {
	var verdicts []admission.Verdict
	var checked Checked
	var found, failed, related diag.List
	// What the objects say about each other has nothing to do with what each one is.
	InOrder(2, func(i int) {
		if i > 0 {
			related = relate(b, opts.Given)
			return
		}
		verdicts, failed = judge(ctx, b, opts)
		checked, found = check(b, opts.Given, verdicts)
	}, func(int) {})
	if verdicts != nil {
		checked.Rules = opts.Judge.Rules()
	}
	found.Add(related...)
	if traced := retrace(ctx, files, b, opts, found); traced != nil {
		_, found = check(traced, opts.Given, verdicts)
		found.Add(relate(traced, opts.Given)...)
	}
	return checked, append(allowed(b.Environment, found), failed...).Sorted()
}

// retrace compiles an environment again so that its findings have places; nil where there
// is nothing to find, or nothing to be had by it.
func retrace(ctx context.Context, files *source.Set, b *bundle.Bundle, opts Options, found diag.List) *bundle.Bundle {
	ofObjects := func(d diag.Diagnostic) bool { return d.Object != "" }
	c := &compilation{files: files, env: b.Environment, opts: opts}
	if !slices.ContainsFunc(found, ofObjects) || !c.untraced() {
		return nil
	}
	opts.Provenance, opts.Trace, opts.Check, opts.KeepUnmatched = true, nil, false, true
	traced, problems := Compile(ctx, files, b.Environment, opts)
	if traced == nil || problems.HasErrors() || len(traced.Objects) != len(b.Objects) {
		return nil
	}
	return traced
}

// inlineNamed finds the data of an inline environment that is known already in the value
// of its entry.
func inlineNamed(v value.Value, env *app.Environment) value.Value {
	for _, o := range inlineObjects(v) {
		if o.Get("metadata", "name").Str() == env.Name {
			return o.Get("data")
		}
	}
	return env.Data
}
