package decode

import (
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// YAML reads the documents of a YAML file; one without any content is left out.
func YAML(file *source.File) ([]value.Value, diag.List) {
	r := &reporter{file: file}
	docs := r.yamlDocuments()
	if r.found.HasErrors() {
		docs = nil
	}
	return docs, r.found.Sorted()
}

func (r *reporter) yamlDocuments() []value.Value {
	text := r.file.Text()
	if at := firstWrongByte(text); at >= 0 {
		r.notUTF8(diag.BadYAML, at)
		return nil
	}
	if at := firstControl(text); at >= 0 {
		r.fail(diag.BadYAML, r.span(at, at+1), `write it as an escape in double quotes, such as "\x07"`,
			"the control character %q cannot stand in YAML", text[at])
		return nil
	}
	if docs, ok := quickDocuments(text); ok {
		return docs
	}
	return r.slowDocuments(text)
}

// slowDocuments reads a text by the parser.
func (r *reporter) slowDocuments(text string) []value.Value {
	roots, err := parseYAML(text)
	p := newPlaces(text)
	if err != nil {
		r.syntax(p, err)
		return nil
	}
	var docs []value.Value
	for _, root := range roots {
		c := &converter{reporter: r, places: p, root: root, aliases: map[*yaml.Node]bool{}}
		if doc, ok := c.document(); ok {
			docs = append(docs, doc)
		}
	}
	return docs
}

// parseYAML gives the node of each document that has any content.
func parseYAML(text string) (roots []*yaml.Node, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("the YAML parser failed: %v", panicked)
		}
	}()
	parser := yaml.NewDecoder(strings.NewReader(text))
	for {
		var doc yaml.Node
		switch err := parser.Decode(&doc); {
		case err == io.EOF:
			return roots, nil
		case err != nil:
			return nil, err
		}
		if len(doc.Content) == 1 && !isEmpty(doc.Content[0]) {
			roots = append(roots, doc.Content[0])
		}
	}
}

// isEmpty tells whether a node is what the parser puts where a document has nothing.
func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0 && n.Anchor == ""
}

// syntax reports an error of the YAML parser.
func (r *reporter) syntax(p *places, err error) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	var line int
	if n, _ := fmt.Sscanf(message, "line %d: ", &line); n == 1 {
		_, message, _ = strings.Cut(message, ": ")
	}
	switch {
	case strings.HasPrefix(message, "exceeded max depth"):
		r.tooDeep(p.line(r.file, line))
	case strings.HasPrefix(message, "unknown anchor"):
		r.fail(diag.BadAlias, p.line(r.file, firstLineWith(p, err)), unknownAnchorHint, "%s", message)
	default:
		if line == 0 || strings.HasPrefix(message, "did not find expected") {
			line = firstLineWith(p, err)
		}
		r.fail(diag.BadYAML, p.line(r.file, line), syntaxHint(message), "YAML does not parse: %s", message)
	}
}

const unknownAnchorHint = "an anchor (&name) stands before its aliases, in the same document; a text that starts with * needs quotes"

// syntaxHint says what most likely leads to a message of the YAML parser.
func syntaxHint(message string) string {
	switch {
	case strings.HasPrefix(message, "mapping values are not allowed"):
		return "a text that holds \": \" needs quotes; else look at the indentation of this line"
	case strings.HasPrefix(message, "found character that cannot start any token"):
		return "indent with spaces, not tabs; a text that starts with @, ` or % needs quotes"
	case strings.HasPrefix(message, "did not find expected"):
		return "look at the indentation of this line, and for brackets and quotes that are not closed"
	case strings.Contains(message, "unexpected end of stream"):
		return "a quote or bracket is not closed"
	}
	return ""
}

// firstLineWith finds the line at which an error comes up. The parser names the start
// of the block that it is in, or nothing; the place itself is where the shortest part
// of the text ends that has the same error.
func firstLineWith(p *places, err error) int {
	want := withoutLine(err)
	low, high := 0, len(p.lines)
	for high-low > 1 {
		middle := (low + high) / 2
		_, err := parseYAML(p.text[:p.lines[middle]])
		if err != nil && withoutLine(err) == want {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

func withoutLine(err error) string {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if strings.HasPrefix(message, "line ") {
		_, message, _ = strings.Cut(message, ": ")
	}
	return message
}
