package gojsonnet

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	jsonnet "github.com/google/go-jsonnet"

	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
)

const million = 1_000_000

// TestNestingRefused: texts that would overflow go-jsonnet's stack are an error at a
// place. Each is a prefix, repeated a million times, before an end.
func TestNestingRefused(t *testing.T) {
	for _, part := range []string{
		"[", "(", "{a:", "{", "-", "!", "~ ", "-([", "local a=1;", "local a=1,b=2;", "local f()=", "local a=[1,2];",
		"if true then ", "if false then 1 else ", "function() ", "function(a=", "assert true;", "error ", "import ",
		"std.length(", "a[", "a[1:", "{[", "{a+:", "{a(x)::", "{local a=", "{assert true:", "[1,[", "{a:1,b:{",
		"'x'+", "1==", "true&&", `"a" in `, "$.a+", "{ local a = 1, b: local c = 1, d = 2; ",
		"@'''x'+", "@'\\'+", "'\\''+", "|||\n  ' ||| [\n|||+", "/*'*/-", "//'\n-", "#'\n-",
	} {
		refused(t, part, strings.Repeat(part, million))
	}
	for _, part := range []string{"{}", "()", "[0]", "[0:]", ".a", "+1", "{a:1}", " for x in [1]", " if true", " in {}", "() tailstrict"} {
		refused(t, part, "[f"+strings.Repeat(part, million)+"]")
	}
}

func refused(t *testing.T, name, text string) {
	t.Helper()
	if err := checkNesting(source.NewFile("deep.jsonnet", text), maxNesting); err == nil {
		t.Errorf("%q is taken a million times", name)
	} else if !strings.HasPrefix(err.Error(), "deep.jsonnet:") {
		t.Errorf("%q: %v", name, err)
	}
}

// TestNestingAllowed: much text is not deep.
func TestNestingAllowed(t *testing.T) {
	for _, text := range []string{
		"'" + strings.Repeat("[(-", million) + "'",
		`"` + strings.Repeat(`[\"`, million) + `"`,
		"@'" + strings.Repeat("[''", million) + "'",
		"|||\n" + strings.Repeat("  [(- ' |||\n\n", million) + "|||",
		"|||-\n\n\t" + strings.Repeat("{", million) + "\n  |||",
		"/*" + strings.Repeat("[(", million) + "*/ 1",
		"//" + strings.Repeat("[(", million) + "\n1",
		"#" + strings.Repeat("[(", million) + "\n1",
		"[" + strings.Repeat("-1 + [2] * (3), ", million) + "]",
		"{" + strings.Repeat("a: { b:: [1, 2], c: if true then 1 else 2 }, local x = 1, assert true, ", million) + "}",
		strings.Repeat("local a = [1, { b: f(2) + 3 }], c = 4;\n", 10_000) + "a",
		strings.Repeat("[", 4_900) + strings.Repeat("]", 4_900),
		"1" + strings.Repeat(" + 1", 49_000),
	} {
		if err := checkNesting(source.NewFile("big.jsonnet", text), maxNesting); err != nil {
			t.Errorf("%.40q...: %v", text, err)
		}
	}
}

// TestNestingTokens reads go-jsonnet's test programs: where go-jsonnet can parse one,
// all brackets and statements must be closed at its end.
func TestNestingTokens(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/google/go-jsonnet").Output()
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "testdata", "*.jsonnet"))
	if err != nil || len(names) < 700 {
		t.Fatal(len(names), err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := jsonnet.SnippetToAST(name, string(text)); err != nil {
			continue
		}
		var n nesting
		for at := 0; at < len(text); {
			end := token(string(text), at)
			n.step(string(text)[at:end])
			at = end
		}
		if len(n.open) > 0 {
			t.Errorf("%s: %v left open", name, n.open)
		}
	}
}

// TestNestingLimit: what is let through does not overflow the stack.
func TestNestingLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a gigabyte of memory")
	}
	for _, part := range []struct{ open, inner, shut string }{
		{"[", "", "]"}, {"(", "1", ")"}, {"{a:", "1", "}"}, {"-([", "1", "])"}, {"[", "1", " for x in [1]]"},
		{"local a=1;", "a", ""}, {"if true then ", "1", ""}, {"- ", "1", ""}, {"", "1", " + 1"}, {"", "{}", "{}"},
	} {
		n := 0
		for step := 1 << 16; step > 0; step /= 2 {
			if checkNesting(source.NewFile("x", repeated(part.open, part.inner, part.shut, n+step)), maxNesting) == nil {
				n += step
			}
		}
		text := repeated(part.open, part.inner, part.shut, n)
		if _, found := (Engine{}).Evaluate(context.Background(), &eval.Program{
			Files: source.NewSet(source.Disk{}), Snippet: source.NewFile("limit", text),
		}); len(found) > 0 && strings.Contains(found[0].Message, "too deep") {
			t.Errorf("%q: %v", part, found)
		}
	}
}

func repeated(open, inner, shut string, n int) string {
	return strings.Repeat(open, n) + inner + strings.Repeat(shut, n)
}

// TestNestingImports: a deep text is refused as code, wherever it comes from, and read
// as a string.
func TestNestingImports(t *testing.T) {
	dir := filepath.ToSlash(t.TempDir())
	deep := strings.Repeat("[", million)
	for name, text := range map[string]string{"deep.txt": deep, "user.jsonnet": "import 'deep.txt'", "text.jsonnet": "std.length(importstr 'deep.txt')"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		text     string
		bindings []eval.Binding
		refused  bool
	}{
		{text: "import '" + dir + "/deep.txt'", refused: true},
		{text: "import '" + dir + "/user.jsonnet'", refused: true},
		{text: "import '" + dir + "/text.jsonnet'"},
		{text: "std.length(importstr '" + dir + "/deep.txt')"},
		{text: "std.length(importbin '" + dir + "/deep.txt')"},
		{text: deep, refused: true},
		{text: "1", bindings: []eval.Binding{{Name: "x", Kind: eval.BindCode, Text: deep}}, refused: true},
		{text: "std.extVar('x')", bindings: []eval.Binding{{Name: "x", Kind: eval.BindCodeFile, Text: dir + "/deep.txt"}}, refused: true},
		{text: "std.length(std.extVar('x'))", bindings: []eval.Binding{{Name: "x", Kind: eval.BindStringFile, Text: dir + "/deep.txt"}}},
		{text: "std.length(std.extVar('x'))", bindings: []eval.Binding{{Name: "x", Kind: eval.BindString, Text: deep}}},
	} {
		v, found := Engine{}.Evaluate(context.Background(), &eval.Program{
			Files: source.NewSet(source.Disk{}), Snippet: source.NewFile("<text>", c.text), ExtVars: c.bindings,
		})
		switch {
		case c.refused && (len(found) != 1 || found[0].Message != "expressions are nested too deep" || !found[0].Span.HasPlace()):
			t.Errorf("%.60s: %v", c.text, found)
		case !c.refused && (found != nil || v.Float() != million):
			t.Errorf("%.60s: %v %v", c.text, v.Float(), found)
		}
	}
}
