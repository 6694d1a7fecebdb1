package jsonschema

import (
	"slices"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// keyword says what a keyword of a schema wants as its value.
type keyword struct {
	wants string
	takes func(v value.Value) bool
	// parts gives the schemas in the value.
	parts func(v value.Value) []value.Value
}

// keywords are those of draft 7.
var keywords = map[string]keyword{
	"additionalItems": aSchema, "additionalProperties": aSchema, "contains": aSchema, "propertyNames": aSchema,
	"if": aSchema, "then": aSchema, "else": aSchema, "not": aSchema,
	"allOf": someSchemas, "anyOf": someSchemas, "oneOf": someSchemas,
	"items":      {"a schema, or a list of them", func(v value.Value) bool { return isSchema(v) || v.Kind() == value.KindArray }, itsItems},
	"properties": schemasByName, "patternProperties": schemasByName, "definitions": schemasByName, "$defs": schemasByName, "dependencies": schemasByName,
	"enum": {"a list", func(v value.Value) bool { return v.Kind() == value.KindArray && len(v.Items()) > 0 }, none}, "const": anything,
	"type": {"the name of a type, or a list of them", isTypes, none}, "required": {"a list of names", areStrings, none},
	"maximum": number, "minimum": number, "exclusiveMaximum": number, "exclusiveMinimum": number,
	"multipleOf": {"a number above 0", func(v value.Value) bool { return v.Float() > 0 }, none},
	"maxLength":  count, "minLength": count, "maxItems": count, "minItems": count, "maxProperties": count, "minProperties": count,
	"uniqueItems": {"true or false", func(v value.Value) bool { return v.Kind() == value.KindBool }, none},
	"pattern":     text, "format": text, "$ref": text, "$id": text, "$schema": text, "$comment": text, "title": text, "description": text,
	"contentEncoding": text, "contentMediaType": text,
	"default": anything, "examples": anything, "readOnly": anything, "writeOnly": anything,
}

var (
	aSchema       = keyword{"a schema", isSchema, itself}
	someSchemas   = keyword{"a list of schemas", func(v value.Value) bool { return len(v.Items()) > 0 }, itsItems}
	schemasByName = keyword{"schemas by name", func(v value.Value) bool { return v.Kind() == value.KindObject }, itsMembers}
	number        = keyword{"a number", func(v value.Value) bool { return v.Kind() == value.KindNumber }, none}
	count         = keyword{"a count", func(v value.Value) bool { return v.IsInteger() && v.Float() >= 0 }, none}
	text          = keyword{"a string", func(v value.Value) bool { return v.Kind() == value.KindString }, none}
	anything      = keyword{"anything", func(value.Value) bool { return true }, none}
)

func none(value.Value) []value.Value { return nil }

func itself(v value.Value) []value.Value { return []value.Value{v} }

func itsItems(v value.Value) []value.Value {
	if v.Kind() == value.KindArray {
		return v.Items()
	}
	return itself(v)
}

// itsMembers leaves out the lists of names that stand in dependencies.
func itsMembers(v value.Value) []value.Value {
	var parts []value.Value
	for _, f := range v.Fields() {
		if f.Value.Kind() != value.KindArray {
			parts = append(parts, f.Value)
		}
	}
	return parts
}

func isSchema(v value.Value) bool {
	return v.Kind() == value.KindObject || v.Kind() == value.KindBool
}

var types = []string{"array", "boolean", "integer", "null", "number", "object", "string"}

func isTypes(v value.Value) bool {
	names := typeNames(v)
	return len(names) > 0 && (v.Kind() == value.KindString || len(names) == len(v.Items())) &&
		!slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(types, name) })
}

// typeNames are the names that `type` has, one or several.
func typeNames(v value.Value) []string {
	if v.Kind() == value.KindString {
		return []string{v.Str()}
	}
	var names []string
	for _, item := range v.Items() {
		if item.Kind() == value.KindString {
			names = append(names, item.Str())
		}
	}
	return names
}

func areStrings(v value.Value) bool {
	return v.Kind() == value.KindArray && len(typeNames(v)) == len(v.Items())
}
