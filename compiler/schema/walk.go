package schema

import (
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// walker walks over one object and its schema. Where it stands is a stack, so that a
// walk that finds nothing allocates next to nothing.
type walker struct {
	rules ruleSet // nil for a built-in kind
	steps []step
	found []Finding
	// looseStatus: of the object's status only names and types count.
	looseStatus bool
	// subdomain: the object is called by a DNS subdomain.
	subdomain bool
	// secret: values of data and stringData are not to be shown.
	secret bool
}

// step leads from a value to one inside it.
type step struct {
	name  string
	index int // -1 for a member
	// holder is the schema of the object that has the member.
	holder *schemas.Schema
}

func (w *walker) push(s step) { w.steps = append(w.steps, s) }
func (w *walker) pop()        { w.steps = w.steps[:len(w.steps)-1] }

// value checks a value that is not null, unless its schema allows null. The rules of
// a custom resource are asked only about values that are otherwise right.
func (w *walker) value(s *schemas.Schema, v value.Value) {
	if v.IsNull() && s.Flags&schemas.Nullable != 0 {
		return
	}
	if !w.kind(s, v) || !w.inside(s, v) {
		return
	}
	if r := w.rules[s]; r != nil && !w.loose() {
		w.apply(r, v)
	}
}

// inside checks what a value of the right type is made of, and tells whether the
// value itself is right.
func (w *walker) inside(s *schemas.Schema, v value.Value) bool {
	before := len(w.found)
	switch v.Kind() {
	case value.KindObject:
		w.object(s, v)
		return true
	case value.KindArray:
		w.array(s, v)
		return true
	case value.KindNumber:
		w.number(s, v)
	case value.KindString:
		w.text(s, v)
	}
	return len(w.found) == before
}

// loose tells whether the walk is inside a status that the server would not take.
func (w *walker) loose() bool {
	return w.looseStatus && len(w.steps) > 0 && w.steps[0].name == "status"
}

// kind checks that a value has the JSON type that its schema wants.
func (w *walker) kind(s *schemas.Schema, v value.Value) bool {
	if s.Type == schemas.Any {
		return w.special(s, v)
	}
	if wanted := kinds[s.Type]; v.Kind() != wanted {
		w.wrongType(v, typeNames[s.Type], convertHint(wanted, v))
		return false
	}
	return true
}

var kinds = [...]value.Kind{
	schemas.Object: value.KindObject, schemas.Array: value.KindArray, schemas.String: value.KindString,
	schemas.Integer: value.KindNumber, schemas.Number: value.KindNumber, schemas.Boolean: value.KindBool,
}

var typeNames = [...]string{
	schemas.Any: "any value", schemas.Object: "an object", schemas.Array: "a list", schemas.String: "a string",
	schemas.Integer: "an integer", schemas.Number: "a number", schemas.Boolean: "a boolean",
}

// object checks an object's members, and that the required ones are there.
func (w *walker) object(s *schemas.Schema, v value.Value) {
	if s.Members != nil && !w.loose() {
		w.required(s, v)
		if s.Members.Name == "ObjectMeta" {
			w.metadata(v)
		}
	}
	for _, f := range v.Fields() {
		w.push(step{name: f.Name, index: -1, holder: s})
		w.member(s, f)
		w.pop()
	}
}

func (w *walker) member(s *schemas.Schema, f value.Field) {
	inner := s.Property(f.Name)
	if inner == nil && s.Elem != nil && s.Type != schemas.Array {
		inner = s.Elem.Resolve()
	}
	switch {
	case inner == nil:
		if s.Members != nil && s.Flags&schemas.Preserve == 0 {
			w.unknown(s, f)
		}
	case !f.Value.IsNull() || inner.Flags&schemas.Nullable != 0:
		w.value(inner, f.Value)
	}
}

func (w *walker) required(s *schemas.Schema, v value.Value) {
	for _, name := range s.Members.Required {
		f, there := v.Field(name)
		if there && !f.Value.IsNull() {
			continue
		}
		if inner := s.Property(name); there && inner != nil && inner.Flags&schemas.Nullable != 0 {
			continue
		}
		w.push(step{name: name, index: -1, holder: s})
		w.missing(v, there)
		w.pop()
	}
}

// array checks a list's elements. Null is none: the server makes an empty value of it,
// which nobody means. That is an error where the server then lacks what it needs, and else
// a warning.
func (w *walker) array(s *schemas.Schema, v value.Value) {
	if s.Elem == nil || s.Type == schemas.Object {
		return
	}
	elem := s.Elem.Resolve()
	for i, item := range v.Items() {
		w.push(step{index: i})
		free := elem.Type == schemas.Any && elem.Format == schemas.FormatNone && elem.Members == nil
		if item.IsNull() && !free && elem.Flags&schemas.Nullable == 0 {
			w.add(diag.NullElement, item, "want "+wanted(elem)+", found null", "leave the element out")
			if !w.needed(s, elem) {
				w.found[len(w.found)-1].Severity = diag.Warning
			}
		} else {
			w.value(elem, item)
		}
		w.pop()
	}
	if m := s.Merge; m != nil && !w.loose() && (m.List == schemas.ListMap || m.List == schemas.ListSet) {
		w.duplicates(m, v)
	}
}

// needed tells whether an element of a list must say something: there are members that it
// must have, or it is told from others by its value.
func (w *walker) needed(list, elem *schemas.Schema) bool {
	set := list.Merge != nil && list.Merge.List == schemas.ListSet
	return set || w.rules != nil || elem.Members != nil && len(elem.Members.Required) > 0
}

// wanted says what a schema wants, in a few words.
func wanted(s *schemas.Schema) string {
	if text := formatNames[s.Format]; text != "" {
		return text
	}
	return typeNames[s.Type]
}

// path is where the walk stands.
func (w *walker) path() *value.Path {
	var p *value.Path
	for _, s := range w.steps {
		if s.index >= 0 {
			p = p.Item(s.index)
		} else {
			p = p.Member(s.name)
		}
	}
	return p
}

// add reports a finding about the value at which the walk stands. The message's text
// goes behind the path.
func (w *walker) add(code diag.Code, v value.Value, text, hint string) {
	path := w.path()
	message := path.String()
	if message != "" {
		message += ": "
	}
	w.found = append(w.found, Finding{
		Code: code, Message: message + text, Hint: hint, Path: path, Origin: v.Origin(),
	})
}

// wrongType reports a value of a wrong kind.
func (w *walker) wrongType(v value.Value, wanted, hint string) {
	w.add(diag.WrongType, v, "want "+wanted+", found "+w.describe(v), hint)
}

// missing reports that an object lacks the member at which the walk stands, or has
// null there.
func (w *walker) missing(holder value.Value, there bool) {
	text := "a required field is missing"
	if there {
		text = "a required field is null"
	}
	w.add(diag.FieldMissing, holder, text, "")
}

// describe names a value, and shows it where it is no secret.
func (w *walker) describe(v value.Value) string {
	if w.isSecret() {
		word := v.Kind().String()
		return strings.Replace("a "+word, "a a", "an a", 1)
	}
	return describe(v)
}

func (w *walker) isSecret() bool {
	return w.secret && len(w.steps) > 0 && (w.steps[0].name == "data" || w.steps[0].name == "stringData")
}
