package std

import (
	"cmp"
	"math"
	"slices"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

// sortBuiltins are the functions that go by the order of elements or of keys of theirs.
func sortBuiltins() []*eval.Builtin {
	keyed := []eval.Param{{Name: "arr"}, {Name: "keyF", Optional: true}}
	extreme := []eval.Param{{Name: "arr"}, {Name: "keyF", Optional: true}, {Name: "onEmpty", Optional: true}}
	return []*eval.Builtin{
		{Name: "sort", Params: keyed, Fn2: sortArray},
		{Name: "minArray", Params: extreme, Fn3: minArray, Passes: true},
		{Name: "maxArray", Params: extreme, Fn3: maxArray, Passes: true},
	}
}

func sortArray(m *eval.Machine, arr, keyF eval.Value) eval.Value {
	return eval.NewArray(sorted(m, "sort", arr, keyF))
}

// sorted gives the elements in the order of their keys. Each key is computed once.
func sorted(m *eval.Machine, fn string, arr, keyF eval.Value) []eval.Value {
	a := wantArray(m, fn, "arr", arr)
	n := a.Len()
	m.Allocate(2 * n * valueSize)
	items := make([]eval.Value, n)
	keys := make([]eval.Value, n)
	if keyF.IsAbsent() {
		known := true // that the values are all that there is to the elements
		for i := range items {
			m.Round(i)
			keys[i] = a.At(m, i)
			items[i] = a.Lazy(m, i)
			known = known && items[i] == keys[i]
		}
		if known {
			sortPlain(m, items)
			return items
		}
		return byKeys(m, items, keys)
	}
	f := wantFunction(m, fn, "keyF", keyF)
	for i := range items {
		m.Round(i)
		items[i] = a.Lazy(m, i)
		keys[i] = m.Call1(f, items[i])
	}
	return byKeys(m, items, keys)
}

// kindOf gives the kind that all values have, Absent where they differ.
func kindOf(values []eval.Value) eval.Kind {
	if len(values) == 0 {
		return eval.Absent
	}
	k := values[0].Kind()
	for _, v := range values {
		if v.Kind() != k {
			return eval.Absent
		}
	}
	return k
}

// sortPlain sorts values that are their own keys, so that only 0 and -0 are equal and
// not the same.
func sortPlain(m *eval.Machine, values []eval.Value) {
	switch kindOf(values) {
	case eval.NumberKind:
		numbers := make([]float64, len(values))
		zeros := false
		for i, v := range values {
			numbers[i] = v.Float()
			zeros = zeros || numbers[i] == 0 && math.Signbit(numbers[i])
		}
		if zeros {
			slices.SortStableFunc(numbers, cmp.Compare[float64])
		} else {
			slices.Sort(numbers)
		}
		for i, f := range numbers {
			values[i] = eval.Number(f)
		}
	case eval.StringKind:
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = v.Text()
		}
		slices.Sort(texts)
		for i, s := range texts {
			values[i] = eval.String(s)
		}
	default:
		slices.SortStableFunc(values, m.Compare)
	}
}

func byKeys(m *eval.Machine, items, keys []eval.Value) []eval.Value {
	switch kindOf(keys) {
	case eval.NumberKind:
		return ordered(items, func(i int) float64 { return keys[i].Float() })
	case eval.StringKind:
		return ordered(items, func(i int) string { return keys[i].Text() })
	}
	type pair struct{ key, item eval.Value }
	pairs := make([]pair, len(items))
	for i := range pairs {
		pairs[i] = pair{keys[i], items[i]}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return m.Compare(a.key, b.key) })
	for i := range pairs {
		items[i] = pairs[i].item
	}
	return items
}

// ordered sorts by keys of Go's own order. The place of each item makes the order
// stable.
func ordered[K cmp.Ordered](items []eval.Value, key func(i int) K) []eval.Value {
	type place struct {
		key K
		at  int
	}
	places := make([]place, len(items))
	for i := range places {
		places[i] = place{key(i), i}
	}
	slices.SortFunc(places, func(a, b place) int {
		if c := cmp.Compare(a.key, b.key); c != 0 {
			return c
		}
		return a.at - b.at
	})
	out := make([]eval.Value, len(items))
	for i, p := range places {
		out[i] = items[p.at]
	}
	return out
}

func minArray(m *eval.Machine, arr, keyF, onEmpty eval.Value) eval.Value {
	return outermost(m, "minArray", arr, keyF, onEmpty, -1)
}

func maxArray(m *eval.Machine, arr, keyF, onEmpty eval.Value) eval.Value {
	return outermost(m, "maxArray", arr, keyF, onEmpty, 1)
}

// outermost gives the first of the elements whose key lies the farthest in a direction.
// It evaluates each element before its key.
func outermost(m *eval.Machine, fn string, arr, keyF, onEmpty eval.Value, direction int) eval.Value {
	a := wantArray(m, fn, "arr", arr)
	k := keys{fn: fn}
	if !keyF.IsAbsent() {
		k.call = wantFunction(m, fn, "keyF", keyF)
	}
	if a.Len() == 0 {
		if onEmpty.IsAbsent() {
			m.Fail("std.%s: `arr` is empty, and `onEmpty` is not given", fn)
		}
		return onEmpty
	}
	a.At(m, 0)
	best := 0
	bestKey := k.of(m, a, 0)
	for i := 1; i < a.Len(); i++ {
		m.Round(i)
		a.At(m, i)
		key := k.of(m, a, i)
		if m.Compare(bestKey, key) == -direction {
			best, bestKey = i, key
		}
	}
	return a.At(m, best)
}
