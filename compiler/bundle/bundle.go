// Package bundle holds what a compilation gives: all objects of one environment, in
// the order in which they can be applied. Its text is the assembly.
package bundle

import (
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Bundle is one environment's objects.
type Bundle struct {
	Environment *app.Environment
	// Objects are in the order of object.Sort.
	Objects []object.Object
	// Definitions are the CustomResourceDefinitions of the whole environment, be they
	// among Objects or left out.
	Definitions []object.Object
	// Partial is set where targets or components left objects out.
	Partial bool
	// Unmatched are errors about targets and components that select nothing here. They
	// count where no environment of a run has what is selected.
	Unmatched diag.List
}

// YAML is the assembly: one document per object, with `---` before each but the first.
func (b *Bundle) YAML() []byte { return emit.AppendYAMLStream(nil, b.values()...) }

// JSON is a Kubernetes List of the objects, indented by two spaces.
func (b *Bundle) JSON() []byte {
	list := value.Object(
		value.Field{Name: "apiVersion", Value: value.String("v1")},
		value.Field{Name: "kind", Value: value.String("List")},
		value.Field{Name: "items", Value: value.Array(b.values()...)},
	)
	return append(emit.AppendJSON(nil, list, emit.Pretty), '\n')
}

func (b *Bundle) values() []value.Value {
	values := make([]value.Value, len(b.Objects))
	for i, o := range b.Objects {
		values[i] = o.Value
	}
	return values
}
