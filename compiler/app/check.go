package app

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// keywords are what checker knows of JSON Schema (draft 7): the ones of schema.json,
// where a type stands beside each keyword that is for values of one type.
var keywords = []string{
	"$ref", "additionalProperties", "const", "items", "maxLength", "minItems", "minLength", "minimum",
	"pattern", "patternProperties", "properties", "required", "type", "uniqueItems",
	"$schema", "definitions", "description", "title", // They demand nothing.
}

// checkSchema holds a couplet.yaml against its schema.
func checkSchema(file *source.File, doc value.Value) diag.List {
	c := newChecker(file)
	c.check(c.root, place{nil, file.Whole()}, doc)
	return c.found.Sorted()
}

type checker struct {
	file     *source.File
	root     value.Value // of the schema
	patterns map[string]*regexp.Regexp
	found    diag.List
}

func newChecker(file *source.File) *checker {
	schema, found := decode.JSON(source.NewFile("schema.json", Schema))
	if found.HasErrors() {
		panic("the embedded schema of couplet.yaml is no JSON: " + found[0].Message)
	}
	return &checker{file: file, root: schema, patterns: map[string]*regexp.Regexp{}}
}

// place is where a value stands: its path and its key in the file.
type place struct {
	path *value.Path
	span source.Span
}

// add reports what is wrong at a place, whose name is the first argument of format.
func (c *checker) add(at place, hint, format string, args ...any) {
	where := at.path.String()
	name := cmp.Or(where, FileName)
	c.found.Add(diag.Diagnostic{
		Code: diag.AppInvalid, Span: at.span, Path: where, Hint: hint,
		Message: fmt.Sprintf(format, append([]any{name}, args...)...),
	})
}

func (c *checker) check(schema value.Value, at place, v value.Value) {
	if ref, ok := schema.Field("$ref"); ok {
		schema = c.root.Get(strings.Split(strings.TrimPrefix(ref.Value.Str(), "#/"), "/")...)
	}
	if want, ok := schema.Field("const"); ok && !value.Equal(want.Value, v) {
		c.add(at, "", "%s: must be %q", want.Value.Str())
		return
	}
	if !c.checkType(schema.Get("type"), at, v) {
		return
	}
	switch v.Kind() {
	case value.KindString:
		c.checkString(schema, at, v.Str())
	case value.KindNumber:
		if least := schema.Get("minimum"); v.Float() < least.Float() {
			c.add(at, "", "%s: want at least %v, found %v", least.Float(), v.Float())
		}
	case value.KindArray:
		c.checkArray(schema, at, v.Items())
	case value.KindObject:
		c.checkObject(schema, at, v)
	}
}

// checkType takes a type's name, several, or null where any will do.
func (c *checker) checkType(types value.Value, at place, v value.Value) bool {
	var names []string
	for _, name := range append(types.Items(), types) {
		if name.Kind() == value.KindString {
			names = append(names, name.Str())
		}
	}
	found := v.Kind().String()
	if v.IsInteger() {
		found = "integer"
	}
	if len(names) == 0 || slices.Contains(names, found) || found == "integer" && slices.Contains(names, "number") {
		return true
	}
	hint := ""
	if slices.Contains(names, "string") && (v.Kind() == value.KindNumber || v.Kind() == value.KindBool) {
		hint = "put the value in quotes"
	}
	c.add(at, hint, "%s: want %s, found %s", strings.Join(names, " or "), found)
	return false
}

func (c *checker) checkString(schema value.Value, at place, text string) {
	length := float64(utf8.RuneCountInString(text))
	if length < schema.Get("minLength").Float() {
		c.add(at, "", "%s: must not be empty")
	}
	if most, ok := schema.Field("maxLength"); ok && length > most.Value.Float() {
		c.add(at, "", "%s: want at most %v characters, found %v", most.Value.Float(), length)
	}
	if pattern := schema.Get("pattern").Str(); !c.matches(pattern, text) {
		c.add(at, schema.Get("description").Str(), "%s: %q does not have the form %s", text, pattern)
	}
}

func (c *checker) matches(pattern, text string) bool {
	if c.patterns[pattern] == nil {
		c.patterns[pattern] = regexp.MustCompile(pattern)
	}
	return c.patterns[pattern].MatchString(text)
}

func (c *checker) checkArray(schema value.Value, at place, items []value.Value) {
	if least := schema.Get("minItems"); float64(len(items)) < least.Float() {
		c.add(at, "", "%s: want at least %v, found %d", least.Float(), len(items))
	}
	for i, item := range items {
		here := place{at.path.Item(i), spanOf(c.file, item.Origin())}
		if schema.Get("uniqueItems").Bool() && slices.ContainsFunc(items[:i], func(earlier value.Value) bool { return value.Equal(earlier, item) }) {
			c.add(place{at.path, here.span}, "", "%s has %s twice", emit.AppendJSON(nil, item, emit.Compact))
		}
		c.check(schema.Get("items"), here, item)
	}
}

func (c *checker) checkObject(schema value.Value, at place, v value.Value) {
	for _, name := range schema.Get("required").Items() {
		if !v.Has(name.Str()) {
			c.add(at, "", "%s lacks `%s`", name.Str())
		}
	}
	for _, field := range v.Fields() {
		span := keySpan(c.file, field)
		if member, ok := c.member(schema, field.Name); ok {
			c.check(member, place{at.path.Member(field.Name), span}, field.Value)
		} else if allowed, ok := schema.Field("additionalProperties"); ok && !allowed.Value.Bool() {
			c.add(place{at.path, span}, unknownKeyHint(schema, field.Name), "unknown key `%[2]s` in %[1]s", field.Name)
		}
	}
}

// member is the schema of a field. No two that schema.json has for one field overlap.
func (c *checker) member(schema value.Value, name string) (value.Value, bool) {
	if f, ok := schema.Get("properties").Field(name); ok {
		return f.Value, true
	}
	for _, f := range schema.Get("patternProperties").Fields() {
		if c.matches(f.Name, name) {
			return f.Value, true
		}
	}
	return value.Null, false
}

// unknownKeyHint says what may stand where an unknown key stands.
func unknownKeyHint(schema value.Value, name string) string {
	if schema.Has("patternProperties") {
		return schema.Get("description").Str()
	}
	var keys []string
	for _, f := range schema.Get("properties").Fields() {
		keys = append(keys, f.Name)
	}
	return diag.DidYouMean(name, keys)
}
