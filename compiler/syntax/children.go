package syntax

// Children calls a function with each child of a node, in the order in which they
// stand in the node.
func (t *Tree) Children(n *Node, visit func(NodeID)) {
	switch n.Kind {
	case ArrayComp:
		visit(NodeID(n.A))
		t.visitAll(n.B, n.C, visit)
	case Array, Object:
		t.visitAll(n.A, n.B, visit)
	case ObjectComp:
		t.visitAll(n.A, n.B+n.C, visit)
	case Function, Local:
		t.visitAll(n.A, n.B, visit)
		visit(NodeID(n.C))
	case Apply:
		visit(NodeID(n.A))
		t.visitAll(n.B, n.C, visit)
	case Slice:
		visit(NodeID(n.A))
		t.visitAll(n.B, 3, visit)
	case Field:
		if n.Flags&Computed != 0 {
			visit(NodeID(n.A))
		}
		visit(NodeID(n.B))
	case Bind, For, NamedArg, Param:
		visitSome(visit, n.B)
	case Member, SuperIndex, InSuper, Error, Import, ImportStr, ImportBin, Unary, Parens:
		visitSome(visit, n.A)
	case Index, Binary, ApplyBrace:
		visitSome(visit, n.A, n.B)
	case If, Assert:
		visitSome(visit, n.A, n.B, n.C)
	}
}

func (t *Tree) visitAll(start, n uint32, visit func(NodeID)) {
	for _, id := range t.List(start, n) {
		visitSome(visit, uint32(id))
	}
}

// visitSome visits the children that are there.
func visitSome(visit func(NodeID), ids ...uint32) {
	for _, id := range ids {
		if id != 0 {
			visit(NodeID(id))
		}
	}
}
