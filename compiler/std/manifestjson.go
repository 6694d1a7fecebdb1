package std

import (
	"strconv"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
)

func manifestJSONIndented(m *eval.Machine, v eval.Value) eval.Value {
	return newJSONText(m, "manifestJson", "    ", "\n", ": ").of(v)
}

func manifestJSONMinified(m *eval.Machine, v eval.Value) eval.Value {
	return newJSONText(m, "manifestJsonMinified", "", "", ":").of(v)
}

func manifestJSONEx(m *eval.Machine, args []eval.Value) eval.Value {
	const function = "manifestJsonEx"
	step := wantString(m, function, "indent", args[1])
	newline, colon := "\n", ": "
	if !args[2].IsAbsent() {
		newline = wantString(m, function, "newline", args[2])
	}
	if !args[3].IsAbsent() {
		colon = wantString(m, function, "key_val_sep", args[3])
	}
	return newJSONText(m, function, step, newline, colon).of(args[0])
}

type jsonText struct {
	*text
	step, newline, colon string
}

func newJSONText(m *eval.Machine, function, step, newline, colon string) *jsonText {
	return &jsonText{newText(m, function), step, newline, colon}
}

func (t *jsonText) of(v eval.Value) eval.Value {
	t.write(v)
	return t.value()
}

func (t *jsonText) write(v eval.Value) {
	switch v.Kind() {
	case eval.NullKind:
		t.put("null")
	case eval.BoolKind:
		t.b = strconv.AppendBool(t.b, v.Truth())
	case eval.NumberKind:
		t.number(v.Float())
	case eval.StringKind:
		t.b = appendEncoded(t.b, v.Text())
	case eval.ArrayKind:
		t.array(v.Array())
	case eval.ObjectKind:
		t.object(v.Object())
	default:
		t.fail("a function")
	}
}

func (t *jsonText) array(a *eval.Array) {
	t.open('[')
	t.eachElement(a, func(i int, v eval.Value) {
		t.next(i)
		t.write(v)
	})
	t.end(']')
}

func (t *jsonText) object(o *eval.Object) {
	t.open('{')
	t.eachField(o, func(i int, name string, v eval.Value) {
		t.next(i)
		t.b = appendEncoded(t.b, name)
		t.put(t.colon)
		t.write(v)
	})
	t.end('}')
}

func (t *jsonText) open(bracket byte) {
	t.b = append(t.b, bracket)
	t.put(t.newline)
	t.indent = append(t.indent, t.step...)
}

func (t *jsonText) next(i int) {
	if i > 0 {
		t.b = append(t.b, ',')
		t.put(t.newline)
	}
	t.b = append(t.b, t.indent...)
}

func (t *jsonText) end(bracket byte) {
	t.indent = t.indent[:len(t.indent)-len(t.step)]
	t.put(t.newline)
	t.b = append(append(t.b, t.indent...), bracket)
}

// appendEncoded writes a string with the escapes of encoding/json, which are not those
// of std.escapeStringJson: U+2028 and U+2029 are among them, DEL and what follows it
// are not.
func appendEncoded(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	b = append(roomy(b, len(s)+len(s)/16+2), '"')
	start, looked := 0, 0
	for i := 0; i < len(s); i++ {
		if i >= looked {
			i += emit.Plain(s[i:])
			if looked = i + 8; i == len(s) {
				break
			}
		}
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c != 0xe2 {
			continue
		}
		size := 1
		if c == 0xe2 {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r != '\u2028' && r != '\u2029' {
				continue
			}
			size = n
		}
		b = append(b, s[start:i]...)
		switch short := jsonShort(c); {
		case size > 1:
			b = append(b, '\\', 'u', '2', '0', '2', digits[s[i+2]&15])
		case short != 0:
			b = append(b, '\\', short)
		default:
			b = append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
		i += size - 1
		start = i + 1
	}
	return append(append(b, s[start:]...), '"')
}

// jsonShort is the letter of an escape, 0 where there is none.
func jsonShort(c byte) byte {
	switch c {
	case '"', '\\':
		return c
	case '\b':
		return 'b'
	case '\f':
		return 'f'
	case '\n':
		return 'n'
	case '\r':
		return 'r'
	case '\t':
		return 't'
	}
	return 0
}
