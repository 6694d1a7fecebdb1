package emit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendSingle writes s in single quotes.
func appendSingle(dst []byte, s string) []byte {
	dst = append(dst, '\'')
	for {
		i := strings.IndexByte(s, '\'')
		if i < 0 {
			return append(append(dst, s...), '\'')
		}
		dst = append(append(dst, s[:i]...), "''"...)
		s = s[i+1:]
	}
}

// appendDouble writes s in double quotes, with an escape for whatever cannot be seen.
func appendDouble(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		wrong := r == utf8.RuneError && size == 1
		if r != '"' && r != '\\' && !wrong && unicode.IsPrint(r) {
			i += size
			continue
		}
		dst = appendEscape(append(dst, s[start:i]...), r)
		i += size
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

const hex = "0123456789abcdef"

// appendEscape writes the escape of one character. Those of YAML and of JSON are the
// same, but for what lies beyond the basic plane.
func appendEscape(dst []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(dst, '\\', byte(r))
	case '\n':
		return append(dst, `\n`...)
	case '\t':
		return append(dst, `\t`...)
	case '\r':
		return append(dst, `\r`...)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	}
	if r > 0xffff {
		return appendHex(append(dst, `\U`...), r, 8)
	}
	return appendHex(append(dst, `\u`...), r, 4)
}

func appendHex(dst []byte, r rune, width int) []byte {
	for shift := 4 * (width - 1); shift >= 0; shift -= 4 {
		dst = append(dst, hex[r>>shift&0xf])
	}
	return dst
}

// fitsBlock tells whether a text of several lines may be a literal block. Readers
// differ about blocks without any visible text, about those that start with a tab,
// about white space on lines that have nothing else and at the end of the text, and
// about a block at the end of a document that needs both an indentation indicator
// and several line ends.
func fitsBlock(s string) bool {
	if last := s[len(s)-1]; last == ' ' || last == '\t' {
		return false
	}
	if needsIndicator(s) && strings.HasSuffix(s, "\n\n") {
		return false
	}
	visible := false
	for line := range strings.SplitSeq(s, "\n") {
		blank := strings.Trim(line, " \t") == ""
		if blank && line != "" || !visible && strings.HasPrefix(line, "\t") {
			return false
		}
		visible = visible || !blank
	}
	return visible
}

// needsIndicator tells whether a literal block of s must say how far it is indented,
// because its first visible line starts with a space.
func needsIndicator(s string) bool {
	return strings.HasPrefix(strings.TrimLeft(s, "\n"), " ")
}

// appendBlock writes s as a literal block two columns right of its parent at indent.
func appendBlock(dst []byte, s string, indent int) []byte {
	dst = append(dst, '|')
	if needsIndicator(s) {
		dst = append(dst, '2')
	}
	body := strings.TrimRight(s, "\n")
	ends := len(s) - len(body)
	switch ends {
	case 0:
		dst = append(dst, '-')
	case 1:
	default:
		dst = append(dst, '+')
	}
	for line := range strings.SplitSeq(body, "\n") {
		dst = append(dst, '\n')
		if line != "" {
			dst = append(AppendSpaces(dst, indent+2), line...)
		}
	}
	for range ends - 1 {
		dst = append(dst, '\n')
	}
	return dst
}
