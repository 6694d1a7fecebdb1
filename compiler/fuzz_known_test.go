package compiler_test

import (
	"regexp"
	"strings"
	"testing"

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
	is func(text string, ours, theirs outcome) bool
}

// knownDifferences are all that may occur. One whose program no longer shows it fails.
var knownDifferences = []knownDifference{
	{
		name: "frames", reason: "what is not suspended takes no frame, nor do most functions of std",
		difference: "a value where go-jsonnet fails: max stack frames exceeded",
		program:    "local f(n) = if n == 0 then 0 else f(n - 1); f(498)",
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
		is:         func(text string, ours, theirs outcome) bool { return sums.MatchString(text) },
	},
	{
		name: "place of infinity", reason: "std.sum and std.avg fail, in go-jsonnet what is done with their result",
		difference: "another place: the result is too large",
		program:    "2 * std.sum([1e308, 1e308])",
		is:         func(text string, ours, theirs outcome) bool { return sums.MatchString(text) },
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
		is:         func(text string, ours, theirs outcome) bool { return strings.Contains(text, "tailstrict") },
	},
}

var sums = regexp.MustCompile(`\b(sum|avg)\b`)

// known gives the name of the difference in the list, "" for none.
func known(text, found string, ours, theirs outcome) string {
	for _, k := range knownDifferences {
		if strings.HasPrefix(found, k.difference) && (k.is == nil || k.is(text, ours, theirs)) {
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
