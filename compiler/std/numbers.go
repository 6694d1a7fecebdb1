package std

import (
	"math"

	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
)

func numberBuiltins() []*eval.Builtin {
	return append([]*eval.Builtin{
		{Name: "pi", Constant: eval.Number(math.Pi)},
		ofNumber("abs", "n", absolute),
		ofNumber("sign", "n", sign),
		ofNumber("floor", "x", math.Floor),
		ofNumber("ceil", "x", math.Ceil),
		ofNumber("round", "x", math.Round),
		ofNumber("sqrt", "x", math.Sqrt),
		ofNumber("exp", "x", exponential),
		ofNumber("log", "x", math.Log),
		ofNumber("log2", "x", func(x float64) float64 { return math.Log(x) / math.Log(2) }),
		ofNumber("log10", "x", func(x float64) float64 { return math.Log(x) / math.Log(10) }),
		ofNumber("mantissa", "x", func(x float64) float64 { f, _ := math.Frexp(x); return f }),
		ofNumber("exponent", "x", func(x float64) float64 { _, e := math.Frexp(x); return float64(e) }),
		ofNumber("sin", "x", math.Sin),
		ofNumber("cos", "x", math.Cos),
		ofNumber("tan", "x", math.Tan),
		ofNumber("asin", "x", math.Asin),
		ofNumber("acos", "x", math.Acos),
		ofNumber("atan", "x", math.Atan),
		ofNumber("deg2rad", "x", func(x float64) float64 { return x * math.Pi / 180 }),
		ofNumber("rad2deg", "x", func(x float64) float64 { return x * 180 / math.Pi }),
		ofNumbers("atan2", "y", "x", math.Atan2),
		ofNumbers("hypot", "x", "y", math.Hypot),
		ofNumbers("pow", "x", "n", math.Pow),
		firstOf(ofNumbers("max", "a", "b", larger), eval.NumberKind),
		firstOf(ofNumbers("min", "a", "b", smaller), eval.NumberKind),
		testOfNumber("isEven", func(x float64) bool { return math.Mod(math.Trunc(x), 2) == 0 }),
		testOfNumber("isOdd", func(x float64) bool { return math.Mod(math.Trunc(x), 2) != 0 }),
		testOfNumber("isInteger", func(x float64) bool { return x == math.Trunc(x) }),
		testOfNumber("isDecimal", func(x float64) bool { return x != math.Trunc(x) }),
		binary("modulo", "x", "y", modulo),
		binary("mod", "a", "b", mod),
		clampBuiltin(),
	}, comparisonBuiltins()...)
}

func wantNumber(m *eval.Machine, fn, param string, v eval.Value) float64 {
	if !v.IsNumber() {
		failArgument(m, fn, param, "a number", v)
	}
	return v.Float()
}

// numberText is a number as jsonnet writes it.
func numberText(f float64) string { return string(emit.AppendNumber(nil, f)) }

// ofNumber makes a function of a number to a number, which fails where the result is
// not a finite one.
func ofNumber(name, param string, fn func(float64) float64) *eval.Builtin {
	return unary(name, param, func(m *eval.Machine, v eval.Value) eval.Value {
		return m.Finite(fn(wantNumber(m, name, param, v)))
	})
}

func ofNumbers(name, p, q string, fn func(x, y float64) float64) *eval.Builtin {
	return binary(name, p, q, func(m *eval.Machine, a, b eval.Value) eval.Value {
		x := wantNumber(m, name, p, a)
		return m.Finite(fn(x, wantNumber(m, name, q, b)))
	})
}

func testOfNumber(name string, fn func(float64) bool) *eval.Builtin {
	return unary(name, "x", func(m *eval.Machine, v eval.Value) eval.Value {
		return eval.Bool(fn(wantNumber(m, name, "x", v)))
	})
}

// absolute gives -0 for 0, as jsonnet does.
func absolute(x float64) float64 {
	if x > 0 {
		return x
	}
	return -x
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// exponential tells an overflow from a result that is too small.
func exponential(x float64) float64 {
	y := math.Exp(x)
	if y == 0 && x > 0 {
		return math.Inf(1)
	}
	return y
}

// larger and smaller give the second of two equal numbers, which shows where one is -0.
func larger(a, b float64) float64 {
	if a > b {
		return a
	}
	return b
}

func smaller(a, b float64) float64 {
	if a < b {
		return a
	}
	return b
}

func modulo(m *eval.Machine, x, y eval.Value) eval.Value {
	a, b := wantNumber(m, "modulo", "x", x), wantNumber(m, "modulo", "y", y)
	if b == 0 {
		m.Fail("division by zero")
	}
	return m.Finite(math.Mod(a, b))
}

// mod is the operator %.
func mod(m *eval.Machine, a, b eval.Value) eval.Value {
	switch {
	case a.IsNumber() && b.IsNumber():
		return modulo(m, a, b)
	case a.IsString():
		return format(m, a, b)
	}
	m.Fail("`%%` does not work on values of the types %s and %s", a.TypeName(), b.TypeName())
	return eval.Null
}

// clampBuiltin looks at the upper bound only where the lower one holds. Whatever has
// an order can be clamped.
func clampBuiltin() *eval.Builtin {
	params := []eval.Param{{Name: "x"}, {Name: "minVal"}, {Name: "maxVal", Lazy: true}}
	return &eval.Builtin{Name: "clamp", Params: params, Fn3: func(m *eval.Machine, x, low, high eval.Value) eval.Value {
		if m.Compare(x, low) < 0 {
			return low
		}
		if high = m.Force(high); m.Compare(x, high) > 0 {
			return high
		}
		return x
	}}
}

// comparisonBuiltins are what jsonnet's own library is written with; some code calls
// them in spite of their names.
func comparisonBuiltins() []*eval.Builtin {
	all := []*eval.Builtin{
		binary("__compare", "v1", "v2", compare),
		firstOf(binary("__compare_array", "arr1", "arr2", compareArrays), measured...),
	}
	for name, holds := range map[string]func(c float64) bool{
		"__array_less":             func(c float64) bool { return c < 0 },
		"__array_greater":          func(c float64) bool { return c > 0 },
		"__array_less_or_equal":    func(c float64) bool { return c <= 0 },
		"__array_greater_or_equal": func(c float64) bool { return c >= 0 },
	} {
		all = append(all, firstOf(binary(name, "arr1", "arr2", func(m *eval.Machine, a, b eval.Value) eval.Value {
			return eval.Bool(holds(compareArrays(m, a, b).Float()))
		}), measured...))
	}
	return all
}

func compare(m *eval.Machine, a, b eval.Value) eval.Value {
	if a.Kind() != b.Kind() {
		m.Fail("std.__compare: `v1` and `v2` must be of one type, got %s and %s", a.TypeName(), b.TypeName())
	}
	return eval.Number(float64(m.Compare(a, b)))
}

// compareArrays takes whatever has a length, as it looks at elements only where both
// sides have some.
func compareArrays(m *eval.Machine, a, b eval.Value) eval.Value {
	const function = "__compare_array"
	n, k := measure(m, function, "arr1", a), measure(m, function, "arr2", b)
	if n > 0 && k > 0 {
		x, y := wantSequence(m, function, "arr1", a), wantSequence(m, function, "arr2", b)
		for i := range min(n, k) {
			m.Round(i)
			if c := compare(m, x.At(m, i), y.At(m, i)); c.Float() != 0 {
				return c
			}
		}
	}
	return compare(m, eval.Number(float64(n)), eval.Number(float64(k)))
}
