package eval

import (
	"context"
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// Machine runs one evaluation: one goroutine, one heap, no locks. What it shares with
// other machines is the store of compiled code.
type Machine struct {
	store    *ir.Store
	program  *Program
	builtins []*Builtin
	library  *Library
	ctx      context.Context

	// stack is the nodes from which calls, suspended expressions, fields and builtins
	// were entered, oldest first: what a trace shows. It is cut on the way back only,
	// so that after a failure it still tells the way there.
	stack    []*ir.Node
	depth    int // of them, those that count against the limit of frames
	maxStack int
	tail     tailCall
	free     [maxFree]*frame // by their number of slots, linked by up
	path     []step          // into the value that is being manifested

	imports        map[importKey]found
	loaded         map[string]*thunk     // by path, the values of imported files
	shown          map[*ir.Unit]string   // paths that are not shown as the file's name
	texts          map[*source.File]bool // that have no path
	std            map[*ir.Unit]Value
	extVars        map[string]Value
	builder        layoutBuilder // of the next layout
	layouts        layoutNode
	todo, gathered []*Object // room for open
	memo           map[any]any
	cursor         cursor

	work    Work
	steps   int
	bytes   int
	nesting int
	budget  budget
	tracked bool // provenance is kept
	origin  *origin
	traces  traces
	origins []*origin // of what was manifested
	givens  []*given
	within  *origin   // of the container that is being manifested
	args    []*origin // of the builtin that is being called
	profile *Profile  // nil where none is kept
	reads   Reads     // nil where they are not noted
	tracing bool      // std.trace may run: it would show what is evaluated more than once
}

// tailCall is a call that runCall is to make in place of the one that it just made.
type tailCall struct {
	body  *ir.Node
	frame *frame
}

// exec runs one operation.
type exec func(m *Machine, n *ir.Node, f *frame) Value

// table has the exec of each operation. Its size is a power of two above the number of
// operations, so that no index needs a check.
var table [128]exec

func (m *Machine) run(n *ir.Node, f *frame) Value { return table[n.Op&127](m, n, f) }

// enter notes that code is entered from n, and counts it as a frame.
func (m *Machine) enter(n *ir.Node) {
	m.stack = append(m.stack, n)
	m.depth++
	if m.depth > m.maxStack {
		m.tooDeep(n)
	}
	m.steps++
	if m.steps >= m.budget.next {
		m.spend()
	}
}

func (m *Machine) leave() {
	m.stack = m.stack[:len(m.stack)-1]
	m.depth--
}

// at is the node at which a builtin was called.
func (m *Machine) at() *ir.Node {
	if len(m.stack) == 0 {
		return outside
	}
	return m.stack[len(m.stack)-1]
}

// outside is where things happen that no source has.
var outside = &ir.Node{}

// suspended makes the value of an expression that is run when it is needed, in the
// frame or array that holds the value.
func suspended(n *ir.Node) Value { return tagged(kindSuspended, unsafe.Pointer(n)) }

// Force gives the value that a lazy one leads to.
func (m *Machine) Force(v Value) Value {
	if v.ready() {
		return v
	}
	if v.tag() == kindElement {
		a, i := v.element()
		return a.At(m, i)
	}
	return m.forceThunk((*thunk)(v.p), m.at())
}

func (m *Machine) forceThunk(t *thunk, from *ir.Node) Value {
	if t.node == nil {
		if m.tracked {
			m.origin = t.origin()
		}
		return t.value
	}
	m.enter(from)
	v := m.run(t.node, t.frame)
	m.leave()
	t.node, t.frame, t.value = nil, nil, v
	if m.tracked {
		t.setOrigin(m.origin)
	}
	return v
}

// read gives the value of a slot, and keeps it there.
func (m *Machine) read(s *Value, f *frame, from *ir.Node) Value {
	v := *s
	switch v.tag() {
	case kindElement:
		if v = m.Force(v); m.tracked {
			return v
		}
	case kindThunk:
		v = m.forceThunk((*thunk)(v.p), from)
		if m.tracked {
			return v
		}
	case kindSuspended, kindArgument:
		node, in := owner(v, f)
		m.enter(from)
		v = m.run(node, in)
		m.leave()
	}
	*s = m.keep(v)
	return v
}

// owner gives the expression of a suspended slot of f and the frame to run it in.
func owner(v Value, f *frame) (*ir.Node, *frame) {
	in := f
	if v.tag() == kindArgument {
		in = (*frame)(f.slot(uint32(v.n & (1<<32 - 1))).p)
	}
	return (*ir.Node)(v.p), in
}

// share gives what another place can hold of a slot: a value, or a thunk that both
// places share from now on.
func (m *Machine) share(s *Value, f *frame) Value {
	v := *s
	switch v.tag() {
	case kindSuspended, kindArgument:
		node, in := owner(v, f)
		v = tagged(kindThunk, unsafe.Pointer(&thunk{node: node, frame: in.hold()}))
		*s = v
	case kindElement:
		if a, i := v.element(); a.elems != nil && a.elems[i].ready() && !a.elems[i].IsAbsent() {
			v = a.elems[i]
			*s = v
		}
	case kindThunk:
		if t := (*thunk)(v.p); t.node == nil && !m.tracked {
			v = t.value
			*s = v
		}
	}
	return v
}

// lazy gives a value that stands for an expression: the value itself where it is there
// or costs nothing, or a thunk.
func (m *Machine) lazy(n *ir.Node, f *frame) Value {
	if v, ok := m.immediate(n, f); ok {
		return v
	}
	return tagged(kindThunk, unsafe.Pointer(&thunk{node: n, frame: f.hold()}))
}

// immediate evaluates what cannot fail and costs no more than a thunk.
func (m *Machine) immediate(n *ir.Node, f *frame) (Value, bool) {
	switch n.Op {
	case ir.OpNull, ir.OpTrue, ir.OpFalse, ir.OpNumber, ir.OpString, ir.OpData, ir.OpFunction, ir.OpArray, ir.OpSelf, ir.OpStdMember:
		return m.run(n, f), true
	case ir.OpObject:
		if n.Ref.(*ir.Object).Shape != nil {
			return m.run(n, f), true
		}
	case ir.OpVar0, ir.OpVar1, ir.OpVar:
		f = f.above(n.Depth)
		return m.share(f.slot(n.Slot), f), true
	case ir.OpAdd, ir.OpSub:
		return m.sum(n, f)
	}
	return Value{}, false
}

// sum computes with numbers that are there already.
func (m *Machine) sum(n *ir.Node, f *frame) (Value, bool) {
	x, ok := present(n.X, f)
	if !ok {
		return Value{}, false
	}
	y, ok := present(n.Y, f)
	if !ok {
		return Value{}, false
	}
	sum := x + y
	if n.Op == ir.OpSub {
		sum = x - y
	}
	return Number(sum), isFinite(sum)
}

func present(n *ir.Node, f *frame) (float64, bool) {
	switch n.Op {
	case ir.OpNumber:
		return n.Num, true
	case ir.OpVar0, ir.OpVar1, ir.OpVar:
		v := *f.above(n.Depth).slot(n.Slot)
		return v.Float(), v.IsNumber()
	}
	return 0, false
}

// Defer makes a lazy value of a function.
func (m *Machine) Defer(fn func(m *Machine) Value) Value {
	n := &ir.Node{Op: ir.OpApplyNative, Ref: fn, Start: m.at().Start, End: m.at().End}
	return tagged(kindThunk, unsafe.Pointer(&thunk{node: n}))
}

func runApplyNative(m *Machine, n *ir.Node, _ *frame) Value {
	return n.Ref.(func(*Machine) Value)(m)
}

// span is the place of a node.
func (m *Machine) span(n *ir.Node) source.Span { return m.store.Span(n) }
