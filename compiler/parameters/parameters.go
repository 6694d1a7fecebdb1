package parameters

import (
	"slices"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/jsonschema"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Finding is a diagnostic whose place may still be that of a value: Origin, or where Name
// is set the name of the field that holds the value.
type Finding struct {
	diag.Diagnostic
	Origin uint32
	Name   bool
}

// Entry is the value of an entry on the machine that made it.
type Entry struct {
	Machine *eval.Machine
	Root    eval.Value
}

// component is one that has parameters.
type component struct {
	name           string
	object, params *eval.Object
}

// component gives the component of a name, if there is one with parameters that can be
// evaluated.
func (e Entry) component(name string) (c component, ok bool) {
	m := e.Machine
	if e.Root.Kind() != eval.ObjectKind || !m.HasVisible(e.Root.Object(), name) {
		return c, false
	}
	m.Try(func() {
		v := m.Index(e.Root.Object(), name)
		if v.Kind() != eval.ObjectKind || !m.Has(v.Object(), "params") {
			return
		}
		params := m.Index(v.Object(), "params")
		if ok = params.Kind() == eval.ObjectKind; ok {
			c = component{name, v.Object(), params.Object()}
		}
	})
	return c, ok
}

// components are all those with parameters, by name.
func (e Entry) components() []component {
	if e.Root.Kind() != eval.ObjectKind {
		return nil
	}
	var all []component
	for _, name := range e.Machine.Names(e.Root.Object(), false) {
		if c, ok := e.component(name); ok {
			all = append(all, c)
		}
	}
	return all
}

// Check holds the parameters of one component against a schema. Components that are not
// there, or cannot be evaluated, have no findings.
func (e Entry) Check(name string, schema *jsonschema.Schema) []Finding {
	c, ok := e.component(name)
	if !ok {
		return nil
	}
	data, failed := e.data(c)
	var found []Finding
	for _, d := range failed {
		found = append(found, Finding{Diagnostic: d})
	}
	if failed.HasErrors() {
		return found
	}
	for _, f := range schema.Check(data, name, (*value.Path)(nil).Member(name)) {
		found = append(found, Finding{
			Diagnostic: diag.Diagnostic{Code: diag.ParameterInvalid, Message: f.Message, Path: f.Path.String(), Hint: f.Hint},
			Origin:     f.Origin, Name: f.Keyword == "additionalProperties" || f.Keyword == "propertyNames",
		})
	}
	return found
}

// data evaluates the parameters of a component, each by itself. Functions are none.
func (e Entry) data(c component) (data value.Value, failed diag.List) {
	m := e.Machine
	failed.Add(m.Try(func() { m.CheckAsserts(c.params) })...)
	data = m.Traced(func() eval.Value { return m.Index(c.object, "params") }, func(eval.Value) value.Value {
		var fields []value.Field
		for _, name := range m.Names(c.params, false) {
			failed.Add(m.Try(func() {
				var v eval.Value
				if m.Inside(name, -1, func() { v = m.Index(c.params, name) }); v.Kind() == eval.FunctionKind {
					return
				}
				part := m.Traced(func() eval.Value { return m.Index(c.params, name) }, m.Manifest)
				fields = append(fields, value.Field{Name: name, Value: part, Origin: part.Origin()})
			})...)
		}
		return value.Object(fields...)
	})
	return data, failed
}

// layer is one layer of parameters.
type layer struct {
	params *eval.Object
	takes  eval.Value // names by component
}

// layers are those of the app, the oldest first.
func (e Entry) layers() []layer {
	m := e.Machine
	var all []layer
	m.Try(func() {
		if e.Root.Kind() != eval.ObjectKind || !m.Has(e.Root.Object(), "layers") {
			return
		}
		list := m.Index(e.Root.Object(), "layers")
		if list.Kind() != eval.ArrayKind {
			return
		}
		for i := range list.Array().Len() {
			one := list.Array().At(m, i)
			if one.Kind() != eval.ObjectKind || !m.Has(one.Object(), "params") || !m.Has(one.Object(), "takes") {
				return
			}
			params, takes := m.Index(one.Object(), "params"), m.Index(one.Object(), "takes")
			if params.Kind() == eval.ObjectKind && takes.Kind() == eval.ObjectKind {
				all = append(all, layer{params.Object(), takes})
			}
		}
	})
	return all
}

// HasLayers tells whether anything but the components sets parameters.
func (e Entry) HasLayers() bool { return len(e.layers()) > 0 }

// sets gives what a layer sets of a component.
func (l layer) sets(m *eval.Machine, name string) (params *eval.Object, ok bool) {
	m.Try(func() {
		if v := m.Index(l.params, name); v.Kind() == eval.ObjectKind {
			params, ok = v.Object(), true
		}
	})
	return params, ok
}

// Unknown finds components and parameters that layers set and the app does not have.
func (e Entry) Unknown() []Finding {
	m := e.Machine
	var found []Finding
	for _, l := range e.layers() {
		for _, name := range m.Names(l.params, false) {
			if !m.HasVisible(l.takes.Object(), name) {
				_, at := m.Definition(l.params, name)
				found = append(found, unknown(at, name, "there is no component `"+name+"` for these parameters",
					diag.DidYouMean(name, m.Names(l.takes.Object(), false))))
				continue
			}
			found = append(found, e.unknownOf(l, name)...)
		}
	}
	return found
}

func (e Entry) unknownOf(l layer, name string) []Finding {
	m := e.Machine
	params, ok := l.sets(m, name)
	var takes value.Value
	if failed := m.Try(func() { takes = m.Manifest(m.Index(l.takes.Object(), name)) }); !ok || len(failed) > 0 {
		return nil
	}
	var found []Finding
	for _, p := range m.Names(params, false) {
		var known []string
		for _, v := range takes.Items() {
			known = append(known, v.Str())
		}
		if slices.Contains(known, p) {
			continue
		}
		hint := diag.DidYouMean(p, known)
		if len(known) == 0 {
			hint = "it takes no parameters"
		}
		_, at := m.Definition(params, p)
		found = append(found, unknown(at, name+"."+p, "component "+name+" has no parameter `"+p+"`", hint))
	}
	return found
}

func unknown(at source.Span, path, message, hint string) Finding {
	return Finding{Diagnostic: diag.Diagnostic{Code: diag.ParameterUnknown, Span: at, Path: path, Message: message, Hint: hint}}
}
