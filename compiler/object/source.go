package object

import (
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// Source says where values came from, by their origins.
type Source struct {
	// File is what was evaluated or read.
	File *source.File
	// Decoded is set where the values were read from File, so that their origins are
	// byte offsets there.
	Decoded bool
	// Provenance knows the origins of values that were evaluated; nil where the
	// evaluation did not keep them.
	Provenance *eval.Provenance
	// Declared is the declaration of the environment, from which comes what couplet adds
	// to objects.
	Declared source.Span
	// IsLibrary tells whether a path holds code that the user did not write.
	IsLibrary func(path string) bool
}

// The origins of what couplet itself adds to objects. No other origin is as large.
const (
	addedNamespace = 1<<32 - 1 - iota
	addedLabels
	addedAnnotations
)

// Added says what a value is that couplet added to an object, by its origin: "" for any
// other value.
func Added(origin uint32) string {
	switch origin {
	case addedNamespace:
		return "the namespace of the environment"
	case addedLabels:
		return "a label of the environment"
	case addedAnnotations:
		return "an annotation of the environment"
	}
	return ""
}

// Span is the place of the expression that made a value; a span without a place where
// that is not known.
func (s Source) Span(origin uint32) source.Span {
	switch {
	case Added(origin) != "":
		return s.Declared
	case s.File == nil:
		return source.Span{}
	case s.Decoded && origin != 0:
		return s.File.At(int(origin) - 1)
	case s.Provenance != nil:
		if span := s.Provenance.Span(origin); span.HasPlace() {
			return span
		}
	}
	return s.File.Whole()
}

// Chain gives the way of a value, oldest first; nil where it is not known.
func (s Source) Chain(origin uint32) []eval.Step {
	switch {
	case Added(origin) != "":
		return []eval.Step{{Span: s.Declared}}
	case s.Decoded && origin != 0:
		return []eval.Step{{Span: s.Span(origin)}}
	case s.Provenance != nil:
		return s.Provenance.Chain(origin)
	}
	return nil
}

// Traces tells whether the source knows where each value came from.
func (s Source) Traces() bool { return s.Decoded || s.Provenance != nil }

// Place is where a user would look for what made a value: the expression itself, or,
// where that is in a library, the newest step of its way that is the user's own. What
// else is to be seen comes along.
func (s Source) Place(origin uint32) (source.Span, []diag.Related) {
	made := s.Span(origin)
	if s.Provenance == nil || !made.HasPlace() || Added(origin) != "" {
		return made, nil
	}
	at := made
	if s.isLibrary(made) {
		at = s.own(origin, made)
	}
	var also []diag.Related
	if definition := s.Provenance.Definition(origin); definition.HasPlace() && definition != at && definition != made {
		also = append(also, diag.Related{Span: definition, Message: "the field is defined here"})
	}
	if at != made {
		also = append(also, diag.Related{Span: made, Message: "its value is made here"})
	}
	return at, also
}

// NamePlace is Place for the name of the field that holds a value.
func (s Source) NamePlace(origin uint32) (source.Span, []diag.Related) {
	if s.Provenance == nil || Added(origin) != "" {
		return s.Span(origin), nil
	}
	if name := s.Provenance.Name(origin); name.HasPlace() && !s.isLibrary(name) {
		return name, nil
	}
	return s.Place(origin)
}

// own gives the newest step of a value's way that stands in the user's own code.
func (s Source) own(origin uint32, otherwise source.Span) source.Span {
	steps := s.Provenance.Chain(origin)
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i].Kind != eval.Overridden && !s.isLibrary(steps[i].Span) {
			return steps[i].Span
		}
	}
	return otherwise
}

func (s Source) isLibrary(span source.Span) bool {
	return s.IsLibrary != nil && s.IsLibrary(span.File.Name())
}
