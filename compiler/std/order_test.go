package std_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/std"
)

// TestOrderOfArguments gives each function of std arguments of all types, right and
// wrong. They trace, which shows what is evaluated before something else is checked.
func TestOrderOfArguments(t *testing.T) {
	t.Parallel()
	// go-jsonnet has no order where its library calls by tailstrict.
	byChance := []string{"setInter", "setDiff"}
	for _, b := range std.Builtins() {
		if !b.Constant.IsAbsent() || slices.Contains(byChance, b.Name) {
			continue
		}
		pool := []string{"null", "true", "1", "''", "'ab'", "[]", "['a', 'b']", "{}", "{ a: 1 }", "function(x) x", "function(x, y) y"}
		if len(b.Params) > 3 {
			pool = []string{"null", "true", "0", "-1", "'a'", "['a', 'b']", "{ a: 1 }"}
		}
		if testing.Short() {
			pool = []string{"null", "0", "'a'", "['a', 'b']"}
		}
		differTraced(t, b, nil, pool)
	}
}

// differTraced calls a function with each number of arguments that it takes.
func differTraced(t *testing.T, b *eval.Builtin, args []string, pool []string) {
	t.Helper()
	n := len(args)
	if n == len(b.Params) || b.Params[n].Optional {
		differ(t, "std."+b.Name+"("+strings.Join(args, ", ")+")")
	}
	if n == len(b.Params) {
		return
	}
	for _, v := range pool {
		differTraced(t, b, append(args[:n:n], fmt.Sprintf("std.trace('%d', %s)", n, v)), pool)
	}
}
