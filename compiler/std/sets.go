package std

import (
	"slices"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

func setBuiltins() []*eval.Builtin {
	keyF := eval.Param{Name: "keyF", Optional: true, Lazy: true}
	two := []eval.Param{{Name: "a"}, {Name: "b"}, keyF}
	return []*eval.Builtin{
		{Name: "uniq", Params: []eval.Param{{Name: "arr"}, keyF}, Fn2: uniq},
		{Name: "set", Params: []eval.Param{{Name: "arr"}, {Name: "keyF", Optional: true}}, Fn2: set},
		{Name: "setMember", Params: []eval.Param{{Name: "x", Lazy: true}, {Name: "arr"}, keyF}, Fn3: setMember},
		firstOf(&eval.Builtin{Name: "setUnion", Params: slices.Clone(two), Fn3: setUnion}, measured...),
		{Name: "setInter", Params: two, Fn3: setInter},
		{Name: "setDiff", Params: two, Fn3: setDiff},
	}
}

// keys computes the keys of elements. keyF is not looked at before the first key is
// needed.
type keys struct {
	fn    string
	given eval.Value // keyF, lazy or absent
	call  *eval.Function
}

func (k *keys) plain() bool { return k.call == nil && k.given.IsAbsent() }

// of gives the key of an element: the element itself where there is no keyF.
func (k *keys) of(m *eval.Machine, a *eval.Array, i int) eval.Value {
	if k.plain() {
		return a.At(m, i)
	}
	if k.call == nil {
		k.call = wantFunction(m, k.fn, "keyF", m.Force(k.given))
	}
	return m.Call1(k.call, a.Lazy(m, i))
}

// order orders two keys. Keys without an order may be equal all the same.
func order(m *eval.Machine, x, y eval.Value) int {
	if (x.IsNumber() && y.IsNumber()) || (x.IsString() && y.IsString()) || !m.Equal(x, y) {
		return m.Compare(x, y)
	}
	return 0
}

// uniq leaves out elements whose key equals that of the last one that stays.
func uniq(m *eval.Machine, arr, keyF eval.Value) eval.Value {
	return uniqOf(m, wantSequence(m, "uniq", "arr", arr), keys{fn: "uniq", given: keyF})
}

func uniqOf(m *eval.Machine, a *eval.Array, k keys) eval.Value {
	if a.Len() == 0 {
		return eval.NewArray(nil)
	}
	var out gathered
	out.add(m, a.Lazy(m, 0))
	last := 0
	for i := 1; i < a.Len(); i++ {
		m.Round(i)
		x := k.of(m, a, last)
		if m.Equal(x, k.of(m, a, i)) {
			continue
		}
		last = i
		out.add(m, a.Lazy(m, i))
	}
	return out.value()
}

func set(m *eval.Machine, arr, keyF eval.Value) eval.Value {
	items := eval.NewArray(sorted(m, "set", arr, keyF)).Array()
	return uniqOf(m, items, keys{fn: "set", given: keyF})
}

// operand is an argument of a set function. The functions are defined by loops over
// indexes up to the length, and so take strings too, and anything else that has a length
// as long as none of its elements is looked at.
type operand struct {
	fn, param string
	given     eval.Value
	items     *eval.Array
	n         int
}

func newOperand(m *eval.Machine, fn, param string, v eval.Value) operand {
	o := operand{fn: fn, param: param, given: v}
	switch v.Kind() {
	case eval.ArrayKind, eval.StringKind:
		o.items = wantSequence(m, fn, param, v)
	case eval.ObjectKind:
		o.items = o.unreadable(m.FieldCount(v.Object(), false))
	case eval.FunctionKind:
		o.items = o.unreadable(v.Function().Required())
	default:
		o.fail(m)
	}
	o.n = o.items.Len()
	return o
}

func (o *operand) fail(m *eval.Machine) { failArgument(m, o.fn, o.param, "an array", o.given) }

// unreadable makes elements that fail when they are evaluated.
func (o *operand) unreadable(n int) *eval.Array {
	fail := *o
	return eval.NewLazyArray(n, func(m *eval.Machine, _ int) eval.Value {
		fail.fail(m)
		return eval.Null
	}).Array()
}

// tail adds the elements from one on to a result. Of a string it adds the text, which
// makes a string of the result.
func (o *operand) tail(m *eval.Machine, out gathered, from int) eval.Value {
	switch {
	case o.given.Kind() != eval.ArrayKind && !o.given.IsString():
		o.fail(m)
	case o.given.IsString():
		chars := append([]eval.Value{}, characters(m, o.given)[from:]...)
		return m.Add(out.value(), joinStrings(m, "", eval.NewArray(chars).Array()))
	case len(out) == 0 && from == 0:
		return o.given
	}
	out.addAll(m, o.items, from)
	return out.value()
}

// merge is a walk through two operands at once.
type merge struct {
	a, b operand
	keys
	// twice tells that the keys are computed again to see which is less. It can be
	// seen by std.trace in keyF.
	twice  bool
	i, j   int
	rounds int
}

// next compares the next elements and goes past the lesser one, or past both.
func (w *merge) next(m *eval.Machine) int {
	m.Round(w.rounds)
	w.rounds++
	x := w.of(m, w.a.items, w.i)
	y := w.of(m, w.b.items, w.j)
	c := 0
	switch {
	case !w.twice || w.plain():
		c = order(m, x, y)
	case !m.Equal(x, y):
		x = w.of(m, w.a.items, w.i)
		c = m.Compare(x, w.of(m, w.b.items, w.j))
	}
	if c <= 0 {
		w.i++
	}
	if c >= 0 {
		w.j++
	}
	return c
}

func (w *merge) more() bool { return w.i < w.a.n && w.j < w.b.n }

func newMerge(m *eval.Machine, fn string, a operand, b, keyF eval.Value, twice bool) *merge {
	return &merge{a: a, b: newOperand(m, fn, "b", b), keys: keys{fn: fn, given: keyF}, twice: twice}
}

func setUnion(m *eval.Machine, av, bv, keyF eval.Value) eval.Value {
	w := newMerge(m, "setUnion", newOperand(m, "setUnion", "a", av), bv, keyF, false)
	out := gather(m, w.a.n+w.b.n)
	for w.more() {
		if i, j := w.i, w.j; w.next(m) <= 0 {
			out.add(m, w.a.items.Lazy(m, i))
		} else {
			out.add(m, w.b.items.Lazy(m, j))
		}
	}
	if w.i >= w.a.n {
		return w.b.tail(m, out, w.j)
	}
	return w.a.tail(m, out, w.i)
}

func setInter(m *eval.Machine, av, bv, keyF eval.Value) eval.Value {
	a := newOperand(m, "setInter", "a", av)
	if a.n == 0 {
		return eval.NewArray(nil)
	}
	w := newMerge(m, "setInter", a, bv, keyF, true)
	out := gather(m, min(w.a.n, w.b.n))
	for w.more() {
		if i := w.i; w.next(m) == 0 {
			out.add(m, w.a.items.Lazy(m, i))
		}
	}
	return out.value()
}

func setDiff(m *eval.Machine, av, bv, keyF eval.Value) eval.Value {
	a := newOperand(m, "setDiff", "a", av)
	if a.n == 0 {
		return eval.NewArray(nil)
	}
	w := newMerge(m, "setDiff", a, bv, keyF, true)
	out := gather(m, w.a.n)
	for w.more() {
		if i := w.i; w.next(m) < 0 {
			out.add(m, w.a.items.Lazy(m, i))
		}
	}
	if w.i >= w.a.n {
		return out.value()
	}
	return w.a.tail(m, out, w.i)
}
