package syntax_test

import (
	"strings"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/compiler/resolve"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// TestNesting tries programs just inside of the limits and far beyond.
func TestNesting(t *testing.T) {
	for _, c := range []struct {
		before, middle, after string
		fits                  int
	}{
		{"[", "", "]", 9_990},
		{"{ a: ", "1", "}", 4_090}, // package resolve numbers no more frames
		{"(", "1", ")", 9_990},
		{"- ", "1", "", 9_990},
		{"local x = 1; ", "x", "", 9_990},
		{"if true then ", "1", "", 9_990},

		{"", "1", " + 1", 49_990},
		{"", "{}", ".a", 49_990},
		{"", "{}", "()", 49_990},
		{"", "{}", "{}", 49_990},
		{"", "{}", "[0]", 49_990},
	} {
		text := strings.Repeat(c.before, c.fits) + c.middle + strings.Repeat(c.after, c.fits)
		if tree := syntax.Parse(source.NewFile("f", text)); len(tree.Errors)+len(resolve.Resolve(tree).Errors) > 0 {
			t.Errorf("%d times %s %s: %v", c.fits, c.before, c.after, tree.Errors)
		}
		text = strings.Repeat(c.before, 100_000) + c.middle + strings.Repeat(c.after, 100_000)
		tree := syntax.Parse(source.NewFile("f", text))
		resolve.Resolve(tree)
		if len(tree.Errors) != 1 || !strings.Contains(tree.Errors[0].Message, "too deeply") {
			t.Errorf("100,000 times %s %s: %v", c.before, c.after, tree.Errors)
		}
	}
}

// TestHostile repeats pieces of programs so often that anything quadratic would not
// come to an end.
func TestHostile(t *testing.T) {
	for _, piece := range []string{
		"[", "{a:", "-", "(", "f(", "a.", "local a=1;", "local a=1,", "if x then ", "a[", "!", "|||\n ", "|||\na\n",
		"\"", "'\\u", "{a:1}", "[x for x in ", "{[x]:x for x in ", "assert 1;", "||", "=", "a,", "{,", "{local ",
		"import ", "error ", "},", ";", "]", "/*", "//", "@", "{a(", "{[", "super", "1.", "0_", "{a:1 b:2 ", "f(a/**/",
		"\xff", "é", "$", "a b\n", "{a:1,a:1,", "[1 2,", "|||-\n  ",
	} {
		text := strings.Repeat(piece, 1<<20/len(piece))
		start := time.Now()
		tree := syntax.Parse(source.NewFile("f", text))
		resolve.Resolve(tree)
		if fault := unsound(tree); fault != "" {
			t.Errorf("%q: %s", piece, fault)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%q: %v", piece, took)
		}
	}
}
