package eval

import (
	"math"
	"unicode/utf8"
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/ir"
)

// Value is one jsonnet value of one machine, or what leads to one: see Machine.Force.
// It is two words. A number stands inverted in n, so that every finite float64 is at
// least 1<<52; below that, the top 16 bits of n tell the kind, and the rest belongs to
// the kind. p is the pointer that the kind needs, so that the collector sees it.
//
// The zero Value is absent: no value at all.
type Value struct {
	p unsafe.Pointer
	n uint64
}

// Kind tells what a Value is.
type Kind uint16

// The kinds. Those from kindThunk on are not values yet.
const (
	Absent Kind = iota
	NullKind
	BoolKind
	stringKind
	ropeKind
	ArrayKind
	ObjectKind
	FunctionKind
	kindThunk     // p a *thunk
	kindElement   // p an *Array; n says which of its elements
	kindSuspended // p a *ir.Node, to run in the frame or array that holds it
	kindArgument  // the same, in the frame that a slot of that frame holds; n says which
	kindFrame     // p a frame
	kindTail      // a call that the machine has prepared
	NumberKind
	StringKind = stringKind
)

const (
	tagShift  = 48
	numberMin = 1 << 52

	// Of strings.
	lengthBits = 40
	lengthMask = 1<<lengthBits - 1
	asciiBit   = 1 << lengthBits // every byte is below 0x80
	wideBit    = 2 << lengthBits // some byte is not
)

func tagged(k Kind, p unsafe.Pointer) Value { return Value{p, uint64(k) << tagShift} }

// Null, True and False are the values of these names.
var (
	Null  = tagged(NullKind, nil)
	True  = Value{nil, uint64(BoolKind)<<tagShift | 1}
	False = Value{nil, uint64(BoolKind) << tagShift}
)

// Bool makes a boolean.
func Bool(b bool) Value {
	if b {
		return True
	}
	return False
}

// Number makes a number, which must be finite.
func Number(f float64) Value { return Value{nil, ^math.Float64bits(f)} }

// String makes a string.
func String(s string) Value {
	return Value{unsafe.Pointer(unsafe.StringData(s)), uint64(stringKind)<<tagShift | uint64(len(s))}
}

// TextOf makes a string of bytes, which it owns from now on.
func TextOf(b []byte) Value { return String(unsafe.String(unsafe.SliceData(b), len(b))) }

// ASCII makes a string of bytes below 0x80.
func ASCII(s string) Value {
	v := String(s)
	v.n |= asciiBit
	return v
}

// IsNumber tells whether the value is a number.
func (v Value) IsNumber() bool { return v.n >= numberMin }

func (v Value) tag() Kind { return Kind(v.n >> tagShift) }

// Kind tells what the value is.
func (v Value) Kind() Kind {
	if v.n >= numberMin {
		return NumberKind
	}
	if k := v.tag(); k != ropeKind {
		return k
	}
	return StringKind
}

// IsAbsent tells whether there is no value.
func (v Value) IsAbsent() bool { return v.n == 0 }

// IsNull tells whether the value is null.
func (v Value) IsNull() bool { return v.n == uint64(NullKind)<<tagShift }

// ready tells whether the value needs no forcing.
func (v Value) ready() bool { return v.n >= numberMin || v.n < uint64(kindThunk)<<tagShift }

// TypeName is jsonnet's word for the kind (std.type).
func (v Value) TypeName() string {
	switch v.Kind() {
	case NullKind:
		return "null"
	case BoolKind:
		return "boolean"
	case NumberKind:
		return "number"
	case StringKind:
		return "string"
	case ArrayKind:
		return "array"
	case ObjectKind:
		return "object"
	case FunctionKind:
		return "function"
	}
	return "nothing"
}

// Float is the value of a number; the kind must be known.
func (v Value) Float() float64 { return math.Float64frombits(^v.n) }

// Truth is the value of a boolean; the kind must be known.
func (v Value) Truth() bool { return v.n&1 != 0 }

// Text is the value of a string; the kind must be known.
func (v Value) Text() string {
	if v.tag() == ropeKind {
		v = (*rope)(v.p).flatten()
	}
	return unsafe.String((*byte)(v.p), int(v.n&lengthMask))
}

// Bytes is the UTF-8 of a string, which nobody may change; the kind must be known.
func (v Value) Bytes() []byte {
	s := v.Text()
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

// Array is the array itself; the kind must be known.
func (v Value) Array() *Array { return (*Array)(v.p) }

// Object is the object itself; the kind must be known.
func (v Value) Object() *Object { return (*Object)(v.p) }

// Function is the function itself; the kind must be known.
func (v Value) Function() *Function { return (*Function)(v.p) }

// IsString tells whether the value is a string.
func (v Value) IsString() bool {
	k := v.tag()
	return k == stringKind || k == ropeKind
}

// IsASCII tells whether a string's bytes are all below 0x80, so that its code points
// are its bytes.
func (v Value) IsASCII() bool {
	if v.tag() == ropeKind {
		v = (*rope)(v.p).flatten()
	}
	if v.n&(asciiBit|wideBit) != 0 {
		return v.n&asciiBit != 0
	}
	return isASCII(v.Text())
}

// Measured gives a string that knows whether it is ASCII.
func (v Value) Measured() Value {
	if v.tag() == ropeKind {
		v = (*rope)(v.p).flatten()
	}
	if v.n&(asciiBit|wideBit) == 0 {
		if isASCII(v.Text()) {
			v.n |= asciiBit
		} else {
			v.n |= wideBit
		}
	}
	return v
}

// Length is how many code points a string has.
func (v Value) Length() int {
	if v.tag() == ropeKind {
		v = (*rope)(v.p).flatten()
	}
	if v.IsASCII() {
		return int(v.n & lengthMask)
	}
	return utf8.RuneCountInString(v.Text())
}

func isASCII(s string) bool {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if (s[i]|s[i+1]|s[i+2]|s[i+3]|s[i+4]|s[i+5]|s[i+6]|s[i+7])&0x80 != 0 {
			return false
		}
	}
	for ; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// rope is a string made by + whose bytes have not been put together.
type rope struct {
	left, right Value // right is absent once left is all of it
	size        int
}

// ropeMin is the length from which + makes a rope: shorter strings are cheaper to copy.
const ropeMin = 128

func (r *rope) flatten() Value {
	if r.right.IsAbsent() {
		return r.left
	}
	b := make([]byte, r.size)
	at := r.size
	for todo := []Value{{unsafe.Pointer(r), uint64(ropeKind) << tagShift}}; len(todo) > 0; {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for v.tag() == ropeKind {
			inner := (*rope)(v.p)
			if inner.right.IsAbsent() {
				v = inner.left
				break
			}
			todo = append(todo, inner.left)
			v = inner.right
		}
		s := v.Text()
		at -= len(s)
		copy(b[at:], s)
	}
	r.left, r.right = TextOf(b), Value{}
	return r.left
}

// bytes is how long a string is.
func (v Value) bytes() int {
	if v.tag() == ropeKind {
		return (*rope)(v.p).size
	}
	return int(v.n & lengthMask)
}

// Concat joins two strings.
func Concat(a, b Value) Value {
	an, bn := a.bytes(), b.bytes()
	switch {
	case an == 0:
		return b
	case bn == 0:
		return a
	case an+bn >= ropeMin:
		return tagged(ropeKind, unsafe.Pointer(&rope{left: a, right: b, size: an + bn}))
	}
	return String(a.Text() + b.Text())
}

// thunk is a suspended expression that more than one place may hold.
type thunk struct {
	node  *ir.Node // nil once value is there
	frame *frame
	value Value
}

// frame holds the variables of one call, object, field or round. Its slots lie behind
// it in memory: a frame is allocated as an array of Values, of which the first two are
// its head, so that one allocation of any size serves and the collector sees each
// pointer where a Value has one.
//
// Most frames are of no use once what runs in them has ended, and are used again then:
// see release. One that something else refers to is held: by a value, by an expression
// put off, or by a frame that is held.
type frame struct {
	up    *frame
	level uint64  // of self: how many layers lie below the one that this code is in
	self  *Object // nil outside objects
	slots uint32
	held  bool
}

const frameHead = 2 // Values

// newFrame makes a frame whose slots are absent, in the object of the frame around it.
func (m *Machine) newFrame(up *frame, slots int) *frame {
	var f *frame
	if slots < len(m.free) && m.free[slots] != nil {
		f = m.free[slots]
		m.free[slots] = f.up
	} else {
		f = makeFrame(slots)
	}
	f.up, f.level, f.self = up, up.level, up.self
	return f
}

// makeFrame makes a frame that lies in no other.
func makeFrame(slots int) *frame {
	var f *frame
	switch slots {
	case 0:
		f = (*frame)(unsafe.Pointer(new([frameHead]Value)))
	case 1:
		f = (*frame)(unsafe.Pointer(new([frameHead + 1]Value)))
	case 2:
		f = (*frame)(unsafe.Pointer(new([frameHead + 2]Value)))
	case 3:
		f = (*frame)(unsafe.Pointer(new([frameHead + 3]Value)))
	default:
		f = (*frame)(unsafe.Pointer(unsafe.SliceData(make([]Value, frameHead+slots))))
	}
	f.slots = uint32(slots)
	return f
}

// maxFree is how many slots the largest frames have that are used again.
const maxFree = 8

// release takes back a frame in which nothing runs any more.
func (m *Machine) release(f *frame) {
	if f.held || f.slots >= maxFree {
		return
	}
	clear(unsafe.Slice(f.slot(0), f.slots))
	f.up, f.self = m.free[f.slots], nil
	m.free[f.slots] = f
}

// hold notes that something refers to a frame from now on.
func (f *frame) hold() *frame {
	if !f.held {
		f.holdAll()
	}
	return f
}

// holdAll holds the frames that a frame leads to: those around it, and that of the
// caller, which its last slot has where arguments are not evaluated yet.
func (f *frame) holdAll() {
	for ; f != nil && !f.held; f = f.up {
		f.held = true
		if f.slots == 0 {
			continue
		}
		if last := *f.slot(f.slots - 1); last.tag() == kindFrame {
			(*frame)(last.p).hold()
		}
	}
}

// slot gives the place of a variable. The resolver made sure that it is there.
func (f *frame) slot(i uint32) *Value {
	return (*Value)(unsafe.Add(unsafe.Pointer(f), (uintptr(i)+frameHead)*unsafe.Sizeof(Value{})))
}

// above gives the frame some levels up.
func (f *frame) above(depth uint16) *frame {
	for ; depth > 0; depth-- {
		f = f.up
	}
	return f
}
