package syntax_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	jsonnet "github.com/google/go-jsonnet"

	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

var (
	mutants    = flag.Int("mutants", 20_000, "how many mutants TestMutants makes")
	mutantSeed = flag.Uint64("mutant-seed", 1, "the chance of TestMutants")
)

// TestMutants changes a few tokens of go-jsonnet's test programs, and compares the
// judgement of the result. Most are wrong in one place, as programs that people are
// writing are.
func TestMutants(t *testing.T) {
	m := newMutator(t)
	accepted := 0
	for range *mutants {
		text := m.mutant()
		tree := syntax.Parse(source.NewFile("f", text))
		if fault := unsound(tree); fault != "" {
			t.Fatalf("%q: %s", text, fault)
		}
		if quotedColon.MatchString(text) || len(tree.Errors) > 40 {
			continue
		}
		_, failure := jsonnet.SnippetToAST("f", text)
		if failure == nil {
			accepted++
		}
		if fault := compareWithOracle(text, failure); fault != "" {
			t.Fatalf("%s\n%s", text, fault)
		}
	}
	if *mutants > 1000 && (accepted < *mutants/20 || accepted > *mutants/2) {
		t.Errorf("%d of %d mutants are programs, which is no good mixture", accepted, *mutants)
	}
}

// mutator makes programs of the tokens of others.
type mutator struct {
	chance   *rand.Rand
	programs [][]string
	pool     []string // tokens to put in
}

var (
	roughToken = regexp.MustCompile(`[A-Za-z_0-9]+|\s+|[^\sA-Za-z_0-9]`)
	rareTokens = strings.Fields("@ \\u12 \xff é ||| |||- 1_0 1e5 1. $ :: +: ::: +:: local assert for if then else in super. super self " +
		"tailstrict import error function { } [ ] ( ) , ; { } [ ] ( ) , ; \" ' /* // # . = == - ! || && | & << in")
)

func newMutator(t *testing.T) *mutator {
	const longest = 1500 // bytes of a program; longer ones would have most of the mutants' places
	m := &mutator{chance: rand.New(rand.NewPCG(*mutantSeed, 0)), pool: append(rareTokens, "\n", " in super ", " for x in ")}
	for _, name := range oracleFiles(t) {
		text, err := os.ReadFile(name)
		if err != nil || len(text) == 0 || len(text) > longest {
			continue
		}
		tokens := roughToken.FindAllString(string(text), -1)
		m.programs = append(m.programs, tokens)
		m.pool = append(m.pool, tokens...)
	}
	return m
}

func (m *mutator) mutant() string {
	tokens := append([]string(nil), m.programs[m.chance.IntN(len(m.programs))]...)
	for range 1 + m.chance.IntN(4) {
		tokens = m.change(tokens)
	}
	return strings.Join(tokens, "")
}

// change removes, replaces, puts in or swaps a token, or cuts the program off.
func (m *mutator) change(tokens []string) []string {
	if len(tokens) == 0 {
		return tokens
	}
	at, other := m.chance.IntN(len(tokens)), m.pool[m.chance.IntN(len(m.pool))]
	switch m.chance.IntN(9) {
	case 0, 1:
		return append(tokens[:at], tokens[at+1:]...)
	case 2, 3:
		tokens[at] = other
	case 4, 5:
		return append(tokens[:at], append([]string{other}, tokens[at:]...)...)
	case 6, 7:
		with := m.chance.IntN(len(tokens))
		tokens[at], tokens[with] = tokens[with], tokens[at]
	default:
		return tokens[:at]
	}
	return tokens
}
