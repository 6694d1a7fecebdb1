package std

import (
	"slices"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

// valueSize is how much memory an element of an array takes.
const valueSize = 16

// characters gives a string's code points as strings.
func characters(m *eval.Machine, v eval.Value) []eval.Value {
	n := v.Length()
	m.Allocate(n * valueSize)
	chars := make([]eval.Value, n)
	s := v.Text()
	if v.IsASCII() {
		for i := range chars {
			chars[i] = eval.ASCII(s[i : i+1])
		}
		return chars
	}
	for i := range chars {
		_, size := utf8.DecodeRuneInString(s)
		chars[i] = eval.String(s[:size])
		s = s[size:]
	}
	return chars
}

// gathered is the elements of an array in the making whose length is not known before.
type gathered []eval.Value

// gather makes room for n elements.
func gather(m *eval.Machine, n int) gathered {
	m.Allocate(n * valueSize)
	return make(gathered, 0, n)
}

func (g *gathered) add(m *eval.Machine, v eval.Value) {
	if len(*g) == cap(*g) {
		m.Allocate((len(*g) + 4) * valueSize)
		*g = slices.Grow(*g, max(len(*g), 4))
	}
	*g = append(*g, v)
}

// addAll adds the elements of an array from one on, without evaluating them.
func (g *gathered) addAll(m *eval.Machine, a *eval.Array, from int) {
	more := a.Len() - from
	if len(*g)+more > cap(*g) {
		m.Allocate((len(*g) + more) * valueSize)
		*g = slices.Grow(*g, more)
	}
	for i := from; i < a.Len(); i++ {
		m.Round(i)
		*g = append(*g, a.Lazy(m, i))
	}
}

func (g gathered) value() eval.Value { return eval.NewArray(g) }
