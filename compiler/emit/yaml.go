package emit

import (
	"github.com/couplet-k8s/couplet/compiler/value"
)

// AppendYAML appends one YAML document in block style, ending with a newline. Nested
// objects are indented by two spaces; an array stands at the column of its key.
func AppendYAML(dst []byte, v value.Value) []byte { return appendDocument(dst, v, nil) }

func appendDocument(dst []byte, v value.Value, l *marks) []byte {
	switch {
	case len(v.Fields()) > 0:
		return appendFields(dst, v.Fields(), 0, l)
	case len(v.Items()) > 0:
		return appendItems(dst, v.Items(), 0, l)
	}
	start := len(dst)
	dst = append(appendScalar(dst, v, noBlock), '\n')
	if l != nil {
		l.endFirst(dst, start, v)
	}
	return dst
}

// AppendYAMLSeparator appends what stands between two documents.
func AppendYAMLSeparator(dst []byte) []byte { return append(dst, separator...) }

const (
	separator = "---\n"
	// noBlock stands for the indentation of a parent where there can be no literal
	// block: a document has no parent, and readers differ about keys after "? ".
	noBlock = -1
	// longestKey is how long a key's text may be before it is written after "? ":
	// readers look at most 1024 characters ahead for the colon.
	longestKey = 1000
)

// appendFields writes the members of an object. The cursor already stands at the
// object's column, which is indent.
func appendFields(dst []byte, fields []value.Field, indent int, l *marks) []byte {
	for i := range fields {
		if i > 0 {
			dst = AppendSpaces(dst, indent)
		}
		var long bool
		dst, long = appendKey(dst, fields[i].Name, indent)
		dst = appendMember(dst, fields[i].Value, indent, long, l.member(fields[i].Name))
	}
	return dst
}

// appendKey writes a member's name and its colon, and tells whether the name was too
// long to stand on the line of the colon.
func appendKey(dst []byte, name string, indent int) (out []byte, long bool) {
	start := len(dst)
	dst = appendLine(dst, name)
	if len(dst)-start <= longestKey {
		return append(dst, ':'), false
	}
	dst = append(dst[:start], "? "...)
	dst = append(appendLine(dst, name), '\n')
	return append(AppendSpaces(dst, indent), ':'), true
}

// appendMember writes what follows the colon of a key that stands at column indent.
func appendMember(dst []byte, v value.Value, indent int, long bool, l *marks) []byte {
	switch {
	case len(v.Fields()) > 0:
		l.end(len(dst), v)
		dst = AppendSpaces(append(dst, '\n'), indent+2)
		return appendFields(dst, v.Fields(), indent+2, l)
	case len(v.Items()) > 0:
		l.end(len(dst), v)
		dst = AppendSpaces(append(dst, '\n'), indent)
		return appendItems(dst, v.Items(), indent, l)
	case long:
		indent = noBlock
	}
	start := len(dst)
	dst = append(appendScalar(append(dst, ' '), v, indent), '\n')
	if l != nil {
		l.endFirst(dst, start, v)
	}
	return dst
}

// appendItems writes the elements of an array. The cursor already stands at the
// array's column, which is indent.
func appendItems(dst []byte, items []value.Value, indent int, l *marks) []byte {
	for i, v := range items {
		if i > 0 {
			dst = AppendSpaces(dst, indent)
		}
		dst = append(dst, "- "...)
		switch {
		case len(v.Fields()) > 0:
			dst = appendFields(dst, v.Fields(), indent+2, l.item(i))
		case len(v.Items()) > 0:
			dst = appendItems(dst, v.Items(), indent+2, l.item(i))
		default:
			start := len(dst)
			dst = append(appendScalar(dst, v, indent), '\n')
			if l != nil {
				l.item(i).endFirst(dst, start, v)
			}
		}
	}
	return dst
}

// appendScalar writes anything but a filled container, without the line end.
func appendScalar(dst []byte, v value.Value, indent int) []byte {
	switch v.Kind() {
	case value.KindBool:
		if v.Bool() {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case value.KindNumber:
		return appendYAMLNumber(dst, v)
	case value.KindString:
		return appendText(dst, v.Str(), indent)
	case value.KindArray:
		return append(dst, "[]"...)
	case value.KindObject:
		return append(dst, "{}"...)
	}
	return append(dst, "null"...)
}

const spaces = "                                                                "

// AppendSpaces appends n spaces.
func AppendSpaces(dst []byte, n int) []byte {
	for n > len(spaces) {
		dst = append(dst, spaces...)
		n -= len(spaces)
	}
	return append(dst, spaces[:n]...)
}
