package compiler

import (
	"fmt"
	"maps"

	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diff"
	"github.com/couplet-k8s/couplet/compiler/object"
)

// CompareEnvironments gives the differences between the bundles of two environments.
// What the compiler itself puts on the objects of an environment, its namespace and
// labels, is no difference.
func CompareEnvironments(from, to *bundle.Bundle) []diff.ObjectDiff {
	return diff.Compare(
		prepared(from, from.Environment.Destination.Namespace, from.Environment.Labels, true),
		prepared(to, to.Environment.Destination.Namespace, to.Environment.Labels, true),
	)
}

// CompareRevisions gives the differences between an environment's bundle at two
// revisions; one that is not there at a revision is nil. The namespace and labels
// that the environment has at both are left out of the objects, so that the same
// change in several environments is equal.
func CompareRevisions(from, to *bundle.Bundle) []diff.ObjectDiff {
	namespace, labels := common(from, to)
	return diff.Compare(prepared(from, namespace, labels, false), prepared(to, namespace, labels, false))
}

// common is what the environment puts on its objects at both revisions.
func common(from, to *bundle.Bundle) (namespace string, labels map[string]string) {
	switch {
	case from == nil:
		return to.Environment.Destination.Namespace, to.Environment.Labels
	case to == nil:
		return from.Environment.Destination.Namespace, from.Environment.Labels
	}
	a, b := from.Environment, to.Environment
	if a.Destination.Namespace == b.Destination.Namespace {
		namespace = a.Destination.Namespace
	}
	labels = maps.Clone(a.Labels)
	maps.DeleteFunc(labels, func(name, text string) bool {
		other, there := b.Labels[name]
		return !there || other != text
	})
	return namespace, labels
}

// prepared gives a bundle's objects for comparison: without the namespace and labels given,
// and with neutral set matched without that namespace too.
func prepared(b *bundle.Bundle, namespace string, labels map[string]string, neutral bool) []diff.Object {
	if b == nil {
		return nil
	}
	seen := map[string]int{}
	out := make([]diff.Object, 0, len(b.Objects))
	for _, o := range b.Objects {
		id := o.Identity()
		d := diff.Object{Title: id.String()}
		key := id
		if neutral && id.Namespace == namespace {
			key.Namespace = ""
		}
		d.Key = fmt.Sprintf("%q %q %q %q", key.Group, key.Kind, key.Namespace, key.Name)
		// Objects whose names the server generates may have one identity.
		seen[d.Key]++
		d.Key += fmt.Sprintf(" %d", seen[d.Key])
		key.Namespace = ""
		d.Group = key.String()
		d.Value = without(o, namespace, labels).Value
		out = append(out, d)
	}
	return out
}

// without takes a namespace and labels off an object again.
func without(o object.Object, namespace string, labels map[string]string) object.Object {
	metadata := o.Value.Get("metadata")
	if namespace != "" && o.Namespace() == namespace {
		metadata = metadata.Without("namespace")
	}
	own := metadata.Get("labels")
	for name, text := range labels {
		if own.Get(name).Str() == text {
			own = own.Without(name)
		}
	}
	if len(own.Fields()) > 0 {
		metadata = metadata.With("labels", own)
	} else {
		metadata = metadata.Without("labels")
	}
	o.Value = o.Value.With("metadata", metadata)
	return o
}
