package std

import (
	"strings"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

func split(m *eval.Machine, str, c eval.Value) eval.Value {
	s, sep := splitArgs(m, "split", str, c)
	return pieces(m, str, s, sep, strings.Count(s, sep))
}

func splitLimit(m *eval.Machine, str, c, limit eval.Value) eval.Value {
	s, sep := splitArgs(m, "splitLimit", str, c)
	return pieces(m, str, s, sep, splitCount(m, "splitLimit", limit, s, sep))
}

func splitLimitR(m *eval.Machine, str, c, limit eval.Value) eval.Value {
	s, sep := splitArgs(m, "splitLimitR", str, c)
	n := splitCount(m, "splitLimitR", limit, s, sep)
	m.Allocate((n + 1) * valueSize)
	str = str.Measured()
	elems := make([]eval.Value, n+1)
	for i := n; i > 0; i-- {
		at := strings.LastIndex(s, sep)
		elems[i] = part(str, s[at+len(sep):])
		s = s[:at]
	}
	elems[0] = part(str, s)
	return eval.NewArray(elems)
}

func splitArgs(m *eval.Machine, function string, str, c eval.Value) (s, sep string) {
	s = wantString(m, function, "str", str)
	sep = wantString(m, function, "c", c)
	if sep == "" {
		m.Fail("std.%s: `c` must not be empty", function)
	}
	return s, sep
}

// splitCount is how often to split at most, where -1 means everywhere.
func splitCount(m *eval.Machine, function string, limit eval.Value, s, sep string) int {
	n := wantInt(m, function, "maxsplits", limit)
	if n < -1 {
		m.Fail("std.%s: `maxsplits` must be -1 or more, got %d", function, n)
	}
	count := strings.Count(s, sep)
	if n == -1 {
		return count
	}
	return min(count, n)
}

// pieces splits a string n times from the left.
func pieces(m *eval.Machine, str eval.Value, s, sep string, n int) eval.Value {
	m.Allocate((n + 1) * valueSize)
	str = str.Measured()
	elems := make([]eval.Value, n+1)
	for i := range n {
		at := strings.Index(s, sep)
		elems[i] = part(str, s[:at])
		s = s[at+len(sep):]
	}
	elems[n] = part(str, s)
	return eval.NewArray(elems)
}

// lines ends each line with a newline.
func lines(m *eval.Machine, arr eval.Value) eval.Value {
	a := wantArray(m, "lines", "arr", arr)
	var b []byte
	var size growth
	for i := range a.Len() {
		m.Round(i)
		v := a.At(m, i)
		if v.IsNull() {
			continue
		}
		if !v.IsString() {
			m.Fail("std.lines: the elements of `arr` must be strings or null, but element %d is %s", i, v.TypeName())
		}
		size.to(m, len(b)+len(v.Text())+1)
		b = append(append(roomy(b, len(v.Text())+1), v.Text()...), '\n')
	}
	return eval.TextOf(b)
}

func deepJoin(m *eval.Machine, arr eval.Value) eval.Value {
	if arr.IsString() {
		return arr
	}
	j := deepJoiner{m: m, function: "deepJoin"}
	j.add(arr, m.MaxStack())
	return eval.TextOf(j.b)
}

// deepJoiner puts all strings of nested arrays together.
type deepJoiner struct {
	m        *eval.Machine
	function string
	b        []byte
	size     growth
}

func (j *deepJoiner) add(v eval.Value, left int) {
	switch v.Kind() {
	case eval.StringKind:
		j.size.to(j.m, len(j.b)+len(v.Text()))
		j.b = append(roomy(j.b, len(v.Text())), v.Text()...)
	case eval.ArrayKind:
		if left == 0 {
			failNesting(j.m, j.function)
		}
		j.m.Step()
		for i := range v.Array().Len() {
			j.m.Round(i)
			j.add(v.Array().At(j.m, i), left-1)
		}
	default:
		j.m.Fail("std.%s: a value of type %s stands where a string or an array of strings is needed", j.function, v.TypeName())
	}
}

// resolvePath replaces what follows the last slash of a path. null as what to put
// there leaves nothing.
func resolvePath(m *eval.Machine, f, r eval.Value) eval.Value {
	s := wantString(m, "resolvePath", "f", f)
	dir := strings.LastIndexByte(s, '/')
	if r.IsNull() {
		return eval.String(s[:max(dir, 0)])
	}
	name := wantString(m, "resolvePath", "r", r)
	m.Allocate(len(s) + len(name))
	return eval.String(s[:dir+1] + name)
}
