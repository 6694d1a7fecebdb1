package compiler_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// How many examples, and functions of std, docs/language.md has at least.
const (
	languageMin = 250
	libraryMin  = 140
)

// languageExample is a block of jsonnet in docs/language.md with the blocks behind it
// that state its result.
type languageExample struct {
	line    int
	program string
	results map[string]string // by the kind of block: json, text, error, trace
}

// languageFence begins or ends a block.
var languageFence = regexp.MustCompile("^```([a-z]*)$")

// languageExamples reads the page's blocks. A result belongs to the jsonnet right
// before it, with nothing but blank lines between.
func languageExamples(t *testing.T) (page string, examples []*languageExample) {
	t.Helper()
	content, err := os.ReadFile("../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	page = string(content)
	var current *languageExample // nil where prose ended the last one
	kind, body, inside := "", "", false
	for i, line := range strings.Split(page, "\n") {
		m := languageFence.FindStringSubmatch(line)
		switch {
		case inside && m == nil:
			body += line + "\n"
		case inside:
			inside = false
			if kind == "jsonnet" {
				current = &languageExample{line: i + 1 - strings.Count(body, "\n"), program: body, results: map[string]string{}}
				examples = append(examples, current)
			} else if kind == "json" || kind == "text" || kind == "error" || kind == "trace" {
				if current == nil {
					t.Errorf("docs/language.md:%d: a result without a program", i+1)
					continue
				}
				current.results[kind] = body
			}
		case m != nil:
			kind, body, inside = m[1], "", true
		case strings.TrimSpace(line) != "":
			current = nil
		}
	}
	return page, examples
}

// TestLanguage runs every example of docs/language.md.
func TestLanguage(t *testing.T) {
	_, examples := languageExamples(t)
	if len(examples) < languageMin {
		t.Errorf("%d examples, want %d or more", len(examples), languageMin)
	}
	for _, e := range examples {
		t.Run(fmt.Sprintf("line%d", e.line), e.run)
	}
}

func (e *languageExample) run(t *testing.T) {
	flags := ""
	if first, _, _ := strings.Cut(e.program, "\n"); strings.HasPrefix(first, "// couplet eval ") {
		flags = strings.TrimPrefix(first, "// couplet eval ")
	}
	archive := txtar.Parse([]byte("-- " + langMain + " --\n" + e.program))
	c := newLangCase(t, archive.Files, flags)
	c.enter(t)
	want := langResult{out: e.results["text"], trace: e.results["trace"]}
	message := ""
	for line := range strings.Lines(e.results["error"]) {
		place, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		want.diag = append(want.diag, place)
		message = text
	}
	if json, ok := e.results["json"]; ok {
		v, found := decode.JSON(source.NewFile("result", json))
		if found.HasErrors() {
			t.Fatal(found)
		}
		want.out = string(emit.AppendJSON(nil, v, emit.Jsonnet)) + "\n"
	}
	c.check(t, want)
	if message != "" {
		c.checkMessage(t, message)
	}
}

// checkMessage expects the text that the program itself gave to error or assert.
func (c *langCase) checkMessage(t *testing.T, want string) {
	t.Helper()
	for _, engine := range compiler.Engines() {
		p := &eval.Program{Files: compiler.Files(source.Disk{}), Entry: langMain}
		if _, found := engine.Evaluate(context.Background(), p); len(found) != 1 || found[0].Message != want {
			t.Errorf("%s: %v, want %q", engine.Name(), found, want)
		}
	}
}

// libraryRow is a row of the page's table of std: a function with its parameters, or
// a value.
var libraryRow = regexp.MustCompile("(?m)^\\| `([a-zA-Z0-9]+)(\\(([^`]*)\\))?` \\| (.+) \\|$")

// libraryEntry is what the table says of one field of std.
type libraryEntry struct {
	function bool
	params   []string // names
	required int      // how many of them have no default
}

func libraryTable(t *testing.T) map[string]libraryEntry {
	t.Helper()
	page, _ := languageExamples(t)
	entries := map[string]libraryEntry{}
	for _, m := range libraryRow.FindAllStringSubmatch(page, -1) {
		if _, twice := entries[m[1]]; twice {
			t.Errorf("std.%s is listed twice", m[1])
		}
		e := libraryEntry{function: m[2] != ""}
		for _, p := range strings.FieldsFunc(m[3], func(r rune) bool { return r == ',' }) {
			name, _, optional := strings.Cut(strings.TrimSpace(p), "=")
			e.params = append(e.params, name)
			if !optional {
				e.required++
			}
		}
		entries[m[1]] = e
	}
	return entries
}

// TestLanguageLibrary compares the table of std with the fields of std, and the
// parameters that it lists with those that the functions take.
func TestLanguageLibrary(t *testing.T) {
	table := libraryTable(t)
	if len(table) < libraryMin {
		t.Errorf("%d functions, want %d or more", len(table), libraryMin)
	}
	t.Run("fields", func(t *testing.T) {
		listing := "{ [f]: if std.isFunction(std[f]) then std.length(std[f]) else -1 for f in std.objectFieldsAll(std) if f[0] != '$' && f[0] != '_' }"
		fields := map[string]float64{}
		for _, f := range languageValue(t, listing).Fields() {
			fields[f.Name] = f.Value.Float()
		}
		for name, e := range table {
			required, ok := fields[name]
			if !ok {
				t.Errorf("std.%s is documented, and not there", name)
			} else if want := float64(e.required); required != want && (e.function || required != -1) {
				t.Errorf("std.%s must be given %v arguments, the table says %v", name, required, want)
			}
			delete(fields, name)
		}
		for name := range fields {
			t.Errorf("std.%s is not documented", name)
		}
	})
	for name, e := range table {
		if e.function {
			t.Run(name, func(t *testing.T) { e.checkParams(t, name) })
		}
	}
}

// languageValue evaluates a program without files by go-jsonnet.
func languageValue(t *testing.T, program string) value.Value {
	t.Helper()
	text, err := jsonnet.MakeVM().EvaluateAnonymousSnippet("listing", program)
	if err != nil {
		t.Fatal(err)
	}
	v, found := decode.JSON(source.NewFile("listing", text))
	if found.HasErrors() {
		t.Fatal(found)
	}
	return v
}

// checkParams calls the function with every listed parameter by its name, whose
// values fail when they are used, and with one argument more than there are.
func (e libraryEntry) checkParams(t *testing.T, name string) {
	const reached = "the arguments were taken"
	fails := func(arguments []string) string {
		text := "std." + name + "(" + strings.Join(arguments, ", ") + ")"
		for _, engine := range compiler.Engines() {
			p := &eval.Program{Files: compiler.Files(source.Disk{}), Snippet: source.NewFile("call", text)}
			_, found := engine.Evaluate(context.Background(), p)
			if len(found) != 1 {
				t.Fatalf("%s: %s: %v", engine.Name(), text, found)
			}
			if found[0].Message != reached {
				return fmt.Sprintf("%s: %s: %s", engine.Name(), text, found[0].Message)
			}
		}
		return ""
	}
	failing := "error '" + reached + "'"
	named := make([]string, len(e.params))
	for i, p := range e.params {
		named[i] = p + "=" + failing
	}
	if problem := fails(named); problem != "" {
		t.Error(problem)
	}
	if problem := fails(slices.Repeat([]string{failing}, len(e.params)+1)); problem == "" {
		t.Errorf("std.%s takes more than %v", name, e.params)
	}
}
