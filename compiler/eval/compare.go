package eval

import (
	"strings"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/ir"
)

// equalAt is == at a place.
func (m *Machine) equalAt(n *ir.Node, a, b Value) bool {
	if a.IsNumber() && b.IsNumber() {
		return a.Float() == b.Float()
	}
	m.stack = append(m.stack, n)
	eq := m.Equal(a, b)
	m.stack = m.stack[:len(m.stack)-1]
	return eq
}

// Equal tells whether two values are the same data. It fails on functions.
func (m *Machine) Equal(a, b Value) bool {
	k := a.Kind()
	if k != b.Kind() {
		return false
	}
	switch k {
	case NumberKind:
		return a.Float() == b.Float()
	case StringKind:
		return a.bytes() == b.bytes() && a.Text() == b.Text()
	case ArrayKind:
		return m.equalArrays(a.Array(), b.Array())
	case ObjectKind:
		return m.equalObjects(a.Object(), b.Object())
	case FunctionKind:
		m.Fail("functions cannot be compared")
	}
	return a.n == b.n
}

func (m *Machine) equalArrays(a, b *Array) bool {
	if a.n != b.n {
		return false
	}
	m.nest()
	x, y := reader{a: a}, reader{a: b}
	eq := true
	for i := 0; i < a.n && eq; i++ {
		m.Round(i)
		v := x.at(m, i)
		eq = m.Equal(v, y.at(m, i))
	}
	m.unnest()
	return eq
}

func (m *Machine) equalObjects(a, b *Object) bool {
	if !m.sameNames(a, b) {
		return false
	}
	m.nest()
	eq := true
	for _, i := range m.fields(a, false) {
		name, hash := a.shape.Names[i], a.shape.Hash(int(i))
		if eq = m.Equal(m.member(m.at(), a, name, hash), m.member(m.at(), b, name, hash)); !eq {
			break
		}
	}
	m.unnest()
	return eq
}

// Compare orders two numbers, strings or arrays: -1, 0 or 1.
func (m *Machine) Compare(a, b Value) int {
	if a.IsNumber() && b.IsNumber() {
		return compareFloats(a.Float(), b.Float())
	}
	k := a.Kind()
	switch k {
	case NumberKind, StringKind, ArrayKind:
		if b.Kind() != k {
			m.FailType(b, k)
		}
	default:
		m.Fail("values of type %s have no order", a.TypeName())
	}
	if k == StringKind {
		return strings.Compare(a.Text(), b.Text())
	}
	return m.compareArrays(a.Array(), b.Array())
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (m *Machine) compareArrays(a, b *Array) int {
	m.nest()
	x, y := reader{a: a}, reader{a: b}
	c := 0
	for i := 0; i < a.n && i < b.n && c == 0; i++ {
		m.Round(i)
		v := x.at(m, i)
		c = m.Compare(v, y.at(m, i))
	}
	m.unnest()
	switch {
	case c != 0:
		return c
	case a.n < b.n:
		return -1
	case a.n > b.n:
		return 1
	}
	return 0
}

// codePoint is a string's element at an index.
func (m *Machine) codePoint(n *ir.Node, s, i Value) Value {
	f := m.number(n, i)
	s = s.Measured()
	text := s.Text()
	at := int(f)
	if s.n&asciiBit != 0 {
		if at < 0 || at >= len(text) {
			m.failCodePoint(n, f, len(text))
		}
		return ASCII(text[at : at+1])
	}
	start := -1
	if at >= 0 {
		start = m.cursor.seek(text, at)
	}
	if start < 0 {
		m.failCodePoint(n, f, s.Length())
	}
	_, size := utf8.DecodeRuneInString(text[start:])
	return String(text[start : start+size])
}

func (m *Machine) failCodePoint(n *ir.Node, f float64, length int) {
	m.fail(n, "the index %s is out of bounds: the string has %s", formatNumber(f), plural(length, "code point"))
}

// cursor remembers where in a string the last code point was looked up, so that a loop
// over the indexes of a string does not start at its beginning each time.
type cursor struct {
	text   string
	at     int // code points
	offset int // bytes
}

// seek gives the offset of a code point; -1 where the text is shorter.
func (c *cursor) seek(text string, at int) int {
	if c.text != text || at < c.at {
		*c = cursor{text: text}
	}
	for c.at < at && c.offset < len(text) {
		_, size := utf8.DecodeRuneInString(text[c.offset:])
		c.offset += size
		c.at++
	}
	if c.offset >= len(text) {
		return -1
	}
	return c.offset
}
