package value

import (
	"math"
	"slices"
	"strings"
)

// Kind tells what a Value is.
type Kind uint8

// The six kinds of JSON.
const (
	KindNull Kind = iota
	KindBool
	KindNumber
	KindString
	KindArray
	KindObject
)

// String is jsonnet's word for the kind (std.type).
func (k Kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "array", "object"}[k]
}

// Article is the kind with its article: an array.
func (k Kind) Article() string {
	switch k {
	case KindNull:
		return "null"
	case KindArray, KindObject:
		return "an " + k.String()
	}
	return "a " + k.String()
}

// Value is one JSON value. The zero Value is null.
type Value struct {
	kind   Kind
	origin uint32
	num    float64 // number, or 1 for true
	str    string  // string, or the exact digits of a number
	node   *node   // array and object
}

type node struct {
	items  []Value
	fields []Field
}

// Field is one named member of an object.
type Field struct {
	Name   string
	Value  Value
	Origin uint32 // of the name
}

// Null is the null value.
var Null = Value{}

// Bool makes a boolean.
func Bool(b bool) Value {
	v := Value{kind: KindBool}
	if b {
		v.num = 1
	}
	return v
}

// Number makes a number.
func Number(f float64) Value { return Value{kind: KindNumber, num: f} }

// Exact makes a number whose JSON digits say more than the float64 nearest to it.
func Exact(digits string, nearest float64) Value {
	return Value{kind: KindNumber, num: nearest, str: digits}
}

// String makes a string.
func String(s string) Value { return Value{kind: KindString, str: s} }

// Array makes an array, which owns items from now on.
func Array(items ...Value) Value { return Value{kind: KindArray, node: &node{items: items}} }

// Object makes an object, which owns fields from now on and sorts them. Of two
// fields of one name the later one stands.
func Object(fields ...Field) Value {
	byName := func(a, b Field) int { return strings.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(fields, byName) {
		slices.SortStableFunc(fields, byName)
	}
	kept := fields[:0]
	for i, f := range fields {
		if i+1 == len(fields) || fields[i+1].Name != f.Name {
			kept = append(kept, f)
		}
	}
	return Value{kind: KindObject, node: &node{fields: kept}}
}

// Kind tells what the value is.
func (v Value) Kind() Kind { return v.kind }

// IsNull tells whether the value is null.
func (v Value) IsNull() bool { return v.kind == KindNull }

// Bool is the value of a boolean; false for any other kind.
func (v Value) Bool() bool { return v.kind == KindBool && v.num != 0 }

// Float is the value of a number; 0 for any other kind.
func (v Value) Float() float64 {
	if v.kind != KindNumber {
		return 0
	}
	return v.num
}

// Digits gives the exact digits of a number made by Exact, else "".
func (v Value) Digits() string {
	if v.kind != KindNumber {
		return ""
	}
	return v.str
}

// IsInteger tells whether the value is a number without a fraction.
func (v Value) IsInteger() bool {
	return v.kind == KindNumber && v.num == math.Trunc(v.num) && !math.IsInf(v.num, 0)
}

// Str is the value of a string; "" for any other kind.
func (v Value) Str() string {
	if v.kind != KindString {
		return ""
	}
	return v.str
}

// Items are the elements of an array, which must not be changed; nil for any other kind.
func (v Value) Items() []Value {
	if v.kind != KindArray {
		return nil
	}
	return v.node.items
}

// Fields are the members of an object, sorted by name, which must not be changed;
// nil for any other kind.
func (v Value) Fields() []Field {
	if v.kind != KindObject {
		return nil
	}
	return v.node.fields
}

// Field finds a member of an object by its name.
func (v Value) Field(name string) (Field, bool) {
	if f := v.find(name); f != nil {
		return *f, true
	}
	return Field{}, false
}

// find is Field without a copy; nil where there is no such member. A Field is five words and
// more: slices.BinarySearchFunc would copy one for each comparison.
func (v Value) find(name string) *Field {
	if v.kind != KindObject {
		return nil
	}
	fields := v.node.fields
	low, high := 0, len(fields)
	for low < high {
		middle := int(uint(low+high) / 2)
		switch f := &fields[middle]; {
		case f.Name == name:
			return f
		case f.Name < name:
			low = middle + 1
		default:
			high = middle
		}
	}
	return nil
}

// Get follows member names from the value inwards; null where one is missing.
func (v Value) Get(names ...string) Value {
	for _, name := range names {
		f := v.find(name)
		if f == nil {
			return Null
		}
		v = f.Value
	}
	return v
}

// Has tells whether an object has a member of this name, be it null.
func (v Value) Has(name string) bool {
	return v.find(name) != nil
}

// With gives the object with one member set; a value that is not an object counts
// as an empty one. A name that is there keeps its origin.
func (v Value) With(name string, member Value) Value {
	field := Field{Name: name, Value: member, Origin: member.origin}
	if old, ok := v.Field(name); ok {
		field.Origin = old.Origin
	}
	fields := append(slices.Clone(v.Fields()), field)
	return Object(fields...).WithOrigin(v.origin)
}

// Without gives the object without one member.
func (v Value) Without(name string) Value {
	fields := slices.DeleteFunc(slices.Clone(v.Fields()), func(f Field) bool { return f.Name == name })
	return Object(fields...).WithOrigin(v.origin)
}

// Origin is what the maker of the value noted about where it came from; 0 for nothing.
func (v Value) Origin() uint32 { return v.origin }

// WithOrigin gives the value with another origin.
func (v Value) WithOrigin(origin uint32) Value {
	v.origin = origin
	return v
}

// Equal tells whether two values are the same data; origins do not count. A number
// with exact digits equals only one with the same digits.
func Equal(a, b Value) bool {
	if a.kind != b.kind || a.num != b.num || a.str != b.str {
		return false
	}
	switch a.kind {
	case KindArray:
		return slices.EqualFunc(a.node.items, b.node.items, Equal)
	case KindObject:
		return slices.EqualFunc(a.node.fields, b.node.fields, func(x, y Field) bool {
			return x.Name == y.Name && Equal(x.Value, y.Value)
		})
	}
	return true
}
