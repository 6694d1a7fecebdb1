package std

import (
	"strings"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

func arrayBuiltins() []*eval.Builtin {
	var all []*eval.Builtin
	all = append(all, lookBuiltins()...)
	all = append(all, viewBuiltins()...)
	all = append(all, higherBuiltins()...)
	return append(all, sortBuiltins()...)
}

// lookBuiltins are the functions that look at the elements of an array.
func lookBuiltins() []*eval.Builtin {
	return []*eval.Builtin{
		unary("length", "x", length),
		binary("member", "arr", "x", member),
		binary("contains", "arr", "elem", contains),
		{Name: "count", Params: []eval.Param{{Name: "arr"}, {Name: "x", Lazy: true}}, Fn2: count},
		{Name: "find", Params: []eval.Param{{Name: "value", Lazy: true}, {Name: "arr"}}, Fn2: find},
		unary("sum", "arr", sum),
		unary("avg", "arr", average),
		unary("all", "arr", all),
		unary("any", "arr", anyOf),
	}
}

func length(m *eval.Machine, x eval.Value) eval.Value {
	switch x.Kind() {
	case eval.ArrayKind:
		return eval.Number(float64(x.Array().Len()))
	case eval.StringKind:
		return eval.Number(float64(x.Length()))
	case eval.ObjectKind:
		return eval.Number(float64(m.FieldCount(x.Object(), false)))
	case eval.FunctionKind:
		return eval.Number(float64(x.Function().Required()))
	}
	failArgument(m, "length", "x", "an array, a string, an object or a function", x)
	return eval.Null
}

// indexOf gives the index of the first element that equals x, -1 for none. It looks at
// no element behind that one.
func indexOf(m *eval.Machine, a *eval.Array, x eval.Value) int {
	n := a.Len()
	if x.IsNumber() {
		f := x.Float()
		for i := range n {
			m.Round(i)
			if v := a.At(m, i); v.IsNumber() && v.Float() == f {
				return i
			}
		}
		return -1
	}
	for i := range n {
		m.Round(i)
		if m.Equal(a.At(m, i), x) {
			return i
		}
	}
	return -1
}

func member(m *eval.Machine, arr, x eval.Value) eval.Value {
	if arr.IsString() {
		return eval.Bool(strings.Contains(arr.Text(), wantString(m, "member", "x", x)))
	}
	if arr.Kind() != eval.ArrayKind {
		failArgument(m, "member", "arr", "an array or a string", arr)
	}
	return eval.Bool(indexOf(m, arr.Array(), x) >= 0)
}

func contains(m *eval.Machine, arr, elem eval.Value) eval.Value {
	return eval.Bool(indexOf(m, wantArray(m, "contains", "arr", arr), elem) >= 0)
}

// eachEqual visits the indexes of the elements that equal x, which is evaluated after
// the first element, and not at all where there is none.
func eachEqual(m *eval.Machine, a *eval.Array, x eval.Value, visit func(i int)) {
	for i := range a.Len() {
		m.Round(i)
		v := a.At(m, i)
		if i == 0 {
			x = m.Force(x)
		}
		if m.Equal(v, x) {
			visit(i)
		}
	}
}

func count(m *eval.Machine, arr, x eval.Value) eval.Value {
	n := 0
	eachEqual(m, wantArray(m, "count", "arr", arr), x, func(int) { n++ })
	return eval.Number(float64(n))
}

func find(m *eval.Machine, value, arr eval.Value) eval.Value {
	var indexes gathered
	eachEqual(m, wantArray(m, "find", "arr", arr), value, func(i int) { indexes.add(m, eval.Number(float64(i))) })
	return indexes.value()
}

func total(m *eval.Machine, fn string, a *eval.Array) float64 {
	sum := 0.0
	for i := range a.Len() {
		m.Round(i)
		v := a.At(m, i)
		if !v.IsNumber() {
			m.Fail("std.%s: the elements of `arr` must be numbers, but element %d is %s", fn, i, withArticle(v))
		}
		sum += v.Float()
	}
	return sum
}

func sum(m *eval.Machine, arr eval.Value) eval.Value {
	return m.Finite(total(m, "sum", wantArray(m, "sum", "arr", arr)))
}

func average(m *eval.Machine, arr eval.Value) eval.Value {
	a := wantArray(m, "avg", "arr", arr)
	if a.Len() == 0 {
		m.Fail("std.avg: `arr` is empty")
	}
	return m.Finite(total(m, "avg", a) / float64(a.Len()))
}

// firstThat tells whether an element is the boolean that is sought. It looks at no
// element behind the first such.
func firstThat(m *eval.Machine, fn string, arr eval.Value, sought bool) bool {
	a := wantArray(m, fn, "arr", arr)
	for i := range a.Len() {
		m.Round(i)
		v := a.At(m, i)
		if v.Kind() != eval.BoolKind {
			m.Fail("std.%s: the elements of `arr` must be booleans, but element %d is %s", fn, i, withArticle(v))
		}
		if v.Truth() == sought {
			return true
		}
	}
	return false
}

func all(m *eval.Machine, arr eval.Value) eval.Value {
	return eval.Bool(!firstThat(m, "all", arr, false))
}

func anyOf(m *eval.Machine, arr eval.Value) eval.Value {
	return eval.Bool(firstThat(m, "any", arr, true))
}
