package std

import (
	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// passing marks a function whose results come with their own provenance.
func passing(b *eval.Builtin) *eval.Builtin {
	b.Passes = true
	return b
}

// inFile gives data that was read from a text the places in the file that the text was
// imported from. The file is read a second time for that, by the reader that knows
// places; JSON is YAML.
func inFile(m *eval.Machine, text string, v eval.Value) eval.Value {
	f := m.ImportedText(text)
	if f == nil {
		return v
	}
	docs, found := decode.YAML(f)
	switch {
	case found.HasErrors() || len(docs) == 0:
		return v
	case v.Kind() == eval.ArrayKind && (len(docs) > 1 || docs[0].Kind() != value.KindArray):
		return m.Located(v, value.Array(docs...).WithOrigin(docs[0].Origin()), f)
	}
	return m.Located(v, docs[0], f)
}
