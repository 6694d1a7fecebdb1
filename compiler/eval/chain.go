package eval

import (
	"context"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Provenance tells where the values of one evaluation came from, by their origins.
type Provenance struct{ m *Machine }

// StepKind is the part that an expression had in a value.
type StepKind uint8

// The parts.
const (
	// Made it: a literal, or the operation that computed it.
	Made StepKind = iota
	// Operand of the operation that made it.
	Operand
	// Overridden: an earlier definition of a field through which the value went.
	Overridden
	// Defined a field through which the value went.
	Defined
)

// String is the word for the part.
func (k StepKind) String() string {
	return [...]string{"made", "operand", "overridden", "defined"}[k]
}

// Step is one expression on the way of a value.
type Step struct {
	Kind  StepKind
	Span  source.Span
	Field string // of Defined and Overridden
	Layer int    // of these: which of the object's layers, 0 the oldest
}

// Tracked evaluates a program like Evaluate, and tells where each value came from. The
// origins of the value and of all values in it are for the Provenance.
func (e Machines) Tracked(ctx context.Context, p *Program) (v value.Value, from *Provenance, found diag.List) {
	from, found = e.RunTracked(ctx, p, func(m *Machine, root Value) {
		v = m.Noted(root, m.Manifest)
	})
	return v, from, found
}

// RunTracked is Run with provenance. The data that use makes carry origins as far as
// they come from Traced or Noted.
func (e Machines) RunTracked(ctx context.Context, p *Program, use func(m *Machine, root Value)) (from *Provenance, found diag.List) {
	found = e.run(ctx, p, true, func(m *Machine, root Value) {
		from = &Provenance{m}
		use(m, root)
	})
	return from, found
}

// Traced gives what a conversion makes of a value that get evaluates, with the value's
// origin where the machine tracks provenance.
func (m *Machine) Traced(get func() Value, convert func(Value) value.Value) value.Value {
	m.origin = nil
	return m.Noted(get(), convert)
}

// Noted is Traced of the value that the machine has just evaluated. What a builtin made
// together with its container has the container's origin.
func (m *Machine) Noted(v Value, convert func(Value) value.Value) value.Value {
	if !m.tracked {
		return convert(v)
	}
	o, outer := m.origin, m.within
	if o == nil {
		o = outer
	}
	id := m.note(o)
	m.within = o
	out := convert(v).WithOrigin(id)
	m.within = outer
	return out
}

func (p *Provenance) at(id uint32) *origin {
	if id == 0 || int(id) > len(p.m.origins) {
		return nil
	}
	return p.m.origins[id-1]
}

// Span gives the place of the expression that made a value; the zero Span where that is
// not known.
func (p *Provenance) Span(id uint32) source.Span { return p.made(p.at(id)) }

// Definition gives the place where the field that holds a value is defined: the zero
// Span for what is no field.
func (p *Provenance) Definition(id uint32) source.Span {
	o := p.at(id)
	if o == nil || o.obj == nil {
		return p.made(o)
	}
	span, _ := o.obj.definition(int(o.at))
	return span
}

// Name gives the place of the name of the field that holds a value; the zero Span for
// what is no field.
func (p *Provenance) Name(id uint32) source.Span {
	definition := p.Definition(id)
	if !definition.HasPlace() {
		return source.Span{}
	}
	return p.m.store.FieldName(definition)
}

func (p *Provenance) made(o *origin) source.Span {
	for o != nil && o.obj != nil {
		if o.from == nil {
			span, _ := o.obj.definition(int(o.at))
			return span
		}
		o = o.from
	}
	switch {
	case o == nil:
		return source.Span{}
	case o.file != nil:
		return o.text()
	case o.node == nil:
		return source.Span{}
	}
	return p.m.span(o.node)
}

// Chain gives the way of a value, oldest first: what made it, with its operands one
// level deep, and each field that passed it on, with the definitions that this one
// overrode.
func (p *Provenance) Chain(id uint32) []Step { return p.chain(p.at(id), nil) }

func (p *Provenance) chain(o *origin, steps []Step) []Step {
	if o == nil {
		return steps
	}
	if o.obj == nil {
		for _, arg := range o.operands() {
			if span := p.made(arg); span.HasPlace() {
				steps = append(steps, Step{Kind: Operand, Span: span})
			}
		}
		if span := p.made(o); span.HasPlace() {
			steps = append(steps, Step{Kind: Made, Span: span})
		}
		return steps
	}
	steps = o.obj.overridden(int(o.at), steps)
	steps = p.chain(o.from, steps)
	span, layer := o.obj.definition(int(o.at))
	if !span.HasPlace() {
		return steps
	}
	step := Step{Kind: Defined, Span: span, Field: o.obj.shape.Names[o.at], Layer: layer}
	if last := len(steps) - 1; last >= 0 && steps[last].Kind == Made && steps[last].Span == span {
		steps[last] = step
		return steps
	}
	return append(steps, step)
}

// definition gives the expression that defines a field, and its layer.
func (o *Object) definition(i int) (source.Span, int) {
	at, layer := o.topmost(i)
	return layer.body(int(at.field)), int(at.layer)
}

func (o *Object) topmost(i int) (place, *Object) {
	if o.ext == nil || o.ext.layout == nil {
		return place{0, int32(i)}, o
	}
	at := o.ext.layout.from[i]
	return at, o.ext.layers[at.layer]
}

// body gives the expression by which a literal or data defines a field.
func (o *Object) body(i int) source.Span {
	if o.code == nil {
		if v := *o.value(i); v.tag() == kindThunk && (*thunk)(v.p).node == nil {
			if from := (*thunk)(v.p).origin(); from != nil && from.file != nil {
				return from.text()
			}
		}
		return source.Span{}
	}
	if o.ext != nil && o.ext.pick != nil {
		i = int(o.ext.pick[i])
	}
	return o.code.Fields[i].Body.Span()
}

// overridden adds the definitions of a field below the one that stands.
func (o *Object) overridden(i int, steps []Step) []Step {
	at, _ := o.topmost(i)
	name := o.shape.Names[i]
	layers := o.layers()
	for l := 0; l < int(at.layer); l++ {
		if layers[l].shape == nil {
			continue
		}
		if k := layers[l].shape.Find(name, ir.Hash(name)); k >= 0 {
			if span := layers[l].body(k); span.HasPlace() {
				steps = append(steps, Step{Kind: Overridden, Span: span, Field: name, Layer: l})
			}
		}
	}
	return steps
}
