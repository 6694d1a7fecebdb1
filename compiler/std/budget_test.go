package std_test

import (
	"context"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// TestSteps has programs that keep loops busy which are written in Go: each must end by
// the budget of steps, long before the loop does.
func TestSteps(t *testing.T) {
	t.Parallel()
	const (
		long   = "local a = std.range(1, 1000000000), b = std.range(0, 1000000000), texts = std.repeat(['x'], 1000000000); "
		double = "local double(x) = std.foldl(function(a, i) [a, a], std.range(1, 60), x); "
	)
	for _, code := range []string{
		"std.sum(a)", "std.avg(a)", "std.member(a, 0)", "std.member(a, 'x')", "std.contains(a, null)", "std.count(a, 0)", "std.find(0, a)",
		"std.all(std.repeat([true], 1000000000))", "std.any(std.repeat([false], 1000000000))", "std.remove(a, 0)",
		"std.foldl(std.max, a, 0)", "std.foldr(std.max, a, 0)", "std.filter(std.isString, a)", "std.filterMap(std.isString, std.id, a)",
		"std.flatMap(std.id, std.repeat([[]], 1000000000))", "std.flattenArrays(std.repeat([[]], 1000000000))", "std.flattenDeepArray(std.repeat([[]], 1000000000))",
		"std.join([], std.repeat([[]], 1000000000))", "std.join('', std.repeat([null], 4000000))", "std.lines(std.repeat([null], 1000000000))",
		"std.minArray(a)", "std.maxArray(a, std.id)", "std.uniq(a)", "std.uniq(std.repeat([1], 1000000000))", "std.sort(a[:4000000])", "std.set(a[:4000000], std.id)",
		"std.setUnion(a[:4000000], b[:4000000])", "std.setInter(a[:4000000], a)", "std.setDiff(a[:4000000], b)", "std.setMember(2000000000, a)",
		"a == a[:]", "a + [] == b[1:]", "a < std.range(1, 1000000000)", "std.__compare_array(a, a)", "std.deepJoin(std.repeat([''], 1000000000))",
		"std.prune(std.repeat([null], 1000000000))", "std.decodeUTF8(std.repeat([65], 4000000))", "std.base64(std.repeat([65], 4000000))",
		"std.asciiLower(texts)", "std.asciiUpper(texts)", "std.manifestJsonEx(a, '')", "std.manifestYamlDoc(a)", "std.manifestPython(a)", "std.manifestTomlEx({ a: a }, '')",
		"std.manifestIni({ sections: { s: { a: a } } })", "std.manifestXmlJsonml(texts)", "std.toString(a)", "std.length([x for x in a if false])", "std.format('%s', [a])",
		"double(1) == double(1)", "double(1) < double(1)", "std.deepJoin(double(''))", "std.prune(double(null))", "std.flattenDeepArray(double([]))", "std.mergePatch({}, { a: double(1) }) == { a: double(1) }",
	} {
		_, found := engine.Evaluate(context.Background(), &eval.Program{
			Files: source.NewSet(source.Disk{}), Snippet: source.NewFile(snippetName, long+double+code), MaxSteps: 1 << 20,
		})
		if !found.HasErrors() || found[0].Code != diag.EvalBudget || !strings.Contains(found[0].Message, "steps") {
			t.Errorf("%s: %v", code, found)
		}
	}
}

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
