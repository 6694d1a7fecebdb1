package diff

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// Object is one object of a set that is compared with another.
type Object struct {
	// Key is what an object is matched by. Where the two sets have default namespaces
	// of their own, the caller writes both as the same.
	Key string
	// Title is how the object is shown: "Deployment.apps shop/web"; Key where it is "".
	Title string
	// Group is the title without the namespace: "Deployment.apps web". An equal change
	// of objects of one group in several environments is shown once. Title where it is "".
	Group string
	Value value.Value
}

// ObjectDiff is an object that is not the same in both sets.
type ObjectDiff struct {
	Key, Title, Group string
	// Op is Add where only the new set has the object, Remove where only the old one
	// has it, and Replace where it is in both.
	Op       Op
	Old, New value.Value
	// Changes are the differences inside an object that is in both.
	Changes []Change
	// Notes are sentences about the object that follow its changes.
	Notes []string
}

// Compare finds the objects that are not the same in two sets, sorted by title. Should
// several objects of a set share a key, they are matched in their order.
func Compare(old, new []Object) []ObjectDiff {
	before, after := byKey(old), byKey(new)
	var found []ObjectDiff
	for key, a := range before {
		b, both := after[key]
		switch {
		case !both:
			found = append(found, a.diff(Remove, a.Value, value.Null, nil))
		default:
			if changes := Values(a.Value, b.Value); len(changes) > 0 {
				found = append(found, b.diff(Replace, a.Value, b.Value, changes))
			}
		}
	}
	for key, b := range after {
		if _, both := before[key]; !both {
			found = append(found, b.diff(Add, value.Null, b.Value, nil))
		}
	}
	slices.SortFunc(found, func(a, b ObjectDiff) int {
		return cmp.Or(strings.Compare(a.Title, b.Title), strings.Compare(a.Key, b.Key))
	})
	return found
}

func (o Object) diff(op Op, old, new value.Value, changes []Change) ObjectDiff {
	title := cmp.Or(o.Title, o.Key)
	return ObjectDiff{
		Key: o.Key, Title: title, Group: cmp.Or(o.Group, title), Op: op, Old: old, New: new, Changes: changes,
	}
}

// byKey makes the keys unique and finds the objects by them.
func byKey(objects []Object) map[string]Object {
	found := make(map[string]Object, len(objects))
	for _, o := range objects {
		key := o.Key
		for n := 2; ; n++ {
			if _, taken := found[key]; !taken {
				break
			}
			key = o.Key + " #" + strconv.Itoa(n)
		}
		o.Title = cmp.Or(o.Title, o.Key)
		o.Key = key
		found[key] = o
	}
	return found
}
