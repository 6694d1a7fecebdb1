package std_test

import (
	"context"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// TestBudget has programs that make much of little: each must end by the budget of
// bytes, not by the memory of the process.
func TestBudget(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"std.length('%1000000000d' % 1)", "std.length('%.1000000000d' % 1)", "std.length('%-1000000000s' % 'x')", "std.length('%01000000000x' % 1)",
		"std.foldl(function(s, i) '%s%s' % [s, s], std.range(1, 60), 'x')",
		"std.foldl(function(s, i) std.strReplace(s, 'x', 'xx'), std.range(1, 60), 'x')",
		"std.foldl(function(s, i) std.deepJoin([s, s]), std.range(1, 60), 'x')",
		"std.foldl(function(s, i) std.lines([s, s]), std.range(1, 60), 'x')",
		"std.foldl(function(s, i) std.escapeStringJson(s), std.range(1, 60), '\"\"')",
		"std.foldl(function(s, i) std.escapeStringBash(s), std.range(1, 60), \"'\")",
		"std.foldl(function(s, i) std.escapeStringDollars(s), std.range(1, 60), '$')",
		"std.foldl(function(s, i) std.base64(std.base64(s)), std.range(1, 100), 'x')",
		"std.foldl(function(s, i) std.resolvePath(s, s + '/' + s), std.range(1, 60), 'x/y')",
		"local big = std.foldl(function(a, i) [a, a], std.range(1, 40), 'x'); std.length(std.manifestJsonEx(big, ' '))",
		"local big = std.foldl(function(a, i) [a, a], std.range(1, 40), 'x'); std.length(std.manifestYamlDoc(big))",
		"local big = std.foldl(function(a, i) [a, a], std.range(1, 40), 'x'); std.length(std.manifestPython(big))",
		"local big = std.foldl(function(a, i) [a, a], std.range(1, 40), 'x'); std.length(std.deepJoin(big))",
		"local big = std.foldl(function(a, i) { a: a, b: a }, std.range(1, 40), { c: 1 }); std.length(std.manifestToml(big))",
		"local big = std.foldl(function(a, i) ['b', a, a], std.range(1, 40), 'x'); std.length(std.manifestXmlJsonml(big))",
	} {
		_, found := engine.Evaluate(context.Background(), &eval.Program{
			Files: source.NewSet(source.Disk{}), Snippet: source.NewFile(snippetName, code), MaxBytes: 1 << 24,
		})
		if !found.HasErrors() || found[0].Code != diag.EvalBudget {
			t.Errorf("%s: %v", code, found)
		}
	}
}
