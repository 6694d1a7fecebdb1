package resolve_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/resolve"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// TestErrors compares the errors in a file of programs, each up to a line of ---, with
// what is expected of them: on each line as many as it has regexps after ###, from left
// to right. What belongs to the end of a program stands behind its ---. A regexp is for
// the column, the message and the hint. Errors of the parser do not count here.
func TestErrors(t *testing.T) {
	const name = "testdata/errors.jsonnet"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	code := make([]string, len(lines)) // What is expected would belong to a string that does not end.
	for i, line := range lines {
		code[i], _, _ = strings.Cut(line, " ###")
	}
	shown, from := map[int][]string{}, 0
	for i, line := range lines {
		if !strings.HasPrefix(line, "---") {
			continue
		}
		// Empty lines before a program make it stand at its place in the file.
		program := strings.Repeat("\n", from) + strings.Join(code[from:i], "\n") + "\n"
		showErrors(shown, resolve.Resolve(syntax.Parse(source.NewFile(name, program))).Errors)
		from = i + 1
	}
	for i, line := range lines {
		compareErrors(t, name+":"+strconv.Itoa(i+1), line, shown[i+1])
	}
}

// showErrors sorts errors into lines.
func showErrors(shown map[int][]string, found diag.List) {
	for _, d := range found.Sorted() {
		line := d.Span.File.Position(d.Span.Start).Line
		shown[line] = append(shown[line], showError(d))
	}
}

var expectation = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// compareErrors compares the errors on a line with the regexps on it.
func compareErrors(t *testing.T, place, line string, got []string) {
	t.Helper()
	_, wanted, _ := strings.Cut(line, "### ")
	patterns := expectation.FindAllString(wanted, -1)
	if len(got) != len(patterns) {
		t.Errorf("%s: %d errors, want %d:\n%s", place, len(got), len(patterns), strings.Join(got, "\n"))
		return
	}
	for i, quoted := range patterns {
		pattern, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("%s: %v", place, err)
		}
		if !regexp.MustCompile("^(?:" + pattern + ")$").MatchString(got[i]) {
			t.Errorf("%s: %s\nwant %s", place, got[i], pattern)
		}
	}
}

// showError writes an error as column: message; hint.
func showError(d diag.Diagnostic) string {
	out := strconv.Itoa(d.Span.File.Position(d.Span.Start).Column) + ": " + d.Message
	if d.Hint != "" {
		out += "; " + d.Hint
	}
	return out
}
