package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// refusals tell why objects of a plan cannot be applied, each at the expression that made
// the field concerned.
func (t *target) refusals(ctx context.Context, plan *cluster.Plan, opts compiler.Options) diag.List {
	refused := plan.Refused()
	if refused == nil {
		return nil
	}
	traced := t.traced(ctx, opts)
	var found diag.List
	for _, a := range refused {
		o, ok := traced[a.Object.Identity()]
		if !ok {
			o = a.Object
		}
		found.Add(t.refusal(o, a.Problem)...)
	}
	return found.Sorted()
}

// traced compiles the environment with provenance and gives its objects by identity.
func (t *target) traced(ctx context.Context, opts compiler.Options) map[object.Identity]object.Object {
	out := map[object.Identity]object.Object{}
	opts.Provenance, opts.Trace, opts.Check = opts.Engine != nil && compiler.Traces(opts.Engine), nil, false
	env := *t.env
	env.Destination.Namespace = t.namespace
	b, _ := compiler.Compile(ctx, t.process.Files, &env, opts)
	if b == nil {
		return out
	}
	for _, o := range b.Objects {
		out[o.Identity()] = o
	}
	return out
}

// refusal is what is wrong with one object: a finding for each field that the server names.
func (t *target) refusal(o object.Object, problem error) diag.List {
	d := diag.Diagnostic{Code: diag.ObjectRefused, Message: problem.Error(), Span: o.Span}
	var conflict *cluster.ConflictError
	var immutable *cluster.ImmutableError
	var server *cluster.Error
	switch {
	case errors.As(problem, &conflict):
		var found diag.List
		for _, c := range conflict.Conflicts {
			found.Add(t.at(o, c.Field, diag.Diagnostic{
				Code: diag.FieldConflict, Message: fmt.Sprintf("%s is managed by %s, with another value", strings.TrimPrefix(c.Field, "."), c.Manager),
				Hint: conflictHint(c),
			}))
		}
		return found
	case errors.As(problem, &immutable):
		d.Code, d.Hint = diag.CannotUpdate, "--replace deletes the object and makes it again; so does the annotation "+cluster.AnnotationUpdate+": replace"
	default:
		d.Hint = t.refusalHint(o, problem)
	}
	if !errors.As(problem, &server) || len(server.Causes) == 0 {
		return diag.List{t.at(o, "", d)}
	}
	var found diag.List
	for _, c := range server.Causes {
		one := d
		one.Message = strings.TrimPrefix(c.Field+": "+c.Message, ": ")
		found.Add(t.at(o, c.Field, one))
	}
	return found
}

// refusalHint tells what can be done about an object that the server does not take; "" where
// that depends on the object.
func (t *target) refusalHint(o object.Object, problem error) string {
	switch {
	case cluster.IsNamespaceMissing(problem):
		return fmt.Sprintf("put the Namespace into the source, or make it: `kubectl create namespace %s`", cmp.Or(o.Namespace(), t.namespace))
	case cluster.IsNotServed(problem):
		return "put the CustomResourceDefinition into the source, or have it installed; `kubectl api-resources` lists what the server has"
	case cluster.IsForbidden(problem):
		return fmt.Sprintf("`couplet rbac %s` prints the rights that are needed", t.env.Name)
	}
	return ""
}

// conflictHint tells what can be done about a field that another manager holds.
func conflictHint(c cluster.Conflict) string {
	if tool := cluster.ToolOf(c.Manager); tool != "" {
		return fmt.Sprintf("leave the field to %s, or take all of its fields over with --adopt %s", c.Manager, tool)
	}
	return fmt.Sprintf("leave the field to %s, or take it over with --force-conflicts %s", c.Manager, c.Field)
}

// at gives a finding the place of a field of an object.
func (t *target) at(o object.Object, field string, d diag.Diagnostic) diag.Diagnostic {
	d.Object, d.Environment = o.Identity().String(), t.env.Name
	at := valueAt(o.Value, strings.TrimPrefix(field, "."))
	if o.Source.Traces() {
		d.Span, d.Related = o.Source.Place(at.Origin())
	}
	return d
}

// valueAt follows a path as the server writes it, as deep as the object goes:
// spec.containers[name="web"].image, metadata.labels.app.kubernetes.io/name.
func valueAt(v value.Value, path string) value.Value {
	for path != "" {
		next, rest, ok := stepInto(v, path)
		if !ok {
			return v
		}
		v, path = next, strings.TrimPrefix(rest, ".")
	}
	return v
}

func stepInto(v value.Value, path string) (next value.Value, rest string, ok bool) {
	if strings.HasPrefix(path, "[") {
		inner, rest, closed := strings.Cut(path[1:], "]")
		if !closed {
			return v, "", false
		}
		for i, item := range v.Items() {
			if fmt.Sprint(i) == inner || matchesKey(item, inner) {
				return item, rest, true
			}
		}
		return v, "", false
	}
	// A name may have dots: the longest that the object has is meant.
	for _, f := range slices.Backward(slices.SortedFunc(slices.Values(v.Fields()), byLength)) {
		if rest, is := strings.CutPrefix(path, f.Name); is && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return f.Value, rest, true
		}
	}
	return v, "", false
}

func byLength(a, b value.Field) int { return len(a.Name) - len(b.Name) }

// matchesKey tells whether a list's element has keys, written name="web",protocol="TCP".
func matchesKey(item value.Value, keys string) bool {
	for part := range strings.SplitSeq(keys, ",") {
		name, text, ok := strings.Cut(part, "=")
		if !ok {
			return false
		}
		v := item.Get(name)
		if name == "" {
			v = item
		}
		if strings.Trim(text, `"`) != strings.Trim(string(emit.AppendJSON(nil, v, emit.Compact)), `"`) {
			return false
		}
	}
	return true
}

// failure turns what an execution ended with into findings.
func (t *target) failure(err error, objects map[object.Identity]object.Object) error {
	var failed *cluster.FailedError
	var held *cluster.HeldError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failed):
		var found diag.List
		for _, f := range failed.Failures {
			found.Add(t.failed(f, objects[f.Object])...)
		}
		return found.Sorted()
	case errors.As(err, &held):
		return diag.List{{
			Code: diag.EnvironmentBusy, Environment: t.env.Name, Message: "environment " + t.env.Name + " is locked: " + held.Error(),
			Hint: "wait until it is done; a lock that nobody holds any more ends by itself at " + held.Until.Local().Format("15:04:05"),
		}}
	case errors.Is(err, cluster.ErrMoved):
		return diag.List{{Code: diag.ClusterMoved, Environment: t.env.Name, Message: err.Error(), Hint: "run the command again"}}
	case cluster.IsNotApplied(err):
		return t.notApplied(err.Error())
	case errors.Is(err, context.Canceled):
		return diag.List{{
			Code: diag.ApplyFailed, Environment: t.env.Name, Message: "interrupted; what was applied until then stays",
			Hint: "run the command again: it goes on from there",
		}}
	case diag.AsList(err) != nil:
		return err
	}
	return diag.List{{Code: diag.ApplyFailed, Environment: t.env.Name, Message: err.Error(), Hint: "what was applied stays; run the command again to go on from there"}}
}

func (t *target) notApplied(message string) error {
	return diag.List{{
		Code: diag.NotApplied, Environment: t.env.Name, Message: fmt.Sprintf("%s: %s", t.title(), message),
		Hint: fmt.Sprintf("`couplet apply %s` applies it", t.env.Name),
	}}
}

// failed is what became of one object.
func (t *target) failed(f cluster.Failure, o object.Object) diag.List {
	var server *cluster.Error
	var conflict *cluster.ConflictError
	var immutable *cluster.ImmutableError
	if errors.As(f.Err, &conflict) || errors.As(f.Err, &immutable) {
		return t.refusal(o, f.Err)
	}
	d := diag.Diagnostic{Code: diag.NotReady, Message: f.Err.Error(), Span: o.Span}
	if errors.As(f.Err, &server) {
		d.Code = diag.ApplyFailed
	}
	if f.Unread {
		d.Hint = fmt.Sprintf("its events and pods may not be read: `couplet rbac %s --explain` prints the rights for that", t.env.Name)
	}
	d = t.at(o, "", d)
	d.Object = f.Object.String()
	for _, line := range f.Details {
		d.Related = append(d.Related, diag.Related{Span: source.Span{}, Message: line})
	}
	return diag.List{d}
}
