package eval

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Machines is couplet's own engine. Evaluations of programs with the same source.Set
// share what is compiled of its files.
type Machines struct{ library *Library }

// NewEngine makes the engine whose std is a library.
func NewEngine(l *Library) Machines { return Machines{l} }

// Name implements Engine.
func (Machines) Name() string { return "couplet" }

// Evaluate implements Engine.
func (e Machines) Evaluate(ctx context.Context, p *Program) (v value.Value, found diag.List) {
	found = e.Run(ctx, p, func(m *Machine, root Value) { v = m.Manifest(root) })
	return v, found
}

// restart asks to run the program again with every object's locals evaluated once per
// field, as std.trace makes visible. See ownFrame.
type restart struct{}

// Run evaluates a program and hands its value to use, on the machine that made it.
func (e Machines) Run(ctx context.Context, p *Program, use func(m *Machine, root Value)) diag.List {
	return e.run(ctx, p, false, use)
}

// storeKey names the compiled code of a set's files.
type storeKey struct {
	library           *Library
	tracked, profiled bool
}

func (e Machines) run(ctx context.Context, p *Program, tracked bool, use func(m *Machine, root Value)) diag.List {
	var mark ir.Op
	if tracked {
		mark = ir.Tracked
	}
	profiled := p.Profile != nil && !tracked
	store := p.Files.Memo(storeKey{e.library, tracked, profiled}, func() any {
		return ir.NewStore(e.library.byName, mark, profiled)
	}).(*ir.Store)
	library := e.library
	if profiled {
		library = library.profiled()
	}
	m := newMachine(ctx, library, store, p)
	for {
		m.tracked = tracked
		if tracked && p.Reads {
			m.reads = Reads{}
		}
		if profiled {
			p.Profile.start(m)
		}
		found, again := m.attempt(use)
		if !again {
			return found
		}
		m = newMachine(ctx, library, store, p)
		m.tracing = true
	}
}

func newMachine(ctx context.Context, l *Library, store *ir.Store, p *Program) *Machine {
	m := &Machine{
		store: store, program: p, library: l, builtins: l.builtins, ctx: ctx, maxStack: cmp.Or(p.MaxStack, DefaultMaxStack),
		imports: map[importKey]found{}, loaded: map[string]*thunk{}, std: map[*ir.Unit]Value{}, shown: map[*ir.Unit]string{},
		texts: map[*source.File]bool{}, memo: map[any]any{},
	}
	m.budget = newBudget(p)
	return m
}

// attempt runs the program and turns a failure into diagnostics.
func (m *Machine) attempt(use func(m *Machine, root Value)) (list diag.List, again bool) {
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case restart:
			again = true
		case *failure:
			list = m.diagnose(fault)
		default:
			panic(fault)
		}
	}()
	m.bindExtVars()
	use(m, m.applyTop(m.forceThunk(m.entry(), outside)))
	if m.profile != nil {
		m.profile.stop(m)
	}
	return nil, false
}

func (m *Machine) entry() *thunk {
	if m.program.Snippet != nil {
		m.texts[m.program.Snippet] = true
		return m.load(outside, m.program.Snippet, m.program.Snippet.Name())
	}
	f, tried, err := m.program.Resolve("", m.program.Entry)
	if f == nil {
		m.raise(outside, MissingImport(m.program, m.program.Entry, tried, err))
	}
	as := shownPath(f, m.program.Entry)
	t := m.load(outside, f, as)
	m.loaded[as] = t
	return t
}

// applyTop calls the program's value with the top-level arguments where it is a
// function.
func (m *Machine) applyTop(v Value) Value {
	if v.tag() != FunctionKind {
		return v
	}
	var names []string
	var values []Value
	for _, b := range lastOf(m.program.TLAs) {
		names = append(names, b.Name)
		values = append(values, m.binding("<top-level-arg:"+b.Name+">", b))
	}
	return m.callNamed(outside, v.Function(), names, values)
}

// lastOf keeps the last binding of each name.
func lastOf(bindings []Binding) []Binding {
	var kept []Binding
	for i, b := range bindings {
		again := false
		for _, later := range bindings[i+1:] {
			again = again || later.Name == b.Name
		}
		if !again {
			kept = append(kept, b)
		}
	}
	return kept
}

func (m *Machine) bindExtVars() {
	m.extVars = map[string]Value{}
	for _, b := range lastOf(m.program.ExtVars) {
		m.extVars[b.Name] = m.binding("<extvar:"+b.Name+">", b)
	}
}

// binding gives the lazy value of a binding. Its code is parsed when it is needed.
func (m *Machine) binding(name string, b Binding) Value {
	var code string
	switch b.Kind {
	case BindString:
		return String(replaceInvalid(b.Text))
	case BindCode:
		code = b.Text
	case BindStringFile:
		code = "importstr " + quotePath(b.Text)
	case BindCodeFile:
		code = "import " + quotePath(b.Text)
	}
	f := m.snippet(name, code)
	return m.Defer(func(m *Machine) Value {
		t := m.load(m.at(), f, name)
		return m.forceThunk(t, m.at())
	})
}

// snippet names a text without a path. Machines that have the same text under the same
// name share what is compiled of it.
func (m *Machine) snippet(name, code string) *source.File {
	type key struct{ name, code string }
	f := m.program.Files.Memo(key{name, code}, func() any { return source.NewFile(name, code) }).(*source.File)
	m.texts[f] = true
	return f
}

// ExtVar gives an external variable.
func (m *Machine) ExtVar(name string) (Value, bool) {
	v, ok := m.extVars[name]
	if ok {
		v = m.Force(v)
		m.extVars[name] = v
	}
	return v, ok
}

// Native gives a native function as a value, null where there is none of the name.
func (m *Machine) Native(name string) Value {
	for i := range m.program.Natives {
		if n := &m.program.Natives[i]; n.Name == name {
			return tagged(FunctionKind, unsafe.Pointer(&Function{native: n}))
		}
	}
	return Null
}

func (m *Machine) callNative(n *Native, args []value.Value) (v value.Value, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("native function `%s` panicked: %v", n.Name, fault)
		}
	}()
	if p := m.profile; p != nil {
		e, from := p.begin(m, n, 1)
		defer p.end(m, e, from)
	}
	return n.Call(args)
}

// Try does a part of an evaluation that may fail without the rest. What was evaluated
// on the way stays evaluated.
func (m *Machine) Try(part func()) (found diag.List) {
	back := m.profile.standing()
	stack, depth, path, nesting, within := len(m.stack), m.depth, len(m.path), m.nesting, m.within
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case *failure:
			found = m.diagnose(fault)
			m.stack, m.depth, m.path, m.nesting = m.stack[:stack], depth, m.path[:path], nesting
			m.within = within
			back()
		default:
			panic(fault)
		}
	}()
	part()
	return nil
}

// trace writes what std.trace was given.
func (m *Machine) trace(n *ir.Node, text string) {
	if m.program.Trace == nil {
		return
	}
	s := m.span(n)
	line := 0
	name := ""
	if s.HasPlace() {
		name, line = s.File.Name(), s.File.Position(s.Start).Line
	}
	fmt.Fprintf(m.program.Trace, "TRACE: %s:%d %s\n", name, line, text)
}

func quotePath(path string) string { return "@'" + strings.ReplaceAll(path, "'", "''") + "'" }
