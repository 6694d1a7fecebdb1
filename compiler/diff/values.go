package diff

import (
	"slices"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// Op is what was done to a value.
type Op string

// The operations.
const (
	Add     Op = "add"
	Remove  Op = "remove"
	Replace Op = "replace"
	// Reorder puts the elements of an array that are known by a key into another
	// order. Old and New are arrays of the keys, each as an object, before all the
	// array's changes and after them.
	Reorder Op = "reorder"
)

// Change is one difference inside an object.
type Change struct {
	Path Path
	Op   Op
	Old  value.Value // null for Add
	New  value.Value // null for Remove
}

// Values compares two values. The changes come in the order of the fields; in an array
// what was removed comes first.
func Values(old, new value.Value) []Change {
	var c comparison
	c.values(nil, old, new)
	return c.changes
}

type comparison struct{ changes []Change }

func (c *comparison) add(path Path, op Op, old, new value.Value) {
	c.changes = append(c.changes, Change{Path: path, Op: op, Old: old, New: new})
}

func (c *comparison) values(path Path, old, new value.Value) {
	switch {
	case old.Kind() == value.KindObject && new.Kind() == value.KindObject:
		c.objects(path, old.Fields(), new.Fields())
	case old.Kind() == value.KindArray && new.Kind() == value.KindArray:
		c.arrays(path, old.Items(), new.Items())
	case !value.Equal(old, new):
		c.add(path, Replace, old, new)
	}
}

// objects walks along two lists of fields, both sorted by name.
func (c *comparison) objects(path Path, old, new []value.Field) {
	for len(old) > 0 || len(new) > 0 {
		switch {
		case len(new) == 0 || len(old) > 0 && old[0].Name < new[0].Name:
			c.add(path.member(old[0].Name), Remove, old[0].Value, value.Null)
			old = old[1:]
		case len(old) == 0 || new[0].Name < old[0].Name:
			c.add(path.member(new[0].Name), Add, value.Null, new[0].Value)
			new = new[1:]
		default:
			c.values(path.member(old[0].Name), old[0].Value, new[0].Value)
			old, new = old[1:], new[1:]
		}
	}
}

func (c *comparison) arrays(path Path, old, new []value.Value) {
	if slices.EqualFunc(old, new, value.Equal) {
		return
	}
	if names := keyOf(old, new); names != nil {
		c.keyed(path, names, old, new)
		return
	}
	c.sequences(path, old, new)
}

// keyed compares arrays whose elements are known by the fields of these names.
func (c *comparison) keyed(path Path, names []string, old, new []value.Value) {
	before, after := indexByKey(old, names), indexByKey(new, names)
	for i, item := range old {
		if _, kept := after.at[before.text[i]]; !kept {
			c.add(path.item(i, before.keys[i]), Remove, item, value.Null)
		}
	}
	last, ordered := -1, true
	for j, item := range new {
		i, kept := before.at[after.text[j]]
		if !kept {
			c.add(path.item(j, after.keys[j]), Add, value.Null, item)
			continue
		}
		c.values(path.item(i, after.keys[j]), old[i], item)
		ordered = ordered && i > last
		last = i
	}
	if !ordered {
		c.add(path, Reorder, before.value(), after.value())
	}
}

// sequences compares arrays by their longest common subsequence. Elements that stand
// at the same place between common ones are compared with one another.
func (c *comparison) sequences(path Path, old, new []value.Value) {
	for _, gap := range gapsBetween(identify(texts(old), texts(new))) {
		paired := 0
		if gap.oldStart == gap.newStart {
			paired = min(gap.oldEnd-gap.oldStart, gap.newEnd-gap.newStart)
		}
		for k := range paired {
			c.values(path.item(gap.oldStart+k, nil), old[gap.oldStart+k], new[gap.newStart+k])
		}
		for i := gap.oldStart + paired; i < gap.oldEnd; i++ {
			c.add(path.item(i, nil), Remove, old[i], value.Null)
		}
		for j := gap.newStart + paired; j < gap.newEnd; j++ {
			c.add(path.item(j, nil), Add, value.Null, new[j])
		}
	}
}

// texts writes each element in a form that is equal where the elements are.
func texts(items []value.Value) []string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = compact(item)
	}
	return out
}
