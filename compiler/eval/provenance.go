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

// origin says where a value came from. There is one for each value that is kept, so it
// is small: what its fields mean depends on which of node, obj and file is set. With
// none of them it is a cell of a list of operands: from is one, and other the rest.
type origin struct {
	node  *ir.Node     // the expression that made it
	obj   *Object      // of a field's value: the object
	from  *origin      // of a field: where its definition has its value from; else the first operand
	other *origin      // the second operand, or a list of the others
	file  *source.File // of data that was read
	at    int32        // which field of obj; where the data starts in file
	end   int32        // where the data ends
}

// chunk is how many origins or thunks are allocated at once.
const chunk = 64

// traces hands out origins and the thunks that keep them, in chunks: a machine makes
// hundreds of thousands, and nearly all of them stay as long as it.
type traces struct {
	origins []origin
	thunks  []thunk
}

func (t *traces) origin(o origin) *origin {
	if len(t.origins) == 0 {
		t.origins = make([]origin, chunk)
	}
	at := &t.origins[0]
	t.origins = t.origins[1:]
	*at = o
	return at
}

// keep gives a thunk that is done and knows the origin of its value.
func (t *traces) keep(v Value, o *origin) Value {
	if len(t.thunks) == 0 {
		t.thunks = make([]thunk, chunk)
	}
	at := &t.thunks[0]
	t.thunks = t.thunks[1:]
	at.value = v
	at.setOrigin(o)
	return tagged(kindThunk, unsafe.Pointer(at))
}

func dataOrigin(s source.Span) origin {
	return origin{file: s.File, at: int32(s.Start), end: int32(s.End)}
}

// text is the place of data.
func (o *origin) text() source.Span {
	return source.Span{File: o.file, Start: int(o.at), End: int(o.end)}
}

// computed is the origin of what an expression made of operands.
func (t *traces) computed(n *ir.Node, operands ...*origin) *origin {
	o := t.origin(origin{node: n})
	switch len(operands) {
	case 0:
		return o
	case 1:
		o.from = operands[0]
		return o
	case 2:
		o.from, o.other = operands[0], operands[1]
		return o
	}
	o.from = operands[0]
	for i := len(operands) - 1; i > 0; i-- {
		o.other = t.origin(origin{from: operands[i], other: o.other})
	}
	return o
}

// operands lists what computed was given.
func (o *origin) operands() []*origin {
	list := []*origin{o.from}
	for rest := o.other; rest != nil; rest = rest.other {
		if rest.node != nil || rest.obj != nil || rest.file != nil {
			return append(list, rest)
		}
		list = append(list, rest.from)
	}
	return list
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
	return m.traces.keep(v, m.origin)
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
		m.origin = m.traces.origin(origin{node: n})
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
			m.origin = m.traces.origin(origin{node: n})
		}
		return v
	}
}

func trackUnary(run exec) exec {
	return func(m *Machine, n *ir.Node, f *frame) Value {
		v := run(m, n, f)
		m.origin = m.traces.computed(n, m.origin)
		return v
	}
}

// given is an operation whose operands have been run: what stands for them gives their
// values. Machines use theirs again.
type given struct {
	op, x, y    ir.Node
	left, right Value
}

func runGiven(m *Machine, n *ir.Node, _ *frame) Value {
	g := m.givens[len(m.givens)-1]
	if n == &g.x {
		return g.left
	}
	return g.right
}

// trackBinary runs the operands to see where each comes from, and then the operation
// on what they gave.
func trackBinary(run exec) exec {
	return func(m *Machine, n *ir.Node, f *frame) Value {
		x := m.run(n.X, f)
		left := m.origin
		y := m.run(n.Y, f)
		right := m.origin
		var g *given
		if len(m.givens) < cap(m.givens) {
			g = m.givens[:len(m.givens)+1][len(m.givens)]
		}
		if g == nil {
			g = &given{}
			g.x.Op, g.y.Op = ir.OpGiven, ir.OpGiven
		}
		g.left, g.right = x, y
		g.op.Op, g.op.Start, g.op.End = n.Op, n.Start, n.End
		g.op.X, g.op.Y = &g.x, &g.y
		m.givens = append(m.givens, g)
		v := run(m, &g.op, f)
		m.givens = m.givens[:len(m.givens)-1]
		m.origin = m.traces.computed(n, left, right)
		return v
	}
}

func trackData(m *Machine, n *ir.Node, _ *frame) Value {
	d := n.Ref.(*ir.Data)
	m.origin = m.traces.origin(origin{node: n})
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
		m.origin = m.traces.origin(origin{node: n})
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
		m.origin = m.traces.computed(n, of)
	}
	return v
}

func trackImportStr(m *Machine, n *ir.Node, f *frame) Value {
	v := runImportStr(m, n, f)
	m.origin = m.traces.origin(dataOrigin(m.resolve(n, n.Str).file.At(0)))
	return v
}

// trackCallStd calls a builtin. What it makes has the call as its origin, with its
// arguments; what it only passes on comes with its own.
func trackCallStd(m *Machine, n *ir.Node, f *frame) Value {
	b := m.builtins[n.Slot]
	c := n.Ref.(*ir.Call)
	if len(c.Args) != len(b.Params) {
		return m.trackCall(n, b, m.bindParams(n, &b.signature, c, f))
	}
	args := make([]Value, len(c.Args))
	for i, arg := range c.Args {
		args[i] = m.lazy(arg, f)
	}
	return m.trackCall(n, b, args)
}

func (m *Machine) trackCall(n *ir.Node, b *Builtin, args []Value) Value {
	from := make([]*origin, 0, len(args))
	for i, arg := range args {
		if b.Params[i].Lazy || arg.IsAbsent() {
			continue
		}
		m.origin = nil
		args[i] = m.Force(arg)
		from = append(from, m.origin)
		if !b.Params[i].takes(args[i]) {
			break
		}
	}
	m.stack = append(m.stack, n)
	m.origin, m.args = nil, from
	v := m.applyBuiltin(b, args)
	m.stack = m.stack[:len(m.stack)-1]
	if b.Passes && m.origin != nil {
		return v
	}
	m.origin = m.traces.computed(n, from...)
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
