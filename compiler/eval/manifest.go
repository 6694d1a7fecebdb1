package eval

import (
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// step is one step of a data path: a field, or an element where name is "".
type step struct {
	name  string
	index int
}

// pathSteps is how many steps of a data path a message shows.
const pathSteps = 24

func pathText(path []step) string {
	var b strings.Builder
	for i, s := range path {
		if len(path) > pathSteps && i == pathSteps/2 {
			b.WriteString("...")
		}
		if len(path) > pathSteps && i >= pathSteps/2 && i < len(path)-pathSteps/2 {
			continue
		}
		if s.index >= 0 {
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		} else {
			b.WriteString("." + s.name)
		}
	}
	return strings.TrimPrefix(b.String(), ".")
}

// down goes into a part of the value that is being manifested. It counts as a frame,
// as in jsonnet.
func (m *Machine) down(s step) {
	m.path = append(m.path, s)
	m.enter(m.at())
}

func (m *Machine) up() {
	m.leave()
	m.path = m.path[:len(m.path)-1]
}

// each manifests the visible fields of an object in order.
func (m *Machine) eachField(o *Object, visit func(k int, name string, v Value)) {
	m.CheckAsserts(o)
	for k, i := range m.fields(o, false) {
		name := o.shape.Names[i]
		m.down(step{name, -1})
		m.origin = nil
		visit(k, name, m.fieldValue(o, int(i)))
		m.up()
	}
}

// fieldValue gives a field of an object whose asserts hold.
func (m *Machine) fieldValue(o *Object, i int) Value {
	if o.cache != nil {
		if v := *o.value(i); v.ready() && !v.IsAbsent() {
			return v
		}
	}
	return m.field(m.at(), o, i)
}

func (m *Machine) eachElement(a *Array, visit func(i int, v Value)) {
	for i := range a.n {
		m.down(step{"", i})
		m.origin = nil
		visit(i, a.At(m, i))
		m.up()
	}
}

// Manifest gives a value as plain data. It counts as a frame, as in jsonnet.
func (m *Machine) Manifest(v Value) value.Value {
	m.enter(m.at())
	data := m.manifest(v)
	m.leave()
	return data
}

func (m *Machine) manifest(v Value) value.Value {
	switch v.Kind() {
	case NullKind:
		return value.Null
	case BoolKind:
		return value.Bool(v.Truth())
	case NumberKind:
		return value.Number(v.Float())
	case StringKind:
		return value.String(v.Text())
	case ArrayKind:
		items := make([]value.Value, v.Array().n)
		m.eachElement(v.Array(), func(i int, v Value) { items[i] = m.manifestPart(v) })
		return value.Array(items...)
	case ObjectKind:
		fields := make([]value.Field, len(m.fields(v.Object(), false)))
		m.eachField(v.Object(), func(k int, name string, v Value) {
			part := m.manifestPart(v)
			fields[k] = value.Field{Name: name, Value: part, Origin: part.Origin()}
		})
		return value.Object(fields...)
	}
	m.failManifest()
	return value.Null
}

// ManifestObject gives an object as plain data.
func (m *Machine) ManifestObject(o *Object) value.Value { return m.Manifest(objectValue(o)) }

// Inside does a part of a manifestation: that of a field, or of element i where name
// is "".
func (m *Machine) Inside(name string, i int, part func()) {
	m.path = append(m.path, step{name, i})
	part()
	m.path = m.path[:len(m.path)-1]
}

// manifestPart gives a field's value or an element, with its provenance.
func (m *Machine) manifestPart(v Value) value.Value {
	return m.Noted(v, m.manifest)
}

func (m *Machine) failManifest() { m.Fail("a function cannot be output as data") }

// FromData makes a value of plain data.
func (m *Machine) FromData(v value.Value) Value {
	switch v.Kind() {
	case value.KindBool:
		return Bool(v.Bool())
	case value.KindNumber:
		return m.Finite(v.Float())
	case value.KindString:
		return String(replaceInvalid(v.Str()))
	case value.KindArray:
		elems := make([]Value, len(v.Items()))
		for i, item := range v.Items() {
			elems[i] = m.FromData(item)
		}
		return NewArray(elems)
	case value.KindObject:
		fields := v.Fields()
		names, values := make([]string, len(fields)), make([]Value, len(fields))
		for i := range fields {
			names[i], values[i] = fields[i].Name, m.FromData(fields[i].Value)
		}
		return NewObject(names, values)
	}
	return Null
}

// ToString gives a string as it is and any other value as JSON on one line.
func (m *Machine) ToString(v Value) Value {
	if v.IsString() {
		return v
	}
	m.enter(m.at())
	line := m.appendLine(nil, v)
	m.leave()
	return String(string(line))
}

func (m *Machine) appendLine(b []byte, v Value) []byte {
	switch v.Kind() {
	case NullKind:
		return append(b, "null"...)
	case BoolKind:
		return strconv.AppendBool(b, v.Truth())
	case NumberKind:
		return emit.AppendNumber(b, v.Float())
	case StringKind:
		return emit.AppendString(b, v.Text())
	case ArrayKind:
		if v.Array().n == 0 {
			return append(b, "[ ]"...)
		}
		m.eachElement(v.Array(), func(i int, v Value) {
			b = append(b, "[, "[min(i, 1):min(3*i+1, 3)]...)
			b = m.appendLine(b, v)
		})
		return append(b, ']')
	case ObjectKind:
		n := 0
		m.eachField(v.Object(), func(k int, name string, v Value) {
			b = append(b, "{, "[min(k, 1):min(3*k+1, 3)]...)
			b = append(emit.AppendString(b, name), ": "...)
			b = m.appendLine(b, v)
			n++
		})
		if n == 0 {
			return append(b, "{ }"...)
		}
		return append(b, '}')
	}
	m.failManifest()
	return b
}

func formatNumber(f float64) string { return string(emit.AppendNumber(nil, f)) }

// nest and unnest bound the recursion through data that is nested in itself.
func (m *Machine) nest() {
	m.spendStep()
	m.nesting++
	if m.nesting > maxNesting {
		m.tooDeep(m.at())
	}
}

func (m *Machine) unnest() { m.nesting-- }

// maxNesting is how deep data may be nested where jsonnet itself has no limit.
const maxNesting = 100_000

func runData(_ *Machine, n *ir.Node, _ *frame) Value {
	d := n.Ref.(*ir.Data)
	if v, ok := d.Built.Load().(Value); ok {
		return v
	}
	b := dataBuilder{unit: d.Unit}
	return d.Built.Store(b.build(d.ID)).(Value)
}
