package emit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	sigs "sigs.k8s.io/yaml"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// readers are those that must read a text back to the value it was written from.
var readers = map[string]func([]byte) (any, error){
	"sigs.k8s.io/yaml": func(text []byte) (any, error) {
		data, err := sigs.YAMLToJSON(text)
		if err != nil {
			return nil, err
		}
		return readJSON(data)
	},
	"goccy/go-yaml": func(text []byte) (any, error) {
		var v any
		err := yaml.Unmarshal(text, &v)
		return v, err
	},
}

func readJSON(data []byte) (any, error) {
	var v any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	err := dec.Decode(&v)
	return v, err
}

// checkReadBack fails the test where a reader sees another value in the YAML text.
func checkReadBack(t *testing.T, v value.Value) {
	t.Helper()
	checkText(t, v, AppendYAML(nil, v))
	checkText(t, v, new(Commenter).AppendYAML(nil, v, func(dst []byte, v value.Value) []byte {
		return fmt.Appendf(dst, "- here: %s # 'x", v.Kind())
	}))
}

func checkText(t *testing.T, v value.Value, text []byte) {
	t.Helper()
	for name, read := range readers {
		got, err := read(text)
		if err != nil {
			t.Errorf("%s: %v\n%s\n%q", name, err, text, text)
		} else if err := same(v, got, ""); err != nil {
			t.Errorf("%s: %v\n%s\n%q", name, err, text, text)
		}
	}
}

// same tells where a reader's data differ from a value.
func same(v value.Value, got any, path string) error {
	wrong := fmt.Errorf("at %q: %T %#v, want %s", path, got, got, AppendJSON(nil, v, Compact))
	switch v.Kind() {
	case value.KindArray:
		items, ok := got.([]any)
		if !ok || len(items) != len(v.Items()) {
			return wrong
		}
		for i, item := range v.Items() {
			if err := same(item, items[i], fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case value.KindObject:
		members, ok := got.(map[string]any)
		if !ok || len(members) != len(v.Fields()) {
			return wrong
		}
		for _, f := range v.Fields() {
			member, ok := members[valid(f.Name)]
			if !ok {
				return wrong
			}
			if err := same(f.Value, member, path+"."+f.Name); err != nil {
				return err
			}
		}
	default:
		if !sameScalar(v, got) {
			return wrong
		}
	}
	return nil
}

func sameScalar(v value.Value, got any) bool {
	switch got := got.(type) {
	case nil:
		return v.IsNull()
	case bool:
		return v.Kind() == value.KindBool && v.Bool() == got
	case string:
		return v.Kind() == value.KindString && valid(v.Str()) == got
	case float64, uint64, int64, json.Number:
		return v.Kind() == value.KindNumber && sameNumber(v, fmt.Sprint(got))
	}
	return false
}

func sameNumber(v value.Value, got string) bool {
	f, err := strconv.ParseFloat(got, 64)
	return err == nil && f == v.Float()
}

// valid is a text as it can be written: what is not UTF-8 is replaced.
func valid(s string) string { return string([]rune(s)) }

// builder makes a value out of fuzz bytes.
type builder struct{ data []byte }

func (b *builder) next() int {
	if len(b.data) == 0 {
		return 0
	}
	c := b.data[0]
	b.data = b.data[1:]
	return int(c)
}

func (b *builder) value(depth int) value.Value {
	kind := b.next() % 8
	if depth == 0 && kind < 4 {
		kind += 4
	}
	switch kind {
	case 0, 1:
		items := make([]value.Value, b.next()%4)
		for i := range items {
			items[i] = b.value(depth - 1)
		}
		return value.Array(items...)
	case 2, 3:
		fields := make([]value.Field, 0, 3)
		for range b.next() % 4 {
			fields = append(fields, value.Field{Name: valid(b.text()), Value: b.value(depth - 1)})
		}
		return value.Object(fields...)
	case 4:
		return []value.Value{value.Null, value.Bool(false), value.Bool(true)}[b.next()%3]
	case 5:
		return value.Number(b.number())
	}
	return value.String(b.text())
}

func (b *builder) number() float64 {
	var bits uint64
	for range 8 {
		bits = bits<<8 | uint64(b.next())
	}
	f := math.Float64frombits(bits)
	if math.IsNaN(f) || math.IsInf(f, 0) || bits>>60 == 0 {
		f = float64(int64(bits))
	}
	return f
}

// text takes either raw bytes or a few of the pieces that make trouble.
func (b *builder) text() string {
	n := b.next()
	if n%2 == 0 {
		n = min(n/2, len(b.data))
		s := string(b.data[:n])
		b.data = b.data[n:]
		return s
	}
	var s strings.Builder
	for range n / 2 % 8 {
		s.WriteString(pieces[b.next()%len(pieces)])
	}
	return s.String()
}

var pieces = []string{
	"a", "bc", " ", "  ", "\n", "\n\n", "\t", "\r", ":", ": ", "#", " #", "-", "- ", "?", ",", "[", "]", "{", "}",
	"&", "*", "!", "|", ">", "'", "\"", "%", "@", "`", "\\", "=", "<<", "~", ".", "...", "---", "+", "_", "/", "$",
	"0", "1", "7", "08", "0x", "0o", "0b", "e", "E", "1e3", ".5", ".inf", ".nan", "12:30:45", "2001-01-01", "T00:00:00Z",
	"y", "n", "yes", "No", "on", "OFF", "true", "null", "é", "漢", "😀", "\u0085", "\u00a0", "\u2028", "\u2029",
	"\ufeff", "\u200b", "\ufffe", "\ufffd", "\x00", "\x07", "\x1b", "\x7f", "\x80", "\xff", "\u009f", "\ue000", "\u3000",
	strings.Repeat("long", 60),
}

// FuzzYAML: whatever the value, both readers read it back from its YAML.
func FuzzYAML(f *testing.F) {
	for i := range pieces {
		f.Add([]byte{6, 3, byte(i)})
		for j := range pieces {
			f.Add([]byte{2, 2, 5, byte(i), byte(j), 1, 2, 6, 5, byte(j), byte(i), 6, 3, byte(j), 7, byte(j), byte(i), byte(j), 6, 7, byte(i), byte(j), 0})
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v := (&builder{data}).value(5)
		checkReadBack(t, v)
	})
}
