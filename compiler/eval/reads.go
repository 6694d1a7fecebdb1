package eval

import (
	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/resolve"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// Reads are the definitions of fields that an evaluation has read, by the places of their
// values. They are noted by a machine that tracks provenance, in which every access to a
// field comes through Machine.field; another one pays nothing for it.
type Reads map[source.Span]bool

// noteRead notes that a definition was read: field i of a literal, or of data.
func (m *Machine) noteRead(o *Object, i int) {
	if span := o.body(i); span.HasPlace() {
		m.reads[span] = true
	}
}

// TakeReads gives what was read so far, and ends the noting.
func (m *Machine) TakeReads() Reads {
	reads := m.reads
	m.reads = nil
	return reads
}

// Definition gives the places of the expression that defines a field, and of the field's
// name there; zero Spans where there is none, or no code made the object. Of data they are
// known where provenance is tracked.
func (m *Machine) Definition(o *Object, name string) (definition, at source.Span) {
	m.open(o)
	i := o.shape.Find(name, ir.Hash(name))
	if i < 0 {
		return source.Span{}, source.Span{}
	}
	definition, _ = o.definition(i)
	if !definition.HasPlace() {
		return definition, definition
	}
	return definition, m.store.FieldName(definition)
}

// Literal is an object literal in a file.
type Literal struct {
	Tree *syntax.Tree
	Info *resolve.Info
	ID   syntax.NodeID
}

// Literals are the object literals that an object was merged from, the oldest first.
func (m *Machine) Literals(o *Object) []Literal {
	m.open(o)
	layers := o.layers()
	if layers == nil {
		layers = []*Object{o}
	}
	var out []Literal
	for _, layer := range layers {
		if layer.code == nil {
			continue
		}
		unit, start := m.store.Locate(layer.code.Start)
		if unit == nil {
			continue
		}
		for id := range unit.Tree.Nodes {
			if n := &unit.Tree.Nodes[id]; n.Kind == syntax.Object && int(n.Start) == start {
				out = append(out, Literal{unit.Tree, unit.Info, syntax.NodeID(id)})
			}
		}
	}
	return out
}
