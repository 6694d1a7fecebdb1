package jsonschema

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Place is where a value stands.
type Place struct {
	Path *value.Path
	// Name is the name by which an object has the value; "" for an element, and for the
	// value that is checked as a whole.
	Name string
	// NameOrigin and Origin are the origins of the name and of the value.
	NameOrigin, Origin uint32
	// within counts the schemas that the same value was held against on the way here.
	within int
}

// Finding is one thing that a schema does not allow.
type Finding struct {
	Place
	// Keyword is that of the schema which is violated.
	Keyword string
	Message string
	Hint    string
}

// Check holds a value against the schema. The value as a whole is called name and stands
// at a path.
func (s *Schema) Check(v value.Value, name string, at *value.Path) []Finding {
	c := checker{schema: s, name: name, budget: &budget{}}
	whole := Place{Path: at, Origin: v.Origin()}
	c.check(node{s.root, s.root.root}, whole, v)
	if c.budget.spent {
		c.found = nil
		c.add(whole, "$ref", "", "%s: the schema refers to itself without end")
	}
	return c.found
}

// Takes tells whether a part of the schema at a path of names lets objects have a member.
func (s *Schema) Takes(name string, path ...string) bool {
	c := checker{schema: s}
	part := node{s.root, s.root.root.Get(path...)}
	return len(c.members(part, name)) > 0 || part.Get("additionalProperties").Bool()
}

type checker struct {
	schema *Schema
	name   string
	budget *budget
	found  []Finding
}

// budget counts the schemas that values were held against; it is spent where they are too
// many.
type budget struct {
	steps int
	spent bool
}

// add reports what is wrong at a place, whose name is the first argument of format.
func (c *checker) add(at Place, keyword, hint, format string, args ...any) {
	name := at.Path.String()
	if name == "" {
		name = c.name
	}
	c.found = append(c.found, Finding{Place: at, Keyword: keyword, Hint: hint, Message: fmt.Sprintf(format, append([]any{name}, args...)...)})
}

// try gives what a schema finds, which may turn out not to matter.
func (c *checker) try(n node, at Place, v value.Value) []Finding {
	own := checker{schema: c.schema, name: c.name, budget: c.budget}
	own.check(n, at, v)
	return own.found
}

// Where one value is held against more schemas than maxWithin, or all parts of it together
// against more than maxSteps, they are taken for ones that refer to each other without end.
const (
	maxWithin = 100
	maxSteps  = 1 << 18
)

func (c *checker) check(n node, at Place, v value.Value) {
	at.within++
	c.budget.steps++
	if c.budget.spent = c.budget.spent || at.within > maxWithin || c.budget.steps > maxSteps; c.budget.spent {
		return
	}
	if n.Kind() == value.KindBool {
		if !n.Bool() {
			c.add(at, "false", "", "%s: the schema allows nothing here")
		}
		return
	}
	if text, ok := n.Field("$ref"); ok {
		c.check(c.schema.refs[ref{n.in, text.Value.Str()}], at, v)
		return
	}
	if !c.checkEqual(n, at, v) || !c.checkType(n, at, v) {
		return
	}
	switch v.Kind() {
	case value.KindString:
		c.checkString(n, at, v.Str())
	case value.KindNumber:
		c.checkNumber(n, at, v)
	case value.KindArray:
		c.checkArray(n, at, v.Items())
	case value.KindObject:
		c.checkObject(n, at, v)
	}
	c.checkForms(n, at, v)
}

// checkEqual checks const and enum.
func (c *checker) checkEqual(n node, at Place, v value.Value) bool {
	if want, ok := n.Field("const"); ok && !value.Equal(want.Value, v) {
		c.add(at, "const", "", "%s: must be %s", show(want.Value))
		return false
	}
	allowed, ok := n.Field("enum")
	if !ok || slices.ContainsFunc(allowed.Value.Items(), func(one value.Value) bool { return value.Equal(one, v) }) {
		return true
	}
	var shown, names []string
	for _, one := range allowed.Value.Items() {
		shown = append(shown, show(one))
		names = append(names, one.Str())
	}
	hint := ""
	if near := diag.Suggest(v.Str(), names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	c.add(at, "enum", hint, "%s: %s is none of %s", show(v), strings.Join(shown, ", "))
	return false
}

func show(v value.Value) string {
	text := string(emit.AppendJSON(nil, v, emit.Compact))
	if most := 60; len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}

func (c *checker) checkType(n node, at Place, v value.Value) bool {
	names := typeNames(n.Get("type"))
	found := v.Kind().String()
	if v.IsInteger() {
		found = "integer"
	}
	if len(names) == 0 || slices.Contains(names, found) || found == "integer" && slices.Contains(names, "number") {
		return true
	}
	c.add(at, "type", typeHint(names, v), "%s: want %s, found %s", strings.Join(names, " or "), found)
	return false
}

func typeHint(names []string, v value.Value) string {
	kind := v.Kind()
	switch {
	case slices.Contains(names, "string") && (kind == value.KindNumber || kind == value.KindBool):
		return "put the value in quotes"
	case isNumber(v.Str()) && (slices.Contains(names, "integer") || slices.Contains(names, "number")),
		slices.Contains(names, "boolean") && (v.Str() == "true" || v.Str() == "false"):
		return "leave the quotes out"
	}
	return ""
}

func (c *checker) checkString(n node, at Place, text string) {
	length := float64(utf8.RuneCountInString(text))
	if least := n.Get("minLength").Float(); length < least && length == 0 {
		c.add(at, "minLength", "", "%s: must not be empty")
	} else if length < least {
		c.add(at, "minLength", "", "%s: want at least %v characters, found %v", least, length)
	}
	if most, ok := n.Field("maxLength"); ok && length > most.Value.Float() {
		c.add(at, "maxLength", "", "%s: want at most %v characters, found %v", most.Value.Float(), length)
	}
	if pattern, ok := n.Field("pattern"); ok && !c.matches(pattern.Value.Str(), text) {
		c.add(at, "pattern", n.Get("description").Str(), "%s: %s does not have the form %s", show(value.String(text)), pattern.Value.Str())
	}
	format := n.Get("format").Str()
	if isFormat, known := formats[format]; known && !isFormat(text) {
		c.add(at, "format", n.Get("description").Str(), "%s: %s does not have the format %s", show(value.String(text)), format)
	}
}

func (c *checker) matches(pattern, text string) bool {
	return c.schema.patterns[pattern]().MatchString(text)
}

func (c *checker) checkNumber(n node, at Place, v value.Value) {
	found := show(v)
	for _, f := range n.Fields() {
		limit := f.Value.Float()
		switch {
		case f.Name == "minimum" && v.Float() < limit:
			c.add(at, f.Name, "", "%s: want at least %s, found %s", show(f.Value), found)
		case f.Name == "maximum" && v.Float() > limit:
			c.add(at, f.Name, "", "%s: want at most %s, found %s", show(f.Value), found)
		case f.Name == "exclusiveMinimum" && v.Float() <= limit:
			c.add(at, f.Name, "", "%s: want more than %s, found %s", show(f.Value), found)
		case f.Name == "exclusiveMaximum" && v.Float() >= limit:
			c.add(at, f.Name, "", "%s: want less than %s, found %s", show(f.Value), found)
		case f.Name == "multipleOf" && !isMultiple(v.Float(), limit):
			c.add(at, f.Name, "", "%s: want a multiple of %s, found %s", show(f.Value), found)
		}
	}
}

func (c *checker) checkArray(n node, at Place, items []value.Value) {
	c.checkCount(n, at, "Items", len(items))
	each := n.get("items")
	contains, wanted := n.Field("contains")
	for i, item := range items {
		here := Place{Path: at.Path.Item(i), Origin: item.Origin()}
		if n.Get("uniqueItems").Bool() && slices.ContainsFunc(items[:i], func(earlier value.Value) bool { return value.Equal(earlier, item) }) {
			twice := Place{Path: at.Path, Origin: item.Origin()}
			c.add(twice, "uniqueItems", "", "%s has %s twice", show(item))
		}
		switch {
		case each.Kind() != value.KindArray:
			c.checkPart(each, here, item)
		case i < len(each.Items()):
			c.check(node{n.in, each.Items()[i]}, here, item)
		default:
			c.checkPart(n.get("additionalItems"), here, item)
		}
		wanted = wanted && len(c.try(node{n.in, contains.Value}, here, item)) > 0
	}
	if wanted {
		c.add(at, "contains", "", "%s: no element is what the schema wants one to be")
	}
}

// checkPart checks by a schema that may not be there.
func (c *checker) checkPart(n node, at Place, v value.Value) {
	if !n.IsNull() {
		c.check(n, at, v)
	}
}

// checkCount checks how many items or properties there are.
func (c *checker) checkCount(n node, at Place, what string, found int) {
	if least := n.Get("min" + what); float64(found) < least.Float() {
		c.add(at, "min"+what, "", "%s: want at least %v, found %d", least.Float(), found)
	}
	if most, ok := n.Field("max" + what); ok && float64(found) > most.Value.Float() {
		c.add(at, "max"+what, "", "%s: want at most %v, found %d", most.Value.Float(), found)
	}
}

func (c *checker) checkObject(n node, at Place, v value.Value) {
	c.checkCount(n, at, "Properties", len(v.Fields()))
	for _, name := range n.Get("required").Items() {
		if !v.Has(name.Str()) {
			c.add(at, "required", "", "%s lacks `%s`", name.Str())
		}
	}
	for _, field := range v.Fields() {
		here := Place{Path: at.Path.Member(field.Name), Name: field.Name, NameOrigin: field.Origin, Origin: field.Value.Origin()}
		c.checkMember(n, at.Path, here, field)
	}
	for _, f := range n.Get("dependencies").Fields() {
		if v.Has(f.Name) {
			c.checkDependency(node{n.in, f.Value}, at, v, f.Name)
		}
	}
}

func (c *checker) checkMember(n node, object *value.Path, here Place, field value.Field) {
	names := n.get("propertyNames")
	if !names.IsNull() && len(c.try(names, here, value.String(field.Name))) > 0 {
		here := here
		here.Path = object
		c.add(here, "propertyNames", names.Get("description").Str(), "%s cannot have a member `%s`", field.Name)
	}
	members := c.members(n, field.Name)
	for _, member := range members {
		c.check(member, here, field.Value)
	}
	others := n.get("additionalProperties")
	switch {
	case len(members) > 0 || others.IsNull():
	case others.Kind() == value.KindBool && !others.Bool():
		unknown := here
		unknown.Path = object
		c.add(unknown, "additionalProperties", unknownHint(n.Value, field.Name), "unknown key `%[2]s` in %[1]s", field.Name)
	default:
		c.check(others, here, field.Value)
	}
}

// members are the schemas that properties and patternProperties have for a member.
func (c *checker) members(n node, name string) []node {
	var all []node
	if f, ok := n.Get("properties").Field(name); ok {
		all = append(all, node{n.in, f.Value})
	}
	for _, f := range n.Get("patternProperties").Fields() {
		if c.matches(f.Name, name) {
			all = append(all, node{n.in, f.Value})
		}
	}
	return all
}

// unknownHint says what may stand where an unknown key stands.
func unknownHint(schema value.Value, name string) string {
	if schema.Has("patternProperties") {
		return schema.Get("description").Str()
	}
	var keys []string
	for _, f := range schema.Get("properties").Fields() {
		keys = append(keys, f.Name)
	}
	return diag.DidYouMean(name, keys)
}

// UnknownHint is unknownHint for a part of the schema at a path of names.
func (s *Schema) UnknownHint(name string, path ...string) string {
	return unknownHint(s.Root().Get(path...), name)
}

func (c *checker) checkDependency(n node, at Place, v value.Value, name string) {
	if n.Kind() != value.KindArray {
		c.check(n, at, v)
		return
	}
	for _, other := range n.Items() {
		if !v.Has(other.Str()) {
			c.add(at, "dependencies", "", "%s has `%s`, and so needs `%s`", name, other.Str())
		}
	}
}
