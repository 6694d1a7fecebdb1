package eval

import (
	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// A machine that keeps a profile runs code with ir.OpProfiled in it, and a library whose
// functions are wrapped: both tell the profile when something begins and ends. What is
// spent between two such moments is charged to one place. A machine without a profile
// pays nothing for this.

// Profile notes what one evaluation costs, and where. Steps and calls are exact, and the
// same in every run; time and memory are as they were measured.
type Profile struct {
	// Now tells the time in nanoseconds, Allocated how many bytes the process has
	// allocated. Both count from any point.
	Now, Allocated func() int

	store   *ir.Store
	scopes  scopeCache
	root    *way
	current *way
	all     int   // ways
	after   *Cost // where the time until the end of what runs is charged

	steps, time, bytes int // up to which all is charged
	measured           int // when the bytes were
}

// Cost is what was spent at one place. Calls counts functions that were called, and
// fields and variables that were evaluated.
type Cost struct{ Nanoseconds, Bytes, Steps, Calls int }

// Add adds up costs.
func (c *Cost) Add(d Cost) {
	c.Nanoseconds += d.Nanoseconds
	c.Bytes += d.Bytes
	c.Steps += d.Steps
	c.Calls += d.Calls
}

// way is something that ran, entered in one way: its callers up to the root tell what
// that way was. What calls itself has one way for all its depths, so that the
// number of ways is bounded by the code and not by the run.
type way struct {
	by    edge // how it was first entered
	own   Cost // until something was entered
	edges []*edge
	byKey map[entry]*edge // all edges, where there are many
}

// entry is what is entered, and from where.
type entry struct {
	site *ir.Node
	what any // an *ir.Node, *Builtin, *Native or *source.File
}

// edge is an entry on one way.
type edge struct {
	entry
	from, to *way
	before   Cost // on the way to site, and after the return to it
}

const (
	// fewEdges is how many edges are searched without an index.
	fewEdges = 8
	// maxWays is where ways are no longer told apart.
	maxWays = 1 << 18
	// measureEvery is for how many nanoseconds allocated bytes are charged together: to
	// count them takes far longer than to read the clock.
	measureEvery = 10_000
)

// start begins an evaluation.
func (p *Profile) start(m *Machine) {
	*p = Profile{Now: p.Now, Allocated: p.Allocated, store: m.store, scopes: scopeCache{}, root: &way{}}
	m.profile, p.current, p.after = p, p.root, &p.root.own
	p.time, p.bytes = p.Now(), p.Allocated()
	p.measured = p.time
}

// stop ends an evaluation.
func (p *Profile) stop(m *Machine) {
	p.measured = 0
	p.charge(&p.root.own, m.steps)
}

// charge adds to c what was spent since the last time.
func (p *Profile) charge(c *Cost, steps int) {
	now := p.Now()
	c.Nanoseconds += now - p.time
	c.Steps += steps - p.steps
	p.time, p.steps = now, steps
	if now-p.measured >= measureEvery {
		bytes := p.Allocated()
		c.Bytes += bytes - p.bytes
		p.bytes, p.measured = bytes, now
	}
}

// begin notes that something is entered from the machine's site, and gives what end
// wants back.
func (p *Profile) begin(m *Machine, what any, calls int) (*edge, *way) {
	from := p.current
	e := from.edge(p, entry{m.at(), what})
	p.charge(&e.before, m.steps)
	e.to.own.Calls += calls
	p.current, p.after = e.to, &e.to.own
	return e, from
}

func (p *Profile) end(m *Machine, e *edge, from *way) {
	p.charge(p.after, m.steps)
	p.current, p.after = from, &e.before
}

// standing gives a function that goes back to what runs now, past what did not end.
func (p *Profile) standing() (back func()) {
	if p == nil {
		return func() {}
	}
	current, after := p.current, p.after
	return func() { p.current, p.after = current, after }
}

func (c *way) edge(p *Profile, at entry) *edge {
	if c.byKey != nil {
		if e := c.byKey[at]; e != nil {
			return e
		}
		return c.addEdge(p, at)
	}
	for _, e := range c.edges {
		if e.entry == at {
			return e
		}
	}
	return c.addEdge(p, at)
}

func (c *way) addEdge(p *Profile, at entry) *edge {
	e := &edge{entry: at, from: c, to: p.enclosing(c, at)}
	if e.to == nil {
		e.to = &way{by: *e}
		e.to.by.to = e.to
		p.all++
	}
	c.edges = append(c.edges, e)
	if len(c.edges) == fewEdges {
		c.byKey = map[entry]*edge{}
		for _, e := range c.edges {
			c.byKey[e.entry] = e
		}
	}
	if c.byKey != nil {
		c.byKey[at] = e
	}
	return e
}

// enclosing finds the way that an entry leads back to: that of an outer run of the
// same, or with too many ways any one of the same.
func (p *Profile) enclosing(c *way, at entry) *way {
	for ; c != nil; c = c.by.from {
		if c.by.what == at.what {
			return c
		}
	}
	if p.all < maxWays {
		return nil
	}
	for _, e := range p.root.edges {
		if e.what == at.what {
			return e.to
		}
	}
	return p.root
}

func runProfiled(m *Machine, n *ir.Node, f *frame) Value {
	p := m.profile
	e, from := p.begin(m, n, int(n.Slot))
	v := m.run(n.X, f)
	p.end(m, e, from)
	return v
}

// unit reads a file's code, as a cost of its own.
func (m *Machine) unit(f *source.File) *ir.Unit {
	if p := m.profile; p != nil {
		e, from := p.begin(m, f, 1)
		defer p.end(m, e, from)
	}
	return m.store.Unit(f)
}

// profiled gives a library whose functions tell a machine's profile that they run.
func (l *Library) profiled() *Library {
	builtins := make([]*Builtin, len(l.builtins))
	for i, b := range l.builtins {
		builtins[i] = b.profiled()
	}
	return NewLibrary(builtins)
}

func (b *Builtin) profiled() *Builtin {
	w := *b
	if b.Fn0 != nil {
		w.Fn0 = func(m *Machine) Value {
			e, from := m.profile.begin(m, b, 1)
			v := b.Fn0(m)
			m.profile.end(m, e, from)
			return v
		}
	}
	if b.Fn1 != nil {
		w.Fn1 = func(m *Machine, x Value) Value {
			e, from := m.profile.begin(m, b, 1)
			v := b.Fn1(m, x)
			m.profile.end(m, e, from)
			return v
		}
	}
	if b.Fn2 != nil {
		w.Fn2 = func(m *Machine, x, y Value) Value {
			e, from := m.profile.begin(m, b, 1)
			v := b.Fn2(m, x, y)
			m.profile.end(m, e, from)
			return v
		}
	}
	if b.Fn3 != nil {
		w.Fn3 = func(m *Machine, x, y, z Value) Value {
			e, from := m.profile.begin(m, b, 1)
			v := b.Fn3(m, x, y, z)
			m.profile.end(m, e, from)
			return v
		}
	}
	if b.FnN != nil {
		w.FnN = func(m *Machine, args []Value) Value {
			e, from := m.profile.begin(m, b, 1)
			v := b.FnN(m, args)
			m.profile.end(m, e, from)
			return v
		}
	}
	return &w
}
