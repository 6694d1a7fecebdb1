package emit

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-k8s/couplet/compiler/value"
)

func TestComments(t *testing.T) {
	field := func(name string, v value.Value) value.Field { return value.Field{Name: name, Value: v} }
	v := value.Object(
		field("block", value.String("one\ntwo\n")),
		field("empty", value.Object()),
		field("list", value.Array(
			value.Object(field("a", value.Number(1)), field("b", value.Null)),
			value.Array(value.String("x"), value.String("y: z")),
			value.String(" indented\nblock"),
		)),
		field("none", value.String("no comment")),
		field(strings.Repeat("k", longestKey+1), value.String("v")),
		field("wide", value.String(strings.Repeat("w", widest))),
		field("über", value.Bool(true)),
	)
	got := string(new(Commenter).AppendYAML(nil, v, func(dst []byte, v value.Value) []byte {
		switch v.Str() {
		case "no comment":
			return dst
		case "v":
			return append(dst, "the long\nkey\xff"...)
		}
		return append(dst, v.Kind().String()...)
	}))
	want := `block: |          # string
  one
  two
empty: {}         # object
? KEY
: v               # the long?key?
list:             # array
- a: 1            # number
  b: null         # null
- - x             # string
  - 'y: z'        # string
- |2-             # string
   indented
  block
none: no comment
wide: WIDE # string
über: true        # boolean
`
	got = strings.ReplaceAll(got, strings.Repeat("k", longestKey+1), "KEY")
	got = strings.ReplaceAll(got, strings.Repeat("w", widest), "WIDE")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLines: telling of the lines does not change the text, and every line is told of
// but for those of blocks and long keys.
func TestLines(t *testing.T) {
	v := sample()
	var told int
	last := -1
	text := AppendYAMLLines(nil, v, func(l Line) {
		told++
		if l.End <= last || l.Path == nil {
			t.Errorf("line at %d after %d, path %s", l.End, last, l.Path)
		}
		last = l.End
	})
	if !bytes.Equal(text, AppendYAML(nil, v)) {
		t.Error("the text is another one")
	}
	inBlocks := 50 * strings.Count("server:\n  port: 8080\n  workers: 4\n\nlog:\n\tlevel: info\n  format: json\n", "\n")
	if lines := bytes.Count(text, []byte("\n")); told != lines-inBlocks {
		t.Errorf("%d lines are told of, of %d with %d in blocks", told, lines, inBlocks)
	}
}
