package compiler_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/internal/generate"
)

// knownDifference is one of docs/differences.md that programs made by chance meet.
type knownDifference struct {
	name   string
	reason string
	// difference is how the text of the difference begins.
	difference string
	// program shows it.
	program string
	// is tells whether a difference of that text is this one; nil means always.
	is func(t tree, ours, theirs outcome) bool
}

// knownDifferences are all that may occur. One whose program no longer shows it fails.
var knownDifferences = []knownDifference{
	{
		name: "frames", reason: "what is not suspended takes no frame, nor do most functions of std",
		difference: "a value where go-jsonnet fails: max stack frames exceeded",
		program:    "local f(n) = if n == 0 then 0 else f(n - 1); f(498)",
	},
	{
		name: "frames and a failure", reason: "where go-jsonnet is at its limit of frames the program goes on, and fails later",
		difference: "another place: ",
		program:    "local f(n) = if n == 0 then null else -f(n - 1); f(498)",
		is: func(t tree, ours, theirs outcome) bool {
			return ours.Code != string(diag.StackLimit) && strings.HasPrefix(theirs.Message, "max stack frames exceeded")
		},
	},
	{
		name: "place in a recursion", reason: "with other frames the limit is met at another place of the same recursion",
		difference: "another place: the evaluation nests deeper",
		program:    "local f(n) = if n == 0 then 0 else f(n); f(1)",
	},
	{
		name: "infinity", reason: "std.sum and std.avg fail where go-jsonnet makes what is no number",
		difference: "an error where go-jsonnet has a value: the result is too large",
		program:    "std.avg([1e308, 1e308])",
		is:         func(t tree, ours, theirs outcome) bool { return sums.MatchString(t.program.String()) },
	},
	{
		name: "place of infinity", reason: "std.sum and std.avg fail, in go-jsonnet what is done with their result",
		difference: "another place: the result is too large",
		program:    "2 * std.sum([1e308, 1e308])",
		is:         func(t tree, ours, theirs outcome) bool { return sums.MatchString(t.program.String()) },
	},
	{
		name: "place of an assert", reason: "an assert is no boolean at its own place, in go-jsonnet where its expression is used",
		difference: "another place: expected a value of type boolean",
		program:    "local x = assert 0; 0;\nx",
		is:         func(t tree, ours, theirs outcome) bool { return strings.HasPrefix(t.from(ours.Place), "assert") },
	},
	{
		name: "functions of comprehensions", reason: "std has no functions that stand for comprehensions",
		difference: "another value",
		program:    "std.objectFieldsAll(std)",
		is: func(t tree, ours, theirs outcome) bool {
			return ours.Text == ofComprehensions.ReplaceAllString(theirs.Text, "") && ours.Trace == theirs.Trace
		},
	},
	{
		name: "file behind an assert", reason: "go-jsonnet loses the name of a file that is an assert",
		difference: "another value",
		program:    "assert true; [std.thisFile, 'main.jsonnet']",
		is: func(t tree, ours, theirs outcome) bool {
			return strings.Contains(t.program.String(), "thisFile") && strings.Contains(t.program.String(), "assert") && strings.Contains(theirs.Text, `""`)
		},
	},
	{
		name: "index of a colon", reason: "go-jsonnet takes the string for the colon of a slice",
		difference: "a value where go-jsonnet fails: std_slice accepts",
		program:    "{ ':': 1 }[':']",
	},
	{
		name: "tailstrict and defaults", reason: "go-jsonnet crashes on defaults that mention what they capture",
		difference: "a value where go-jsonnet crashes: (CRASH) RUNTIME: Unknown variable",
		program:    "local f(x, y=x) = 1; f(1) tailstrict",
		is:         func(t tree, ours, theirs outcome) bool { return strings.Contains(t.program.String(), "tailstrict") },
	},
	{
		name: "tailstrict and defaults with self", reason: "go-jsonnet crashes on defaults that mention self, too",
		difference: "a value where go-jsonnet crashes: (CRASH) runtime error: invalid memory address",
		program:    "{ a: 0, b: (function(x=self.a) 0)() tailstrict }",
		is:         func(t tree, ours, theirs outcome) bool { return strings.Contains(t.program.String(), "tailstrict") },
	},
}

var (
	sums             = regexp.MustCompile(`\b(sum|avg)\b`)
	ofComprehensions = regexp.MustCompile(`(?m)^\s*"\$(flatMapArray|objectFlatMerge)",?\n`)
)

// from gives the text of a tree from a place on, "" where that is not in it.
func (t tree) from(place string) string {
	m := placeParts.FindStringSubmatch(place)
	if m == nil {
		return ""
	}
	text, _ := t.text(m[1])
	line, _ := strconv.Atoi(m[2])
	column, _ := strconv.Atoi(m[3])
	for range line - 1 {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text[min(column-1, len(text)):]
}

var placeParts = regexp.MustCompile(`^(.*):(\d+):(\d+)$`)

// known gives the name of the difference in the list, "" for none.
func known(t tree, found string, ours, theirs outcome) string {
	for _, k := range knownDifferences {
		if strings.HasPrefix(found, k.difference) && (k.is == nil || k.is(t, ours, theirs)) {
			return k.name
		}
	}
	return ""
}

func TestKnownDifferences(t *testing.T) {
	for _, k := range knownDifferences {
		v := compareTree(snippetTree(k.program), fuzzEngine)
		if v.known != k.name {
			t.Errorf("%s: found %q, known as %q, ours %s, theirs %s", k.name, v.found, v.known, v.ours, v.theirs)
		}
		if k.reason == "" {
			t.Errorf("%s has no reason", k.name)
		}
	}
}

func snippetTree(text string) tree {
	return tree{program: generate.Program{Files: []generate.File{{Path: "main.jsonnet", Text: text}}}}
}
