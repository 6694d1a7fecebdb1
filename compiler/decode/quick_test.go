package decode

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// dump writes a value with its origins.
func dump(b *strings.Builder, v value.Value) {
	fmt.Fprintf(b, "@%d ", v.Origin())
	switch v.Kind() {
	case value.KindObject:
		b.WriteString("{")
		for _, f := range v.Fields() {
			fmt.Fprintf(b, "%q@%d: ", f.Name, f.Origin)
			dump(b, f.Value)
		}
		b.WriteString("}")
	case value.KindArray:
		b.WriteString("[")
		for _, item := range v.Items() {
			dump(b, item)
		}
		b.WriteString("]")
	case value.KindString:
		fmt.Fprintf(b, "%q ", v.Str())
	case value.KindNumber:
		fmt.Fprintf(b, "%v/%s ", v.Float(), v.Digits())
	case value.KindBool:
		fmt.Fprintf(b, "%t ", v.Bool())
	}
}

func dumpAll(docs []value.Value) string {
	var b strings.Builder
	for _, doc := range docs {
		dump(&b, doc)
		b.WriteByte('\n')
	}
	return b.String()
}

// compareQuick wants of the quick reader what the parser gives, or nothing. It tells
// whether it gave something.
func compareQuick(t *testing.T, text string) bool {
	t.Helper()
	if firstWrongByte(text) >= 0 || firstControl(text) >= 0 {
		return false
	}
	quick, ok := quickDocuments(text)
	if !ok {
		return false
	}
	r := &reporter{file: source.NewFile("x.yaml", text)}
	slow := r.slowDocuments(text)
	if len(r.found) > 0 {
		t.Errorf("the parser finds something: %v\n%q", r.found, text)
	} else if a, b := dumpAll(quick), dumpAll(slow); a != b {
		t.Errorf("%q\nquick:  %s\nparser: %s", text, a, b)
	}
	return true
}

// quickTexts are read by the quick reader.
var quickTexts = []string{
	"", "\n", "# c\n", "---\n---\n", "a: 1\n", "a: b", "a: b # c\n", "a: 'it''s'\nb: \"x\\ty\\n\"\n", "a:\n  b: c\n  d:\n  - e\n  - f: g\n    h: i\n",
	"- a\n- b\n", "- - a\n  - b\n- c: d\n", "-   a: b\n    c: d\n", "a: |\n  text\n\n   more\n\nb: |-\n  x\nc: |+\n  y\n\n", "a: {}\nb: [] # c\n",
	"x: http://a.b/c:d\nk: a#b\nz: -1\nw: 1.5e3\nv: 0x10\nu: yes\nt: ~\ns: null\nr: 2001-01-02\nq: 1_000\n", "\"a b\": c\n'd': e\n",
	"a:\n- b\nc: d\n", "a: b\n\n# c\n\nd: e\n---\n\nf: g\n", "ä: ö\nü: '€'\n", "a: - b\n"[:3] + "b\n", "a:\n    b:\n        c: d\n    e: f\n", "a: b:c\n", "- |\n  a\n- |-\n    b\n",
	"a: '#'\nb: \"#\"\n", "a: x   \nb: y\n", "a: -\nb: c\n"[:0] + "a: --\n", "a: \"\"\nb: ''\n",
}

func TestQuick(t *testing.T) {
	for _, text := range quickTexts {
		if !compareQuick(t, text) {
			t.Errorf("it is for the parser: %q", text)
		}
	}
	for _, text := range []string{
		"a: b\n c\n", "a:\n", "- \n", "a: &x b\n", "a: *x\n", "a: !t b\n", "a: >\n  b\n", "a: [b]\n", "{a: b}\n", "a", "a: b: c\n", "a: b\na: c\n", "<<: {}\n",
		"a: \"b\n  c\"\n", "? a\n: b\n", "1: a\n", "true: a\n", "a: 12345678901234567890\n", "%YAML 1.2\n---\na: b\n", "a: b\n...\n", "--- a\n", "a:\tb\n", "a: b\r\n",
		"a: |2\n  b\n", "a: |\nb: c\n", "a: b\n  c: d\n", "a:\n  b: c\n d: e\n", "- a\n b: c\n", "a: \"\\x41\"\n", "a: 'b' c\n", "a: .nan\n", "- a\n  - b\n", "a: @b\n", "a: `b`\n", "a : b\n",
	} {
		if _, ok := quickDocuments(text); ok {
			t.Errorf("it is not for the parser: %q", text)
		}
	}
}

func TestQuickOnFiles(t *testing.T) {
	var files []string
	for _, pattern := range []string{"../../testdata/*/*.yaml", "../../*.yaml", "../../*/*.yaml", "testdata/*/*"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, names...)
	}
	quick := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if compareQuick(t, string(text)) {
			quick++
		}
	}
	if quick < 20 {
		t.Errorf("of %d files only %d are quick", len(files), quick)
	}
}

func FuzzQuick(f *testing.F) {
	for _, text := range quickTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { compareQuick(t, text) })
}
