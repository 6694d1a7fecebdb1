package eval

import (
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/ir"
)

// Array is an array. Its elements are values, or lead to one: suspended expressions of
// a literal, the frames of a comprehension's rounds, thunks, or what a source gives.
type Array struct {
	n     int
	elems []Value  // nil where the source gives every element anew
	env   *frame   // of suspended elements
	body  *ir.Node // of elements that are frames: what to run in them
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

// numbers is the source of a range.
type numbers struct{ first int }

func (r numbers) element(_ *Machine, i int) Value { return Number(float64(r.first + i)) }

// NewRange makes an array of n integers from first on, which take no memory.
func NewRange(first, n int) Value {
	return tagged(ArrayKind, unsafe.Pointer(&Array{n: n, from: numbers{first}}))
}

// Len is how many elements the array has.
func (a *Array) Len() int { return a.n }

// At gives an element's value.
func (a *Array) At(m *Machine, i int) Value {
	for a.elems == nil {
		switch from := a.from.(type) {
		case *concatenation:
			a.settle(m, from)
		case *joined:
			a, i = from.part(i)
		default:
			return m.Force(from.element(m, i))
		}
	}
	if v := a.elems[i]; v.ready() && !v.IsAbsent() {
		return v
	}
	return a.force(m, i)
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
	case kindFrame:
		m.enter(m.at())
		v = m.run(a.body, (*frame)(v.p))
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
	for a.elems == nil {
		switch from := a.from.(type) {
		case *concatenation:
			a.settle(m, from)
		case *joined:
			a, i = from.part(i)
		default:
			return from.element(m, i)
		}
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
	case kindFrame, Absent:
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

// elementOf is a lazy value of an element that its array is to evaluate.
func elementOf(a *Array, i int) Value {
	return Value{unsafe.Pointer(a), uint64(kindElement)<<tagShift | uint64(i)}
}

func (v Value) element() (*Array, int) {
	return (*Array)(v.p), int(v.n & (1<<tagShift - 1))
}
