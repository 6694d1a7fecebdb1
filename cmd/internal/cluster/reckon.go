package cluster

import (
	"context"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/quantity"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// Who may only read cannot ask for dry runs. Then couplet merges by itself, as a server-side
// apply would: what it applied before and does not any more goes, what the bundle says comes,
// and the rest stays. The schemas tell how lists are merged, and which texts are the same.

func (p *planner) isReadOnly() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.readOnly
}

// mayOnlyRead tells whether a dry run was forbidden for want of the right to write, and not
// by a rule about the object, and notes that.
func (p *planner) mayOnlyRead(ctx context.Context, a Action) bool {
	id := a.Object.Identity()
	_, err := p.server.Get(ctx, a.Resource, id.Namespace, id.Name)
	if err != nil && !IsNotFound(err) {
		return false
	}
	review := value.Object(
		value.Field{Name: "apiVersion", Value: value.String(accessReviews.APIVersion())},
		value.Field{Name: "kind", Value: value.String(accessReviews.Kind)},
		value.Field{Name: "spec", Value: value.Object(value.Field{Name: "resourceAttributes", Value: value.Object(
			value.Field{Name: "group", Value: value.String(a.Resource.Group)}, value.Field{Name: "resource", Value: value.String(a.Resource.Name)},
			value.Field{Name: "namespace", Value: value.String(id.Namespace)}, value.Field{Name: "name", Value: value.String(id.Name)},
			value.Field{Name: "verb", Value: value.String("patch")},
		)})},
	)
	answer, err := p.server.Create(ctx, accessReviews, review)
	if err != nil || answer.Get("status", "allowed").Bool() {
		return false
	}
	p.mu.Lock()
	p.readOnly = true
	p.mu.Unlock()
	return true
}

var accessReviews = Resource{Group: "authorization.k8s.io", Version: "v1", Kind: "SelfSubjectAccessReview", Name: "selfsubjectaccessreviews"}

// reckon decides about an object without asking the server more than what is there.
func (p *planner) reckon(ctx context.Context, a Action) (Action, error) {
	live, err := p.live(ctx, a.Resource, a.Object.Identity())
	switch {
	case err != nil:
		return p.failed(a, err)
	case live.IsNull():
		a.Op = Create
		return a, nil
	}
	return p.change(a, live, p.merge(a, live)), nil
}

// merge is what an apply would make of an object.
func (p *planner) merge(a Action, live value.Value) value.Value {
	var s *schemas.Schema
	if p.minor != nil {
		group, version := object.GroupVersion(a.Object.APIVersion())
		if kind, ok := p.minor.Lookup(group, version, a.Object.Kind()); ok {
			s = p.minor.Schema(kind).Resolve()
		}
	}
	merged := mergeValue(s, ownFields(live), live, a.Object.Value)
	return merged.With("metadata", merged.Get("metadata").Without("managedFields"))
}

// mergeValue merges what is desired into what is there. own are the fields of the live value
// that were applied before.
func mergeValue(s *schemas.Schema, own, live, desired value.Value) value.Value {
	switch {
	case desired.Kind() == value.KindObject && live.Kind() == value.KindObject && !isAtomic(s):
		return mergeObject(s, own, live, desired)
	case desired.Kind() == value.KindArray && live.Kind() == value.KindArray && s != nil && s.Merge != nil:
		switch s.Merge.List {
		case schemas.ListMap:
			return mergeListMap(s, own, live, desired)
		case schemas.ListSet:
			return mergeSet(own, live, desired)
		}
	}
	if sameValue(s, live, desired) {
		return live
	}
	return desired
}

func isAtomic(s *schemas.Schema) bool { return s != nil && s.Flags&schemas.AtomicMap != 0 }

func mergeObject(s *schemas.Schema, own, live, desired value.Value) value.Value {
	out := live
	for _, f := range own.Fields() {
		name, is := strings.CutPrefix(f.Name, "f:")
		if !is || desired.Has(name) || !live.Has(name) {
			continue
		}
		if rest, gone := withoutOwned(f.Value, live.Get(name)); gone {
			out = out.Without(name)
		} else {
			out = out.With(name, rest)
		}
	}
	for _, f := range desired.Fields() {
		if f.Value.IsNull() {
			continue
		}
		before, there := live.Field(f.Name)
		if !there {
			out = out.With(f.Name, f.Value)
			continue
		}
		out = out.With(f.Name, mergeValue(memberSchema(s, f.Name), own.Get("f:"+f.Name), before.Value, f.Value))
	}
	return out
}

// withoutOwned takes what was applied before out of a value; gone tells that nothing is left.
func withoutOwned(own, live value.Value) (rest value.Value, gone bool) {
	if len(own.Fields()) == 0 {
		return live, true
	}
	if live.Kind() != value.KindObject {
		return live, true
	}
	out := live
	for _, f := range own.Fields() {
		name, is := strings.CutPrefix(f.Name, "f:")
		if !is || !live.Has(name) {
			continue
		}
		if inner, all := withoutOwned(f.Value, live.Get(name)); all {
			out = out.Without(name)
		} else {
			out = out.With(name, inner)
		}
	}
	return out, len(out.Fields()) == 0
}

func memberSchema(s *schemas.Schema, name string) *schemas.Schema {
	if s == nil {
		return nil
	}
	if member := s.Property(name); member != nil {
		return member
	}
	if s.Elem != nil && s.Type == schemas.Object {
		return s.Elem.Resolve()
	}
	return nil
}

// mergeListMap merges the elements of equal keys; those that are there stay in their order,
// and others come at the end, as the server does it.
func mergeListMap(s *schemas.Schema, own, live, desired value.Value) value.Value {
	var out []value.Value
	elem := elemSchema(s)
	used := make([]bool, len(desired.Items()))
	for _, item := range live.Items() {
		i := slices.IndexFunc(desired.Items(), func(d value.Value) bool { return sameKeys(s, item, d) })
		fields, owned := elementOwned(own, item)
		switch {
		case i >= 0:
			used[i] = true
			out = append(out, mergeValue(elem, fields, item, desired.Items()[i]))
		case !owned:
			out = append(out, item)
		}
	}
	for i, item := range desired.Items() {
		if !used[i] {
			out = append(out, item)
		}
	}
	return value.Array(out...)
}

func elemSchema(s *schemas.Schema) *schemas.Schema {
	if s == nil || s.Elem == nil {
		return nil
	}
	return s.Elem.Resolve()
}

// sameKeys compares the keys of two elements. One that is left out has the default that the
// live element shows.
func sameKeys(s *schemas.Schema, live, desired value.Value) bool {
	for _, key := range s.Merge.Keys {
		f, there := desired.Field(key)
		if there && !sameValue(memberSchema(elemSchema(s), key), live.Get(key), f.Value) {
			return false
		}
	}
	return true
}

func elementOwned(own, item value.Value) (value.Value, bool) {
	for _, f := range own.Fields() {
		kind, rest, _ := strings.Cut(f.Name, ":")
		if kind == "k" && hasKeys(item, parse(rest)) || kind == "v" && value.Equal(item, parse(rest)) {
			return f.Value, true
		}
	}
	return value.Null, false
}

func mergeSet(own, live, desired value.Value) value.Value {
	var out []value.Value
	has := func(list []value.Value, v value.Value) bool {
		return slices.ContainsFunc(list, func(w value.Value) bool { return value.Equal(v, w) })
	}
	for _, item := range live.Items() {
		if _, owned := elementOwned(own, item); has(desired.Items(), item) || !owned {
			out = append(out, item)
		}
	}
	for _, item := range desired.Items() {
		if !has(out, item) {
			out = append(out, item)
		}
	}
	return value.Array(out...)
}

// sameValue tells whether the server would take two values for one: quantities of one
// amount, numbers and texts where either may stand.
func sameValue(s *schemas.Schema, a, b value.Value) bool {
	if value.Equal(a, b) {
		return true
	}
	if s == nil || s.Format != schemas.FormatQuantity {
		return false
	}
	x, errX := quantity.Parse(scalarText(a))
	y, errY := quantity.Parse(scalarText(b))
	return errX == nil && errY == nil && x.Compare(y) == 0
}

func scalarText(v value.Value) string {
	if v.Kind() == value.KindString {
		return v.Str()
	}
	return strings.Trim(string(appendJSON(v)), `"`)
}
