package bundle

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// WriteYAMLWithSources is WriteYAML with a comment beside each line that says where its
// value was made, as far as that is known.
func (b *Bundle) WriteYAMLWithSources(w io.Writer) error {
	var c emit.Commenter
	return b.writeDocuments(w, func(dst []byte, o object.Object) []byte {
		return c.AppendYAML(dst, o.Value, func(dst []byte, v value.Value) []byte { return appendSource(dst, o, v) })
	})
}

func appendSource(dst []byte, o object.Object, v value.Value) []byte {
	span := o.Source.Span(v.Origin())
	added := object.Added(v.Origin()) != ""
	switch {
	case added && !span.HasPlace():
		return append(dst, "set by couplet"...)
	case !span.HasPlace():
		return dst
	}
	dst = append(append(dst, span.File.Name()...), ':')
	dst = strconv.AppendInt(dst, int64(span.File.Position(span.Start).Line), 10)
	if added {
		dst = append(dst, " (set by couplet)"...)
	}
	return dst
}

// SourceMapVersion is the version of the form of a SourceMap.
const SourceMapVersion = 1

// SourceMap tells of each line of an object's YAML where its value was made. Its form is
// described in docs/source-map.md.
type SourceMap struct {
	Version int `json:"version"`
	// File is the name of the YAML file, without folders.
	File        string `json:"file"`
	Environment string `json:"environment"`
	Object      string `json:"object"`
	// Sources are the files that Lines name, by their place in this list.
	Sources []string     `json:"sources"`
	Lines   []SourceLine `json:"lines"`
}

// SourceLine is a line of the YAML on which a value begins. Lines that are not there
// belong to the one before.
type SourceLine struct {
	Line int    `json:"line"`
	Path string `json:"path"`
	// Source is nil where the value's place is not known.
	Source *int `json:"source,omitempty"`
	// SourceLine and SourceColumn count from 1.
	SourceLine   int `json:"sourceLine,omitempty"`
	SourceColumn int `json:"sourceColumn,omitempty"`
	// Added says what the value is where couplet itself added it.
	Added string `json:"added,omitempty"`
}

// MapSources makes the source map of one of the bundle's objects, for a YAML file of its
// own.
func (b *Bundle) MapSources(o object.Object, file string) SourceMap {
	m := SourceMap{
		Version: SourceMapVersion, File: file, Environment: b.Environment.Name, Object: o.Identity().String(),
		Sources: []string{}, Lines: []SourceLine{},
	}
	index := map[string]int{}
	var ends []int
	text := emit.AppendYAMLLines(nil, o.Value, func(l emit.Line) {
		ends = append(ends, l.End)
		m.Lines = append(m.Lines, m.line(o, l, index))
	})
	line, from := 1, 0
	for i, end := range ends {
		line += bytes.Count(text[from:end], []byte("\n"))
		from = end
		m.Lines[i].Line = line
	}
	return m
}

// line is all of a line but its number.
func (m *SourceMap) line(o object.Object, l emit.Line, index map[string]int) SourceLine {
	out := SourceLine{Path: l.Path.String(), Added: object.Added(l.Value.Origin())}
	span := o.Source.Span(l.Value.Origin())
	if !span.HasPlace() {
		return out
	}
	name := span.File.Name()
	at, known := index[name]
	if !known {
		at = len(m.Sources)
		index[name] = at
		m.Sources = append(m.Sources, name)
	}
	place := span.File.Position(span.Start)
	out.Source, out.SourceLine, out.SourceColumn = &at, place.Line, place.Column
	return out
}

// AppendJSON writes the map with a line for each of its lines, so that changes show in a
// comparison.
func (m SourceMap) AppendJSON(dst []byte) []byte {
	head := m
	head.Lines = nil
	dst = appendCompact(dst, head)
	dst = append(bytes.TrimSuffix(dst, []byte("null}")), '[')
	for i, l := range m.Lines {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendCompact(append(dst, '\n'), l)
	}
	return append(dst, "\n]}\n"...)
}

func appendCompact(dst []byte, v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // it is made of strings and numbers
	}
	return append(dst, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}
