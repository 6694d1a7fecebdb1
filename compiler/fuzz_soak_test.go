package compiler_test

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/compiler/internal/generate"
)

// soakPrograms is how many programs TestSoak compares in a plain test run.
const soakPrograms = 1000

// soakSkips is the largest share of programs that go-jsonnet may be too slow for.
const soakSkips = 0.02

// TestSoak compares the programs of the seeds from SEED on, as many as PROGRAMS says,
// and prints how many came out how. Two in three are generated, the others mutated.
func TestSoak(t *testing.T) {
	programs := number(t, "PROGRAMS", soakPrograms)
	if testing.Short() {
		programs = min(programs, soakPrograms/4)
	}
	s := soak{first: number(t, "SEED", 0), count: programs, corpora: openCorpora(t)}
	s.run(t)
	if programs > soakPrograms {
		fmt.Println(s.table())
	} else {
		t.Log("\n" + s.table())
	}
	if skips := s.outcomes["skipped: go-jsonnet takes too long"].total(); float64(skips) > soakSkips*float64(programs) {
		t.Errorf("%d of %d programs skipped", skips, programs)
	}
	for i, d := range s.sorted() {
		if i >= 60 {
			t.Errorf("and %d further sorts", len(s.differences)-i)
			break
		}
		t.Errorf("%d times, first with seed %d: %s", d.count, d.seed, d.text)
	}
}

func number(t *testing.T, name string, otherwise uint64) uint64 {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// soak is one run over many seeds.
type soak struct {
	first, count uint64
	corpora      *corpora

	mu          sync.Mutex
	next        uint64
	outcomes    map[string]tally
	differences map[string]*soakDifference
}

// tally counts generated and mutated programs.
type tally [2]int

func (c tally) total() int { return c[0] + c[1] }

// soakDifference is a sort of difference with one program for it.
type soakDifference struct {
	count int
	seed  uint64
	text  string
}

func (s *soak) run(t *testing.T) {
	s.outcomes, s.differences = map[string]tally{}, map[string]*soakDifference{}
	defer guardMemory(soakMemory, func() {
		debug.SetTraceback("all") // which tells what is evaluated
		panic("the soak takes too much memory; the seeds at work stand in couplet-soak-* in " + os.TempDir())
	})()
	var group sync.WaitGroup
	for i := range runtime.GOMAXPROCS(0) {
		// The seed at work stands in a file: an overflow of go-jsonnet's stack ends the
		// process without a word on it.
		state, err := os.Create(filepath.Join(os.TempDir(), fmt.Sprintf("couplet-soak-%d", i)))
		if err != nil {
			t.Fatal(err)
		}
		group.Go(func() {
			defer os.Remove(state.Name())
			defer state.Close()
			for seed, ok := s.take(); ok; seed, ok = s.take() {
				_, _ = state.WriteAt(binary.BigEndian.AppendUint64(nil, seed), 0)
				s.one(seed)
			}
		})
	}
	group.Wait()
}

// soakMemory is how much memory a soak may take: a program that takes more is a find.
const soakMemory = 8 << 30

// guardMemory calls exceeded when the process takes so many bytes, until the function
// that it gives is called.
func guardMemory(bytes uint64, exceeded func()) (stop func()) {
	ticker, done := time.NewTicker(20*time.Millisecond), make(chan struct{})
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			if metrics.Read(sample); sample[0].Value.Uint64() > bytes {
				exceeded()
				return
			}
		}
	}()
	return func() { ticker.Stop(); close(done) }
}

func (s *soak) take() (uint64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	return s.first + s.next - 1, s.next <= s.count
}

// seeded makes the program of a seed.
func (s *soak) seeded(seed uint64) (program tree, choices *generate.Choices, kind int) {
	choices = generate.FromSeed(seed)
	if seed%3 == 2 {
		return s.corpora.mutated(choices), choices, 1
	}
	return generated(choices), choices, 0
}

func (s *soak) one(seed uint64) {
	program, choices, kind := s.seeded(seed)
	v := compareTree(program, fuzzEngine)
	name := v.outcome()
	s.mu.Lock()
	count := s.outcomes[name]
	count[kind]++
	s.outcomes[name] = count
	var fresh *soakDifference
	if v.wrong() {
		d := s.differences[v.found]
		if d == nil {
			d = &soakDifference{seed: seed}
			s.differences[v.found] = d
			fresh = d
		}
		d.count++
	}
	first := len(s.differences) <= 60
	s.mu.Unlock()
	if fresh == nil {
		return
	}
	fresh.text = v.found
	if first {
		var remake func(data []byte) tree
		if kind == 0 {
			remake = func(data []byte) tree { return generated(generate.FromBytes(data)) }
		}
		fresh.text = report(shrink(program, fuzzEngine, remake, choices.Taken(), 3000), fuzzEngine)
	}
}

// outcome names what came out, for the table.
func (v verdict) outcome() string {
	switch {
	case v.theirs.Kind == "skip":
		return "skipped: go-jsonnet takes too long"
	case v.known != "":
		return "known difference: " + v.known
	case v.found != "":
		return "unexplained difference"
	case v.ours.Kind == "value" && v.ours.Trace != "":
		return "equal values and traces"
	case v.ours.Kind == "value":
		return "equal values"
	case v.theirs.Kind == "crash":
		return "go-jsonnet crashes, we give " + v.ours.Code
	}
	return "equal failures: " + v.ours.Code
}

// table is what came out how often, in the form of docs/performance.md.
func (s *soak) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| outcome | generated | mutated | all |\n|---|---:|---:|---:|\n")
	sum := tally{}
	for _, name := range slices.Sorted(maps.Keys(s.outcomes)) {
		c := s.outcomes[name]
		fmt.Fprintf(&b, "| %s | %d | %d | %d |\n", name, c[0], c[1], c.total())
		sum[0] += c[0]
		sum[1] += c[1]
	}
	fmt.Fprintf(&b, "| sum | %d | %d | %d |\n", sum[0], sum[1], sum.total())
	return b.String()
}

// sorted gives the differences, the most frequent first.
func (s *soak) sorted() []*soakDifference {
	return slices.SortedFunc(maps.Values(s.differences), func(a, b *soakDifference) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.seed, b.seed))
	})
}
