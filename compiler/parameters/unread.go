package parameters

import (
	"slices"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Unread finds what the layers of an app set that is not among what was read. A parameter
// that a later layer sets too is that layer's, and one of a component that is not wanted
// nobody's. Of those that were read it gives the places of their names.
func (e Entry) Unread(reads eval.Reads, wanted func(component string) bool) (found []Finding, read []source.Span) {
	w := unreadWalk{m: e.Machine, reads: reads}
	layers := e.layers()
	for i, l := range layers {
		for _, name := range w.m.Names(l.params, false) {
			params, ok := l.sets(w.m, name)
			if !ok || !wanted(name) {
				continue
			}
			later := func(p string) bool {
				return slices.ContainsFunc(layers[i+1:], func(l layer) bool {
					if !w.m.HasVisible(l.params, name) {
						return false
					}
					above, ok := l.sets(w.m, name)
					return ok && w.m.HasVisible(above, p)
				})
			}
			w.object(params, (*value.Path)(nil).Member(name), later)
		}
	}
	return w.found, w.read
}

type unreadWalk struct {
	m     *eval.Machine
	reads eval.Reads
	found []Finding
	read  []source.Span
}

// object looks at the fields of an object; of those that were read it looks into the
// objects that they hold.
func (w *unreadWalk) object(o *eval.Object, at *value.Path, later func(name string) bool) {
	for _, name := range w.m.Names(o, false) {
		definition, span := w.m.Definition(o, name)
		path := at.Member(name)
		switch {
		case !definition.HasPlace() || later(name):
		case w.reads[definition]:
			w.read = append(w.read, span)
			w.inside(o, name, path)
		default:
			w.found = append(w.found, Finding{Diagnostic: diag.Diagnostic{
				Code: diag.ParameterUnread, Severity: diag.Warning, Span: span, Path: path.String(),
				Message: "the parameter " + path.String() + " is set here, and never read",
				Hint:    "leave it out, or let the component read it",
			}})
		}
	}
}

func (w *unreadWalk) inside(o *eval.Object, name string, path *value.Path) {
	w.m.Try(func() {
		if v := w.m.Index(o, name); v.Kind() == eval.ObjectKind {
			w.object(v.Object(), path, func(string) bool { return false })
		}
	})
}
