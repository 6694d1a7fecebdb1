package emit

import (
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// JSONStyle is a way to lay out JSON.
type JSONStyle uint8

const (
	// Compact has no white space.
	Compact JSONStyle = iota
	// Pretty indents by two spaces.
	Pretty
	// Jsonnet is the jsonnet command's layout, byte for byte: three spaces, "{ }" and
	// "[ ]" for what is empty, and numbers as float64 with 17 significant digits.
	Jsonnet
)

// AppendJSON appends a value as JSON, without a newline at its end.
func AppendJSON(dst []byte, v value.Value, style JSONStyle) []byte {
	return jsonWriter{style: style, step: [...]int{Compact: 0, Pretty: 2, Jsonnet: 3}[style]}.append(dst, v, 0)
}

type jsonWriter struct {
	style JSONStyle
	step  int
}

func (w jsonWriter) append(dst []byte, v value.Value, indent int) []byte {
	switch v.Kind() {
	case value.KindBool:
		if v.Bool() {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case value.KindNumber:
		if w.style == Jsonnet {
			return AppendNumber(dst, v.Float())
		}
		return appendNumber(dst, v)
	case value.KindString:
		return AppendString(dst, v.Str())
	case value.KindArray:
		return w.array(dst, v.Items(), indent)
	case value.KindObject:
		return w.object(dst, v.Fields(), indent)
	}
	return append(dst, "null"...)
}

func (w jsonWriter) array(dst []byte, items []value.Value, indent int) []byte {
	dst = append(dst, '[')
	for i, item := range items {
		dst = w.next(dst, i, indent+w.step)
		dst = w.append(dst, item, indent+w.step)
	}
	return append(w.end(dst, len(items), indent), ']')
}

func (w jsonWriter) object(dst []byte, fields []value.Field, indent int) []byte {
	dst = append(dst, '{')
	for i := range fields {
		dst = w.next(dst, i, indent+w.step)
		dst = append(AppendString(dst, fields[i].Name), ':')
		if w.style != Compact {
			dst = append(dst, ' ')
		}
		dst = w.append(dst, fields[i].Value, indent+w.step)
	}
	return append(w.end(dst, len(fields), indent), '}')
}

// next leads to the i-th member or element.
func (w jsonWriter) next(dst []byte, i, indent int) []byte {
	if i > 0 {
		dst = append(dst, ',')
	}
	return w.newline(dst, indent)
}

// end leads to the closing bracket behind n members or elements.
func (w jsonWriter) end(dst []byte, n, indent int) []byte {
	switch {
	case n > 0:
		return w.newline(dst, indent)
	case w.style == Jsonnet:
		return append(dst, ' ')
	}
	return dst
}

func (w jsonWriter) newline(dst []byte, indent int) []byte {
	if w.style == Compact {
		return dst
	}
	return AppendSpaces(append(dst, '\n'), indent)
}

// AppendNumber appends a number as jsonnet writes it, %.0f or %.17g in C's words.
func AppendNumber(dst []byte, f float64) []byte {
	if f == math.Floor(f) {
		return strconv.AppendFloat(dst, f, 'f', 0, 64)
	}
	return strconv.AppendFloat(dst, f, 'g', 17, 64)
}

// RoomForString is how many bytes AppendString takes where few need an escape, as in most
// texts.
func RoomForString(s string) int { return len(s) + len(s)/32 + 2 }

// AppendString appends a string as JSON with the escapes that jsonnet uses: those that
// JSON demands, and the other control characters.
func AppendString(dst []byte, s string) []byte {
	dst = append(slices.Grow(dst, RoomForString(s)), '"')
	start := 0
	for i, looked := 0, 0; i < len(s); {
		if i >= looked {
			i += Plain(s[i:])
			if looked = i + 8; i == len(s) {
				break
			}
		}
		if c := s[i]; c < utf8.RuneSelf {
			if c < ' ' || c == '"' || c == '\\' || c == 0x7f {
				dst = appendEscape(append(dst, s[start:i]...), rune(c))
				start = i + 1
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r <= 0x9f {
			dst = appendEscape(append(dst, s[start:i]...), r)
			start = i + size
		} else if r == utf8.RuneError && size == 1 {
			dst = append(append(dst, s[start:i]...), "\ufffd"...)
			start = i + size
		}
		i += size
	}
	return append(append(dst, s[start:]...), '"')
}

// Plain tells of how many bytes at the beginning of s, in steps of 8, is certain that JSON
// has them as they are.
func Plain(s string) int {
	n := 0
	for n+8 <= len(s) && isPlain(s[n:n+8]) {
		n += 8
	}
	return n
}

// isPlain tells whether eight bytes are ASCII that needs no escape. It looks at all of
// them at once: a byte's top bit comes out set where the byte is one of those that do.
func isPlain(s string) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	control := w - ones*' '
	quote := (w ^ ones*'"') - ones
	backslash := (w ^ ones*'\\') - ones
	delete := (w ^ ones*0x7f) - ones
	return (w|control|quote|backslash|delete)&tops == 0
}
