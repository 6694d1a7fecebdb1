package std

import (
	"math"
	"strconv"

	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
)

func manifestBuiltins() []*eval.Builtin {
	return []*eval.Builtin{
		unary("manifestJson", "value", manifestJSONIndented),
		unary("manifestJsonMinified", "value", manifestJSONMinified),
		{Name: "manifestJsonEx", FnN: manifestJSONEx, Params: []eval.Param{
			{Name: "value"}, {Name: "indent"}, {Name: "newline", Optional: true}, {Name: "key_val_sep", Optional: true},
		}},
		{Name: "manifestYamlDoc", Fn3: manifestYAMLDoc, Params: []eval.Param{
			{Name: "value"}, {Name: "indent_array_in_object", Optional: true}, {Name: "quote_keys", Optional: true},
		}},
		{Name: "manifestYamlStream", FnN: manifestYAMLStream, Params: []eval.Param{
			{Name: "value"}, {Name: "indent_array_in_object", Optional: true, Lazy: true},
			{Name: "c_document_end", Optional: true, Lazy: true}, {Name: "quote_keys", Optional: true, Lazy: true},
		}},
		unary("manifestToml", "value", manifestTOML),
		binary("manifestTomlEx", "value", "indent", manifestTOMLEx),
		unary("manifestIni", "ini", manifestINI),
		unary("manifestPython", "v", manifestPython),
		unary("manifestPythonVars", "conf", manifestPythonVars),
		unary("manifestXmlJsonml", "value", manifestXML),
	}
}

// failNesting fails where data that is written as text nests deeper than jsonnet's limit
// of stack frames.
func failNesting(m *eval.Machine, function string) {
	m.Fail("std.%s: the data is nested more than %d deep", function, m.MaxStack())
}

// text is text in the making: that of one call of a manifest function, straight from
// the machine's values.
type text struct {
	m        *eval.Machine
	function string
	b        []byte
	indent   []byte // of the line
	left     int    // how much deeper the data may be nested
	path     []pathStep
	size     growth
}

// pathStep is a field, or an element where name is "".
type pathStep struct {
	name  string
	index int
}

// textCache is memory to write into, nil while somebody does.
type textCache struct{ buf []byte }

type textCacheKey struct{}

func textsOf(m *eval.Machine) *textCache {
	return m.Memo(textCacheKey{}, func() any { return &textCache{} }).(*textCache)
}

func newText(m *eval.Machine, function string) *text {
	cache := textsOf(m)
	t := &text{m: m, function: function, left: m.MaxStack(), b: cache.buf[:0]}
	cache.buf = nil // fields that are evaluated on the way may write text as well
	return t
}

// value ends the text.
func (t *text) value() eval.Value {
	t.size.to(t.m, len(t.b))
	if len(t.b) >= ownText {
		return eval.TextOf(t.b)
	}
	textsOf(t.m).buf = t.b
	return eval.String(string(t.b))
}

// ownText is the size from which a text is not copied: there will not be many of them.
const ownText = 1 << 20

func (t *text) put(s string) { t.b = append(roomy(t.b, len(s)), s...) }

// enter goes into a field or element, leave comes back. levels is by how much that
// counts against the limit.
func (t *text) enter(name string, index, levels int) {
	t.path = append(t.path, pathStep{name, index})
	t.m.Step()
	t.left -= levels
	if t.left <= 0 {
		failNesting(t.m, t.function)
	}
	t.size.to(t.m, len(t.b))
	t.b = roomy(t.b, 1<<8)
}

func (t *text) leave(levels int) {
	t.path = t.path[:len(t.path)-1]
	t.left += levels
}

// fail tells that a value has no text in this form.
func (t *text) fail(what string) {
	var at []byte
	for _, step := range t.path {
		switch {
		case step.index >= 0:
			at = append(strconv.AppendInt(append(at, '['), int64(step.index), 10), ']')
		default:
			at = append(append(at, '.'), step.name...)
		}
	}
	if len(at) == 0 {
		t.m.Fail("std.%s: %s cannot be written", t.function, what)
	}
	if at[0] == '.' {
		at = at[1:]
	}
	t.m.Fail("std.%s: %s cannot be written (at `%s`)", t.function, what, at)
}

// eachField visits the visible fields of an object in order.
func (t *text) eachField(o *eval.Object, visit func(i int, name string, v eval.Value)) {
	for i, name := range t.m.Names(o, false) {
		v := t.m.Index(o, name)
		t.enter(name, -1, 1)
		visit(i, name, v)
		t.leave(1)
	}
}

func (t *text) eachElement(a *eval.Array, visit func(i int, v eval.Value)) {
	for i := range a.Len() {
		v := a.At(t.m, i)
		t.enter("", i, 1)
		visit(i, v)
		t.leave(1)
	}
}

// number writes the shortest text that gives the number, without an exponent. That is
// not what std.toString does.
func (t *text) number(f float64) {
	if n := int64(f); float64(n) == f && n > -exactMax && n < exactMax && (n != 0 || !math.Signbit(f)) {
		t.b = strconv.AppendInt(t.b, n, 10)
		return
	}
	t.b = strconv.AppendFloat(t.b, f, 'f', -1, 64)
}

func (t *text) quoted(s string) { t.b = emit.AppendString(t.b, s) }
