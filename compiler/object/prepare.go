package object

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Scope tells of a kind whether it lives in namespaces, as far as known.
type Scope func(group, version, kind string) (namespaced, known bool)

// namespacedAnnotation overrides what is known of an object's scope (Tanka).
const namespacedAnnotation = "tanka.dev/namespaced"

// SetNamespace gives a namespace to each namespaced object that names none. A kind
// whose scope is unknown counts as namespaced: most are.
func SetNamespace(objects []Object, namespace string, scope Scope) []Object {
	out := make([]Object, len(objects))
	for i, o := range objects {
		namespaced := isNamespaced(o, scope)
		o = withoutOverride(o)
		if namespace != "" && namespaced && o.Namespace() == "" {
			o = o.WithMetadata("namespace", value.String(namespace).WithOrigin(addedNamespace))
		}
		out[i] = o
	}
	return out
}

func isNamespaced(o Object, scope Scope) bool {
	switch o.Value.Get("metadata", "annotations", namespacedAnnotation).Str() {
	case "true":
		return true
	case "false":
		return false
	}
	group, version := GroupVersion(o.APIVersion())
	namespaced, known := scope(group, version, o.Kind())
	return namespaced || !known
}

// withoutOverride drops the annotation that is meant for the compiler alone.
func withoutOverride(o Object) Object {
	annotations := o.Value.Get("metadata", "annotations")
	if !annotations.Has(namespacedAnnotation) {
		return o
	}
	if len(annotations.Fields()) > 1 {
		return o.WithMetadata("annotations", annotations.Without(namespacedAnnotation))
	}
	o.Value = o.Value.With("metadata", o.Value.Get("metadata").Without("annotations"))
	return o
}

// SetDefaults adds entries to the labels or annotations of each object; what the
// object says itself stands.
func SetDefaults(objects []Object, member string, entries map[string]string) []Object {
	if len(entries) == 0 {
		return objects
	}
	origin := map[string]uint32{"labels": addedLabels, "annotations": addedAnnotations}[member]
	out := make([]Object, len(objects))
	for i, o := range objects {
		var fields []value.Field
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			fields = append(fields, value.Field{Name: name, Value: value.String(entries[name]).WithOrigin(origin), Origin: origin})
		}
		own := o.Value.Get("metadata", member)
		merged := value.Object(append(fields, own.Fields()...)...).WithOrigin(cmp.Or(own.Origin(), origin))
		out[i] = o.WithMetadata(member, merged)
	}
	return out
}

// Duplicates reports every object whose identity an earlier one has.
func Duplicates(objects []Object) diag.List {
	var found diag.List
	first := map[Identity]Object{}
	for _, o := range objects {
		id := o.Identity()
		earlier, there := first[id]
		if !there {
			first[id] = o
		}
		if !there || o.IsGenerated() {
			continue
		}
		found.Add(diag.Diagnostic{
			Code: diag.DuplicateIdentity, Span: o.Span, Object: id.String(), Path: o.Path,
			Message: fmt.Sprintf("%s is there twice%s", id, paths(earlier, o)),
			Hint:    "rename one of them, or give them different namespaces",
			Related: related(earlier, o),
		})
	}
	return found
}

// Distinct keeps of the objects of one identity the first one.
func Distinct(objects []Object) []Object {
	seen := map[Identity]bool{}
	return slices.DeleteFunc(slices.Clone(objects), func(o Object) bool {
		id := o.Identity()
		repeated := seen[id] && !o.IsGenerated()
		seen[id] = true
		return repeated
	})
}

func paths(a, b Object) string {
	if a.Path == "" || b.Path == "" {
		return ""
	}
	return fmt.Sprintf(": at `%s` and at `%s`", a.Path, b.Path)
}

// related is a note on the first of two objects, where they do not stand in one place.
func related(o, other Object) []diag.Related {
	if !o.Span.HasPlace() || o.Span == other.Span {
		return nil
	}
	return []diag.Related{{Span: source.Span{File: o.Span.File, Start: o.Span.Start, End: o.Span.End}, Message: "the first one is here"}}
}
