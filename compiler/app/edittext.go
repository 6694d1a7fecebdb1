package app

import (
	"strings"

	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// What edits know of a line of YAML, and how they write a value on one.

func isBlank(line string) bool { return strings.TrimSpace(line) == "" }

// indentation counts the spaces at the start of a line.
func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// behindColon finds the place behind the colon of a key; -1 where the line has none.
func behindColon(line string, key int) int {
	from := key + quotedLength(line[key:])
	for i := from; i < len(line); i++ {
		if line[i] == ':' && (from > key || strings.ContainsRune(" \t\r\n", rune(line[i+1]))) {
			return i + 1
		}
	}
	return -1
}

// quotedLength is the length of a quoted text; 0 where text starts with no quote, or
// the quote does not end.
func quotedLength(text string) int {
	if text == "" || text[0] != '"' && text[0] != '\'' {
		return 0
	}
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && text[0] == '"':
			i++
		case text[i] == text[0] && text[0] == '\'' && strings.HasPrefix(text[i+1:], "'"):
			i++
		case text[i] == text[0]:
			return i + 1
		}
	}
	return 0
}

// splitValue divides what follows a colon on its line: blanks, the value, and the rest,
// which is blanks, a comment and the line end.
func splitValue(rest string) (before, text, after string) {
	text = strings.TrimLeft(rest, " \t")
	before = rest[:len(rest)-len(text)]
	if strings.TrimSpace(text) == "" || text[0] == '#' {
		return "", "", rest
	}
	compound := strings.ContainsRune("[{!&", rune(text[0]))
	end := len(text)
	for i := 0; i < end; i++ {
		switch {
		case i == 0 || compound && strings.IndexByte(" \t[{,:", text[i-1]) >= 0:
			if n := quotedLength(text[i:]); n > 0 {
				i += n - 1
			} else if text[i] == '#' {
				end = i
			}
		case text[i] == '#' && (text[i-1] == ' ' || text[i-1] == '\t'):
			end = i
		}
	}
	end = len(strings.TrimRight(text[:end], " \t\r\n"))
	return before, text[:end], text[end:]
}

// written is a member on one line.
func written(name string, to value.Value) string {
	return scalar(name, 0, false) + ": " + inline(to, 0)
}

// inline writes a value on one line. Style is the first character of the value that it
// replaces.
func inline(v value.Value, style byte) string {
	switch v.Kind() {
	case value.KindString:
		return scalar(v.Str(), style, false)
	case value.KindArray:
		var items []string
		for _, item := range v.Items() {
			items = append(items, scalar(item.Str(), 0, true))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return string(emit.AppendJSON(nil, v, emit.Compact))
}

// scalar writes a text in the quotes that style names, or plain where no YAML reader
// takes that for something else; inBrackets means between brackets.
func scalar(text string, style byte, inBrackets bool) string {
	v := value.String(text)
	safe := strings.TrimSuffix(string(emit.AppendYAML(nil, v)), "\n")
	simple := safe == text || len(safe) == len(text)+2 // without escapes
	switch {
	case strings.Contains(safe, "\n"):
		return string(emit.AppendJSON(nil, v, emit.Compact))
	case safe == text && style != '"' && style != '\'' && !(inBrackets && strings.ContainsAny(text, ",:[]{}")):
		return text
	case simple && style == '\'' && !strings.Contains(text, "'"):
		return "'" + text + "'"
	case simple && !strings.ContainsAny(text, `"\`):
		return `"` + text + `"`
	}
	return safe
}
