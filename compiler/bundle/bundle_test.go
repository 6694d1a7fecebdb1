package bundle

import (
	"errors"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// failing takes a number of writes.
type failing struct {
	strings.Builder
	left int
}

var errFull = errors.New("full")

func (f *failing) Write(p []byte) (int, error) {
	if f.left == 0 {
		return 0, errFull
	}
	f.left--
	return f.Builder.Write(p)
}

func TestWriteYAML(t *testing.T) {
	doc := func(s string) object.Object {
		return object.Object{Value: value.Object(value.Field{Name: "a", Value: value.String(s)})}
	}
	for name, test := range map[string]struct {
		texts []string
		want  string
	}{
		"nothing":    {nil, ""},
		"one":        {[]string{"x"}, "a: x\n"},
		"kept lines": {[]string{"x\n\n", "z"}, "a: |+\n  x\n\n---\na: z\n"},
	} {
		var b Bundle
		for _, s := range test.texts {
			b.Objects = append(b.Objects, doc(s))
		}
		for _, write := range []func(*failing) error{
			func(f *failing) error { return b.WriteYAML(f) },
			func(f *failing) error { return b.WriteYAMLWithSources(f) },
		} {
			got := failing{left: -1}
			if err := write(&got); err != nil || got.String() != test.want {
				t.Errorf("%s: %q, %v", name, got.String(), err)
			}
		}
	}
}

// TestWriteYAMLInPages writes more than is gathered, and fails at each write.
func TestWriteYAMLInPages(t *testing.T) {
	var b Bundle
	var want []string
	for _, c := range "abc" {
		long := strings.Repeat(string(c), page*2/3)
		b.Objects = append(b.Objects, object.Object{Value: value.Object(value.Field{Name: "a", Value: value.String(long)})})
		want = append(want, "a: "+long+"\n")
	}
	got := failing{left: 2}
	if err := b.WriteYAML(&got); err != nil || got.left != 0 || got.String() != strings.Join(want, "---\n") {
		t.Errorf("%d writes left, %d bytes, %v", got.left, got.Len(), err)
	}
	for n := range 2 {
		if err := b.WriteYAML(&failing{left: n}); !errors.Is(err, errFull) {
			t.Errorf("after %d writes: %v", n, err)
		}
	}
}
