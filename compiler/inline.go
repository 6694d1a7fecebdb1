package compiler

import (
	"context"
	"fmt"

	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// inline gives the data of the one inline Tanka environment that the value of an entry
// may hold, and makes the compilation that environment's; else the value itself.
func (c *compilation) inline(v value.Value) value.Value {
	switch {
	case c.env.Inline:
		return inlineNamed(v, c.env)
	case !c.env.MaybeInline:
		return v
	}
	objects := inlineObjects(v)
	switch {
	case len(objects) == 0:
		return v
	case len(objects) > 1:
		c.found.Add(diag.Diagnostic{
			Code: diag.NotFound, Span: c.env.Span,
			Message: fmt.Sprintf("`%s` holds %d environments", c.env.Entry, len(objects)),
			Hint:    "name one of them (`couplet env list` shows them), or take all with `couplet export --all`",
		})
		return v
	}
	env, found := c.env.InlineEnvironment(objects[0])
	c.found.Add(found...)
	if env == nil {
		return v
	}
	c.env = env
	return env.Data
}

func inlineObjects(v value.Value) []value.Value {
	var out []value.Value
	objects, _ := object.Extract(v, object.Source{})
	for _, o := range objects {
		if app.IsInline(o.Value) {
			out = append(out, o.Value)
		}
	}
	return out
}

// Expand replaces each entry of a Tanka tree that may hold inline environments by
// those that it holds, which takes an evaluation. Entries that hold none are dropped:
// they are no environments. So are, with errors, those that cannot be evaluated.
func Expand(ctx context.Context, files *source.Set, a *app.App, opts Options) (*app.App, diag.List) {
	expanded := *a
	expanded.Environments = nil
	var found diag.List
	for _, env := range a.Environments {
		if !env.MaybeInline {
			expanded.Environments = append(expanded.Environments, env)
			continue
		}
		c := compilation{files: files, env: env, opts: opts}
		v, problems := opts.engine().Evaluate(ctx, c.program())
		found.Add(inEnvironment(problems, env)...)
		for _, o := range inlineObjects(v) {
			inline, problems := env.InlineEnvironment(o)
			found.Add(problems...)
			if inline != nil {
				expanded.Environments = append(expanded.Environments, inline)
			}
		}
	}
	return &expanded, found
}
