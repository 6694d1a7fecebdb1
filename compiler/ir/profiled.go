package ir

import "github.com/couplet-k8s/couplet/compiler/syntax"

// profiled marks an expression that runs at another time than what it stands in, where
// a profile is to tell the two apart. runs is 1 where its runs are counted, as those of
// functions, fields and variables are.
func (l *lowering) profiled(n *Node, runs uint32) *Node {
	if !l.unit.store.profiled {
		return n
	}
	op := OpProfiled
	if n.Op <= OpData {
		op = OpProfileData
	}
	out := l.slab.node()
	out.Op, out.X, out.Slot, out.Start, out.End = op, n, runs, n.Start, n.End
	return out
}

// later lowers an argument, an element or a default. What the machine may evaluate at
// once, because that costs no more than to put it off, must stay what it is: a profile
// does not change what is done.
func (l *lowering) later(id syntax.NodeID) *Node {
	n := l.expr(id, inside)
	switch n.Op {
	case OpMember, OpSelfMember, OpIndex, OpSuperMember, OpSuperIndex, OpArrayComp, OpObjectComp,
		OpCall, OpCallStd, OpLocal, OpIf, OpImport, OpMod, OpEqual, OpAnd, OpOr:
		return l.profiled(n, 0)
	}
	return n
}
