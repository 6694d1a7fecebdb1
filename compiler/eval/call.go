package eval

import (
	"slices"
	"strings"
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Function is a function: a closure, a builtin or a native one.
type Function struct {
	code    *ir.Function
	env     *frame
	builtin *Builtin
	native  *Native
}

// signature gives the function's parameters.
func (fn *Function) signature() *ir.Signature {
	switch {
	case fn.builtin != nil:
		return &fn.builtin.signature
	case fn.native != nil:
		var s ir.Signature
		for _, name := range fn.native.Params {
			s.Add(name, false)
		}
		return &s
	}
	return &fn.code.Signature
}

// Required is how many arguments a call must have.
func (fn *Function) Required() int { return fn.signature().Required() }

func (m *Machine) callee(n *ir.Node, f *frame) *Function {
	v := m.run(n.X, f)
	if v.tag() != FunctionKind {
		m.failType(n, v, FunctionKind)
	}
	return v.Function()
}

func runCall(m *Machine, n *ir.Node, f *frame) Value {
	fn := m.callee(n, f)
	c := n.Ref.(*ir.Call)
	if fn.code == nil {
		return m.callOther(n, fn, c, f)
	}
	body, to := fn.code.Body.Node(), m.bind(n, fn, c, f)
	if c.Trims && m.inTailStrict() {
		m.depth--
		v := m.callBody(n, body, to)
		m.depth++
		return v
	}
	return m.callBody(n, body, to)
}

// inTailStrict tells whether the running function was called with tailstrict.
func (m *Machine) inTailStrict() bool {
	c, ok := m.at().Ref.(*ir.Call)
	return ok && c.TailStrict
}

// runTailCall prepares the call for the one that it ends.
func runTailCall(m *Machine, n *ir.Node, f *frame) Value {
	fn := m.callee(n, f)
	c := n.Ref.(*ir.Call)
	if fn.code == nil {
		return m.callOther(n, fn, c, f)
	}
	m.tail = tailCall{fn.code.Body.Node(), m.bind(n, fn, c, f)}
	return tagged(kindTail, nil)
}

// callBody runs a function's body, and what it calls at its end by tailstrict.
func (m *Machine) callBody(n *ir.Node, body *ir.Node, f *frame) Value {
	m.work.Calls++
	m.enter(n)
	v := m.run(body, f)
	for v.tag() == kindTail {
		m.release(f)
		body, f = m.tail.body, m.tail.frame
		m.tail = tailCall{}
		m.spendStep()
		v = m.run(body, f)
	}
	m.leave()
	m.release(f)
	return v
}

// bind makes the frame of a call.
func (m *Machine) bind(n *ir.Node, fn *Function, c *ir.Call, f *frame) *frame {
	code := fn.code
	to := m.newFrame(fn.env, code.Slots+1)
	if len(c.Names) == 0 && len(c.Args) == len(code.Defaults) {
		for i, arg := range c.Args {
			m.pass(to, uint32(i), arg, f, uint32(code.Slots))
		}
	} else {
		m.bindNamed(n, fn, c, f, to)
	}
	if c.TailStrict {
		for i := range code.Defaults {
			m.read(to.slot(uint32(i)), to, n)
		}
		*to.slot(uint32(code.Slots)) = Value{}
	}
	return to
}

// pass puts an argument into a slot. One that is to be run later needs the caller's
// frame, which the slot behind all others holds.
func (m *Machine) pass(to *frame, slot uint32, arg *ir.Node, f *frame, holder uint32) {
	if v, ok := m.immediate(arg, f); ok {
		*to.slot(slot) = v
		return
	}
	*to.slot(holder) = tagged(kindFrame, unsafe.Pointer(f))
	*to.slot(slot) = Value{unsafe.Pointer(arg), uint64(kindArgument)<<tagShift | uint64(holder)}
}

func (m *Machine) bindNamed(n *ir.Node, fn *Function, c *ir.Call, f *frame, to *frame) {
	code := fn.code
	var room [fewParams]int
	for i, arg := range m.match(n, &code.Signature, len(c.Args), c.Names, room[:0]) {
		if arg < 0 {
			*to.slot(uint32(i)) = suspended(code.Defaults[i])
			continue
		}
		m.pass(to, uint32(i), c.Args[arg], f, uint32(code.Slots))
	}
}

// fewParams is how many parameters are matched without memory being taken for it.
const fewParams = 8

// match gives per parameter the index of its argument, -1 for none. names are those of
// the last arguments. The result is in given where that has room.
func (m *Machine) match(n *ir.Node, s *ir.Signature, args int, names []string, given []int) []int {
	positional := args - len(names)
	if positional > len(s.Names) {
		m.fail(n, "the function takes %s, but got %d: its parameters are %s",
			plural(len(s.Names), "argument"), positional, list(s.Names))
	}
	for i := range s.Names {
		if i >= positional {
			i = -1
		}
		given = append(given, i)
	}
	for k, name := range names {
		i := slices.Index(s.Names, name)
		switch {
		case i < 0:
			m.failParameter(n, name, s.Names)
		case given[i] >= 0:
			m.fail(n, "the argument `%s` is given twice", name)
		}
		given[i] = positional + k
	}
	if s.Repeats {
		shareArguments(s.Names, given)
	}
	for i, arg := range given {
		if arg < 0 && !s.Optional[i] && !(s.Repeats && given[lastIndexOf(s.Names, s.Names[i])] >= 0) {
			m.fail(n, "the argument `%s` is missing: the function's parameters are %s", s.Names[i], list(s.Names))
		}
	}
	return given
}

// shareArguments gives what is given last for parameters of one name to the later ones.
func shareArguments(names []string, given []int) {
	for i, arg := range given {
		for j := range i {
			if arg < 0 && names[j] == names[i] && given[j] >= 0 {
				given[i] = given[j]
			}
		}
	}
}

func lastIndexOf(names []string, name string) int {
	i := len(names) - 1
	for names[i] != name {
		i--
	}
	return i
}

func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return "`" + strings.Join(names, "`, `") + "`"
}

// callOther calls a builtin or a native function.
func (m *Machine) callOther(n *ir.Node, fn *Function, c *ir.Call, f *frame) Value {
	args := m.bindParams(n, fn.signature(), c, f)
	if c.TailStrict {
		for i := range args {
			args[i] = m.Force(args[i])
		}
	}
	m.stack = append(m.stack, n)
	v := m.applyOther(fn, args)
	m.stack = m.stack[:len(m.stack)-1]
	return v
}

// bindParams gives one lazy or absent value per parameter.
func (m *Machine) bindParams(n *ir.Node, s *ir.Signature, c *ir.Call, f *frame) []Value {
	var room [fewParams]int
	args := make([]Value, len(s.Names))
	for i, arg := range m.match(n, s, len(c.Args), c.Names, room[:0]) {
		if arg >= 0 {
			args[i] = m.lazy(c.Args[arg], f)
		}
	}
	return args
}

func (m *Machine) applyOther(fn *Function, args []Value) Value {
	if fn.builtin != nil {
		return m.applyBuiltin(fn.builtin, args)
	}
	given := make([]value.Value, len(args))
	for i, arg := range args {
		given[i] = m.Manifest(m.Force(arg))
	}
	result, err := m.callNative(fn.native, given)
	if err != nil {
		m.Fail("%s", err)
	}
	return m.FromData(result)
}

// Call1 calls a function with one argument, lazy or not.
func (m *Machine) Call1(fn *Function, a Value) Value {
	if fn.code == nil || len(fn.code.Defaults) != 1 {
		return m.callValues(fn, []Value{a})
	}
	body := fn.code.Body.Node()
	if body.Op <= ir.OpData {
		return m.run(body, nil) // It looks at no argument.
	}
	to := m.newFrame(fn.env, fn.code.Slots+1)
	*to.slot(0) = a
	return m.callBody(m.at(), body, to)
}

// Call2 calls a function with two arguments.
func (m *Machine) Call2(fn *Function, a, b Value) Value {
	if fn.code == nil || len(fn.code.Defaults) != 2 {
		return m.callValues(fn, []Value{a, b})
	}
	to := m.newFrame(fn.env, fn.code.Slots+1)
	*to.slot(0), *to.slot(1) = a, b
	return m.callBody(m.at(), fn.code.Body.Node(), to)
}

// callValues binds values to the parameters of any function.
func (m *Machine) callValues(fn *Function, values []Value) Value {
	return m.callNamed(m.at(), fn, nil, values)
}

// callNamed calls a function with values, of which the last ones may be named.
func (m *Machine) callNamed(n *ir.Node, fn *Function, names []string, values []Value) Value {
	signature := fn.signature()
	args := make([]Value, len(signature.Names))
	for i, arg := range m.match(n, signature, len(values), names, nil) {
		if arg >= 0 {
			args[i] = values[arg]
		}
	}
	if fn.code == nil {
		return m.applyOther(fn, args)
	}
	to := m.newFrame(fn.env, fn.code.Slots+1)
	for i, arg := range args {
		if arg.IsAbsent() {
			arg = suspended(fn.code.Defaults[i])
		}
		*to.slot(uint32(i)) = arg
	}
	return m.callBody(n, fn.code.Body.Node(), to)
}
