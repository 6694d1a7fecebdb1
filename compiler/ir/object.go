package ir

import "github.com/couplet-k8s/couplet/compiler/syntax"

func (l *lowering) object(id syntax.NodeID, n *syntax.Node, members, count uint32) *Object {
	o := &Object{Slots: int(l.unit.Info.Slot[id]), Start: l.unit.Base + Pos(n.Start)}
	tree := l.unit.Tree
	var fields, asserts int
	for _, id := range tree.List(members, count) {
		switch tree.Node(id).Kind {
		case syntax.Field:
			fields++
		case syntax.Assert:
			asserts++
		}
	}
	o.Fields = make([]Field, fields)
	o.Asserts = make([]Field, asserts)
	fields, asserts = 0, 0
	fixed := n.Flags&syntax.Computed == 0
	for _, id := range tree.List(members, count) {
		m := tree.Node(id)
		switch m.Kind {
		case syntax.Field:
			l.field(&o.Fields[fields], id, m)
			fixed = fixed && o.Fields[fields].NameExpr == nil
			fields++
		case syntax.Assert:
			a := &o.Asserts[asserts]
			a.Slots = l.ownSlots(id, m)
			a.Body.unit, a.Body.id = l.unit, id
			asserts++
		case syntax.Bind:
			o.Locals = append(o.Locals, l.bind(id))
		}
	}
	if fixed {
		o.Shape = o.shape()
	}
	return o
}

func (o *Object) shape() *Shape {
	names := make([]string, len(o.Fields))
	hashes := make([]uint32, len(o.Fields))
	for i := range o.Fields {
		names[i], hashes[i] = o.Fields[i].Name, o.Fields[i].Hash
	}
	return NewShape(names, hashes)
}

// ownSlots is the size of a member's own frame; -1 where it runs in its object's.
func (l *lowering) ownSlots(id syntax.NodeID, n *syntax.Node) int {
	if n.Flags&syntax.Locals == 0 {
		return -1
	}
	return int(l.unit.Info.Slot[id])
}

func (l *lowering) field(f *Field, id syntax.NodeID, n *syntax.Node) {
	f.Slots = l.ownSlots(id, n)
	f.Plus = n.Flags&syntax.Plus != 0
	switch {
	case n.Flags&syntax.Hidden != 0:
		f.Visibility = Hidden
	case n.Flags&syntax.Visible != 0:
		f.Visibility = Visible
	}
	if n.Flags&syntax.Computed != 0 {
		f.NameExpr = l.child(n.A)
	} else {
		f.Name, f.Hash = l.name(n.A)
	}
	f.Body.unit, f.Body.id = l.unit, syntax.NodeID(n.B)
}

func (l *lowering) arrayComp(n *syntax.Node) *Node {
	out := l.make(OpArrayComp, n)
	out.Ref = &Comp{Rounds: l.rounds(l.unit.Tree.List(n.B, n.C)), Body: l.later(syntax.NodeID(n.A))}
	return out
}

func (l *lowering) objectComp(id syntax.NodeID, n *syntax.Node) *Node {
	out := l.make(OpObjectComp, n)
	out.Ref = &Comp{
		Rounds: l.rounds(l.unit.Tree.List(n.A+n.B, n.C)),
		Object: l.object(id, n, n.A, n.B),
	}
	return out
}

func (l *lowering) rounds(ids []syntax.NodeID) []Round {
	var rounds []Round
	for _, id := range ids {
		n := l.unit.Tree.Node(id)
		if n.Kind == syntax.For {
			rounds = append(rounds, Round{Over: l.child(n.B), Slots: int(l.unit.Info.Size[id])})
			continue
		}
		last := &rounds[len(rounds)-1]
		last.Ifs = append(last.Ifs, l.child(n.A))
	}
	return rounds
}
