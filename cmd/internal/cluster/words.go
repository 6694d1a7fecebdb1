package cluster

import (
	"slices"

	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// The same thing can be said in several ways: 1000m and 1, 1Gi and 1024Mi, the ports of a
// container in one order or another. What is said otherwise and means the same is no
// difference, and no conflict.

// ordered are the lists whose elements have keys and whose order counts all the same: what runs
// one after the other, and what refers to what is before it.
var ordered = map[string]bool{"initContainers": true, "containers": true, "env": true, "webhooks": true}

// schemaOf is the schema of an object; nil where its kind is none of Kubernetes' own.
func (p *planner) schemaOf(o object.Object) *schemas.Schema {
	if p.minor == nil {
		return nil
	}
	group, version := object.GroupVersion(o.APIVersion())
	kind, ok := p.minor.Lookup(group, version, o.Kind())
	if !ok {
		return nil
	}
	return p.minor.Schema(kind).Resolve()
}

// inWords says a value in the words of what is there: where both mean the same, as it is
// there.
func inWords(s *schemas.Schema, live, v value.Value) value.Value {
	switch {
	case value.Equal(live, v):
		return live
	case live.Kind() == value.KindObject && v.Kind() == value.KindObject:
		out := v
		for _, f := range v.Fields() {
			if before, there := live.Field(f.Name); there {
				out = out.With(f.Name, memberInWords(memberSchema(s, f.Name), f.Name, before.Value, f.Value))
			}
		}
		return out
	case sameValue(s, live, v):
		return live
	}
	return v
}

func memberInWords(s *schemas.Schema, name string, live, v value.Value) value.Value {
	if live.Kind() != value.KindArray || v.Kind() != value.KindArray {
		return inWords(s, live, v)
	}
	before, items := live.Items(), v.Items()
	if isGranular(s, v) {
		return value.Array(elementsInWords(s, before, items, ordered[name])...)
	}
	if len(before) != len(items) {
		return v
	}
	out := make([]value.Value, len(items))
	for i, item := range items {
		out[i] = inWords(elemSchema(s), before[i], item)
	}
	return value.Array(out...)
}

// elementsInWords are elements that have keys, or are their own: in the order of those that are
// there, unless the order counts, and new ones behind them.
func elementsInWords(s *schemas.Schema, live, items []value.Value, inOrder bool) []value.Value {
	type element struct {
		value.Value
		place int
	}
	elements := make([]element, len(items))
	for i, at := range pairs(s, live, items) {
		elements[i] = element{items[i], len(live)}
		if at >= 0 {
			elements[i] = element{inWords(elemSchema(s), live[at], items[i]), at}
		}
	}
	if !inOrder {
		slices.SortStableFunc(elements, func(a, b element) int { return a.place - b.place })
	}
	out := make([]value.Value, len(elements))
	for i, e := range elements {
		out[i] = e.Value
	}
	return out
}
