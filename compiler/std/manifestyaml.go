package std

import (
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

func manifestYAMLDoc(m *eval.Machine, v, indentArrays, quoteKeys eval.Value) eval.Value {
	t := newYAMLText(m, "manifestYamlDoc", indentArrays, quoteKeys)
	t.write(v)
	return t.value()
}

// manifestYAMLStream evaluates the options for documents only where there are any.
func manifestYAMLStream(m *eval.Machine, args []eval.Value) eval.Value {
	const function = "manifestYamlStream"
	docs := wantArray(m, function, "value", args[0])
	t := &yamlText{text: newText(m, function)}
	t.put("---\n")
	for i := range docs.Len() {
		v := docs.At(m, i)
		if i == 0 {
			t = newYAMLText(m, function, m.Force(args[1]), m.Force(args[3]))
			t.put("---\n")
		} else {
			t.put("\n---\n")
		}
		t.enter("", i, 0)
		t.write(v)
		t.leave(0)
	}
	if end := m.Force(args[2]); end.IsAbsent() || wantBoolean(m, function, "c_document_end", end) {
		t.put("\n...")
	}
	t.put("\n")
	return t.value()
}

const yamlStep = "  "

type yamlText struct {
	*text
	indentArrays bool // those that are the value of a field
	quoteKeys    bool // all of them
}

func newYAMLText(m *eval.Machine, function string, indentArrays, quoteKeys eval.Value) *yamlText {
	t := &yamlText{newText(m, function), false, true}
	if !indentArrays.IsAbsent() {
		t.indentArrays = wantBoolean(m, function, "indent_array_in_object", indentArrays)
	}
	if !quoteKeys.IsAbsent() {
		t.quoteKeys = wantBoolean(m, function, "quote_keys", quoteKeys)
	}
	return t
}

// write writes nothing for a function, as jsonnet does.
func (t *yamlText) write(v eval.Value) {
	switch v.Kind() {
	case eval.NullKind:
		t.put("null")
	case eval.BoolKind:
		t.b = strconv.AppendBool(t.b, v.Truth())
	case eval.NumberKind:
		t.number(v.Float())
	case eval.StringKind:
		t.string(v.Text())
	case eval.ArrayKind:
		t.array(v.Array())
	case eval.ObjectKind:
		t.object(v.Object())
	}
}

// string writes text that ends in a newline as a block.
func (t *yamlText) string(s string) {
	block, ok := strings.CutSuffix(s, "\n")
	if !ok {
		t.quoted(s)
		return
	}
	t.b = append(t.b, '|')
	for more := true; more; {
		var line string
		line, block, more = strings.Cut(block, "\n")
		t.line()
		t.put(yamlStep)
		t.put(line)
	}
}

// line begins a line.
func (t *yamlText) line() { t.b = append(append(t.b, '\n'), t.indent...) }

// deeper writes a value as a part that is indented further by a number of steps.
func (t *yamlText) deeper(v eval.Value, by string) {
	t.indent = append(t.indent, by...)
	t.write(v)
	t.indent = t.indent[:len(t.indent)-len(by)]
}

func (t *yamlText) array(a *eval.Array) {
	if a.Len() == 0 {
		t.put("[]")
		return
	}
	t.eachElement(a, func(i int, v eval.Value) {
		if i > 0 {
			t.line()
		}
		t.b = append(t.b, '-')
		by := ""
		switch v.Kind() {
		case eval.ArrayKind, eval.ObjectKind:
			by = yamlStep
		}
		if v.Kind() == eval.ArrayKind && v.Array().Len() > 0 {
			t.line()
			t.put(yamlStep)
		} else {
			t.b = append(t.b, ' ')
		}
		t.deeper(v, by)
	})
}

func (t *yamlText) object(o *eval.Object) {
	if t.m.FieldCount(o, false) == 0 {
		t.put("{}")
		return
	}
	t.eachField(o, func(i int, name string, v eval.Value) {
		if i > 0 {
			t.line()
		}
		if t.quoteKeys || !yamlBare(name) {
			t.quoted(name)
		} else {
			t.put(name)
		}
		t.b = append(t.b, ':')
		t.field(v)
	})
}

// field writes the value of a field: on the same line, or where it has parts on the
// next ones.
func (t *yamlText) field(v eval.Value) {
	by := ""
	switch {
	case v.Kind() == eval.ArrayKind && v.Array().Len() > 0:
		if t.indentArrays {
			by = yamlStep
		}
		t.line()
	case v.Kind() == eval.ObjectKind && t.m.FieldCount(v.Object(), false) > 0:
		by = yamlStep
		t.line()
	default:
		t.b = append(t.b, ' ')
	}
	t.put(by)
	t.deeper(v, by)
}
