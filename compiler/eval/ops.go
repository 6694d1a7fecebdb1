package eval

import (
	"math"
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/ir"
)

func init() {
	fillTable()
	fillTracked()
}

func fillTable() {
	for i := range table {
		table[i] = runBad
	}
	for op, fn := range map[ir.Op]exec{
		ir.OpNull: runNull, ir.OpTrue: runTrue, ir.OpFalse: runFalse,
		ir.OpNumber: runNumber, ir.OpOverflow: runOverflow, ir.OpString: runString, ir.OpData: runData,
		ir.OpVar0: runVar0, ir.OpVar1: runVar1, ir.OpVar: runVar, ir.OpSelf: runSelf, ir.OpDollar: runDollar,
		ir.OpStd: runStd, ir.OpStdMember: runStdMember,
		ir.OpMember: runMember, ir.OpSelfMember: runSelfMember, ir.OpIndex: runIndex,
		ir.OpSuperMember: runSuperMember, ir.OpSuperIndex: runSuperIndex, ir.OpInSuper: runInSuper,
		ir.OpArray: runArray, ir.OpArrayComp: runArrayComp, ir.OpObject: runObject, ir.OpObjectComp: runObjectComp,
		ir.OpFunction: runFunction, ir.OpCall: runCall, ir.OpTailCall: runTailCall, ir.OpCallStd: runCallStd,
		ir.OpLocal: runLocal, ir.OpIf: runIf, ir.OpError: runError, ir.OpAssertFail: runAssertFail,
		ir.OpImport: runImport, ir.OpImportStr: runImportStr, ir.OpImportBin: runImportBin,
		ir.OpNot: runNot, ir.OpBitNot: runBitNot, ir.OpPos: runPos, ir.OpNeg: runNeg,
		ir.OpMul: runMul, ir.OpDiv: runDiv, ir.OpMod: runMod, ir.OpAdd: runAdd, ir.OpSub: runSub,
		ir.OpShiftL: runShiftL, ir.OpShiftR: runShiftR,
		ir.OpGreater: runGreater, ir.OpGreaterEq: runGreaterEq, ir.OpLess: runLess, ir.OpLessEq: runLessEq,
		ir.OpIn: runIn, ir.OpEqual: runEqual, ir.OpUnequal: runUnequal,
		ir.OpBitAnd: runBitAnd, ir.OpBitXor: runBitXor, ir.OpBitOr: runBitOr, ir.OpAnd: runAnd, ir.OpOr: runOr,
		ir.OpApplyNative: runApplyNative, ir.OpGiven: runGiven, ir.OpProfiled: runProfiled, ir.OpProfileData: runProfiled,
	} {
		table[op] = fn
	}
}

func runBad(m *Machine, n *ir.Node, _ *frame) Value {
	m.fail(n, "this expression cannot be run")
	return Null
}

func runNull(*Machine, *ir.Node, *frame) Value         { return Null }
func runTrue(*Machine, *ir.Node, *frame) Value         { return True }
func runFalse(*Machine, *ir.Node, *frame) Value        { return False }
func runNumber(_ *Machine, n *ir.Node, _ *frame) Value { return Number(n.Num) }
func runString(_ *Machine, n *ir.Node, _ *frame) Value { return String(n.Str) }
func runSelf(_ *Machine, _ *ir.Node, f *frame) Value {
	return tagged(ObjectKind, unsafe.Pointer(f.self))
}
func runArray(_ *Machine, n *ir.Node, f *frame) Value {
	return newLiteralArray(n.Ref.(*ir.List).Items, f)
}
func runStdMember(m *Machine, n *ir.Node, _ *frame) Value { return m.builtins[n.Slot].value }

func runOverflow(m *Machine, n *ir.Node, _ *frame) Value {
	m.fail(n, "the number is too large for a float64")
	return Null
}

func runVar0(m *Machine, n *ir.Node, f *frame) Value {
	s := f.slot(n.Slot)
	if v := *s; v.ready() {
		return v
	}
	return m.read(s, f, n)
}

func runVar1(m *Machine, n *ir.Node, f *frame) Value { return runVar0(m, n, f.up) }

func runVar(m *Machine, n *ir.Node, f *frame) Value { return runVar0(m, n, f.above(n.Depth)) }

func runDollar(_ *Machine, n *ir.Node, f *frame) Value {
	return tagged(ObjectKind, unsafe.Pointer(f.above(n.Depth).self))
}

func runFunction(_ *Machine, n *ir.Node, f *frame) Value {
	return tagged(FunctionKind, unsafe.Pointer(&Function{code: n.Ref.(*ir.Function), env: f.hold()}))
}

func runLocal(m *Machine, n *ir.Node, f *frame) Value {
	binds := n.Ref.(*ir.Locals).Binds
	for i := range binds {
		*f.slot(binds[i].Slot) = suspended(binds[i].Value)
	}
	return m.run(n.X, f)
}

func runIf(m *Machine, n *ir.Node, f *frame) Value {
	if m.truth(n, m.run(n.X, f)) {
		return m.run(n.Y, f)
	}
	return m.run(n.Z, f)
}

// truth checks that a value is a boolean.
func (m *Machine) truth(n *ir.Node, v Value) bool {
	if v.tag() != BoolKind {
		m.failType(n, v, BoolKind)
	}
	return v.Truth()
}

func runAnd(m *Machine, n *ir.Node, f *frame) Value {
	if !m.truth(n, m.run(n.X, f)) {
		return False
	}
	return Bool(m.truth(n, m.run(n.Y, f)))
}

func runOr(m *Machine, n *ir.Node, f *frame) Value {
	if m.truth(n, m.run(n.X, f)) {
		return True
	}
	return Bool(m.truth(n, m.run(n.Y, f)))
}

func runError(m *Machine, n *ir.Node, f *frame) Value {
	v := m.run(n.X, f)
	m.stack = append(m.stack, n)
	text := m.ToString(v)
	m.failUser(n, text.Text())
	return Null
}

func runAssertFail(m *Machine, n *ir.Node, _ *frame) Value {
	m.fail(n, "the assertion is false")
	return Null
}

func runNot(m *Machine, n *ir.Node, f *frame) Value { return Bool(!m.truth(n, m.run(n.X, f))) }

func runPos(m *Machine, n *ir.Node, f *frame) Value { return Number(m.number(n, m.run(n.X, f))) }

func runNeg(m *Machine, n *ir.Node, f *frame) Value { return Number(-m.number(n, m.run(n.X, f))) }

func runBitNot(m *Machine, n *ir.Node, f *frame) Value {
	x := m.number(n, m.run(n.X, f))
	if x < -minInt || x >= minInt {
		return Number(minInt) // What amd64 makes of a float64 that no int64 can hold.
	}
	return Number(float64(^int64(x)))
}

// number checks that a value is a number.
func (m *Machine) number(n *ir.Node, v Value) float64 {
	if !v.IsNumber() {
		m.failType(n, v, NumberKind)
	}
	return v.Float()
}

func isFinite(f float64) bool { return math.Abs(f) <= math.MaxFloat64 }

// finite makes a number of a result that may have overflowed.
func (m *Machine) finite(n *ir.Node, f float64) Value {
	if !isFinite(f) {
		m.overflow(n, f)
	}
	return Number(f)
}

func (m *Machine) overflow(n *ir.Node, f float64) {
	if f != f {
		m.fail(n, "the result is not a number")
	}
	m.fail(n, "the result is too large for a float64")
}

func runAdd(m *Machine, n *ir.Node, f *frame) Value {
	x := m.run(n.X, f)
	y := m.run(n.Y, f)
	if x.IsNumber() && y.IsNumber() {
		return m.finite(n, x.Float()+y.Float())
	}
	return m.add(n, x, y)
}

// add is + of two values that are not both numbers.
func (m *Machine) add(n *ir.Node, x, y Value) Value {
	if y.IsString() || x.IsString() {
		m.stack = append(m.stack, n)
		v := Concat(m.ToString(x), m.ToString(y))
		m.allocate(v.bytes())
		m.stack = m.stack[:len(m.stack)-1]
		return v
	}
	k := x.Kind()
	if k != y.Kind() && (k == NumberKind || k == ObjectKind || k == ArrayKind) {
		m.failType(n, y, k)
	}
	switch k {
	case NumberKind:
		return m.finite(n, x.Float()+y.Float())
	case ObjectKind:
		return m.merge(x.Object(), y.Object())
	case ArrayKind:
		return m.concat(x.Array(), y.Array())
	}
	m.fail(n, "`+` does not work on a value of type %s", x.TypeName())
	return Null
}

func (m *Machine) operands(n *ir.Node, f *frame) (float64, float64) {
	x := m.run(n.X, f)
	y := m.run(n.Y, f)
	return m.number(n, x), m.number(n, y)
}

func runSub(m *Machine, n *ir.Node, f *frame) Value {
	x, y := m.operands(n, f)
	return m.finite(n, x-y)
}

func runMul(m *Machine, n *ir.Node, f *frame) Value {
	x, y := m.operands(n, f)
	return m.finite(n, x*y)
}

func runDiv(m *Machine, n *ir.Node, f *frame) Value {
	x, y := m.operands(n, f)
	if y == 0 {
		m.fail(n, "division by zero")
	}
	return m.finite(n, x/y)
}

func runMod(m *Machine, n *ir.Node, f *frame) Value {
	x := m.run(n.X, f)
	y := m.run(n.Y, f)
	m.stack = append(m.stack, n)
	v := m.Builtin("mod").Fn2(m, x, y)
	m.stack = m.stack[:len(m.stack)-1]
	return v
}

// minInt is the size of the smallest int64.
const minInt = 1 << 63

// maxExact is the largest integer below which every integer is a float64.
const maxExact = 1<<53 - 1

// bits checks that a value is a number on which bits can be combined.
func (m *Machine) bits(n *ir.Node, v Value) int64 {
	f := m.number(n, v)
	if f < -maxExact || f > maxExact {
		m.fail(n, "the number %s is outside the range of exact integers, in which bits can be combined", formatNumber(f))
	}
	return int64(f)
}

func (m *Machine) bitOperands(n *ir.Node, f *frame) (int64, int64) {
	x := m.run(n.X, f)
	y := m.run(n.Y, f)
	a := m.bits(n, x)
	return a, m.bits(n, y)
}

func runBitAnd(m *Machine, n *ir.Node, f *frame) Value {
	x, y := m.bitOperands(n, f)
	return Number(float64(x & y))
}

func runBitXor(m *Machine, n *ir.Node, f *frame) Value {
	x, y := m.bitOperands(n, f)
	return Number(float64(x ^ y))
}

func runBitOr(m *Machine, n *ir.Node, f *frame) Value {
	x, y := m.bitOperands(n, f)
	return Number(float64(x | y))
}

func runEqual(m *Machine, n *ir.Node, f *frame) Value {
	x := m.run(n.X, f)
	y := m.run(n.Y, f)
	return Bool(m.equalAt(n, x, y))
}

func runUnequal(m *Machine, n *ir.Node, f *frame) Value {
	x := m.run(n.X, f)
	y := m.run(n.Y, f)
	return Bool(!m.equalAt(n, x, y))
}

func (m *Machine) compareOperands(n *ir.Node, f *frame) int {
	x := m.run(n.X, f)
	y := m.run(n.Y, f)
	if x.IsNumber() && y.IsNumber() {
		return compareFloats(x.Float(), y.Float())
	}
	m.stack = append(m.stack, n)
	c := m.Compare(x, y)
	m.stack = m.stack[:len(m.stack)-1]
	return c
}

func runGreater(m *Machine, n *ir.Node, f *frame) Value   { return Bool(m.compareOperands(n, f) > 0) }
func runGreaterEq(m *Machine, n *ir.Node, f *frame) Value { return Bool(m.compareOperands(n, f) >= 0) }
func runLess(m *Machine, n *ir.Node, f *frame) Value      { return Bool(m.compareOperands(n, f) < 0) }
func runLessEq(m *Machine, n *ir.Node, f *frame) Value    { return Bool(m.compareOperands(n, f) <= 0) }

func runIn(m *Machine, n *ir.Node, f *frame) Value {
	o := m.run(n.Y, f)
	name := m.run(n.X, f)
	if o.Kind() != ObjectKind {
		m.failType(n, o, ObjectKind)
	}
	if name.Kind() != StringKind {
		m.failType(n, name, StringKind)
	}
	return Bool(m.Has(o.Object(), name.Text()))
}

// shiftOperands checks what is shifted and how far.
func (m *Machine) shiftOperands(n *ir.Node, f *frame) (int64, uint) {
	x := m.run(n.X, f)
	y := m.run(n.Y, f)
	a, by := m.bits(n, x), m.bits(n, y)
	if y.Float() < 0 {
		m.fail(n, "cannot shift by a negative number")
	}
	return a, uint(by % 64)
}

func runShiftL(m *Machine, n *ir.Node, f *frame) Value {
	x, by := m.shiftOperands(n, f)
	return Number(float64(x << by))
}

func runShiftR(m *Machine, n *ir.Node, f *frame) Value {
	x, by := m.shiftOperands(n, f)
	return Number(float64(x >> by))
}
