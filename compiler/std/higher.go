package std

import (
	"github.com/couplet-k8s/couplet/compiler/eval"
)

// higherBuiltins are the functions that call a function of the user. They pass it
// elements that are not evaluated.
func higherBuiltins() []*eval.Builtin {
	return []*eval.Builtin{
		unary("id", "x", func(_ *eval.Machine, x eval.Value) eval.Value { return x }),
		firstOf(binary("map", "func", "arr", mapArray), eval.FunctionKind),
		firstOf(binary("mapWithIndex", "func", "arr", mapWithIndex), eval.FunctionKind),
		binary("filter", "func", "arr", filter),
		{Name: "filterMap", Params: ofKinds(positional("filter_func", "map_func", "arr"), eval.FunctionKind), Fn3: filterMap},
		binary("flatMap", "func", "arr", flatMap),
		{Name: "foldl", Params: positional("func", "arr", "init"), Fn3: foldl, Passes: true},
		{Name: "foldr", Params: positional("func", "arr", "init"), Fn3: foldr, Passes: true},
		binary("makeArray", "sz", "func", makeArray),
	}
}

// lazyArray makes an array whose elements are computed once, when they are needed.
func lazyArray(m *eval.Machine, n int, at func(m *eval.Machine, i int) eval.Value) eval.Value {
	m.Allocate(n * valueSize)
	return eval.NewLazyArray(n, at)
}

func mapped(m *eval.Machine, f *eval.Function, a *eval.Array) eval.Value {
	return lazyArray(m, a.Len(), func(m *eval.Machine, i int) eval.Value { return m.Call1(f, a.Lazy(m, i)) })
}

func mapArray(m *eval.Machine, fn, arr eval.Value) eval.Value {
	f := wantFunction(m, "map", "func", fn)
	return mapped(m, f, wantSequence(m, "map", "arr", arr))
}

func mapWithIndex(m *eval.Machine, fn, arr eval.Value) eval.Value {
	f := wantFunction(m, "mapWithIndex", "func", fn)
	a := wantSequence(m, "mapWithIndex", "arr", arr)
	return lazyArray(m, a.Len(), func(m *eval.Machine, i int) eval.Value {
		return m.Call2(f, eval.Number(float64(i)), a.Lazy(m, i))
	})
}

func makeArray(m *eval.Machine, sz, fn eval.Value) eval.Value {
	n := wantInt(m, "makeArray", "sz", sz)
	f := wantFunction(m, "makeArray", "func", fn)
	return lazyArray(m, max(n, 0), func(m *eval.Machine, i int) eval.Value { return m.Call1(f, eval.Number(float64(i))) })
}

// kept gives the elements for which a function says true.
func kept(m *eval.Machine, fn, param string, f *eval.Function, a *eval.Array) gathered {
	var out gathered
	for i := range a.Len() {
		m.Round(i)
		v := a.Lazy(m, i)
		keep := m.Call1(f, v)
		if keep.Kind() != eval.BoolKind {
			m.Fail("std.%s: `%s` must return a boolean, not %s", fn, param, withArticle(keep))
		}
		if keep.Truth() {
			out.add(m, v)
		}
	}
	return out
}

func filter(m *eval.Machine, fn, arr eval.Value) eval.Value {
	a := wantArray(m, "filter", "arr", arr)
	return kept(m, "filter", "func", wantFunction(m, "filter", "func", fn), a).value()
}

func filterMap(m *eval.Machine, filter, change, arr eval.Value) eval.Value {
	f := wantFunction(m, "filterMap", "filter_func", filter)
	g := wantFunction(m, "filterMap", "map_func", change)
	a := wantArray(m, "filterMap", "arr", arr)
	return mapped(m, g, kept(m, "filterMap", "filter_func", f, a).value().Array())
}

func flatMap(m *eval.Machine, fn, arr eval.Value) eval.Value {
	f := wantFunction(m, "flatMap", "func", fn)
	a := wantSequence(m, "flatMap", "arr", arr)
	if arr.IsString() {
		return flatMapString(m, f, a)
	}
	var out gathered
	for i := range a.Len() {
		m.Round(i)
		v := m.Call1(f, a.Lazy(m, i))
		if v.Kind() != eval.ArrayKind {
			m.Fail("std.flatMap: `func` must return an array, not %s", withArticle(v))
		}
		out.addAll(m, v.Array(), 0)
	}
	return out.value()
}

func flatMapString(m *eval.Machine, f *eval.Function, chars *eval.Array) eval.Value {
	var out []byte
	for i := range chars.Len() {
		m.Round(i)
		v := m.Call1(f, chars.At(m, i))
		if !v.IsString() {
			m.Fail("std.flatMap: `func` must return a string, not %s", withArticle(v))
		}
		s := v.Text()
		m.Allocate(len(s))
		out = append(roomy(out, len(s)), s...)
	}
	return eval.TextOf(out)
}

func foldl(m *eval.Machine, fn, arr, init eval.Value) eval.Value {
	f := wantFunction(m, "foldl", "func", fn)
	a := wantSequence(m, "foldl", "arr", arr)
	acc := init
	for i := range a.Len() {
		m.Round(i)
		acc = m.Call2(f, acc, a.Lazy(m, i))
		if i+1 < a.Len() {
			acc = m.Keep(acc)
		}
	}
	return acc
}

func foldr(m *eval.Machine, fn, arr, init eval.Value) eval.Value {
	f := wantFunction(m, "foldr", "func", fn)
	a := wantSequence(m, "foldr", "arr", arr)
	acc := init
	for i := a.Len() - 1; i >= 0; i-- {
		m.Round(i)
		acc = m.Call2(f, a.Lazy(m, i), acc)
		if i > 0 {
			acc = m.Keep(acc)
		}
	}
	return acc
}
