package std

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

func parseJSONValue(m *eval.Machine, str eval.Value) eval.Value {
	text := wantString(m, "parseJson", "str", str)
	r := jsonReader{m: m, s: text}
	v := r.value()
	if r.next() != 0 || r.at < len(r.s) {
		r.fail("more text follows the value")
	}
	return inFile(m, text, v)
}

// jsonReader reads JSON text as encoding/json does: of two fields of one name the last
// one stands, and half of a surrogate pair becomes U+FFFD.
type jsonReader struct {
	m      *eval.Machine
	s      string
	at     int
	depth  int
	names  []string // of the objects around the place, one behind the other
	values []eval.Value
}

// maxJSONDepth is encoding/json's.
const maxJSONDepth = 10000

func (r *jsonReader) fail(what string) {
	r.m.Fail("std.parseJson: `str` is not JSON: %s at byte %d", what, r.at)
}

// next gives the next byte that is not white space, 0 at the end.
func (r *jsonReader) next() byte {
	for ; r.at < len(r.s); r.at++ {
		switch c := r.s[r.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

func (r *jsonReader) value() eval.Value {
	switch c := r.next(); c {
	case '{':
		return r.object()
	case '[':
		return r.array()
	case '"':
		return r.string()
	case 't':
		return r.word("true", eval.True)
	case 'f':
		return r.word("false", eval.False)
	case 'n':
		return r.word("null", eval.Null)
	}
	return r.number()
}

func (r *jsonReader) word(word string, v eval.Value) eval.Value {
	if !strings.HasPrefix(r.s[r.at:], word) {
		r.fail("there is no value")
	}
	r.at += len(word)
	return v
}

// enter goes into an array or object; it tells whether that is empty.
func (r *jsonReader) enter(end byte) bool {
	r.at++
	r.depth++
	if r.depth > maxJSONDepth {
		r.fail("it is nested too deeply")
	}
	if r.next() != end {
		return false
	}
	r.at++
	r.depth--
	return true
}

// more tells whether an element follows the one before.
func (r *jsonReader) more(end byte) bool {
	switch r.next() {
	case ',':
		r.at++
		return true
	case end:
		r.at++
		r.depth--
		return false
	}
	r.fail("there is neither a comma nor a closing bracket")
	return false
}

func (r *jsonReader) array() eval.Value {
	if r.enter(']') {
		return eval.NewArray(nil)
	}
	base := len(r.values)
	for ok := true; ok; ok = r.more(']') {
		v := r.value()
		r.values = append(r.values, v)
	}
	r.m.Allocate((len(r.values) - base) * valueSize)
	elems := append([]eval.Value(nil), r.values[base:]...)
	r.values = r.values[:base]
	return eval.NewArray(elems)
}

func (r *jsonReader) object() eval.Value {
	if r.enter('}') {
		return eval.NewObject(nil, nil)
	}
	first, base := len(r.names), len(r.values)
	for ok := true; ok; ok = r.more('}') {
		if r.next() != '"' {
			r.fail("there is no name of a field")
		}
		name := r.string().Text()
		if r.next() != ':' {
			r.fail("there is no colon")
		}
		r.at++
		r.names = append(r.names, name)
		v := r.value()
		r.values = append(r.values, v)
	}
	r.m.Allocate(2 * (len(r.values) - base) * valueSize)
	names, values := lastFields(r.names[first:], r.values[base:])
	r.names, r.values = r.names[:first], r.values[:base]
	return eval.NewObject(names, values)
}

// fewFields is how many names are compared with each other rather than by a map.
const fewFields = 12

// lastFields copies fields, of two with one name the value of the last one.
func lastFields(names []string, values []eval.Value) ([]string, []eval.Value) {
	seen := map[string]int(nil)
	if len(names) > fewFields {
		seen = make(map[string]int, len(names))
	}
	kept, of := make([]string, 0, len(names)), make([]eval.Value, 0, len(names))
	for i, name := range names {
		at := -1
		if seen != nil {
			if k, ok := seen[name]; ok {
				at = k
			}
		} else {
			for k := range kept {
				if kept[k] == name {
					at = k
				}
			}
		}
		if at >= 0 {
			of[at] = values[i]
			continue
		}
		if seen != nil {
			seen[name] = len(kept)
		}
		kept, of = append(kept, name), append(of, values[i])
	}
	return kept, of
}

// string reads a string. One without escapes shares the memory of the text.
func (r *jsonReader) string() eval.Value {
	r.at++
	start := r.at
	all := byte(0)
	for ; r.at < len(r.s); r.at++ {
		switch c := r.s[r.at]; {
		case c == '"':
			s := r.s[start:r.at]
			r.at++
			if all < utf8.RuneSelf {
				return eval.ASCII(s)
			}
			return eval.String(s)
		case c == '\\':
			return r.escaped(start)
		case c < ' ':
			r.fail("a control character stands in a string")
		default:
			all |= c
		}
	}
	r.fail("a string does not end")
	return eval.Null
}

// escaped reads on where a string has its first escape.
func (r *jsonReader) escaped(start int) eval.Value {
	b := append([]byte(nil), r.s[start:r.at]...)
	for r.at < len(r.s) {
		c := r.s[r.at]
		r.at++
		switch {
		case c == '"':
			return eval.String(string(b))
		case c == '\\':
			b = r.escape(b)
		case c < ' ':
			r.fail("a control character stands in a string")
		default:
			b = append(b, c)
		}
	}
	r.fail("a string does not end")
	return eval.Null
}

func (r *jsonReader) escape(b []byte) []byte {
	if r.at == len(r.s) {
		r.fail("a string does not end")
	}
	c := r.s[r.at]
	r.at++
	switch c {
	case '"', '\\', '/':
		return append(b, c)
	case 'b':
		return append(b, '\b')
	case 'f':
		return append(b, '\f')
	case 'n':
		return append(b, '\n')
	case 'r':
		return append(b, '\r')
	case 't':
		return append(b, '\t')
	case 'u':
		return utf8.AppendRune(b, r.unicode())
	}
	r.fail("an escape is unknown")
	return nil
}

// unicode reads what follows \u, and the other half of a surrogate pair.
func (r *jsonReader) unicode() rune {
	first, ok := hex4(r.s[r.at:])
	if !ok {
		r.fail("an escape has no four hexadecimal digits")
	}
	r.at += 4
	if !utf16.IsSurrogate(first) {
		return first
	}
	if rest, found := strings.CutPrefix(r.s[r.at:], `\u`); found {
		if second, ok := hex4(rest); ok {
			if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
				r.at += 6
				return pair
			}
		}
	}
	return utf8.RuneError
}

func hex4(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	n := rune(0)
	for i := range 4 {
		digit := digitOf(s[i])
		if digit == 16 {
			return 0, false
		}
		n = n<<4 | rune(digit)
	}
	return n, true
}

func (r *jsonReader) number() eval.Value {
	start := r.at
	if r.at < len(r.s) && r.s[r.at] == '-' {
		r.at++
	}
	if r.at < len(r.s) && r.s[r.at] == '0' {
		r.at++
	} else {
		r.digits()
	}
	if r.at < len(r.s) && r.s[r.at] == '.' {
		r.at++
		r.digits()
	}
	if r.at < len(r.s) && (r.s[r.at] == 'e' || r.s[r.at] == 'E') {
		r.at++
		if r.at < len(r.s) && (r.s[r.at] == '+' || r.s[r.at] == '-') {
			r.at++
		}
		r.digits()
	}
	f, err := strconv.ParseFloat(r.s[start:r.at], 64)
	if err != nil {
		r.fail("a number is too large for a float64")
	}
	return eval.Number(f)
}

func (r *jsonReader) digits() {
	start := r.at
	for r.at < len(r.s) && r.s[r.at] >= '0' && r.s[r.at] <= '9' {
		r.at++
	}
	if r.at == start {
		r.fail("there is no value")
	}
}
