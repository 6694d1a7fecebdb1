package eval

import (
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

// Params lists the parameters.
func (fn *Function) Params() []Param {
	switch {
	case fn.builtin != nil:
		return fn.builtin.Params
	case fn.native != nil:
		params := make([]Param, len(fn.native.Params))
		for i, name := range fn.native.Params {
			params[i].Name = name
		}
		return params
	}
	params := make([]Param, len(fn.code.Params))
	for i, p := range fn.code.Params {
		params[i] = Param{Name: p.Name, Optional: p.Default != nil}
	}
	return params
}

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
	if len(c.Names) == 0 && len(c.Args) == len(code.Params) {
		for i, arg := range c.Args {
			m.pass(to, uint32(i), arg, f, uint32(code.Slots))
		}
	} else {
		m.bindNamed(n, fn, c, f, to)
	}
	if c.TailStrict {
		for i := range code.Params {
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
	names := make([]string, len(code.Params))
	for i, p := range code.Params {
		names[i] = p.Name
	}
	given := m.match(n, names, c, func(i int) bool { return code.Params[i].Default != nil })
	for i, arg := range given {
		if arg < 0 {
			*to.slot(uint32(i)) = suspended(code.Params[i].Default)
			continue
		}
		m.pass(to, uint32(i), c.Args[arg], f, uint32(code.Slots))
	}
}

// match gives per parameter the index of its argument, -1 for none.
func (m *Machine) match(n *ir.Node, params []string, c *ir.Call, optional func(i int) bool) []int {
	positional := len(c.Args) - len(c.Names)
	if positional > len(params) {
		m.fail(n, "the function takes %s, but got %d: its parameters are %s",
			plural(len(params), "argument"), positional, list(params))
	}
	given := make([]int, len(params))
	for i := range given {
		given[i] = -1
		if i < positional {
			given[i] = i
		}
	}
	for k, name := range c.Names {
		i := indexOf(params, name)
		switch {
		case i < 0:
			m.failParameter(n, name, params)
		case given[i] >= 0:
			m.fail(n, "the argument `%s` is given twice", name)
		}
		given[i] = positional + k
	}
	for i := range given {
		// Of parameters of one name, an argument for one is an argument for all.
		for j := range i {
			if params[j] == params[i] && given[i] < 0 {
				given[i] = given[j]
			}
		}
	}
	for i, arg := range given {
		if arg < 0 && !optional(i) && given[lastIndexOf(params, params[i])] < 0 {
			m.fail(n, "the argument `%s` is missing: the function's parameters are %s", params[i], list(params))
		}
	}
	return given
}

func indexOf(names []string, name string) int {
	for i := range names {
		if names[i] == name {
			return i
		}
	}
	return -1
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
	params := fn.Params()
	args := m.bindParams(n, params, c, f)
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
func (m *Machine) bindParams(n *ir.Node, params []Param, c *ir.Call, f *frame) []Value {
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p.Name
	}
	args := make([]Value, len(params))
	for i, arg := range m.match(n, names, c, func(i int) bool { return params[i].Optional }) {
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

// Call calls a function with lazy or ready values as its positional arguments.
func (m *Machine) Call(fn *Function, args ...Value) Value {
	switch len(args) {
	case 1:
		return m.Call1(fn, args[0])
	case 2:
		return m.Call2(fn, args[0], args[1])
	}
	if fn.code == nil || len(fn.code.Params) != len(args) {
		return m.callValues(fn, args)
	}
	to := m.newFrame(fn.env, fn.code.Slots+1)
	for i, arg := range args {
		*to.slot(uint32(i)) = arg
	}
	return m.callBody(m.at(), fn.code.Body.Node(), to)
}

// Call1 calls a function with one argument.
func (m *Machine) Call1(fn *Function, a Value) Value {
	if fn.code == nil || len(fn.code.Params) != 1 {
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
	if fn.code == nil || len(fn.code.Params) != 2 {
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
	params := fn.Params()
	all := make([]string, len(params))
	for i, p := range params {
		all[i] = p.Name
	}
	c := &ir.Call{Args: make([]*ir.Node, len(values)), Names: names}
	given := m.match(n, all, c, func(i int) bool { return params[i].Optional })
	args := make([]Value, len(params))
	for i, arg := range given {
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
			arg = suspended(fn.code.Params[i].Default)
		}
		*to.slot(uint32(i)) = arg
	}
	return m.callBody(n, fn.code.Body.Node(), to)
}
