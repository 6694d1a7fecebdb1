package std

import (
	"math"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

// viewBuiltins are the functions that arrange the elements of arrays anew without
// looking at them.
func viewBuiltins() []*eval.Builtin {
	return []*eval.Builtin{
		binary("range", "from", "to", rangeOf),
		firstOf(binary("repeat", "what", "count", repeat), eval.StringKind, eval.ArrayKind),
		unary("reverse", "arr", reverse),
		{Name: "slice", Params: lazily(positional("indexable", "index", "end", "step")), FnN: slice},
		binary("remove", "arr", "elem", remove),
		binary("removeAt", "arr", "i", removeAt),
		binary("join", "sep", "arr", join),
		unary("flattenArrays", "arrs", flattenArrays),
		unary("flattenDeepArray", "value", flattenDeep),
	}
}

const (
	// viewMin is the length from which a view is made in place of a copy. A view is
	// slower to read, and it keeps what it views alive.
	viewMin = 1024
	// maxViews is how many views an evaluation makes, copies thereafter: a program that
	// makes views of views in a loop must not make reading one element deep or slow.
	maxViews = 64
)

type viewCount struct{}

func mayView(m *eval.Machine, n int) bool {
	if n < viewMin {
		return false
	}
	made := m.Memo(viewCount{}, func() any { return new(int) }).(*int)
	*made++
	return *made <= maxViews
}

// arranged makes an array of n elements of other arrays.
func arranged(m *eval.Machine, n int, at func(m *eval.Machine, i int) eval.Value) eval.Value {
	if mayView(m, n) {
		return eval.NewView(n, at)
	}
	m.Allocate(n * valueSize)
	elems := make([]eval.Value, n)
	for i := range elems {
		elems[i] = at(m, i)
	}
	return eval.NewArray(elems)
}

// rangeOf counts no memory: its elements are computed when they are read.
func rangeOf(m *eval.Machine, from, to eval.Value) eval.Value {
	first := wantInt(m, "range", "from", from)
	n := max(wantInt(m, "range", "to", to)-first+1, 0)
	return eval.NewRange(first, n)
}

func reverse(m *eval.Machine, arr eval.Value) eval.Value {
	a := wantArray(m, "reverse", "arr", arr)
	last := a.Len() - 1
	return arranged(m, a.Len(), func(m *eval.Machine, i int) eval.Value { return a.Lazy(m, last-i) })
}

func remove(m *eval.Machine, arr, elem eval.Value) eval.Value {
	a := wantArray(m, "remove", "arr", arr)
	at := indexOf(m, a, elem)
	if at < 0 {
		return arr
	}
	return without(m, a, at)
}

func removeAt(m *eval.Machine, arr, index eval.Value) eval.Value {
	a := wantArray(m, "removeAt", "arr", arr)
	at := wantInt(m, "removeAt", "i", index)
	if at < 0 || at >= a.Len() {
		m.Fail("std.removeAt: `i` must be an index of `arr`, which has %d elements, got %d", a.Len(), at)
	}
	return without(m, a, at)
}

func without(m *eval.Machine, a *eval.Array, at int) eval.Value {
	return arranged(m, a.Len()-1, func(m *eval.Machine, i int) eval.Value {
		if i >= at {
			i++
		}
		return a.Lazy(m, i)
	})
}

func repeat(m *eval.Machine, what, count eval.Value) eval.Value {
	if !what.IsString() && what.Kind() != eval.ArrayKind {
		failArgument(m, "repeat", "what", "an array or a string", what)
	}
	n := max(wantInt(m, "repeat", "count", count), 0)
	if what.IsString() {
		return repeatString(m, what, n)
	}
	a := what.Array()
	if n == 1 || a.Len() == 0 {
		return what
	}
	if n > math.MaxInt32/a.Len() {
		m.Allocate(math.MaxInt32 * valueSize)
		m.Fail("std.repeat: the result has more than %d elements", math.MaxInt32)
	}
	return arranged(m, n*a.Len(), func(m *eval.Machine, i int) eval.Value { return a.Lazy(m, i%a.Len()) })
}

// flattenArrays adds up arrays. Other elements take part as in jsonnet's sum of the
// elements: a string makes a string of it all.
func flattenArrays(m *eval.Machine, arrs eval.Value) eval.Value {
	list := wantSequence(m, "flattenArrays", "arrs", arrs)
	var parts []*eval.Array
	for i := range list.Len() {
		m.Round(i)
		v := list.At(m, i)
		if v.Kind() != eval.ArrayKind {
			return addUp(m, m.Join(parts), list, i)
		}
		parts = append(parts, v.Array())
	}
	return m.Join(parts)
}

func addUp(m *eval.Machine, sum eval.Value, list *eval.Array, from int) eval.Value {
	for i := from; i < list.Len(); i++ {
		m.Round(i)
		v := list.At(m, i)
		if !sum.IsString() && !v.IsString() && v.Kind() != eval.ArrayKind {
			m.Fail("std.flattenArrays: the elements of `arrs` must be arrays, but element %d is %s", i, withArticle(v))
		}
		sum = m.Add(sum, v)
	}
	return sum
}

func join(m *eval.Machine, sep, arr eval.Value) eval.Value {
	a := wantArray(m, "join", "arr", arr)
	switch sep.Kind() {
	case eval.StringKind:
		return joinStrings(m, sep.Text(), a)
	case eval.ArrayKind:
		return joinArrays(m, sep, a)
	}
	failArgument(m, "join", "sep", "a string or an array", sep)
	return eval.Null
}

// joined gives an element to be joined; null is left out.
func joined(m *eval.Machine, a *eval.Array, i int, kind eval.Kind, want string) (eval.Value, bool) {
	v := a.At(m, i)
	if k := v.Kind(); k != kind && k != eval.NullKind {
		m.Fail("std.join: the elements of `arr` must be %s, as `sep` is, but element %d is %s", want, i, withArticle(v))
	}
	return v, !v.IsNull()
}

func joinArrays(m *eval.Machine, sep eval.Value, a *eval.Array) eval.Value {
	var parts []*eval.Array
	for i := range a.Len() {
		m.Round(i)
		v, ok := joined(m, a, i, eval.ArrayKind, "arrays")
		if !ok {
			continue
		}
		if len(parts) > 0 {
			parts = append(parts, sep.Array())
		}
		parts = append(parts, v.Array())
	}
	return m.Join(parts)
}

// flattener walks through arrays in arrays.
type flattener struct {
	m     *eval.Machine
	out   gathered
	depth int
}

// maxDepth is how deep arrays may be nested where jsonnet's limit of stack frames
// does not count them.
const maxDepth = 100_000

func flattenDeep(m *eval.Machine, v eval.Value) eval.Value {
	if v.Kind() != eval.ArrayKind {
		return eval.NewArray([]eval.Value{v})
	}
	f := flattener{m: m}
	f.flatten(v.Array())
	return f.out.value()
}

func (f *flattener) flatten(a *eval.Array) {
	f.depth++
	if f.depth > maxDepth {
		f.m.Fail("std.flattenDeepArray: `value` nests deeper than %d arrays", maxDepth)
	}
	f.m.Step()
	for i := range a.Len() {
		f.m.Round(i)
		if v := a.At(f.m, i); v.Kind() == eval.ArrayKind {
			f.flatten(v.Array())
		} else {
			f.out.add(f.m, a.Lazy(f.m, i))
		}
	}
	f.depth--
}
