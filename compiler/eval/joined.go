package eval

import (
	"slices"
	"sort"
	"unsafe"
)

// concatenation is the source of an array made by + of which no element was wanted yet.
type concatenation struct{ left, right *Array }

func (c *concatenation) element(m *Machine, i int) Value {
	if i < c.left.n {
		return c.left.Lazy(m, i)
	}
	return c.right.Lazy(m, i-c.left.n)
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
	m.allocate((a.n + b.n) * valueSize)
	c := &concatenation{a, b}
	sum := &Array{n: a.n + b.n, from: c}
	if sum.n <= fewElements {
		sum.settle(m, c)
	}
	return tagged(ArrayKind, unsafe.Pointer(sum))
}

// settle makes a concatenation's elements accessible when one is first wanted.
func (a *Array) settle(m *Machine, c *concatenation) {
	if parts := c.parts(a.n / bigPart); parts != nil {
		a.from = newJoined(parts)
		return
	}
	a.from, a.elems = nil, make([]Value, a.n)
	end := a.n
	c.leaves(func(leaf *Array) bool {
		end -= leaf.n
		leaf.copyTo(m, a.elems[end:])
		return true
	})
}

func (a *Array) copyTo(m *Machine, elems []Value) {
	for i := range a.n {
		elems[i] = a.Lazy(m, i)
	}
}

// leaves visits what was added up, the last array first, for chains grow to the left.
// It ends where visit says false.
func (c *concatenation) leaves(visit func(leaf *Array) bool) {
	for todo := []*Array{c.left, c.right}; len(todo) > 0; {
		a := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if inner, ok := a.from.(*concatenation); ok {
			todo = append(todo, inner.left, inner.right)
		} else if !visit(a) {
			return
		}
	}
}

// parts lists the leaves in order; nil where there are more than limit.
func (c *concatenation) parts(limit int) []*Array {
	var parts []*Array
	c.leaves(func(leaf *Array) bool {
		if j, ok := leaf.from.(*joined); ok {
			for _, part := range slices.Backward(j.parts) {
				parts = append(parts, part)
			}
		} else {
			parts = append(parts, leaf)
		}
		return len(parts) <= limit
	})
	if len(parts) > limit {
		return nil
	}
	slices.Reverse(parts)
	return parts
}

// joined is the source of an array that consists of others, none of which is joined
// itself or empty.
type joined struct {
	parts []*Array
	ends  []int // where each part ends
	last  int   // the part in which an element was looked up last
}

// bigPart is how long the parts must be on average for an array to be joined: with
// shorter ones, a copy is worth its memory.
const bigPart = 256

func newJoined(parts []*Array) *joined {
	j := &joined{parts: parts, ends: make([]int, len(parts))}
	end := 0
	for k, part := range parts {
		end += part.n
		j.ends[k] = end
	}
	return j
}

// part gives the part that has element i, and where in it.
func (j *joined) part(i int) (*Array, int) {
	if i >= j.ends[j.last] || i < j.ends[j.last]-j.parts[j.last].n {
		j.last = sort.SearchInts(j.ends, i+1)
	}
	part := j.parts[j.last]
	return part, i - (j.ends[j.last] - part.n)
}

func (j *joined) element(m *Machine, i int) Value {
	part, at := j.part(i)
	return part.Lazy(m, at)
}

// Join makes one array of several.
func (m *Machine) Join(arrays []*Array) Value {
	n := 0
	var parts []*Array
	for _, a := range arrays {
		n += a.n
		if c, ok := a.from.(*concatenation); ok {
			a.settle(m, c)
		}
		if j, ok := a.from.(*joined); ok {
			parts = append(parts, j.parts...)
		} else if a.n > 0 {
			parts = append(parts, a)
		}
	}
	if len(parts) == 1 {
		return tagged(ArrayKind, unsafe.Pointer(parts[0]))
	}
	if len(parts) > 0 && n >= bigPart*len(parts) {
		m.allocate(len(parts) * valueSize)
		return tagged(ArrayKind, unsafe.Pointer(&Array{n: n, from: newJoined(parts)}))
	}
	m.allocate(n * valueSize)
	elems := make([]Value, n)
	at := 0
	for _, part := range parts {
		part.copyTo(m, elems[at:])
		at += part.n
	}
	return NewArray(elems)
}

// reader reads the elements of an array one after the other.
type reader struct {
	a     *Array
	run   []Value // elements that lie side by side
	start int     // where in the array run is
	room  []Value // for those that do not lie anywhere
}

// at gives element i. It is quick where i was i-1 the last time.
func (r *reader) at(m *Machine, i int) Value {
	if k := i - r.start; k < len(r.run) {
		if v := r.run[k]; v.ready() && !v.IsAbsent() {
			return v
		}
	}
	return r.next(m, i)
}

func (r *reader) next(m *Machine, i int) Value {
	if i-r.start >= len(r.run) {
		r.run, r.start = r.side(i), i
	}
	return r.a.At(m, i)
}

// runLength is how many elements of a range are made at a time.
const runLength = 64

// side gives elements from i on that lie side by side, or are made for it.
func (r *reader) side(i int) []Value {
	a := r.a
	for a.elems == nil {
		switch from := a.from.(type) {
		case *joined:
			a, i = from.part(i)
		case numbers:
			if r.room == nil {
				r.room = make([]Value, min(a.n, runLength))
			}
			run := r.room[:min(a.n-i, len(r.room))]
			for k := range run {
				run[k] = Number(float64(from.first + i + k))
			}
			return run
		default:
			return nil
		}
	}
	return a.elems[i:]
}
