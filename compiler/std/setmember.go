package std

import (
	"sort"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

// setMember looks for x from the first element on, up to the first that is not less.
func setMember(m *eval.Machine, x, arr, keyF eval.Value) eval.Value {
	if arr.Kind() == eval.ArrayKind && keyF.IsAbsent() && arr.Array().Len() >= searchMin {
		x = m.Force(x)
		if s := lastSearched(m, arr.Array()); s.kind == x.Kind() {
			return eval.Bool(s.has(m, x))
		}
	}
	one := eval.NewArray([]eval.Value{x})
	w := newMerge(m, "setMember", newOperand(m, "setMember", "x", one), arr, keyF, true)
	for w.more() {
		if w.next(m) == 0 {
			return eval.True
		}
	}
	return eval.False
}

// searchMin is how long a set must be for a binary search to be worth knowing it.
const searchMin = 32

// searched is the array that std.setMember was last called with. Once all its elements
// are known to be there and in order, a binary search finds the same as the loop: with
// elements that are still to be evaluated, or in no order, it may not.
type searched struct {
	array *eval.Array
	calls int
	kind  eval.Kind // of all elements, Absent while they are not known to be in order
}

type searchedKey struct{}

// lastSearched looks at the elements at every call whose number is a power of two but
// the first, so that this costs no more than the searches themselves.
func lastSearched(m *eval.Machine, a *eval.Array) *searched {
	s := m.Memo(searchedKey{}, func() any { return &searched{} }).(*searched)
	if s.array != a {
		*s = searched{array: a}
	}
	s.calls++
	if s.kind == eval.Absent && s.calls > 1 && s.calls&(s.calls-1) == 0 {
		s.kind = orderedKind(m, a)
	}
	return s
}

// orderedKind gives the kind of the elements of an array of numbers or strings that are
// evaluated and in order, Absent for other arrays.
func orderedKind(m *eval.Machine, a *eval.Array) eval.Kind {
	last := a.Lazy(m, 0)
	kind := last.Kind()
	if kind != eval.NumberKind && kind != eval.StringKind {
		return eval.Absent
	}
	for i := 1; i < a.Len(); i++ {
		m.Round(i)
		v := a.Lazy(m, i)
		if v.Kind() != kind || order(m, last, v) > 0 {
			return eval.Absent
		}
		last = v
	}
	return kind
}

func (s *searched) has(m *eval.Machine, x eval.Value) bool {
	n := s.array.Len()
	at := sort.Search(n, func(i int) bool { return order(m, s.array.At(m, i), x) >= 0 })
	return at < n && order(m, s.array.At(m, at), x) == 0
}
