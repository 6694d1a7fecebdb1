package std

import (
	"github.com/couplet-k8s/couplet/compiler/eval"
)

func objectBuiltins() []*eval.Builtin {
	return []*eval.Builtin{
		unary("objectFields", "o", objectFields),
		unary("objectFieldsAll", "o", objectFieldsAll),
		binary("objectFieldsEx", "obj", "hidden", objectFieldsEx),
		binary("objectHas", "o", "f", objectHas),
		binary("objectHasAll", "o", "f", objectHasAll),
		ternary("objectHasEx", "obj", "fname", "hidden", objectHasEx),
		unary("objectValues", "o", objectValues),
		unary("objectValuesAll", "o", objectValuesAll),
		unary("objectKeysValues", "o", objectKeysValues),
		unary("objectKeysValuesAll", "o", objectKeysValuesAll),
		binary("objectRemoveKey", "obj", "key", objectRemoveKey),
		{Name: "get", Params: []eval.Param{
			{Name: "o"}, {Name: "f"}, {Name: "default", Optional: true, Lazy: true}, {Name: "inc_hidden", Optional: true},
		}, FnN: get, Passes: true},
		firstOf(binary("mapWithKey", "func", "obj", mapWithKey), eval.FunctionKind),
		{Name: "mergePatch", Params: []eval.Param{{Name: "target", Lazy: true}, {Name: "patch"}}, Fn2: mergePatch},
		unary("prune", "a", prune),
	}
}

// fieldList is the names of an object's fields as a jsonnet array.
type fieldList struct {
	object *eval.Object
	names  eval.Value
}

type fieldListOf struct{ hidden bool }

// manyFields is from how many fields on the list of an object is kept for the next call.
const manyFields = 32

func fieldNames(m *eval.Machine, o *eval.Object, hidden bool) eval.Value {
	if m.FieldCount(o, hidden) < manyFields {
		return newFieldNames(m, o, hidden)
	}
	last := m.Memo(fieldListOf{hidden}, func() any { return &fieldList{} }).(*fieldList)
	if last.object != o {
		last.object, last.names = o, newFieldNames(m, o, hidden)
	}
	return last.names
}

func newFieldNames(m *eval.Machine, o *eval.Object, hidden bool) eval.Value {
	names := m.Names(o, hidden)
	m.Allocate(len(names) * valueSize)
	elems := make([]eval.Value, len(names))
	for i, name := range names {
		elems[i] = eval.String(name)
	}
	return eval.NewArray(elems)
}

func objectFields(m *eval.Machine, o eval.Value) eval.Value {
	return fieldNames(m, wantObject(m, "objectFields", "o", o), false)
}

func objectFieldsAll(m *eval.Machine, o eval.Value) eval.Value {
	return fieldNames(m, wantObject(m, "objectFieldsAll", "o", o), true)
}

func objectFieldsEx(m *eval.Machine, obj, hidden eval.Value) eval.Value {
	o := wantObject(m, "objectFieldsEx", "obj", obj)
	return fieldNames(m, o, wantBoolean(m, "objectFieldsEx", "hidden", hidden))
}

func has(m *eval.Machine, o *eval.Object, name string, hidden bool) bool {
	if hidden {
		return m.Has(o, name)
	}
	return m.HasVisible(o, name)
}

func objectHas(m *eval.Machine, o, f eval.Value) eval.Value {
	obj := wantObject(m, "objectHas", "o", o)
	return eval.Bool(m.HasVisible(obj, wantString(m, "objectHas", "f", f)))
}

func objectHasAll(m *eval.Machine, o, f eval.Value) eval.Value {
	obj := wantObject(m, "objectHasAll", "o", o)
	return eval.Bool(m.Has(obj, wantString(m, "objectHasAll", "f", f)))
}

func objectHasEx(m *eval.Machine, obj, fname, hidden eval.Value) eval.Value {
	o := wantObject(m, "objectHasEx", "obj", obj)
	name := wantString(m, "objectHasEx", "fname", fname)
	return eval.Bool(has(m, o, name, wantBoolean(m, "objectHasEx", "hidden", hidden)))
}

func get(m *eval.Machine, args []eval.Value) eval.Value {
	o := wantObject(m, "get", "o", args[0])
	name := wantString(m, "get", "f", args[1])
	hidden := args[3].IsAbsent() || wantBoolean(m, "get", "inc_hidden", args[3])
	switch {
	case has(m, o, name, hidden):
		return m.Index(o, name)
	case args[2].IsAbsent():
		return eval.Null
	}
	return m.Force(args[2])
}

func valuesOf(m *eval.Machine, o *eval.Object, hidden bool) eval.Value {
	names := m.Names(o, hidden)
	return lazyArray(m, len(names), func(m *eval.Machine, i int) eval.Value { return m.Index(o, names[i]) })
}

func objectValues(m *eval.Machine, o eval.Value) eval.Value {
	return valuesOf(m, wantObject(m, "objectValues", "o", o), false)
}

func objectValuesAll(m *eval.Machine, o eval.Value) eval.Value {
	return valuesOf(m, wantObject(m, "objectValuesAll", "o", o), true)
}

func keysValuesOf(m *eval.Machine, o *eval.Object, hidden bool) eval.Value {
	names := m.Names(o, hidden)
	return lazyArray(m, len(names), func(m *eval.Machine, i int) eval.Value {
		return eval.NewObject([]string{"key", "value"}, []eval.Value{eval.String(names[i]), m.FieldLazy(o, names[i])})
	})
}

func objectKeysValues(m *eval.Machine, o eval.Value) eval.Value {
	return keysValuesOf(m, wantObject(m, "objectKeysValues", "o", o), false)
}

func objectKeysValuesAll(m *eval.Machine, o eval.Value) eval.Value {
	return keysValuesOf(m, wantObject(m, "objectKeysValuesAll", "o", o), true)
}

func objectRemoveKey(m *eval.Machine, obj, key eval.Value) eval.Value {
	o := wantObject(m, "objectRemoveKey", "obj", obj)
	return m.RemoveKey(o, wantString(m, "objectRemoveKey", "key", key))
}

func mapWithKey(m *eval.Machine, fn, obj eval.Value) eval.Value {
	f := wantFunction(m, "mapWithKey", "func", fn)
	o := wantObject(m, "mapWithKey", "obj", obj)
	names := m.Names(o, false)
	m.Allocate(len(names) * valueSize)
	values := make([]eval.Value, len(names))
	for i, name := range names {
		values[i] = m.Defer(func(m *eval.Machine) eval.Value {
			return m.Call2(f, eval.String(name), m.FieldLazy(o, name))
		})
	}
	return eval.NewObject(names, values)
}
