package object

import (
	"fmt"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Extract finds the objects in an environment's value, depth first in the order of
// field names. Nulls are skipped, a list (an object with apiVersion, kind and an items
// array) gives its items, and anything else that is neither an object nor a container
// of objects is an error.
func Extract(v value.Value, src Source) ([]Object, diag.List) {
	x := extractor{src: src}
	if v.Kind() != value.KindObject || saysKind(v) {
		x.walk(v, nil, "")
	} else {
		for _, f := range v.Fields() {
			x.field(f, nil, f.Name)
		}
	}
	return x.objects, x.found
}

// IsObject tells whether a value has what makes a Kubernetes object.
func IsObject(v value.Value) bool {
	return v.Get("apiVersion").Str() != "" && v.Get("kind").Str() != ""
}

// saysKind tells whether a value is meant to be an object, be it one or not: components
// are no texts.
func saysKind(v value.Value) bool {
	return v.Get("apiVersion").Kind() == value.KindString || v.Get("kind").Kind() == value.KindString
}

type extractor struct {
	src     Source
	objects []Object
	found   diag.List
}

// field walks into a member; ksonnet's __ksonnet holds its own notes.
func (x *extractor) field(f value.Field, path *value.Path, component string) {
	if f.Name != "__ksonnet" {
		x.walk(f.Value, path.Member(f.Name), component)
	}
}

func (x *extractor) walk(v value.Value, path *value.Path, component string) {
	switch {
	case v.IsNull():
	case v.Kind() == value.KindArray:
		for i, item := range v.Items() {
			x.walk(item, path.Item(i), component)
		}
	case v.Kind() != value.KindObject:
		x.stray(v, path)
	case IsObject(v) && v.Get("items").Kind() == value.KindArray:
		x.list(v, path, component)
	case IsObject(v):
		x.object(v, path, component)
	case v.Has("apiVersion") || v.Has("kind"):
		x.half(v, path)
	default:
		for _, f := range v.Fields() {
			x.field(f, path, component)
		}
	}
}

func (x *extractor) list(v value.Value, path *value.Path, component string) {
	for i, item := range v.Get("items").Items() {
		at := path.Member("items").Item(i)
		if !IsObject(item) {
			x.add(diag.NotAnObject, item, at, fmt.Sprintf("item %d of a %s is no Kubernetes object", i, v.Get("kind").Str()),
				"each item of a list needs apiVersion and kind")
			continue
		}
		x.walk(item, at, component)
	}
}

func (x *extractor) object(v value.Value, path *value.Path, component string) {
	o := Object{Value: v, Path: path.String(), Component: component, Source: x.src}
	o.Span, _ = x.src.Place(v.Origin())
	if problem, hint := malformed(v); problem != "" {
		x.add(diag.ObjectMalformed, v, path, fmt.Sprintf("%s: %s", describe(v), problem), hint)
		return
	}
	x.objects = append(x.objects, o)
}

// malformed says what an object lacks to be one.
func malformed(v value.Value) (problem, hint string) {
	metadata, ok := v.Field("metadata")
	switch {
	case !ok || metadata.Value.IsNull():
		return "it has no metadata", "add metadata with a name"
	case metadata.Value.Kind() != value.KindObject:
		return "metadata is " + metadata.Value.Kind().Article() + ", want an object", ""
	}
	for _, key := range []string{"name", "generateName", "namespace"} {
		if f, ok := metadata.Value.Field(key); ok && !f.Value.IsNull() && f.Value.Kind() != value.KindString {
			return fmt.Sprintf("metadata.%s is %s, want a string", key, f.Value.Kind().Article()), "put it in quotes"
		}
	}
	if metadata.Value.Get("name").Str() == "" && metadata.Value.Get("generateName").Str() == "" {
		return "it has no name", "set metadata.name (or metadata.generateName)"
	}
	for _, key := range []string{"labels", "annotations"} {
		if problem := notStrings(metadata.Value.Get(key)); problem != "" {
			return "metadata." + key + problem, "Kubernetes takes only strings there: put the value in quotes"
		}
	}
	return "", ""
}

func notStrings(v value.Value) string {
	if v.IsNull() {
		return ""
	}
	if v.Kind() != value.KindObject {
		return " is " + v.Kind().Article() + ", want an object"
	}
	for _, f := range v.Fields() {
		if k := f.Value.Kind(); k != value.KindString && k != value.KindNull {
			return fmt.Sprintf("[%q] is %s, want a string", f.Name, k.Article())
		}
	}
	return ""
}

// describe names an object as far as it has a name.
func describe(v value.Value) string {
	o := Object{Value: v}
	return strings.TrimSpace(o.Identity().String())
}

func (x *extractor) stray(v value.Value, path *value.Path) {
	what := "the output"
	if path != nil {
		what = "`" + path.String() + "`"
	}
	x.add(diag.NotAnObject, v, path, fmt.Sprintf("%s is a %s, and no part of a Kubernetes object", what, v.Kind()),
		"every visible field must lead to objects with apiVersion and kind; hide others with `::`")
}

// half reports an object that has only one of apiVersion and kind.
func (x *extractor) half(v value.Value, path *value.Path) {
	lacks, has := "kind", "apiVersion"
	if v.Get("apiVersion").Str() == "" {
		lacks, has = has, lacks
	}
	what := "the output"
	if path != nil {
		what = "`" + path.String() + "`"
	}
	problem := fmt.Sprintf("%s has %s but no %s", what, has, lacks)
	if f, ok := v.Field(lacks); ok {
		problem = fmt.Sprintf("%s: %s must be a string that is not empty", what, lacks)
		if f.Value.Kind() == value.KindString && v.Get(has).Str() == "" {
			problem = fmt.Sprintf("%s: apiVersion and kind must be strings that are not empty", what)
		}
	}
	x.add(diag.NotAnObject, v, path, problem, "a Kubernetes object has both")
}

func (x *extractor) add(code diag.Code, v value.Value, path *value.Path, message, hint string) {
	span, also := x.src.Place(v.Origin())
	x.found.Add(diag.Diagnostic{
		Code: code, Span: span, Path: path.String(), Message: message, Hint: hint, Related: also,
	})
}
