// Package bundle holds what a compilation gives: all objects of one environment, in
// the order in which they can be applied. Its text is the assembly.
package bundle

import (
	"io"

	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Bundle is one environment's objects.
type Bundle struct {
	Environment *app.Environment
	// Objects are in the order of object.Sort.
	Objects []object.Object
	// Definitions are the CustomResourceDefinitions of the whole environment, be they
	// among Objects or left out, and those that were found elsewhere.
	Definitions []object.Object
	// Embedded says of the kinds whose definitions are couplet's own, such as
	// Certificate.cert-manager.io, where these are from.
	Embedded map[string]string
	// Partial is set where targets or components left objects out.
	Partial bool
	// Parameters tells what the components use of their parameters; nil where that was not
	// looked at.
	Parameters *Parameters
	// Unmatched are errors about targets and components that select nothing here. They
	// count where no environment of a run has what is selected.
	Unmatched diag.List
}

// Parameters tells what the components of an environment use of their parameters.
type Parameters struct {
	// Found are warnings about what is set and not read, or read and not set.
	Found diag.List
	// Read are the places of the names of those parameters that a layer sets and that were
	// read.
	Read []source.Span
}

// WriteYAML writes the assembly: one document per object, with `---` before each but the
// first. Errors are the writer's.
func (b *Bundle) WriteYAML(w io.Writer) error {
	return b.writeDocuments(w, func(dst []byte, o object.Object) []byte { return emit.AppendYAML(dst, o.Value) })
}

// page is how much text is gathered before it is written. An assembly may be many
// megabytes, and its text is larger than all that made it: it is never held whole.
const page = 64 << 10

func (b *Bundle) writeDocuments(w io.Writer, document func(dst []byte, o object.Object) []byte) error {
	var text []byte
	for i, o := range b.Objects {
		if i > 0 {
			text = emit.AppendYAMLSeparator(text)
		}
		text = document(text, o)
		if len(text) >= page {
			if _, err := w.Write(text); err != nil {
				return err
			}
			text = text[:0]
		}
	}
	_, err := w.Write(text)
	return err
}

// JSON is a Kubernetes List of the objects, indented by two spaces.
func (b *Bundle) JSON() []byte {
	items := make([]value.Value, len(b.Objects))
	for i, o := range b.Objects {
		items[i] = o.Value
	}
	list := value.Object(
		value.Field{Name: "apiVersion", Value: value.String("v1")},
		value.Field{Name: "kind", Value: value.String("List")},
		value.Field{Name: "items", Value: value.Array(items...)},
	)
	return append(emit.AppendJSON(nil, list, emit.Pretty), '\n')
}
