package eval

import (
	"cmp"
	"slices"

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
	u, at := p.store.Locate(n.Start)
	if u == nil {
		return stack
	}
	s, ok := p.scopes[u]
	if !ok {
		s = scopesOf(u)
		p.scopes[u] = s
	}
	f := ProfileFrame{Place: source.Span{File: u.Tree.File, Start: at, End: at + int(n.End-n.Start)}, Scope: u.Tree.File.Whole()}
	if i := s.around(f.Place.Start, f.Place.End); i >= 0 {
		f.Name, f.Scope = s[i].name, source.Span{File: u.Tree.File, Start: s[i].start, End: s[i].end}
	}
	return append(stack, f)
}

// scope is a part of a file that gives the frames in it their name.
type scope struct {
	start, end int
	name       string
	outer      int // the next larger one; -1 for none
}

// scopes are those of a file, outer ones first.
type scopes []scope

func scopesOf(u *ir.Unit) scopes {
	t := u.Tree
	var all scopes
	for i := range t.Nodes {
		n := &t.Nodes[i]
		if name := frameName(t, n); name != "" {
			of := named(t, n)
			all = append(all, scope{start: int(of.Start), end: int(of.End), name: name})
		}
	}
	// Of two with one extent the later one stands: it gives a function its name.
	slices.SortStableFunc(all, func(a, b scope) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	open := -1
	for i := range all {
		for open >= 0 && all[open].end <= all[i].start {
			open = all[open].outer
		}
		all[i].outer = open
		open = i
	}
	return all
}

// around finds the smallest scope that holds an expression and is not the expression
// itself; -1 for none.
func (s scopes) around(start, end int) int {
	i, _ := slices.BinarySearchFunc(s, start+1, func(s scope, at int) int { return cmp.Compare(s.start, at) })
	for i--; i >= 0 && (s[i].end < end || s[i].start == start && s[i].end == end); {
		i = s[i].outer
	}
	return i
}
