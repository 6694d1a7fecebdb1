// Package inplace helps tests to hold errors against what stands beside the code that
// causes them.
package inplace

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// Compare gives check each program of a file, where a line of --- ends a program, and
// compares the errors with what is expected of them: on each line as many as it has
// quoted regexps after ###, from left to right. What belongs to the end of a program
// stands behind its ---. A regexp is for the column, the message, the hint and the
// related places.
func Compare(t *testing.T, name string, check func(program *source.File) diag.List) {
	t.Helper()
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
		for _, d := range check(source.NewFile(name, program)).Sorted() {
			line := d.Span.File.Position(d.Span.Start).Line
			shown[line] = append(shown[line], show(d))
		}
		from = i + 1
	}
	for i, line := range lines {
		compareLine(t, name+":"+strconv.Itoa(i+1), line, shown[i+1])
	}
}

var expectation = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// compareLine compares the errors on a line with the regexps on it.
func compareLine(t *testing.T, place, line string, got []string) {
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

// show writes an error as column: message; hint; related places.
func show(d diag.Diagnostic) string {
	out := strconv.Itoa(d.Span.File.Position(d.Span.Start).Column) + ": " + d.Message
	if d.Hint != "" {
		out += "; " + d.Hint
	}
	for _, r := range d.Related {
		out += "; " + r.Message + " at " + strconv.Itoa(r.Span.File.Position(r.Span.Start).Column)
	}
	return out
}
