package eval

import (
	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// Sample is what was spent in one way, innermost frame first. One without frames is what
// the evaluation needs besides code: to make data of values, above all.
type Sample struct {
	Stack []ProfileFrame
	Cost
}

// FrameKind tells what a frame runs.
type FrameKind uint8

// The kinds of frames.
const (
	CodeFrame    FrameKind = iota // a place in a file
	BuiltinFrame                  // a function of std
	NativeFrame                   // one of Program.Natives
	ParseFrame                    // the reading of a file
)

// ProfileFrame is one step of a sample's way.
type ProfileFrame struct {
	Kind FrameKind
	// Name is that of the function or object, as in a trace; "" for code in none.
	Name string
	// Place is where the code stands, Scope the whole function or object.
	Place, Scope source.Span
}

// Samples gives what was noted, in an order that is the same in every run.
func (p *Profile) Samples() []Sample {
	var samples []Sample
	add := func(stack []ProfileFrame, c Cost) {
		if c != (Cost{}) {
			samples = append(samples, Sample{stack, c})
		}
	}
	var walk func(c *way)
	walk = func(c *way) {
		add(p.stack(c), c.own)
		for _, e := range c.edges {
			add(p.callers(nil, *e), e.before)
			if e.to.by.entry == e.entry && e.to.by.from == c {
				walk(e.to)
			}
		}
	}
	if p.root != nil {
		walk(p.root)
	}
	return samples
}

// stack is the way to what ran.
func (p *Profile) stack(c *way) []ProfileFrame {
	var stack []ProfileFrame
	switch what := c.by.what.(type) {
	case nil:
		return nil
	case *ir.Node:
		stack = p.code(stack, what)
	case *source.File:
		stack = append(stack, ProfileFrame{Kind: ParseFrame, Name: "parse", Place: what.At(0), Scope: what.At(0)})
	case *Builtin:
		stack = append(stack, ProfileFrame{Kind: BuiltinFrame, Name: "std." + what.Name})
	case *Native:
		stack = append(stack, ProfileFrame{Kind: NativeFrame, Name: "native " + what.Name})
	}
	return p.callers(stack, c.by)
}

// callers adds the way to an edge. What a builtin calls is called from the place where
// the builtin is, which the builtin's own frame shows.
func (p *Profile) callers(stack []ProfileFrame, e edge) []ProfileFrame {
	switch e.from.by.what.(type) {
	case nil:
		return p.code(stack, e.site)
	case *ir.Node:
		return p.callers(p.code(stack, e.site), e.from.by)
	}
	return append(stack, p.stack(e.from)...)
}

// code adds the frame of a node, unless it has no place.
func (p *Profile) code(stack []ProfileFrame, n *ir.Node) []ProfileFrame {
	place := p.store.Span(n)
	if !place.HasPlace() {
		return stack
	}
	f := ProfileFrame{Place: place, Scope: place.File.Whole()}
	if s := p.scopes.around(p.store, n); s != nil {
		f.Name, f.Scope = s.name, source.Span{File: place.File, Start: s.start, End: s.end}
	}
	return append(stack, f)
}
