package schema

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// keyDefaults are the values that a key of a list has where an element lacks it: the
// defaults of the published schemas, version 3, for keys that are not required.
var keyDefaults = map[string]string{"protocol": `"TCP"`}

// duplicates reports the elements of a list that cannot be told from an earlier one.
// Elements that lack a required key, or are of a wrong type, have been reported.
func (w *walker) duplicates(m *schemas.Merge, list value.Value) {
	items := list.Items()
	if len(items) < 2 {
		return
	}
	first := make(map[string]int, len(items))
	for i, item := range items {
		key, ok := elementKey(m, item)
		if !ok {
			continue
		}
		before, twice := first[key]
		if !twice {
			first[key] = i
			continue
		}
		outer := w.path().Item(before).String()
		w.push(step{index: i})
		if m.List == schemas.ListSet {
			w.add(diag.DuplicateElement, item, fmt.Sprintf("%s is in the list already, at %s", w.describe(item), outer), "leave one out")
		} else {
			w.add(diag.DuplicateElement, item, fmt.Sprintf("%s has the same %s: %s", outer, names(m.Keys), strings.ReplaceAll(key, "\x00", ", ")), "leave one out, or tell them apart")
		}
		w.pop()
	}
}

// elementKey is what an element is known by, as text; not ok where it has no such thing.
func elementKey(m *schemas.Merge, item value.Value) (string, bool) {
	if m.List == schemas.ListSet {
		return scalarText(item)
	}
	if item.Kind() != value.KindObject || len(m.Keys) == 0 {
		return "", false
	}
	var key strings.Builder
	for i, name := range m.Keys {
		if i > 0 {
			key.WriteByte(0)
		}
		member := item.Get(name)
		if member.IsNull() {
			key.WriteString(keyDefaults[name])
			if _, known := keyDefaults[name]; !known {
				return "", false
			}
			continue
		}
		text, ok := scalarText(member)
		if !ok {
			return "", false
		}
		key.WriteString(text)
	}
	return key.String(), true
}

func scalarText(v value.Value) (string, bool) {
	switch v.Kind() {
	case value.KindString:
		return strconv.Quote(v.Str()), true
	case value.KindNumber:
		return numberText(v), true
	case value.KindBool:
		return fmt.Sprint(v.Bool()), true
	}
	return "", false
}

// names lists names as a sentence does.
func names(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}
