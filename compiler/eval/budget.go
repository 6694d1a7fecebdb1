package eval

import (
	"cmp"
	"strconv"

	"github.com/couplet-k8s/couplet/compiler/diag"
)

// What an evaluation may use up where its program does not say.
const (
	DefaultMaxStack = 500 // as in jsonnet
	DefaultMaxSteps = 1_000_000_000
	DefaultMaxBytes = 4 << 30
)

// budget is what an evaluation may use up.
type budget struct {
	next  int // steps at which to look again
	steps int
	bytes int
}

// lookEvery is after how many steps the machine looks whether it should stop.
const lookEvery = 1 << 12

func newBudget(p *Program) budget {
	steps := cmp.Or(p.MaxSteps, DefaultMaxSteps)
	return budget{next: min(lookEvery, steps), steps: steps, bytes: cmp.Or(p.MaxBytes, DefaultMaxBytes)}
}

func (m *Machine) spendStep() {
	m.steps++
	if m.steps >= m.budget.next {
		m.spend()
	}
}

// Step counts one step of a function of std that goes through nested data.
func (m *Machine) Step() { m.spendStep() }

// roundsAtOnce is after how many rounds of a loop in Go they are counted.
const roundsAtOnce = 1 << 10

// Round counts round i of a loop over an array, where each round costs less than to
// count it: the rounds of a long loop are steps, those of short ones cost nothing.
func (m *Machine) Round(i int) {
	if i&(roundsAtOnce-1) == roundsAtOnce-1 {
		m.steps += roundsAtOnce
		m.spend()
	}
}

// spend looks whether the evaluation should stop.
func (m *Machine) spend() {
	if m.ctx.Err() != nil {
		m.raise(m.at(), Stopped(m.ctx))
	}
	if b := m.budget.steps; m.steps >= b {
		m.raise(m.at(), diag.Diagnostic{
			Code:    diag.EvalBudget,
			Message: "the evaluation takes more than the " + strconv.Itoa(b) + " steps that it may",
			Hint:    "look for a loop that does not end, or raise --max-steps",
		})
	}
	m.budget.next = min(m.steps+lookEvery, m.budget.steps)
}

// MaxStack is how many frames there may be.
func (m *Machine) MaxStack() int { return m.maxStack }

// allocate counts memory before it is taken, where the program decides how much. Only
// what one operation takes is bounded: the process watches the sum.
func (m *Machine) allocate(bytes int) {
	m.bytes += bytes
	if b := m.budget.bytes; bytes > b || bytes < 0 {
		m.raise(m.at(), diag.Diagnostic{
			Code:    diag.EvalBudget,
			Message: "this makes a value of more than the " + strconv.Itoa(b) + " bytes that it may have",
			Hint:    "look for a string or an array that is too long by mistake, or raise --max-bytes",
		})
	}
}

// Allocate counts memory before it is taken, where the program decides how much.
func (m *Machine) Allocate(bytes int) { m.allocate(bytes) }
