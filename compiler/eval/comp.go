package eval

import (
	"slices"
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/ir"
)

// comprehension is a run of the rounds of one.
type comprehension struct {
	m *Machine
	n *ir.Node
	c *ir.Comp
	// room makes room for what n rounds give, each takes the frame of one.
	room func(n int)
	each func(f *frame)
}

// rounds runs the rounds of one nesting of for, and those inside it.
func (c *comprehension) rounds(depth int, f *frame) {
	m := c.m
	r := &c.c.Rounds[depth]
	over := m.run(r.Over, f)
	if over.tag() != ArrayKind {
		m.failType(c.n, over, ArrayKind)
	}
	a := over.Array()
	inmost := depth+1 == len(c.c.Rounds)
	if inmost && len(r.Ifs) == 0 {
		c.room(a.n)
	}
	for i := range a.n {
		m.spendStep()
		inner := m.newFrame(f, r.Slots)
		*inner.slot(0) = a.Lazy(m, i)
		switch {
		case !m.passes(c.n, r.Ifs, inner):
		case inmost:
			c.each(inner)
		default:
			c.rounds(depth+1, inner)
		}
		m.release(inner)
	}
}

func (m *Machine) passes(n *ir.Node, ifs []*ir.Node, f *frame) bool {
	for _, cond := range ifs {
		if !m.truth(n, m.run(cond, f)) {
			return false
		}
	}
	return true
}

// valueSize is how much memory an element of an array takes.
const valueSize = int(unsafe.Sizeof(Value{}))

// more makes room for n more elements in a list that grows, and counts it.
func more[T any](m *Machine, list []T, n int) []T {
	if len(list)+n <= cap(list) {
		return list
	}
	n = max(n, len(list))
	var elem T
	m.allocate((len(list) + n) * int(unsafe.Sizeof(elem)))
	return slices.Grow(list, n)
}

// runArrayComp leaves the elements to be run when they are needed: until then, each is
// the frame of its round.
func runArrayComp(m *Machine, n *ir.Node, f *frame) Value {
	c := n.Ref.(*ir.Comp)
	var elems []Value
	rounds := comprehension{m: m, n: n, c: c}
	rounds.room = func(n int) { elems = more(m, elems, n) }
	rounds.each = func(f *frame) {
		v, ok := m.immediate(c.Body, f)
		if !ok {
			v = tagged(kindFrame, unsafe.Pointer(f.hold()))
		}
		elems = append(more(m, elems, 1), v)
	}
	m.enter(n)
	rounds.rounds(0, f)
	m.leave()
	return tagged(ArrayKind, unsafe.Pointer(&Array{n: len(elems), elems: elems, body: c.Body}))
}

func runObjectComp(m *Machine, n *ir.Node, f *frame) Value {
	c := n.Ref.(*ir.Comp)
	field := &c.Object.Fields[0]
	var names []string
	var hashes []uint32
	var envs []*frame
	rounds := comprehension{m: m, n: n, c: c}
	rounds.room = func(n int) { names, hashes, envs = more(m, names, n), more(m, hashes, n), more(m, envs, n) }
	rounds.each = func(f *frame) {
		v := m.run(field.NameExpr, f)
		if v.IsNull() {
			return
		}
		name, hash := m.fieldName(n, v)
		rounds.room(1)
		names, hashes, envs = append(names, name), append(hashes, hash), append(envs, f.hold())
	}
	m.enter(n)
	rounds.rounds(0, f)
	shape := m.newShape(n, names, hashes)
	m.leave()
	return objectValue(&Object{shape: shape, code: c.Object, env: f.hold(), ext: &extension{pick: make([]int32, len(names)), envs: envs}})
}
