package ir

import (
	"math"
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/resolve"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// lowering makes the nodes of one body.
type lowering struct {
	unit *Unit
	slab *slab
}

// make starts the node of a construct.
func (l *lowering) make(op Op, n *syntax.Node) *Node {
	out := l.slab.node()
	out.Op = op | l.unit.store.mark
	out.Start = l.unit.Base + Pos(n.Start)
	out.End = l.unit.Base + Pos(n.End)
	return out
}

// tail tells how near to the end of a function's body an expression is run.
type tail uint8

const (
	inside    tail = iota // something comes after it
	trimmable             // only an operator does: jsonnet drops the frame of a tailstrict call here
	last                  // nothing does
)

// operand is what a tail becomes in the last operand of an operator.
func (t tail) operand() tail { return min(t, trimmable) }

// expr lowers an expression.
func (l *lowering) expr(id syntax.NodeID, t tail) *Node {
	n := l.unit.Tree.Node(id)
	if n.Flags&syntax.Data != 0 && (n.Kind == syntax.Array || n.Kind == syntax.Object) {
		out := l.make(OpData, n)
		out.Ref = &Data{Unit: l.unit, ID: id}
		return out
	}
	switch n.Kind {
	case syntax.Null, syntax.True, syntax.False, syntax.Self:
		return l.make(plainOps[n.Kind], n)
	case syntax.Number:
		return l.number(n)
	case syntax.String:
		out := l.make(OpString, n)
		out.Str = l.unit.Tree.StringValue(n)
		return out
	case syntax.Dollar, syntax.Var:
		return l.variable(id, n)
	case syntax.Array:
		out := l.make(OpArray, n)
		out.Ref = l.items(n.A, n.B)
		return out
	case syntax.ArrayComp:
		return l.arrayComp(n)
	case syntax.Object:
		out := l.make(OpObject, n)
		out.Ref = l.object(id, n, n.A, n.B)
		return out
	case syntax.ObjectComp:
		return l.objectComp(id, n)
	case syntax.Index, syntax.Member, syntax.SuperIndex, syntax.SuperMember, syntax.Slice:
		return l.index(n)
	case syntax.InSuper:
		return l.unary(OpInSuper, n)
	case syntax.Apply:
		return l.apply(n, t)
	case syntax.ApplyBrace:
		return l.binary(OpAdd, n, t)
	case syntax.Function:
		out := l.make(OpFunction, n)
		out.Ref = l.function(id, n)
		return out
	case syntax.Local:
		return l.local(n, t)
	case syntax.If:
		return l.conditional(n, t)
	case syntax.Assert:
		return l.assert(n, t)
	case syntax.Error:
		return l.unary(OpError, n)
	case syntax.Import, syntax.ImportStr, syntax.ImportBin:
		out := l.make(OpImport+Op(n.Kind-syntax.Import), n)
		out.Str = l.unit.Tree.StringValue(l.unit.Tree.Node(syntax.NodeID(n.A)))
		return out
	case syntax.Unary:
		out := l.make(unaryOps[n.Op], n)
		out.X = l.expr(syntax.NodeID(n.A), t.operand())
		return out
	case syntax.Binary:
		return l.binary(binaryOps[n.Op], n, t)
	case syntax.Parens:
		return l.expr(syntax.NodeID(n.A), t)
	}
	return l.make(OpBad, n)
}

var plainOps = map[syntax.Kind]Op{syntax.Null: OpNull, syntax.True: OpTrue, syntax.False: OpFalse, syntax.Self: OpSelf}

var unaryOps = [...]Op{syntax.Not: OpNot, syntax.BitNot: OpBitNot, syntax.Pos: OpPos, syntax.Neg: OpNeg}

var binaryOps = [...]Op{
	syntax.Mul: OpMul, syntax.Div: OpDiv, syntax.Mod: OpMod, syntax.Add: OpAdd, syntax.Sub: OpSub,
	syntax.ShiftL: OpShiftL, syntax.ShiftR: OpShiftR,
	syntax.Greater: OpGreater, syntax.GreaterEq: OpGreaterEq, syntax.Less: OpLess, syntax.LessEq: OpLessEq,
	syntax.In: OpIn, syntax.Equal: OpEqual, syntax.Unequal: OpUnequal,
	syntax.BitAnd: OpBitAnd, syntax.BitXor: OpBitXor, syntax.BitOr: OpBitOr, syntax.And: OpAnd, syntax.Or: OpOr,
}

func (l *lowering) child(id uint32) *Node { return l.expr(syntax.NodeID(id), inside) }

func (l *lowering) items(start, n uint32) *List {
	items := make([]*Node, n)
	for i, id := range l.unit.Tree.List(start, n) {
		items[i] = l.later(id)
	}
	return &List{Items: items}
}

func (l *lowering) name(id uint32) (string, uint32) { return l.unit.Name(id) }

func (l *lowering) number(n *syntax.Node) *Node {
	f, ok := ParseNumber(l.unit.Tree.File.Text()[n.Start:n.End])
	if !ok {
		return l.make(OpOverflow, n)
	}
	out := l.make(OpNumber, n)
	out.Num = f
	return out
}

// ParseNumber reads a number literal; false where no float64 can hold it.
func ParseNumber(text string) (float64, bool) {
	if len(text) < 16 && strings.Trim(text, "0123456789") == "" {
		n := 0
		for i := range len(text) {
			n = n*10 + int(text[i]-'0')
		}
		return float64(n), true
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	return f, err == nil && !math.IsInf(f, 0)
}

func (l *lowering) variable(id syntax.NodeID, n *syntax.Node) *Node {
	ref := resolve.Ref(l.unit.Info.Slot[id])
	if n.Kind == syntax.Var && ref == resolve.Std {
		return l.make(OpStd, n)
	}
	op := OpVar
	switch {
	case n.Kind == syntax.Dollar:
		op = OpDollar
	case ref.Depth() == 0:
		op = OpVar0
	case ref.Depth() == 1:
		op = OpVar1
	}
	out := l.make(op, n)
	out.Depth = uint16(ref.Depth())
	out.Slot = uint32(ref.Slot())
	return out
}

func (l *lowering) unary(op Op, n *syntax.Node) *Node {
	out := l.make(op, n)
	out.X = l.child(n.A)
	return out
}

func (l *lowering) binary(op Op, n *syntax.Node, t tail) *Node {
	if op == OpMod || op == OpIn {
		t = inside // These are functions of std in disguise.
	}
	out := l.make(op, n)
	out.X, out.Y = l.child(n.A), l.expr(syntax.NodeID(n.B), t.operand())
	return out
}

func (l *lowering) index(n *syntax.Node) *Node {
	switch n.Kind {
	case syntax.Member:
		return l.member(n)
	case syntax.SuperMember:
		out := l.make(OpSuperMember, n)
		out.Str, out.Hash = l.name(n.A)
		return out
	case syntax.SuperIndex:
		return l.unary(OpSuperIndex, n)
	case syntax.Slice:
		return l.slice(n)
	}
	return l.binary(OpIndex, n, inside)
}

func (l *lowering) member(n *syntax.Node) *Node {
	if i, ok := l.builtin(n); ok {
		out := l.make(OpStdMember, n)
		out.Slot = i
		return out
	}
	target := l.unit.Tree.Node(syntax.NodeID(n.A))
	op := OpMember
	if target.Kind == syntax.Self {
		op = OpSelfMember
	}
	out := l.make(op, n)
	out.Str, out.Hash = l.name(n.B)
	if op == OpMember {
		out.X = l.child(n.A)
	}
	return out
}

// builtin finds the function that a member of std is.
func (l *lowering) builtin(n *syntax.Node) (uint32, bool) {
	if n.Kind != syntax.Member {
		return 0, false
	}
	target := l.unit.Tree.Node(syntax.NodeID(n.A))
	if target.Kind != syntax.Var || resolve.Ref(l.unit.Info.Slot[n.A]) != resolve.Std {
		return 0, false
	}
	i, ok := l.unit.store.builtins[l.unit.Tree.Names[n.B]]
	return i, ok
}

func (l *lowering) slice(n *syntax.Node) *Node {
	out := l.make(OpCallStd, n)
	out.Slot = l.unit.store.builtins["slice"]
	args := []*Node{l.child(n.A)}
	for _, id := range l.unit.Tree.List(n.B, 3) {
		if id == 0 {
			args = append(args, l.make(OpNull, n))
			continue
		}
		args = append(args, l.expr(id, inside))
	}
	out.Ref = &Call{Args: args}
	return out
}

func (l *lowering) apply(n *syntax.Node, t tail) *Node {
	call := &Call{TailStrict: n.Flags&syntax.TailStrict != 0, Args: make([]*Node, n.C)}
	for i, id := range l.unit.Tree.List(n.B, n.C) {
		arg := l.unit.Tree.Node(id)
		if arg.Kind == syntax.NamedArg {
			call.Names = append(call.Names, l.unit.Tree.Names[arg.A])
			id = syntax.NodeID(arg.B)
		}
		call.Args[i] = l.later(id)
	}
	op := OpCall
	builtin, ok := l.builtin(l.unit.Tree.Node(syntax.NodeID(n.A)))
	if ok && len(call.Names) == 0 && !call.TailStrict {
		out := l.make(OpCallStd, n)
		out.Slot, out.Ref = builtin, call
		return out
	}
	if t == last && call.TailStrict {
		op = OpTailCall
	}
	call.Trims = t != inside
	out := l.make(op, n)
	out.X, out.Ref = l.child(n.A), call
	return out
}

func (l *lowering) function(id syntax.NodeID, n *syntax.Node) *Function {
	f := &Function{
		Signature: Signature{Names: make([]string, 0, n.B), Optional: make([]bool, 0, n.B)},
		Defaults:  make([]*Node, n.B),
		Slots:     int(l.unit.Info.Slot[id]),
		Body:      Body{unit: l.unit, id: syntax.NodeID(n.C), tail: last},
	}
	params := l.unit.Tree.List(n.A, n.B)
	for i, id := range params {
		p := l.unit.Tree.Node(id)
		f.Signature.Add(l.unit.Tree.Names[p.A], p.B != 0)
		if p.B != 0 {
			f.Defaults[i] = l.defaultOf(p, params[:i])
		}
	}
	return f
}

// defaultOf is the default of a parameter. Of parameters of one name the last one is
// what the body sees, but the default of the first one counts.
func (l *lowering) defaultOf(p *syntax.Node, before []syntax.NodeID) *Node {
	for i, id := range before {
		if l.unit.Tree.Node(id).A == p.A {
			first := l.make(OpVar0, p)
			first.Slot = uint32(i)
			return first
		}
	}
	return l.later(syntax.NodeID(p.B))
}

func (l *lowering) bind(id syntax.NodeID) Bind {
	n := l.unit.Tree.Node(id)
	value := l.child(n.B)
	if f, ok := value.Ref.(*Function); ok && value.Op&^Tracked == OpFunction {
		f.Name = l.unit.Tree.Names[n.A]
	}
	if value.Op > OpSelf && value.Op != OpFunction {
		value = l.profiled(value, 1)
	}
	return Bind{Slot: l.unit.Info.Slot[id], Value: value}
}

func (l *lowering) local(n *syntax.Node, t tail) *Node {
	binds := make([]Bind, n.B)
	for i, id := range l.unit.Tree.List(n.A, n.B) {
		binds[i] = l.bind(id)
	}
	out := l.make(OpLocal, n)
	out.Ref = &Locals{Binds: binds}
	out.X = l.expr(syntax.NodeID(n.C), t)
	return out
}

func (l *lowering) conditional(n *syntax.Node, t tail) *Node {
	out := l.make(OpIf, n)
	out.X, out.Y = l.child(n.A), l.expr(syntax.NodeID(n.B), t)
	if n.C != 0 {
		out.Z = l.expr(syntax.NodeID(n.C), t)
	} else {
		out.Z = l.make(OpNull, n)
	}
	return out
}

// assert is a conditional whose other branch fails. In an object nothing comes after it.
func (l *lowering) assert(n *syntax.Node, t tail) *Node {
	out := l.make(OpIf, n)
	out.X = l.child(n.A)
	if n.C != 0 {
		out.Y = l.expr(syntax.NodeID(n.C), t)
	} else {
		out.Y = l.make(OpTrue, n)
	}
	if n.B == 0 {
		out.Z = l.make(OpAssertFail, n)
		return out
	}
	out.Z = l.make(OpError, n)
	out.Z.X = l.child(n.B)
	return out
}
