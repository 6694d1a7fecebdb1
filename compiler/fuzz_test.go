package compiler_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/eval/gojsonnet"
	"github.com/couplet-k8s/couplet/compiler/internal/generate"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// verdict is what comes of one comparison.
type verdict struct {
	ours, theirs outcome
	found        string // the difference
	known        string // its name in knownDifferences
}

var fuzzChild child

// compareTree evaluates a program with both engines. Ours goes first: where it says
// that recursion has no end, go-jsonnet runs in a process of its own, which it may end.
func compareTree(t tree, engine eval.Engine) verdict {
	v := compareOnce(t, engine)
	if v.wrong() && v.ours.Code == string(diag.StackLimit) {
		// The guard of the stacks may have meant another evaluation.
		v = compareOnce(t, engine)
	}
	if v.wrong() && byChance.MatchString(t.program.String()) {
		v.rollDice(t)
	}
	return v
}

// byChance is what calls by tailstrict, be it in go-jsonnet's library.
var byChance = regexp.MustCompile(`\b(tailstrict|setInter|setDiff|setMember|mergePatch)\b`)

// rollDice evaluates with go-jsonnet again, as its order of the arguments of a
// tailstrict call is by chance.
func (v *verdict) rollDice(t tree) {
	for range 12 {
		theirs := t.theirs()
		if difference(v.ours, theirs) == "" {
			v.theirs, v.found = theirs, ""
			return
		}
	}
}

func compareOnce(t tree, engine eval.Engine) verdict {
	t.read = map[string]string{}
	v := verdict{ours: t.ours(engine)}
	if v.ours.Code == string(diag.StackLimit) || v.ours.Kind == "budget" {
		v.theirs = fuzzChild.theirs(t)
	} else {
		v.theirs = t.theirs()
	}
	v.found = difference(v.ours, v.theirs)
	if v.found != "" {
		v.known = known(t, v.found, v.ours, v.theirs)
	}
	return v
}

// wrong tells whether the program of v differs in a way that is not known.
func (v verdict) wrong() bool { return v.found != "" && v.known == "" }

// shrinkTime bounds each of the two ways to shrink a program.
const shrinkTime = 10 * time.Second

// shrink makes a program with a difference smaller, as long as there is one of the
// same sort: by its choices if it was generated, then by its tokens.
func shrink(t tree, engine eval.Engine, remake func(data []byte) tree, data []byte, tries int) tree {
	// The difference must stay of its sort: the words before the first colon.
	sort, _, _ := strings.Cut(compareTree(t, engine).found, ":")
	deadline := time.Now().Add(shrinkTime)
	still := func(t tree) bool {
		if time.Now().After(deadline) {
			return false
		}
		v := compareTree(t, engine)
		now, _, _ := strings.Cut(v.found, ":")
		return v.wrong() && now == sort
	}
	if remake != nil {
		data = generate.ShrinkChoices(data, tries, func(data []byte) bool { return still(remake(data)) })
		if smaller := remake(data); still(smaller) {
			t = smaller
		}
		deadline = time.Now().Add(shrinkTime)
	}
	t.program = generate.Shrink(t.program, tries, func(p generate.Program) bool { return still(tree{program: p, base: t.base}) })
	return t
}

// report shows a program with what both engines make of it.
func report(t tree, engine eval.Engine) string {
	v := compareTree(t, engine)
	return fmt.Sprintf("%s\n%s\n  ours:   %s\n  theirs: %s", v.found, strings.TrimRight(t.program.String(), "\n"),
		indented(v.ours.String()), indented(v.theirs.String()))
}

func indented(s string) string {
	if len(s) > 2000 {
		s = s[:2000] + "..."
	}
	return strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n          ")
}

// hold compares one program and fails with a small one where there is a difference.
func hold(t *testing.T, program tree, remake func(data []byte) tree, data []byte) {
	t.Helper()
	if compareTree(program, fuzzEngine).wrong() {
		t.Error(report(shrink(program, fuzzEngine, remake, data, 1500), fuzzEngine))
	}
}

// fuzzSeeds is how many programs a plain test run makes.
const fuzzSeeds = 60

// FuzzEval: a generated program means the same to both engines.
func FuzzEval(f *testing.F) {
	for seed := range uint64(fuzzSeeds) {
		c := generate.FromSeed(seed)
		generate.Generate(c)
		f.Add(c.Taken())
	}
	remake := func(data []byte) tree { return generated(generate.FromBytes(data)) }
	f.Fuzz(func(t *testing.T, data []byte) { hold(t, remake(data), remake, data) })
}

// FuzzMutate: a program of the corpora means the same to both engines after a few of
// its tokens were changed, mostly the same error.
func FuzzMutate(f *testing.F) {
	c := openCorpora(f)
	for seed := range uint64(fuzzSeeds) {
		choices := generate.FromSeed(seed)
		c.mutated(choices)
		f.Add(choices.Taken())
	}
	f.Fuzz(func(t *testing.T, data []byte) { hold(t, c.mutated(generate.FromBytes(data)), nil, nil) })
}

// broken is an engine with a mistake: it gives true for false at the top of arrays and
// objects, one level deep.
type broken struct{ eval.Engine }

func (e broken) Evaluate(ctx context.Context, p *eval.Program) (value.Value, diag.List) {
	v, found := e.Engine.Evaluate(ctx, p)
	return flipped(v), found
}

func flipped(v value.Value) value.Value {
	switch v.Kind() {
	case value.KindBool:
		return value.Bool(true)
	case value.KindArray:
		var items []value.Value
		for _, item := range v.Items() {
			items = append(items, flipped(item))
		}
		return value.Array(items...)
	}
	return v
}

// TestFuzzHarness shows that the comparison finds a mistake and shrinks the program, and
// that it finds none where there is none.
func TestFuzzHarness(t *testing.T) {
	var found []string
	values := 0
	for seed := range uint64(120) {
		choices := generate.FromSeed(seed)
		program := generated(choices)
		if again := generated(generate.FromBytes(choices.Taken())); again.program.String() != program.program.String() {
			t.Fatalf("seed %d: the same choices make another program", seed)
		}
		right := compareTree(program, gojsonnet.Engine{})
		if right.found != "" {
			t.Errorf("seed %d: go-jsonnet differs from itself: %s", seed, report(program, gojsonnet.Engine{}))
		}
		if right.theirs.Kind == "value" {
			values++
		}
		bad := broken{gojsonnet.Engine{}}
		if compareTree(program, bad).found != "" && len(found) < 3 {
			remake := func(data []byte) tree { return generated(generate.FromBytes(data)) }
			small := shrink(program, bad, remake, choices.Taken(), 800)
			found = append(found, strings.TrimSpace(small.program.String()))
		}
	}
	if values < 80 {
		t.Errorf("%d of 120 programs have a value", values)
	}
	if len(found) < 3 {
		t.Errorf("%d programs show the mistake", len(found))
	}
	for _, text := range found {
		if len(text) > 30 {
			t.Errorf("shrunk to %d bytes:\n%s", len(text), text)
		}
	}
	t.Logf("%d of 120 programs have a value; the mistake shrinks to %q", values, found)
}
