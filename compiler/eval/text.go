package eval

import (
	"context"
	"strconv"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Form is what the jsonnet command makes of a program's value.
type Form struct {
	// Multi makes a text of each field of an object, Stream of each element of an array.
	Multi, Stream bool
	// String makes texts of strings as they are; others are written as JSON.
	String bool
}

// Output is a program's value as texts.
type Output struct {
	Kind  value.Kind // of the whole value
	Texts []Text     // none where the value does not have the form
}

// Text is one document, in jsonnet's layout of JSON.
type Text struct {
	Name  string     // the field, in the form Multi
	Kind  value.Kind // of what the text was made of
	Parts [][]byte   // the text, in pieces
}

// TextEngine is an Engine that writes texts without making plain data first.
type TextEngine interface {
	Engine
	Texts(ctx context.Context, p *Program, form Form) (Output, diag.List)
}

// Texts evaluates a program and gives its value as texts.
func Texts(ctx context.Context, e Engine, p *Program, form Form) (Output, diag.List) {
	if e, ok := e.(TextEngine); ok {
		return e.Texts(ctx, p, form)
	}
	v, found := e.Evaluate(ctx, p)
	if found.HasErrors() {
		return Output{}, found
	}
	return dataTexts(v, form), found
}

func dataTexts(v value.Value, form Form) Output {
	out := Output{Kind: v.Kind()}
	switch {
	case form.Multi:
		for _, f := range v.Fields() {
			out.Texts = append(out.Texts, dataText(f.Name, f.Value, form))
		}
	case form.Stream:
		for _, item := range v.Items() {
			out.Texts = append(out.Texts, dataText("", item, form))
		}
	default:
		out.Texts = []Text{dataText("", v, form)}
	}
	return out
}

func dataText(name string, v value.Value, form Form) Text {
	t := Text{Name: name, Kind: v.Kind()}
	if form.String && v.Kind() == value.KindString {
		t.Parts = [][]byte{[]byte(v.Str())}
	} else {
		t.Parts = [][]byte{emit.AppendJSON(nil, v, emit.Jsonnet)}
	}
	return t
}

// Texts implements TextEngine.
func (e Machines) Texts(ctx context.Context, p *Program, form Form) (out Output, found diag.List) {
	found = e.Run(ctx, p, func(m *Machine, root Value) { out = m.output(root, form) })
	return out, found
}

func (m *Machine) output(v Value, form Form) Output {
	out := Output{Kind: dataKind(v)}
	m.enter(m.at())
	switch {
	case form.Multi && v.Kind() == ObjectKind:
		m.eachField(v.Object(), func(_ int, name string, v Value) {
			out.Texts = append(out.Texts, m.text(name, v, form))
		})
	case form.Stream && v.Kind() == ArrayKind:
		m.eachElement(v.Array(), func(_ int, v Value) {
			out.Texts = append(out.Texts, m.text("", v, form))
		})
	default:
		// A value of another form is an error, but its own errors come first.
		text := m.text("", v, form)
		if !form.Multi && !form.Stream {
			out.Texts = []Text{text}
		}
	}
	m.leave()
	return out
}

func dataKind(v Value) value.Kind {
	switch v.Kind() {
	case BoolKind:
		return value.KindBool
	case NumberKind:
		return value.KindNumber
	case StringKind:
		return value.KindString
	case ArrayKind:
		return value.KindArray
	case ObjectKind:
		return value.KindObject
	}
	return value.KindNull
}

func (m *Machine) text(name string, v Value, form Form) Text {
	t := Text{Name: name, Kind: dataKind(v)}
	if form.String && v.IsString() {
		t.Parts = [][]byte{[]byte(v.Text())}
		return t
	}
	w := jsonWriter{m: m}
	w.value(v, 0)
	t.Parts = append(w.parts, w.b)
	return t
}

// jsonWriter writes JSON as the jsonnet command lays it out, in pieces, so that no text is
// copied to make room for more of it.
type jsonWriter struct {
	m     *Machine
	parts [][]byte
	b     []byte
}

// A piece has room for as many bytes as all before it, between these two sizes; what is
// added between two looks at the room left, but for strings, takes at most slack.
const (
	firstPart = 1 << 10
	lastPart  = 64 << 10
	slack     = 256
)

func (w *jsonWriter) value(v Value, indent int) {
	switch v.Kind() {
	case NullKind:
		w.b = append(w.b, "null"...)
	case BoolKind:
		w.b = strconv.AppendBool(w.b, v.Truth())
	case NumberKind:
		w.b = emit.AppendNumber(w.b, v.Float())
	case StringKind:
		w.string(v.Text())
	case ArrayKind:
		w.array(v.Array(), indent+jsonIndent)
	case ObjectKind:
		w.object(v.Object(), indent+jsonIndent)
	default:
		w.m.failManifest()
	}
}

const jsonIndent = 3

func (w *jsonWriter) array(a *Array, indent int) {
	if a.n == 0 {
		w.b = append(w.b, "[ ]"...)
		return
	}
	for i := range a.n {
		w.member("[,"[min(i, 1)], indent)
		w.m.down(step{"", i})
		w.value(a.At(w.m, i), indent)
		w.m.up()
	}
	w.b = append(emit.AppendSpaces(append(w.b, '\n'), indent-jsonIndent), ']')
}

func (w *jsonWriter) object(o *Object, indent int) {
	m := w.m
	m.CheckAsserts(o)
	fields := m.fields(o, false)
	if len(fields) == 0 {
		w.b = append(w.b, "{ }"...)
		return
	}
	for k, i := range fields {
		w.member("{,"[min(k, 1)], indent)
		name := o.shape.Names[i]
		w.string(name)
		w.b = append(w.b, ": "...)
		m.down(step{name, -1})
		w.value(m.fieldValue(o, int(i)), indent)
		m.up()
	}
	w.b = append(emit.AppendSpaces(append(w.b, '\n'), indent-jsonIndent), '}')
}

// member leads to the next field or element.
func (w *jsonWriter) member(before byte, indent int) {
	w.room(indent + slack)
	w.b = emit.AppendSpaces(append(w.b, before, '\n'), indent)
}

func (w *jsonWriter) string(s string) {
	w.room(emit.RoomForString(s) + slack)
	w.b = emit.AppendString(w.b, s)
}

// room begins a new piece where this one has no room for n more bytes.
func (w *jsonWriter) room(n int) {
	if cap(w.b)-len(w.b) >= n {
		return
	}
	size := min(max(2*cap(w.b), firstPart), lastPart)
	if len(w.b) > 0 {
		w.parts = append(w.parts, w.b)
	}
	w.b = make([]byte, 0, max(size, n))
}
