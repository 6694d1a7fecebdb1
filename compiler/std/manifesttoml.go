package std

import (
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

func manifestTOML(m *eval.Machine, v eval.Value) eval.Value {
	return tomlDocument(m, "manifestToml", v, "  ")
}

func manifestTOMLEx(m *eval.Machine, v, indent eval.Value) eval.Value {
	return tomlDocument(m, "manifestTomlEx", v, wantString(m, "manifestTomlEx", "indent", indent))
}

func tomlDocument(m *eval.Machine, function string, v eval.Value, step string) eval.Value {
	o := wantObject(m, function, "value", v)
	t := &tomlText{text: newText(m, function), step: step}
	t.body(o)
	return t.value()
}

type tomlText struct {
	*text
	step  string
	names []string // of the tables around the place
}

// body writes a table's values, and behind them the tables in it. Fields are evaluated
// in the order of their names all the same.
func (t *tomlText) body(o *eval.Object) {
	if t.left <= 0 {
		failNesting(t.m, t.function)
	}
	var tables []byte
	first := true
	for _, name := range t.m.Names(o, false) {
		v := t.m.Index(o, name)
		section := t.isSection(v)
		t.enter(name, -1, 1)
		if section {
			fields := t.b
			t.b = append(tables, "\n\n"...)
			t.names = append(t.names, name)
			t.section(v)
			t.names = t.names[:len(t.names)-1]
			t.b, tables = fields, t.b
		} else {
			if !first {
				t.b = append(t.b, '\n')
			}
			first = false
			t.b = append(t.b, t.indent...)
			t.key(name)
			t.put(" = ")
			t.fieldValue(v)
		}
		t.leave(1)
	}
	t.b = append(t.b, tables...)
}

// isSection tells whether a value becomes tables: an object, or objects only.
func (t *tomlText) isSection(v eval.Value) bool {
	switch v.Kind() {
	case eval.ObjectKind:
		return true
	case eval.ArrayKind:
		a := v.Array()
		for i := range a.Len() {
			if a.At(t.m, i).Kind() != eval.ObjectKind {
				return false
			}
		}
		return a.Len() > 0
	}
	return false
}

func (t *tomlText) section(v eval.Value) {
	if v.Kind() == eval.ObjectKind {
		t.oneTable(v.Object(), "[", "]")
		return
	}
	a := v.Array()
	for i := range a.Len() {
		if i > 0 {
			t.put("\n\n")
		}
		t.enter("", i, 0)
		t.oneTable(a.At(t.m, i).Object(), "[[", "]]")
		t.leave(0)
	}
}

func (t *tomlText) oneTable(o *eval.Object, open, end string) {
	t.b = append(t.b, t.indent...)
	t.put(open)
	for i, name := range t.names {
		if i > 0 {
			t.b = append(t.b, '.')
		}
		t.key(name)
	}
	t.put(end)
	if t.m.FieldCount(o, false) > 0 {
		t.b = append(t.b, '\n')
	}
	t.indent = append(t.indent, t.step...)
	t.left--
	t.body(o)
	t.left++
	t.indent = t.indent[:len(t.indent)-len(t.step)]
}

// key writes the name of a field, with quotes where TOML demands them.
func (t *tomlText) key(name string) {
	if name == "" {
		t.put("''")
		return
	}
	for i := range len(name) {
		c := name[i]
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			t.quoted(name)
			return
		}
	}
	t.put(name)
}

// fieldValue writes an array with each element on a line of its own.
func (t *tomlText) fieldValue(v eval.Value) {
	if v.Kind() != eval.ArrayKind || v.Array().Len() == 0 {
		t.inline(v)
		return
	}
	newline := "\n" + string(t.indent)
	step := strings.ReplaceAll(t.step, "\n", newline)
	t.b = append(t.b, '[')
	t.eachElement(v.Array(), func(i int, v eval.Value) {
		if i > 0 {
			t.b = append(t.b, ',')
		}
		t.put(newline)
		t.put(step)
		t.inline(v)
	})
	t.put(newline)
	t.b = append(t.b, ']')
}

func (t *tomlText) inline(v eval.Value) {
	switch v.Kind() {
	case eval.NullKind:
		t.fail("null")
	case eval.FunctionKind:
		t.fail("a function")
	case eval.BoolKind:
		t.b = strconv.AppendBool(t.b, v.Truth())
	case eval.NumberKind:
		t.put(numberText(v.Float()))
	case eval.StringKind:
		t.quoted(v.Text())
	case eval.ArrayKind:
		t.inlineArray(v.Array())
	case eval.ObjectKind:
		t.put("{ ")
		t.eachField(v.Object(), func(i int, name string, v eval.Value) {
			if i > 0 {
				t.put(", ")
			}
			t.key(name)
			t.put(" = ")
			t.inline(v)
		})
		t.put(" }")
	}
}

func (t *tomlText) inlineArray(a *eval.Array) {
	if a.Len() == 0 {
		t.put("[]")
		return
	}
	t.put("[ ")
	t.eachElement(a, func(i int, v eval.Value) {
		if i > 0 {
			t.put(", ")
		}
		t.inline(v)
	})
	t.put(" ]")
}
