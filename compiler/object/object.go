package object

import (
	"cmp"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Object is one Kubernetes object of an environment.
type Object struct {
	Value value.Value
	// Path leads to the object in the environment's value; "" for the value itself.
	Path string
	// Component is the top-level field that yields the object; "" where the
	// environment has no components.
	Component string
	// Span is where the object stands in its source, as far as known.
	Span source.Span
	// Source knows what the origins in Value mean.
	Source Source
}

// Identity is what a cluster tells objects apart by. The version is no part of it.
type Identity struct{ Group, Kind, Namespace, Name string }

// APIVersion is the object's apiVersion.
func (o Object) APIVersion() string { return o.Value.Get("apiVersion").Str() }

// Kind is the object's kind.
func (o Object) Kind() string { return o.Value.Get("kind").Str() }

// Name is metadata.name, or metadata.generateName where there is no name.
func (o Object) Name() string {
	return cmp.Or(o.Value.Get("metadata", "name").Str(), o.Value.Get("metadata", "generateName").Str())
}

// Namespace is metadata.namespace.
func (o Object) Namespace() string { return o.Value.Get("metadata", "namespace").Str() }

// IsGenerated tells whether the server makes the object's name from a prefix.
func (o Object) IsGenerated() bool { return o.Value.Get("metadata", "name").Str() == "" }

// Identity is what a cluster knows the object by.
func (o Object) Identity() Identity {
	group, _ := GroupVersion(o.APIVersion())
	return Identity{Group: group, Kind: o.Kind(), Namespace: o.Namespace(), Name: o.Name()}
}

// GroupVersion splits an apiVersion; the core group is "".
func GroupVersion(apiVersion string) (group, version string) {
	if group, version, ok := strings.Cut(apiVersion, "/"); ok {
		return group, version
	}
	return "", apiVersion
}

// String writes the identity for people: "Deployment.apps shop/web".
func (id Identity) String() string {
	var b strings.Builder
	b.WriteString(id.Kind)
	if id.Group != "" {
		b.WriteString("." + id.Group)
	}
	b.WriteByte(' ')
	if id.Namespace != "" {
		b.WriteString(id.Namespace + "/")
	}
	b.WriteString(id.Name)
	return b.String()
}

// WithMetadata gives the object with one member of its metadata set.
func (o Object) WithMetadata(name string, member value.Value) Object {
	o.Value = o.Value.With("metadata", o.Value.Get("metadata").With(name, member))
	return o
}
