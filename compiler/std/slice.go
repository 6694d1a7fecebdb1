package std

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

// slice takes the elements of an array or the characters of a string at index,
// index+step, ... before end. None of the three need be whole numbers: like everywhere
// in jsonnet an index that is a fraction means the element that it lies in.
// The step is looked at first.
func slice(m *eval.Machine, args []eval.Value) eval.Value {
	s := &slicing{m: m, args: args}
	step := s.number("step", 3, 1)
	switch {
	case step < 0:
		from := s.from() // jsonnet's message names the bounds, too
		m.Fail("std.slice: `step` must be positive, got [%s:%s:%s]", numberText(from), numberText(s.end()), numberText(step))
	case step == 0:
		m.Fail("std.slice: `step` must be positive, got 0")
	}
	length := s.length()
	what := s.args[0]
	if what.Kind() != eval.ArrayKind && !what.IsString() {
		failArgument(m, "slice", "indexable", "an array or a string", what)
	}
	from := s.from()
	end := min(s.end(), length)
	if from != math.Floor(from) || step != math.Floor(step) {
		return sliceFractions(m, what, from, end, step)
	}
	return sliceWhole(m, what, from, end, step)
}

// slicing is the arguments of std.slice, which are evaluated when they are looked at.
type slicing struct {
	m        *eval.Machine
	args     []eval.Value
	n        float64
	measured bool
}

func (s *slicing) force(i int) eval.Value {
	s.args[i] = s.m.Force(s.args[i])
	return s.args[i]
}

func (s *slicing) length() float64 {
	if !s.measured {
		s.n, s.measured = float64(measure(s.m, "slice", "indexable", s.force(0))), true
	}
	return s.n
}

func (s *slicing) from() float64 {
	from := s.number("index", 1, 0)
	if from < 0 {
		return max(0, s.length()+from)
	}
	return from
}

func (s *slicing) end() float64 {
	if s.force(2).IsNull() {
		return s.length()
	}
	end := s.number("end", 2, 0)
	if end < 0 {
		return s.length() + end
	}
	return end
}

func (s *slicing) number(param string, i int, none float64) float64 {
	v := s.force(i)
	if v.IsNull() {
		return none
	}
	if !v.IsNumber() {
		failArgument(s.m, "slice", param, "a number or null", v)
	}
	return v.Float()
}

func sliceWhole(m *eval.Machine, what eval.Value, from, end, step float64) eval.Value {
	n := 0
	if from < end {
		n = int(math.Ceil((end - from) / step))
	}
	first, by := int(min(from, end)), int(min(step, math.MaxInt32))
	if what.IsString() {
		return sliceString(m, what, first, n, by)
	}
	a := what.Array()
	if n == a.Len() {
		return what
	}
	return arranged(m, n, func(m *eval.Machine, i int) eval.Value { return a.Lazy(m, first+i*by) })
}

func sliceString(m *eval.Machine, what eval.Value, first, n, by int) eval.Value {
	s := what.Text()
	ascii := what.IsASCII()
	switch {
	case n == 0:
		return eval.ASCII("")
	case !ascii:
		return sliceWide(m, s, first, n, by)
	case by == 1:
		return eval.ASCII(s[first : first+n])
	}
	m.Allocate(n)
	out := make([]byte, n)
	for i := range out {
		out[i] = s[first+i*by]
	}
	return eval.ASCII(string(out))
}

// sliceWide slices a string whose code points differ in size.
func sliceWide(m *eval.Machine, s string, first, n, by int) eval.Value {
	s = s[offsetOf(s, first):]
	if by == 1 {
		return eval.String(s[:offsetOf(s, n)])
	}
	m.Allocate(len(s))
	var out strings.Builder
	for range n {
		_, size := utf8.DecodeRuneInString(s)
		out.WriteString(s[:size])
		s = s[offsetOf(s, by):]
	}
	return eval.String(out.String())
}

// offsetOf is where code point n starts; the end of s where it has fewer.
func offsetOf(s string, n int) int {
	at := 0
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

// sliceFractions adds up the indexes like the loop that defines std.slice does: sums
// of fractions are not the products that sliceWhole computes with.
func sliceFractions(m *eval.Machine, what eval.Value, from, end, step float64) eval.Value {
	a := wantSequence(m, "slice", "indexable", what)
	var out gathered
	for at := from; at < end; at += step {
		if at+step == at {
			m.Fail("std.slice: `step` is too small, got %s", numberText(step))
		}
		out.add(m, a.Lazy(m, int(at)))
	}
	if what.IsString() {
		return joinStrings(m, "", out.value().Array())
	}
	return out.value()
}

// joinStrings evaluates the elements to know how long the text is, and then reads them
// again: that is cheaper than a list of them.
func joinStrings(m *eval.Machine, sep string, a *eval.Array) eval.Value {
	size := 0
	for i := range a.Len() {
		m.Round(i)
		if v, ok := joined(m, a, i, eval.StringKind, "strings"); ok {
			size += len(sep) + len(v.Text())
		}
	}
	if size == 0 {
		return eval.ASCII("")
	}
	m.Allocate(size)
	text := make([]byte, 0, size)
	for i := range a.Len() {
		if v := a.At(m, i); !v.IsNull() {
			text = append(append(text, sep...), v.Text()...)
		}
	}
	return eval.TextOf(text[len(sep):])
}

func repeatString(m *eval.Machine, what eval.Value, n int) eval.Value {
	s := what.Text()
	if n == 1 || s == "" {
		return what
	}
	m.Allocate(len(s) * n)
	if len(s)*n > math.MaxInt32 {
		m.Fail("std.repeat: the result is longer than %d bytes", math.MaxInt32)
	}
	if what.IsASCII() {
		return eval.ASCII(strings.Repeat(s, n))
	}
	return eval.String(strings.Repeat(s, n))
}
