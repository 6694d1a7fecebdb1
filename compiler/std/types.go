package std

import (
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
)

// typeBuiltins are the functions that take values of any type, and those that reach
// beyond the program.
func typeBuiltins() []*eval.Builtin {
	return []*eval.Builtin{
		unary("type", "x", typeOf),
		ofKind("isString", "v", eval.StringKind),
		ofKind("isNumber", "v", eval.NumberKind),
		ofKind("isBoolean", "v", eval.BoolKind),
		ofKind("isObject", "v", eval.ObjectKind),
		ofKind("isArray", "v", eval.ArrayKind),
		ofKind("isFunction", "v", eval.FunctionKind),
		ofKind("isNull", "x", eval.NullKind),
		unary("toString", "a", toString),
		binary("equals", "x", "y", equals),
		binary("primitiveEquals", "x", "y", primitiveEquals),
		binary("assertEqual", "a", "b", assertEqual),
		binary("xor", "x", "y", xor),
		binary("xnor", "x", "y", xnor),
		binary("trace", "str", "rest", trace),
		unary("extVar", "x", extVar),
		unary("native", "x", native),
	}
}

func typeOf(_ *eval.Machine, x eval.Value) eval.Value { return eval.ASCII(x.TypeName()) }

func ofKind(name, param string, kind eval.Kind) *eval.Builtin {
	return unary(name, param, func(_ *eval.Machine, v eval.Value) eval.Value { return eval.Bool(v.Kind() == kind) })
}

func toString(m *eval.Machine, a eval.Value) eval.Value { return m.ToString(a) }

func equals(m *eval.Machine, x, y eval.Value) eval.Value { return eval.Bool(m.Equal(x, y)) }

func primitiveEquals(m *eval.Machine, x, y eval.Value) eval.Value {
	if x.Kind() != y.Kind() {
		return eval.False
	}
	switch x.Kind() {
	case eval.ArrayKind, eval.ObjectKind, eval.FunctionKind:
		failArgument(m, "primitiveEquals", "x", "null, a boolean, a number or a string", x)
	}
	return eval.Bool(m.Equal(x, y))
}

func assertEqual(m *eval.Machine, a, b eval.Value) eval.Value {
	if !m.Equal(a, b) {
		x := shown(m, a)
		m.Fail("std.assertEqual: %s is not equal to %s", x, shown(m, b))
	}
	return eval.True
}

// shown is a value as JSON on one line.
func shown(m *eval.Machine, v eval.Value) string {
	if v.IsString() {
		return string(emit.AppendString(nil, v.Text()))
	}
	return m.ToString(v).Text()
}

func xor(m *eval.Machine, x, y eval.Value) eval.Value {
	return eval.Bool(wantBoolean(m, "xor", "x", x) != wantBoolean(m, "xor", "y", y))
}

func xnor(m *eval.Machine, x, y eval.Value) eval.Value {
	return eval.Bool(wantBoolean(m, "xnor", "x", x) == wantBoolean(m, "xnor", "y", y))
}

func trace(m *eval.Machine, str, rest eval.Value) eval.Value {
	m.Trace(wantString(m, "trace", "str", str))
	return rest
}

func extVar(m *eval.Machine, x eval.Value) eval.Value {
	name := wantString(m, "extVar", "x", x)
	v, ok := m.ExtVar(name)
	if !ok {
		m.Fail("the external variable `%s` is not bound", name)
	}
	return v
}

func native(m *eval.Machine, x eval.Value) eval.Value {
	return m.Native(wantString(m, "native", "x", x))
}
