package eval

import (
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// A machine that tracks provenance runs the same code, lowered to operations of their
// own (see ir.Tracked): each leaves in Machine.origin where its value came from. What
// is kept for later, in slots, fields and elements, is kept as a thunk that is done,
// beside its origin. A machine that does not track pays nothing for this.

// origin says where a value came from.
type origin struct {
	node *ir.Node    // the expression that made it
	args []*origin   // of a computed value: its operands
	obj  *Object     // of a field's value: the object, and
	at   int32       // which field of it
	from *origin     // where the field's definition has its value from
	text source.Span // of data that was read: its place
}

// setOrigin and origin keep an origin in a thunk that is done: where a pending one has
// its frame.
func (t *thunk) setOrigin(o *origin) { t.frame = (*frame)(unsafe.Pointer(o)) }

func (t *thunk) origin() *origin { return (*origin)(unsafe.Pointer(t.frame)) }

// keep gives what a place should hold of a value that was just made: the value itself,
// or with provenance a thunk that knows its origin.
func (m *Machine) keep(v Value) Value {
	if !m.tracked {
		return v
	}
	return withOrigin(v, m.origin)
}

func withOrigin(v Value, o *origin) Value {
	t := &thunk{value: v}
	t.setOrigin(o)
	return tagged(kindThunk, unsafe.Pointer(t))
}

// Keep gives a value that the running builtin was just given for another place to
// hold: it keeps its provenance.
func (m *Machine) Keep(v Value) Value {
	if v.ready() {
		return m.keep(v)
	}
	return v
}

func fillTracked() {
	const t = ir.Tracked
	for op := range ir.NumOps {
		table[op|t] = track(table[op])
	}
	for op, fn := range map[ir.Op]exec{
		ir.OpData: trackData,
		ir.OpVar0: trackVar0, ir.OpVar1: trackVar1, ir.OpVar: trackVar,
		ir.OpMember: trackMember, ir.OpSelfMember: passing(runSelfMember), ir.OpIndex: passing(runIndex),
		ir.OpSuperMember: passing(runSuperMember), ir.OpSuperIndex: passing(runSuperIndex),
		ir.OpCall: runCall, ir.OpTailCall: runTailCall, ir.OpCallStd: trackCallStd,
		ir.OpLocal: runLocal, ir.OpIf: runIf, ir.OpImport: runImport, ir.OpImportStr: trackImportStr,
		ir.OpApplyNative: passing(runApplyNative),
		ir.OpNot:         trackUnary(runNot), ir.OpBitNot: trackUnary(runBitNot), ir.OpPos: trackUnary(runPos), ir.OpNeg: trackUnary(runNeg),
	} {
		table[op|t] = fn
	}
	for op := ir.OpMul; op <= ir.OpBitOr; op++ {
		table[op|t] = trackBinary(table[op])
	}
}

// track runs an operation that is itself the origin of its value.
func track(run exec) exec {
	return func(m *Machine, n *ir.Node, f *frame) Value {
		v := run(m, n, f)
		m.origin = &origin{node: n}
		return v
	}
}

// passing runs an operation that passes a value on: its origin is the one that comes
// with it, or the operation where none does.
func passing(run exec) exec {
	return func(m *Machine, n *ir.Node, f *frame) Value {
		m.origin = nil
		v := run(m, n, f)
		if m.origin == nil {
			m.origin = &origin{node: n}
		}
		return v
	}
}

func trackUnary(run exec) exec {
	return func(m *Machine, n *ir.Node, f *frame) Value {
		v := run(m, n, f)
		m.origin = &origin{node: n, args: []*origin{m.origin}}
		return v
	}
}

// given stands for an operand that has been run.
type given struct {
	node  ir.Node
	value Value
}

func runGiven(_ *Machine, n *ir.Node, _ *frame) Value {
	return (*given)(unsafe.Pointer(n)).value
}

// trackBinary runs the operands to see where each comes from, and then the operation
// on what they gave.
func trackBinary(run exec) exec {
	return func(m *Machine, n *ir.Node, f *frame) Value {
		x := given{value: m.run(n.X, f)}
		from := []*origin{m.origin, nil}
		y := given{value: m.run(n.Y, f)}
		from[1] = m.origin
		x.node.Op, y.node.Op = ir.OpGiven, ir.OpGiven
		op := *n
		op.X, op.Y = &x.node, &y.node
		v := run(m, &op, f)
		m.origin = &origin{node: n, args: from}
		return v
	}
}

func trackData(m *Machine, n *ir.Node, _ *frame) Value {
	d := n.Ref.(*ir.Data)
	m.origin = &origin{node: n}
	if v, ok := d.Tracked.Load().(Value); ok {
		return v
	}
	b := dataBuilder{unit: d.Unit, tracked: true}
	return d.Tracked.Store(b.build(d.ID)).(Value)
}

func trackVar0(m *Machine, n *ir.Node, f *frame) Value {
	s := f.slot(n.Slot)
	m.origin = nil
	v := *s
	if !v.ready() {
		v = m.Force(m.read(s, f, n))
	}
	if m.origin == nil {
		m.origin = &origin{node: n}
	}
	return v
}

func trackVar1(m *Machine, n *ir.Node, f *frame) Value { return trackVar0(m, n, f.up) }

func trackVar(m *Machine, n *ir.Node, f *frame) Value { return trackVar0(m, n, f.above(n.Depth)) }

func trackMember(m *Machine, n *ir.Node, f *frame) Value {
	v := m.run(n.X, f)
	of := m.origin
	if v.tag() != ObjectKind {
		m.failIndex(n, v, n.Str)
	}
	m.origin = nil
	v = m.member(n, v.Object(), n.Str, n.Hash)
	if m.origin == nil {
		m.origin = &origin{node: n, args: []*origin{of}}
	}
	return v
}

func trackImportStr(m *Machine, n *ir.Node, f *frame) Value {
	v := runImportStr(m, n, f)
	m.origin = &origin{node: n, text: m.resolve(n, n.Str).file.At(0)}
	return v
}

// trackCallStd calls a builtin. What it makes has the call as its origin, with its
// arguments; what it only passes on comes with its own.
func trackCallStd(m *Machine, n *ir.Node, f *frame) Value {
	b := m.builtins[n.Slot]
	c := n.Ref.(*ir.Call)
	args := m.bindParams(n, b.Params, c, f)
	from := make([]*origin, 0, len(args))
	for i, arg := range args {
		if b.Params[i].Lazy || arg.IsAbsent() {
			continue
		}
		m.origin = nil
		args[i] = m.Force(arg)
		from = append(from, m.origin)
	}
	m.stack = append(m.stack, n)
	m.origin, m.args = nil, from
	v := m.applyBuiltin(b, args)
	m.stack = m.stack[:len(m.stack)-1]
	if b.Passes && m.origin != nil {
		return v
	}
	m.origin = &origin{node: n, args: from}
	return v
}

// note gives an origin a number by which values outside the machine carry it; 0 for
// none.
func (m *Machine) note(o *origin) uint32 {
	if o == nil {
		return 0
	}
	m.origins = append(m.origins, o)
	return uint32(len(m.origins))
}
