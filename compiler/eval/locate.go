package eval

import (
	"strings"

	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// ImportedText gives the file whose text the running builtin got as its first argument,
// unchanged from importstr; nil where that is not so, or where nothing is tracked.
func (m *Machine) ImportedText(text string) *source.File {
	if !m.tracked || len(m.args) == 0 {
		return nil
	}
	o := m.args[0]
	for o != nil && o.obj != nil {
		o = o.from
	}
	if o == nil || o.file == nil || o.file.Text() != text {
		return nil
	}
	return o.file
}

// Located gives a value that a builtin has just made of a file's text the places in that
// file, for the builtin to return: those that the origins of the same data tell as byte
// offsets, counted from 1.
func (m *Machine) Located(v Value, data value.Value, f *source.File) Value {
	switch {
	case v.tag() == ArrayKind && v.Array().n == len(data.Items()):
		for i, item := range data.Items() {
			v.Array().elems[i] = m.located(v.Array().elems[i], item, f)
		}
	case v.tag() == ObjectKind && data.Kind() == value.KindObject:
		o := v.Object()
		for i, name := range o.shape.Names {
			if field, ok := data.Field(name); ok {
				*o.value(i) = m.located(*o.value(i), field.Value, f)
			}
		}
	}
	m.origin = m.traces.origin(dataOrigin(extent(data, f)))
	return v
}

func (m *Machine) located(v Value, data value.Value, f *source.File) Value {
	if !v.ready() {
		return v
	}
	return m.traces.keep(m.Located(v, data, f), m.origin)
}

// extent is the place of a value in a text. It is more than a point where the text has
// the value as it is.
func extent(data value.Value, f *source.File) source.Span {
	if data.Origin() == 0 {
		return f.At(0)
	}
	span := f.At(int(data.Origin()) - 1)
	rest := f.Text()[span.Start:]
	var written []string
	switch data.Kind() {
	case value.KindString:
		s := data.Str()
		written = []string{"'" + s + "'", `"` + s + `"`, s}
	case value.KindNumber:
		written = []string{data.Digits(), formatNumber(data.Float())}
	case value.KindBool:
		written = []string{"true", "false"}
	}
	for _, w := range written {
		if w != "" && strings.HasPrefix(rest, w) {
			span.End = span.Start + len(w)
			break
		}
	}
	return span
}
