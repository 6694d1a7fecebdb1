package eval

import (
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/ir"
)

// Array is an array. Its elements are values, or lead to one: suspended expressions of
// a literal, thunks, or what a source gives.
type Array struct {
	n     int
	elems []Value // nil where the source gives every element anew
	env   *frame  // of suspended elements
	from  elements
}

// elements gives the elements of an array that are not there yet.
type elements interface {
	// element gives element i: a value or a thunk.
	element(m *Machine, i int) Value
}

// NewArray makes an array of values or lazy values, which it owns from now on.
func NewArray(elems []Value) Value {
	return tagged(ArrayKind, unsafe.Pointer(&Array{n: len(elems), elems: elems}))
}

func newLiteralArray(items []*ir.Node, f *frame) Value {
	a := &Array{n: len(items), env: f.hold(), elems: make([]Value, len(items))}
	for i, item := range items {
		a.elems[i] = suspended(item)
	}
	return tagged(ArrayKind, unsafe.Pointer(a))
}

// NewView makes an array whose elements at gives each time that they are asked for:
// values or lazy values of other arrays.
func NewView(n int, at func(m *Machine, i int) Value) Value {
	return tagged(ArrayKind, unsafe.Pointer(&Array{n: n, from: view(at)}))
}

type view func(m *Machine, i int) Value

func (at view) element(m *Machine, i int) Value { return at(m, i) }

// NewLazyArray makes an array whose elements at computes once, when they are needed.
func NewLazyArray(n int, at func(m *Machine, i int) Value) Value {
	return tagged(ArrayKind, unsafe.Pointer(&Array{n: n, elems: make([]Value, n), from: view(at)}))
}

// Len is how many elements the array has.
func (a *Array) Len() int { return a.n }

// At gives an element's value.
func (a *Array) At(m *Machine, i int) Value {
	if a.elems == nil {
		a.settle(m)
	}
	if a.elems != nil {
		if v := a.elems[i]; v.ready() && !v.IsAbsent() {
			return v
		}
		return a.force(m, i)
	}
	return m.Force(a.from.element(m, i))
}

func (a *Array) force(m *Machine, i int) Value {
	v := a.elems[i]
	switch v.tag() {
	case kindThunk, kindElement:
		if v = m.Force(v); m.tracked {
			return v
		}
	case kindSuspended:
		m.enter(m.at())
		v = m.run((*ir.Node)(v.p), a.env)
		m.leave()
	case Absent:
		m.enter(m.at())
		v = m.Force(a.from.element(m, i))
		m.leave()
	}
	a.elems[i] = m.keep(v)
	return v
}

// Lazy gives an element for another place to hold: a value or a thunk.
func (a *Array) Lazy(m *Machine, i int) Value {
	if a.elems == nil {
		a.settle(m)
	}
	if a.elems == nil {
		return a.from.element(m, i)
	}
	v := a.elems[i]
	switch v.tag() {
	case kindSuspended:
		if now, ok := m.immediate((*ir.Node)(v.p), a.env); ok {
			v = m.keep(now)
			a.elems[i] = v
			break
		}
		v = elementOf(a, i)
	case Absent:
		v = elementOf(a, i)
	case kindElement:
		if b, j := v.element(); b.elems != nil {
			if w := b.elems[j]; w.ready() && !w.IsAbsent() {
				v = w
				a.elems[i] = v
			}
		}
	case kindThunk:
		if t := (*thunk)(v.p); t.node == nil && !m.tracked {
			v = t.value
			a.elems[i] = v
		}
	}
	return v
}

// settle puts the parts of a concatenation together when an element is first wanted.
func (a *Array) settle(m *Machine) {
	if c, ok := a.from.(*concatenation); ok {
		a.elems = c.elements(m, a.n)
		a.from = nil
	}
}

// concatenation is the source of an array made by + of which no element was wanted yet.
type concatenation struct{ left, right *Array }

func (c *concatenation) element(*Machine, int) Value {
	panic("an element of a concatenation that was not settled")
}

// fewElements is how many elements + copies at once.
const fewElements = 16

func (m *Machine) concat(a, b *Array) Value {
	switch {
	case a.n == 0:
		return tagged(ArrayKind, unsafe.Pointer(b))
	case b.n == 0:
		return tagged(ArrayKind, unsafe.Pointer(a))
	}
	m.allocate((a.n + b.n) * int(unsafe.Sizeof(Value{})))
	c := &Array{n: a.n + b.n, from: &concatenation{a, b}}
	if c.n <= fewElements {
		c.settle(m)
	}
	return tagged(ArrayKind, unsafe.Pointer(c))
}

// elements fills from the right: chains grow to the left.
func (c *concatenation) elements(m *Machine, n int) []Value {
	out := make([]Value, n)
	for todo := []*Array{c.left, c.right}; len(todo) > 0; {
		a := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if inner, ok := a.from.(*concatenation); ok {
			todo = append(todo, inner.left, inner.right)
			continue
		}
		n -= a.n
		for i := range a.n {
			out[n+i] = a.Lazy(m, i)
		}
	}
	return out
}

// round is one nesting of for in a comprehension.
func (m *Machine) rounds(n *ir.Node, c *ir.Comp, depth int, f *frame, each func(f *frame)) {
	if depth == len(c.Rounds) {
		each(f)
		return
	}
	r := &c.Rounds[depth]
	over := m.run(r.Over, f)
	if over.tag() != ArrayKind {
		m.failType(n, over, ArrayKind)
	}
	a := over.Array()
	for i := range a.Len() {
		m.spendStep()
		inner := m.newFrame(f, r.Slots)
		*inner.slot(0) = a.Lazy(m, i)
		if m.passes(n, r.Ifs, inner) {
			m.rounds(n, c, depth+1, inner, each)
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

func runArrayComp(m *Machine, n *ir.Node, f *frame) Value {
	c := n.Ref.(*ir.Comp)
	var elems []Value
	m.enter(n)
	m.rounds(n, c, 0, f, func(f *frame) {
		m.allocate(int(unsafe.Sizeof(Value{})))
		elems = append(elems, m.lazy(c.Body, f))
	})
	m.leave()
	return NewArray(elems)
}

// elementOf is a lazy value of an element that its array is to evaluate.
func elementOf(a *Array, i int) Value {
	return Value{unsafe.Pointer(a), uint64(kindElement)<<tagShift | uint64(i)}
}

func (v Value) element() (*Array, int) {
	return (*Array)(v.p), int(v.n & (1<<tagShift - 1))
}
