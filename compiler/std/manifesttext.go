package std

import (
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
)

// manifestINI writes the fields of main, and a section per field of sections. Elements
// of fields that are arrays are evaluated after all fields.
func manifestINI(m *eval.Machine, ini eval.Value) eval.Value {
	const function = "manifestIni"
	o := wantObject(m, function, "ini", ini)
	t := &iniText{text: newText(m, function)}
	if m.HasVisible(o, "main") {
		t.body(m.Index(o, "main"), "main")
	}
	if !m.Has(o, "sections") {
		m.CheckAsserts(o)
		m.Fail("std.manifestIni: `ini` has no field `sections`")
	}
	sections := wantObject(m, function, "ini.sections", m.Index(o, "sections"))
	for _, name := range m.Names(sections, false) {
		t.fields = append(t.fields, iniField{name: name})
		t.body(m.Index(sections, name), "ini.sections."+name)
	}
	for _, f := range t.fields {
		t.write(f)
	}
	return t.value()
}

type iniText struct {
	*text
	fields []iniField
}

// iniField is a field of main or of a section, or where a section begins.
type iniField struct {
	name string
	v    eval.Value // absent at the beginning of a section
}

func (t *iniText) body(v eval.Value, what string) {
	o := wantObject(t.m, t.function, what, v)
	for _, name := range t.m.Names(o, false) {
		t.fields = append(t.fields, iniField{name, t.m.Index(o, name)})
	}
}

// write writes a line, or one per element of a field that is an array.
func (t *iniText) write(f iniField) {
	switch f.v.Kind() {
	case eval.Absent:
		t.b = append(t.b, '[')
		t.put(f.name)
		t.put("]\n")
	case eval.ArrayKind:
		for i := range f.v.Array().Len() {
			t.m.Round(i)
			t.line(f.name, f.v.Array().At(t.m, i))
		}
	default:
		t.line(f.name, f.v)
	}
}

func (t *iniText) line(name string, v eval.Value) {
	t.put(name)
	t.put(" = ")
	t.put(t.m.ToString(v).Text())
	t.b = append(t.b, '\n')
}

func manifestPython(m *eval.Machine, v eval.Value) eval.Value {
	t := &pythonText{newText(m, "manifestPython")}
	t.write(v)
	return t.value()
}

// manifestPythonVars writes an assignment per field, whose name it takes as it is.
func manifestPythonVars(m *eval.Machine, conf eval.Value) eval.Value {
	t := &pythonText{newText(m, "manifestPythonVars")}
	t.eachField(wantObject(m, t.function, "conf", conf), func(_ int, name string, v eval.Value) {
		t.put(name)
		t.put(" = ")
		t.write(v)
		t.b = append(t.b, '\n')
	})
	return t.value()
}

type pythonText struct{ *text }

func (t *pythonText) write(v eval.Value) {
	switch v.Kind() {
	case eval.NullKind:
		t.put("None")
	case eval.BoolKind:
		if v.Truth() {
			t.put("True")
		} else {
			t.put("False")
		}
	case eval.NumberKind:
		t.b = emit.AppendNumber(t.b, v.Float())
	case eval.StringKind:
		t.quoted(v.Text())
	case eval.ArrayKind:
		t.b = append(t.b, '[')
		t.eachElement(v.Array(), func(i int, v eval.Value) {
			t.comma(i)
			t.write(v)
		})
		t.b = append(t.b, ']')
	case eval.ObjectKind:
		t.b = append(t.b, '{')
		t.eachField(v.Object(), func(i int, name string, v eval.Value) {
			t.comma(i)
			t.quoted(name)
			t.put(": ")
			t.write(v)
		})
		t.b = append(t.b, '}')
	default:
		t.fail("a function")
	}
}

func (t *pythonText) comma(i int) {
	if i > 0 {
		t.put(", ")
	}
}

// manifestXML writes JsonML: an element is an array of its tag, its attributes if there
// are any, and what is in it. Nothing is escaped.
func manifestXML(m *eval.Machine, v eval.Value) eval.Value {
	wantArray(m, "manifestXmlJsonml", "value", v)
	t := &xmlText{newText(m, "manifestXmlJsonml")}
	t.write(v)
	return t.value()
}

type xmlText struct{ *text }

func (t *xmlText) write(v eval.Value) {
	if v.IsString() {
		t.put(v.Text())
		return
	}
	if v.Kind() != eval.ArrayKind || v.Array().Len() == 0 {
		t.fail("what is neither a string nor an array that begins with a tag")
	}
	a := v.Array()
	t.b = append(t.b, '<')
	tag := deepJoiner{m: t.m, function: t.function}
	tag.add(a.At(t.m, 0), t.left)
	t.b = append(t.b, tag.b...)
	from := 1
	if a.Len() > 1 && a.At(t.m, 1).Kind() == eval.ObjectKind {
		t.attributes(a.At(t.m, 1).Object())
		from = 2
	}
	t.b = append(t.b, '>')
	for i := from; i < a.Len(); i++ {
		child := a.At(t.m, i)
		t.enter("", i, 1)
		t.write(child)
		t.leave(1)
	}
	t.put("</")
	t.b = append(append(t.b, tag.b...), '>')
}

func (t *xmlText) attributes(o *eval.Object) {
	for _, name := range t.m.Names(o, false) {
		v := t.m.Index(o, name)
		t.b = append(t.b, ' ')
		t.put(name)
		t.put(`="`)
		t.put(t.m.ToString(v).Text())
		t.b = append(t.b, '"')
	}
}
