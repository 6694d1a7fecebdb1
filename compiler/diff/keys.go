package diff

import (
	"github.com/couplet-k8s/couplet/compiler/value"
)

// naturalKeys are the fields that the elements of Kubernetes' arrays are known by, in
// the order in which they are tried. A key serves where every element on both sides has
// all its fields, as scalars, and no two elements of a side share it.
var naturalKeys = [][]string{
	{"name"},
	{"kind", "name"},
	{"containerPort", "protocol"}, {"containerPort"},
	{"port", "protocol"}, {"port"},
	{"mountPath"}, {"devicePath"},
	{"key"},
	{"ip"},
	{"host"}, {"path"},
	{"type"},
	{"topologyKey"},
	{"alert"}, {"record"},
	{"uid"},
}

// keyOf finds the key by which the elements of two arrays are matched; nil for none.
func keyOf(old, new []value.Value) []string {
	for _, names := range naturalKeys {
		if isKey(old, names) && isKey(new, names) {
			return names
		}
	}
	return nil
}

func isKey(items []value.Value, names []string) bool {
	for _, item := range items {
		for _, name := range names {
			f, ok := item.Field(name)
			if !ok || f.Value.Kind() != value.KindString && f.Value.Kind() != value.KindNumber {
				return false
			}
		}
	}
	return len(indexByKey(items, names).at) == len(items)
}

// keyIndex is an array seen by the keys of its elements.
type keyIndex struct {
	keys [][]value.Field
	text []string
	at   map[string]int
}

func indexByKey(items []value.Value, names []string) keyIndex {
	x := keyIndex{at: make(map[string]int, len(items))}
	for i, item := range items {
		key := make([]value.Field, len(names))
		for k, name := range names {
			key[k], _ = item.Field(name)
		}
		text := compact(value.Object(append([]value.Field(nil), key...)...))
		x.keys = append(x.keys, key)
		x.text = append(x.text, text)
		x.at[text] = i
	}
	return x
}

// value is the keys as an array of objects.
func (x keyIndex) value() value.Value {
	items := make([]value.Value, len(x.keys))
	for i, key := range x.keys {
		items[i] = value.Object(append([]value.Field(nil), key...)...)
	}
	return value.Array(items...)
}
