package compiler_test

import (
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
var knownDifferences = []knownDifference{}

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
	return tree{generate.Program{Files: []generate.File{{Path: "main.jsonnet", Text: text}}}, nil}
}
