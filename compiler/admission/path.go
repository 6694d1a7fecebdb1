package admission

import (
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// locate finds the value that a field of the server's is about: as deep as the object
// goes, and for a member that is missing, the path to where it should be. The server
// writes spec.ports[0].name and metadata.labels[app]; some names are those of its internal
// types, which an object need not have.
func locate(obj value.Value, field string) (*value.Path, value.Value) {
	var path *value.Path
	at := obj
	for rest := external(obj, field); rest != ""; {
		name, index, after, ok := next(at, rest)
		switch {
		case !ok:
			return path, at
		case index >= 0:
			if index >= len(at.Items()) {
				return path, at
			}
			path, at = path.Item(index), at.Items()[index]
		case at.Kind() != value.KindObject:
			return path, at
		case !at.Has(name):
			if after == "" {
				path = path.Member(name)
			}
			return path, at
		default:
			path, at = path.Member(name), at.Get(name)
		}
		rest = after
	}
	return path, at
}

// next takes the first step off a field: a member's name, or an index of a list.
func next(at value.Value, field string) (name string, index int, rest string, ok bool) {
	if inner, found := strings.CutPrefix(field, "["); found {
		key, rest, found := cutKey(at, inner)
		if !found {
			return "", -1, "", false
		}
		rest = strings.TrimPrefix(rest, ".")
		if at.Kind() == value.KindArray {
			i, err := strconv.Atoi(key)
			return "", i, rest, err == nil && i >= 0
		}
		return key, -1, rest, true
	}
	end := strings.IndexAny(field, ".[")
	if end < 0 {
		return field, -1, "", field != ""
	}
	return field[:end], -1, strings.TrimPrefix(field[end:], "."), end > 0
}

// cutKey cuts key] off a field. A key may hold brackets: one that the object has is meant.
func cutKey(at value.Value, field string) (key, rest string, ok bool) {
	for i := range len(field) {
		if field[i] == ']' && at.Has(field[:i]) {
			return field[:i], field[i+1:], true
		}
	}
	return strings.Cut(field, "]")
}

// hoisted are the fields of a definition's only version that its internal type has at the
// top.
var hoisted = map[string]string{
	"spec.validation": "spec.versions[0].schema", "spec.subresources": "spec.versions[0].subresources",
	"spec.additionalPrinterColumns": "spec.versions[0].additionalPrinterColumns",
}

// external is a field as the object has it.
func external(obj value.Value, field string) string {
	if obj.Get("kind").Str() != "CustomResourceDefinition" {
		return field
	}
	for internal, external := range hoisted {
		if rest, ok := strings.CutPrefix(field, internal); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return external + rest
		}
	}
	return field
}
