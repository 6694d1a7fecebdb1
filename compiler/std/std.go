package std

import (
	"slices"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

// Builtins are the functions of std, for eval.NewLibrary. Each call makes them anew.
// std.thisFile is not among them: the machine knows which file it is in.
func Builtins() []*eval.Builtin {
	return slices.Concat(
		stringBuiltins(), formatBuiltins(), typeBuiltins(), numberBuiltins(), encodeBuiltins(),
		parseBuiltins(), escapeBuiltins(), manifestBuiltins(),
		arrayBuiltins(), objectBuiltins(), setBuiltins(),
	)
}

// unary, binary and ternary make functions whose arguments are all needed.
func unary(name, param string, fn func(m *eval.Machine, a eval.Value) eval.Value) *eval.Builtin {
	return &eval.Builtin{Name: name, Params: positional(param), Fn1: fn}
}

func binary(name, p, q string, fn func(m *eval.Machine, a, b eval.Value) eval.Value) *eval.Builtin {
	return &eval.Builtin{Name: name, Params: positional(p, q), Fn2: fn}
}

func ternary(name, p, q, r string, fn func(m *eval.Machine, a, b, c eval.Value) eval.Value) *eval.Builtin {
	return &eval.Builtin{Name: name, Params: positional(p, q, r), Fn3: fn}
}

// growth announces to the machine how large something becomes that grows bit by bit:
// each time that it has doubled.
type growth struct{ next int }

// roomy gives a text room for n more bytes. One that is full becomes twice as large:
// append makes large ones larger by a quarter, and leaves as much behind each time.
func roomy(b []byte, n int) []byte {
	if cap(b)-len(b) >= n {
		return b
	}
	return slices.Grow(b, max(n, cap(b)))
}

func (g *growth) to(m *eval.Machine, size int) {
	if size > g.next {
		m.Allocate(size)
		g.next = max(2*size, 1<<12)
	}
}
