package compiler

import (
	"context"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// partialEngine is an engine that can evaluate a part of a program's value.
type partialEngine interface {
	Run(ctx context.Context, p *eval.Program, use func(m *eval.Machine, root eval.Value)) diag.List
}

// partial tells whether something less than the whole value is wanted, of an engine
// that can give it.
func (o Options) partial() (partialEngine, bool) {
	e, ok := o.engine().(partialEngine)
	return e, ok && (len(o.Targets) > 0 || o.KeepGoing)
}

// partialWalk takes what is wanted out of an environment's value. Of the objects that
// no target selects it keeps only what names them.
type partialWalk struct {
	m     *eval.Machine
	opts  Options
	found diag.List
}

// evaluatePartly evaluates containers, the names of the objects in them, and those
// objects that are selected. What cannot be evaluated is left out: it is an error where
// the run keeps going, and else a warning, for nobody asked for it.
func (c *compilation) evaluatePartly(ctx context.Context, engine partialEngine) (v value.Value, from *eval.Provenance, found diag.List) {
	w := partialWalk{opts: c.opts}
	use := func(m *eval.Machine, root eval.Value) {
		w.m = m
		v = m.Noted(root, w.walk)
	}
	if tracing, ok := engine.(tracingEngine); ok && c.opts.Provenance {
		from, found = tracing.RunTracked(ctx, c.program(), use)
	} else {
		found = engine.Run(ctx, c.program(), use)
	}
	return v, from, append(found, w.found...)
}

func (w *partialWalk) walk(v eval.Value) value.Value {
	switch v.Kind() {
	case eval.ArrayKind:
		return w.array(v.Array())
	case eval.ObjectKind:
		return w.object(v.Object())
	}
	return w.m.Manifest(v)
}

// try does a part, and notes why it could not be done. That is an error where the run
// keeps going or the part is of an object that is selected, and else a warning.
func (w *partialWalk) try(isSelected bool, part func()) {
	for _, d := range w.m.Try(part) {
		if d.Code == diag.EvalStopped || d.Code == diag.EvalBudget {
			// The end of the whole evaluation is no fault of the part's.
			w.m.Raise(d)
		}
		if !w.opts.KeepGoing && !isSelected {
			d.Severity = diag.Warning
			d.Message = "left out, as it cannot be told whether it is selected: " + d.Message
		}
		w.found.Add(d)
	}
}

func (w *partialWalk) array(a *eval.Array) value.Value {
	var items []value.Value
	for i := range a.Len() {
		item := value.Null
		w.m.Inside("", i, func() {
			w.try(false, func() {
				item = w.m.Traced(func() eval.Value { return a.At(w.m, i) }, w.walk)
			})
		})
		items = append(items, item)
	}
	return value.Array(items...)
}

func (w *partialWalk) object(o *eval.Object) value.Value {
	w.m.CheckAsserts(o)
	if !w.m.HasVisible(o, "apiVersion") || !w.m.HasVisible(o, "kind") {
		return w.fields(o, w.m.Names(o, false))
	}
	if w.m.HasVisible(o, "items") && w.m.Index(o, "items").Kind() == eval.ArrayKind {
		return w.fields(o, w.m.Names(o, false))
	}
	name := w.identity(o)
	kind := name.Get("kind").Str()
	if kind != "CustomResourceDefinition" && !object.Selected(name, w.opts.Targets) {
		return name
	}
	return w.whole(o)
}

// whole gives an object that is selected; null where it cannot be evaluated.
func (w *partialWalk) whole(o *eval.Object) (v value.Value) {
	w.try(true, func() { v = w.m.ManifestObject(o) })
	return v
}

// identity gives what of an object tells it from others. Where a part of that fails, all
// does.
func (w *partialWalk) identity(o *eval.Object) value.Value {
	fields := []value.Field{
		w.field(o, "apiVersion", w.m.Manifest),
		w.field(o, "kind", w.m.Manifest),
	}
	if !w.m.HasVisible(o, "metadata") {
		return value.Object(fields...)
	}
	var names []value.Field
	meta := w.m.Traced(func() eval.Value { return w.m.Index(o, "metadata") }, func(meta eval.Value) value.Value {
		if meta.Kind() != eval.ObjectKind {
			return value.Null
		}
		for _, name := range []string{"generateName", "name", "namespace"} {
			if w.m.HasVisible(meta.Object(), name) {
				names = append(names, w.field(meta.Object(), name, w.m.Manifest))
			}
		}
		return value.Object(names...)
	})
	return value.Object(append(fields, value.Field{Name: "metadata", Value: meta, Origin: meta.Origin()})...)
}

// fields gives some fields of an object, each of which may fail by itself.
func (w *partialWalk) fields(o *eval.Object, names []string) value.Value {
	var fields []value.Field
	for _, name := range names {
		w.m.Inside(name, -1, func() {
			w.try(false, func() { fields = append(fields, w.field(o, name, w.walk)) })
		})
	}
	return value.Object(fields...)
}

func (w *partialWalk) field(o *eval.Object, name string, convert func(eval.Value) value.Value) value.Field {
	v := w.m.Traced(func() eval.Value { return w.m.Index(o, name) }, convert)
	return value.Field{Name: name, Value: v, Origin: v.Origin()}
}
