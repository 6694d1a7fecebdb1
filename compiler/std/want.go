package std

import "github.com/couplet-k8s/couplet/compiler/eval"

// positional lists parameters that must be given.
func positional(names ...string) []eval.Param {
	params := make([]eval.Param, len(names))
	for i, name := range names {
		params[i].Name = name
	}
	return params
}

// ofKinds makes parameters of kinds that are looked at in their turn: an argument is not
// evaluated before those in front of it are of the right kind.
func ofKinds(params []eval.Param, kinds ...eval.Kind) []eval.Param {
	for i := range params {
		params[i].Kinds = eval.KindsOf(kinds...)
	}
	return params
}

// firstOf is a function that looks at the kind of its first argument before the others
// are evaluated.
func firstOf(b *eval.Builtin, kinds ...eval.Kind) *eval.Builtin {
	ofKinds(b.Params[:1], kinds...)
	return b
}

// measured are the kinds that have a length.
var measured = []eval.Kind{eval.StringKind, eval.ArrayKind, eval.ObjectKind, eval.FunctionKind}

// failArgument tells that an argument is not what a function of std wants.
func failArgument(m *eval.Machine, fn, param, want string, got eval.Value) {
	m.Fail("std.%s: `%s` must be %s, not %s", fn, param, want, withArticle(got))
}

// withArticle is the type of a value as it stands in a sentence.
func withArticle(v eval.Value) string {
	switch v.Kind() {
	case eval.NullKind:
		return "null"
	case eval.ArrayKind, eval.ObjectKind:
		return "an " + v.TypeName()
	}
	return "a " + v.TypeName()
}

func wantArray(m *eval.Machine, fn, param string, v eval.Value) *eval.Array {
	if v.Kind() != eval.ArrayKind {
		failArgument(m, fn, param, "an array", v)
	}
	return v.Array()
}

func wantObject(m *eval.Machine, fn, param string, v eval.Value) *eval.Object {
	if v.Kind() != eval.ObjectKind {
		failArgument(m, fn, param, "an object", v)
	}
	return v.Object()
}

func wantString(m *eval.Machine, fn, param string, v eval.Value) string {
	if !v.IsString() {
		failArgument(m, fn, param, "a string", v)
	}
	return v.Text()
}

func wantBoolean(m *eval.Machine, fn, param string, v eval.Value) bool {
	if v.Kind() != eval.BoolKind {
		failArgument(m, fn, param, "a boolean", v)
	}
	return v.Truth()
}

// wantInt is jsonnet's integer: one of 32 bits.
func wantInt(m *eval.Machine, fn, param string, v eval.Value) int {
	if !v.IsNumber() {
		failArgument(m, fn, param, "a number", v)
	}
	f := v.Float()
	n := int(int32(f))
	if float64(n) != f {
		m.Fail("std.%s: `%s` must be an integer of 32 bits, not %s", fn, param, numberText(f))
	}
	return n
}

func wantFunction(m *eval.Machine, fn, param string, v eval.Value) *eval.Function {
	if v.Kind() != eval.FunctionKind {
		failArgument(m, fn, param, "a function", v)
	}
	return v.Function()
}

// wantSequence gives the elements of an array or the characters of a string.
func wantSequence(m *eval.Machine, fn, param string, v eval.Value) *eval.Array {
	switch v.Kind() {
	case eval.ArrayKind:
		return v.Array()
	case eval.StringKind:
		return eval.NewArray(characters(m, v)).Array()
	}
	failArgument(m, fn, param, "an array or a string", v)
	return nil
}

// lazily marks parameters whose function forces them itself.
func lazily(params []eval.Param) []eval.Param {
	for i := range params {
		params[i].Lazy = true
	}
	return params
}
