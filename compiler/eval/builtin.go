package eval

import (
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/ir"
)

// Builtin is a function of std. It has one of the Fn fields: that of its number of
// parameters, or FnN. Arguments are forced in the order of the parameters before the
// call, but for those that are Lazy; an optional one that is not given is absent.
type Builtin struct {
	Name   string
	Params []Param
	Fn0    func(m *Machine) Value
	Fn1    func(m *Machine, a Value) Value
	Fn2    func(m *Machine, a, b Value) Value
	Fn3    func(m *Machine, a, b, c Value) Value
	FnN    func(m *Machine, args []Value) Value
	// Passes marks a function whose result is what a field, an element or a function of
	// the caller gave, unchanged.
	Passes bool
	// Constant is what std.Name is where it is no function.
	Constant Value

	value     Value
	signature ir.Signature
}

// Param is a parameter of a Builtin.
type Param struct {
	Name     string
	Optional bool
	Lazy     bool
	// Kinds are those that the function takes, where it looks before the arguments
	// behind this one are evaluated. Given another kind it gets these absent, or as they
	// are, and must fail.
	Kinds Kinds
}

// Kinds is a set of kinds. The empty one stands for all.
type Kinds uint16

// KindsOf makes a set of kinds.
func KindsOf(kinds ...Kind) Kinds {
	var set Kinds
	for _, k := range kinds {
		set |= 1 << k
	}
	return set
}

// takes tells whether the next arguments may be evaluated after this one.
func (p *Param) takes(v Value) bool { return p.Kinds == 0 || p.Kinds>>v.Kind()&1 != 0 }

// Library is the functions of std, made ready for machines. It never changes.
type Library struct {
	builtins []*Builtin
	byName   map[string]uint32
}

// NewLibrary takes the functions of std, which it owns from now on.
func NewLibrary(builtins []*Builtin) *Library {
	l := &Library{builtins: builtins, byName: map[string]uint32{}}
	for i, b := range builtins {
		l.byName[b.Name] = uint32(i)
		b.value = b.Constant
		b.signature = ir.Signature{Names: make([]string, 0, len(b.Params)), Optional: make([]bool, 0, len(b.Params))}
		for _, p := range b.Params {
			b.signature.Add(p.Name, p.Optional)
		}
		if b.value.IsAbsent() {
			b.value = tagged(FunctionKind, unsafe.Pointer(&Function{builtin: b}))
		}
	}
	return l
}

// Builtin gives a function of std by its name, which must be there.
func (m *Machine) Builtin(name string) *Builtin {
	return m.library.builtins[m.library.byName[name]]
}

// Fail ends the evaluation with an error at the call of the running builtin.
func (m *Machine) Fail(format string, args ...any) { m.fail(m.at(), format, args...) }

// FailType fails because a value has none of the types that are wanted.
func (m *Machine) FailType(v Value, want ...Kind) { m.failType(m.at(), v, want...) }

// Number checks that a value is a number.
func (m *Machine) Number(v Value) float64 {
	if !v.IsNumber() {
		m.FailType(v, NumberKind)
	}
	return v.Float()
}

// Int checks that a value is an integer of 32 bits.
func (m *Machine) Int(v Value) int {
	f := m.Number(v)
	n := int(int32(f))
	if float64(n) != f {
		m.Fail("expected an integer of 32 bits, not %s", formatNumber(f))
	}
	return n
}

// Str checks that a value is a string.
func (m *Machine) Str(v Value) string {
	if !v.IsString() {
		m.FailType(v, StringKind)
	}
	return v.Text()
}

// Boolean checks that a value is a boolean.
func (m *Machine) Boolean(v Value) bool {
	if v.tag() != BoolKind {
		m.FailType(v, BoolKind)
	}
	return v.Truth()
}

// ArrayOf checks that a value is an array.
func (m *Machine) ArrayOf(v Value) *Array {
	if v.tag() != ArrayKind {
		m.FailType(v, ArrayKind)
	}
	return v.Array()
}

// ObjectOf checks that a value is an object.
func (m *Machine) ObjectOf(v Value) *Object {
	if v.tag() != ObjectKind {
		m.FailType(v, ObjectKind)
	}
	return v.Object()
}

// FunctionOf checks that a value is a function.
func (m *Machine) FunctionOf(v Value) *Function {
	if v.tag() != FunctionKind {
		m.FailType(v, FunctionKind)
	}
	return v.Function()
}

// Finite makes a number of a result; it fails where the result is not one.
func (m *Machine) Finite(f float64) Value { return m.finite(m.at(), f) }

// Add is the operator +.
func (m *Machine) Add(a, b Value) Value { return m.add(m.at(), a, b) }

// Memo keeps a value for the time of the evaluation, by a key of the caller's own type.
func (m *Machine) Memo(key any, make func() any) any {
	v, ok := m.memo[key]
	if !ok {
		v = make()
		m.memo[key] = v
	}
	return v
}

// Trace writes what std.trace was given, with the place of its call.
func (m *Machine) Trace(text string) {
	m.trace(m.at(), text)
}

func runCallStd(m *Machine, n *ir.Node, f *frame) Value {
	b := m.builtins[n.Slot]
	args := n.Ref.(*ir.Call).Args
	if len(args) != len(b.Params) || b.Fn0 != nil {
		return m.callBuiltin(n, b, n.Ref.(*ir.Call), f)
	}
	var v, y, z Value
	switch {
	case b.Fn1 != nil:
		x := m.argument(b, 0, args, f)
		m.stack = append(m.stack, n)
		v = b.Fn1(m, x)
	case b.Fn2 != nil:
		x := m.argument(b, 0, args, f)
		if b.Params[0].takes(x) {
			y = m.argument(b, 1, args, f)
		}
		m.stack = append(m.stack, n)
		v = b.Fn2(m, x, y)
	case b.Fn3 != nil:
		x := m.argument(b, 0, args, f)
		if b.Params[0].takes(x) {
			if y = m.argument(b, 1, args, f); b.Params[1].takes(y) {
				z = m.argument(b, 2, args, f)
			}
		}
		m.stack = append(m.stack, n)
		v = b.Fn3(m, x, y, z)
	case b.FnN != nil:
		all := make([]Value, len(args))
		for i, arg := range args {
			all[i] = m.lazy(arg, f)
		}
		m.stack = append(m.stack, n)
		v = m.applyBuiltin(b, all)
	default:
		m.fail(n, "std.%s is not a function", b.Name)
	}
	m.stack = m.stack[:len(m.stack)-1]
	return v
}

func (m *Machine) argument(b *Builtin, i int, args []*ir.Node, f *frame) Value {
	if b.Params[i].Lazy {
		return m.lazy(args[i], f)
	}
	return m.run(args[i], f)
}

// callBuiltin binds the arguments of any call.
func (m *Machine) callBuiltin(n *ir.Node, b *Builtin, c *ir.Call, f *frame) Value {
	if !b.Constant.IsAbsent() {
		m.failType(n, b.Constant, FunctionKind)
	}
	args := m.bindParams(n, &b.signature, c, f)
	m.stack = append(m.stack, n)
	v := m.applyBuiltin(b, args)
	m.stack = m.stack[:len(m.stack)-1]
	return v
}

// applyBuiltin calls a builtin with one lazy or absent value per parameter.
func (m *Machine) applyBuiltin(b *Builtin, args []Value) Value {
	for i := range args {
		p := &b.Params[i]
		if p.Lazy {
			continue
		}
		if args[i] = m.Force(args[i]); !p.takes(args[i]) {
			break
		}
	}
	switch {
	case b.Fn0 != nil:
		return b.Fn0(m)
	case b.Fn1 != nil:
		return b.Fn1(m, args[0])
	case b.Fn2 != nil:
		return b.Fn2(m, args[0], args[1])
	case b.Fn3 != nil:
		return b.Fn3(m, args[0], args[1], args[2])
	}
	return b.FnN(m, args)
}
