package diff

import (
	"slices"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// apply makes the changes in a value. It is what "complete" means in the package comment.
func apply(v value.Value, changes []Change) value.Value {
	return applyAt(v, changes, 0)
}

// applyAt applies changes whose paths all lead to or through v, at this depth.
func applyAt(v value.Value, changes []Change, depth int) value.Value {
	for _, c := range changes {
		if len(c.Path) == depth && c.Op == Replace {
			return c.New
		}
	}
	switch {
	case len(changes) == 0:
		return v
	case v.Kind() == value.KindArray:
		return applyToArray(v, changes, depth)
	}
	for _, f := range v.Fields() {
		v = v.With(f.Name, applyAt(f.Value, through(changes, depth, func(s Step) bool { return s.Name == f.Name }), depth+1))
	}
	for _, c := range changes {
		switch last := len(c.Path) - 1; {
		case last != depth:
		case c.Op == Add:
			v = v.With(c.Path[last].Name, c.New)
		case c.Op == Remove:
			v = v.Without(c.Path[last].Name)
		}
	}
	return v
}

// through are the changes that lead deeper, or to a replacement, over a step.
func through(changes []Change, depth int, over func(Step) bool) []Change {
	var out []Change
	for _, c := range changes {
		if len(c.Path) > depth+1 || len(c.Path) == depth+1 && (c.Op == Replace || c.Op == Reorder) {
			if over(c.Path[depth]) {
				out = append(out, c)
			}
		}
	}
	return out
}

func applyToArray(v value.Value, changes []Change, depth int) value.Value {
	items := slices.Clone(v.Items())
	for i := range items {
		items[i] = applyAt(items[i], through(changes, depth, func(s Step) bool { return s.Index == i }), depth+1)
	}
	for _, c := range slices.Backward(changes) {
		if len(c.Path) == depth+1 && c.Op == Remove {
			items = slices.Delete(items, c.Path[depth].Index, c.Path[depth].Index+1)
		}
	}
	for _, c := range changes {
		switch {
		case len(c.Path) == depth+1 && c.Op == Add:
			at := min(c.Path[depth].Index, len(items)) // a reordering may follow
			items = slices.Insert(items, at, c.New)
		case len(c.Path) == depth && c.Op == Reorder:
			items = reorder(items, c.New.Items())
		}
	}
	return value.Array(items...)
}

func reorder(items, keys []value.Value) []value.Value {
	var out []value.Value
	for _, key := range keys {
		i := slices.IndexFunc(items, func(item value.Value) bool {
			return !slices.ContainsFunc(key.Fields(), func(f value.Field) bool {
				return !value.Equal(item.Get(f.Name), f.Value)
			})
		})
		out = append(out, items[i])
	}
	return out
}

// builder makes values out of fuzz bytes, with the names that matter to keyOf.
type builder struct{ data []byte }

func (b *builder) next() int {
	if len(b.data) == 0 {
		return 0
	}
	c := b.data[0]
	b.data = b.data[1:]
	return int(c)
}

func (b *builder) value(depth int) value.Value {
	names := []string{"a", "name", "kind", "containerPort", "protocol", "key", "type", "b/c", ""}
	switch kind := b.next() % 9; {
	case kind < 3 && depth > 0:
		items := make([]value.Value, b.next()%6)
		for i := range items {
			items[i] = b.value(depth - 1)
		}
		return value.Array(items...)
	case kind < 6 && depth > 0:
		var fields []value.Field
		for range b.next() % 4 {
			fields = append(fields, value.Field{Name: names[b.next()%len(names)], Value: b.value(depth - 1)})
		}
		return value.Object(fields...)
	case kind == 6:
		return value.Number(float64(b.next() % 5))
	case kind == 7:
		return value.String(string(rune('a' + b.next()%5)))
	case kind == 8:
		return value.String([]string{"x\ny\n", "x\nz\n", "x\ny", "\x1b[2J\n```\n"}[b.next()%4])
	}
	return value.Null
}

func checkDiff(t *testing.T, old, new value.Value) {
	t.Helper()
	changes := Values(old, new)
	if got := apply(old, changes); !value.Equal(got, new) {
		t.Errorf("old %s\nnew %s\ngot %s\nchanges %v", compact(old), compact(new), compact(got), changes)
	}
	if value.Equal(old, new) != (len(changes) == 0) {
		t.Errorf("%d changes between %s and %s", len(changes), compact(old), compact(new))
	}
	diffs := Compare([]Object{{Key: "k", Value: old}}, []Object{{Key: "k", Value: new}})
	for _, o := range diffs {
		o.lines()
	}
}

// FuzzDiff: the changes between two values, applied to the old one, give the new one.
func FuzzDiff(f *testing.F) {
	for i := range 256 {
		f.Add([]byte{0, byte(i), 4, 2, 1, 7, byte(i), 4, byte(i), 1, 7, 1}, []byte{0, 4, 4, byte(i), 1, 7, 1, 4, 2, 1, 7, byte(i)})
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		checkDiff(t, (&builder{a}).value(4), (&builder{b}).value(4))
	})
}

// TestLongestCommonSubsequence: gaps are right, and no smaller ones exist.
func TestLongestCommonSubsequence(t *testing.T) {
	for n := range 4000 {
		a, b := digitsOf(n*7919%65536, 4), digitsOf(n*104729%65536, 4)
		common, at := 0, gap{}
		for _, g := range append(gapsBetween(a, b), gap{len(a), len(a), len(b), len(b)}) {
			if !slices.Equal(a[at.oldEnd:g.oldStart], b[at.newEnd:g.newStart]) {
				t.Fatalf("%v %v: not equal before %v", a, b, g)
			}
			common += g.oldStart - at.oldEnd
			at = g
		}
		if want := longestCommon(a, b); common != want {
			t.Fatalf("%v %v: %d in common, want %d", a, b, common, want)
		}
	}
	long := make([]int, 5000)
	for i := range long {
		long[i] = i
	}
	other := slices.Clone(long)
	slices.Reverse(other)
	if gaps := gapsBetween(long, other); len(gaps) != 1 {
		t.Errorf("%d gaps", len(gaps))
	}
}

func digitsOf(n, base int) (digits []int) {
	for ; n > 0; n /= base {
		digits = append(digits, n%base)
	}
	return digits
}

func longestCommon(a, b []int) int {
	switch {
	case len(a) == 0 || len(b) == 0:
		return 0
	case a[0] == b[0]:
		return 1 + longestCommon(a[1:], b[1:])
	}
	return max(longestCommon(a[1:], b), longestCommon(a, b[1:]))
}
