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

// Who may only read cannot ask for dry runs. Where nothing is to be applied, couplet then
// merges by itself, as a server-side apply would: what it applied before and does not any more
// goes, what the bundle says comes, and the rest stays. The schemas tell how lists are merged,
// and which texts are the same.

func (p *planner) isReadOnly() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.readOnly
}

// mayNotWrite tells whether a dry run was forbidden for want of the right to write, and not
// by a rule about the object, and notes that.
func (p *planner) mayNotWrite(ctx context.Context, a Action) bool {
	id := a.Object.Identity()
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
	case IsForbidden(err) && p.Reading:
		a.Op, a.Unchecked = Unread, err.Error()
		return a, nil
	case err != nil:
		return p.failed(a, err)
	case live.IsNull():
		a.Op = Create
		return a, nil
	}
	return p.change(a, live, p.merge(ctx, a, live)), nil
}

// merge is what an apply would make of an object.
func (p *planner) merge(ctx context.Context, a Action, live value.Value) value.Value {
	merged := mergeValue(p.schemaOf(a.Object), sides{ownFields(live), live, a.Object.Value, p.appliedLast(ctx, a.Object.Identity())})
	return merged.With("metadata", merged.Get("metadata").Without("managedFields"))
}

// appliedLast is an object as it was sent the last time; null where that is not known.
func (p *planner) appliedLast(ctx context.Context, id object.Identity) value.Value {
	p.readLast.Do(func() {
		p.last = map[object.Identity]value.Value{}
		n := len(p.inv.Revisions)
		if n == 0 {
			return
		}
		objects, err := p.store.Bundle(ctx, p.inv.Revisions[n-1])
		if err != nil {
			return // without it, what nobody has asked for counts as the server's
		}
		for _, o := range objects {
			p.last[o.Identity()] = o.Value
		}
	})
	return p.last[id]
}

// sides are what a merge goes by. Own are the fields of the live value that were applied
// before, last the value that was applied then.
type sides struct{ own, live, desired, last value.Value }

// mergeValue merges what is desired into what is there.
func mergeValue(s *schemas.Schema, x sides) value.Value {
	switch {
	case x.desired.Kind() == value.KindObject && x.live.Kind() == value.KindObject && !isAtomic(s):
		return mergeObject(s, x)
	case x.desired.Kind() == value.KindArray && x.live.Kind() == value.KindArray && s != nil && s.Merge != nil:
		switch s.Merge.List {
		case schemas.ListMap:
			return mergeListMap(s, x)
		case schemas.ListSet:
			return mergeSet(x.own, x.live, x.desired)
		}
	}
	return withDefaults(s, x)
}

// withDefaults is what becomes of a value that has one manager as a whole: what is desired,
// and what the server adds to it. That is what is there and was not asked for, now or the
// last time.
func withDefaults(s *schemas.Schema, x sides) value.Value {
	switch {
	case x.desired.Kind() == value.KindObject && x.live.Kind() == value.KindObject:
		out := x.desired
		for _, f := range x.desired.Fields() {
			if isZero(f.Value) && !x.live.Has(f.Name) && (x.last.IsNull() || x.last.Has(f.Name)) {
				out = out.Without(f.Name)
			}
		}
		for _, f := range x.live.Fields() {
			switch wanted, is := x.desired.Field(f.Name); {
			case is && !wanted.Value.IsNull():
				out = out.With(f.Name, withDefaults(memberSchema(s, f.Name), sides{live: f.Value, desired: wanted.Value, last: x.last.Get(f.Name)}))
			case !x.last.Has(f.Name):
				out = out.With(f.Name, f.Value)
			}
		}
		return out
	case x.desired.Kind() == value.KindArray && x.live.Kind() == value.KindArray && len(x.desired.Items()) == len(x.live.Items()):
		out := make([]value.Value, len(x.desired.Items()))
		for i, item := range x.desired.Items() {
			last := value.Null
			if i < len(x.last.Items()) {
				last = x.last.Items()[i]
			}
			out[i] = withDefaults(elemSchema(s), sides{live: x.live.Items()[i], desired: item, last: last})
		}
		return value.Array(out...)
	}
	if sameValue(s, x.live, x.desired) {
		return x.live
	}
	return x.desired
}

// isGranular tells whether each element of a list has managers of its own.
func isGranular(s *schemas.Schema, v value.Value) bool {
	return v.Kind() == value.KindArray && s != nil && s.Merge != nil && (s.Merge.List == schemas.ListMap || s.Merge.List == schemas.ListSet)
}

// isZero tells of a value that is as good as none to many of the server's types: of one that
// was sent and is not there, the server has not kept it.
func isZero(v value.Value) bool {
	switch v.Kind() {
	case value.KindBool:
		return !v.Bool()
	case value.KindNumber:
		return v.Float() == 0
	case value.KindString:
		return v.Str() == ""
	case value.KindArray:
		return len(v.Items()) == 0
	case value.KindObject:
		return len(v.Fields()) == 0
	}
	return true
}

func isAtomic(s *schemas.Schema) bool { return s != nil && s.Flags&schemas.AtomicMap != 0 }

func mergeObject(s *schemas.Schema, x sides) value.Value {
	out := x.live
	for _, f := range x.own.Fields() {
		name, is := strings.CutPrefix(f.Name, "f:")
		if !is || x.desired.Has(name) || !x.live.Has(name) {
			continue
		}
		if rest, gone := withoutOwned(f.Value, x.live.Get(name)); gone {
			out = out.Without(name)
		} else {
			out = out.With(name, rest)
		}
	}
	for _, f := range x.desired.Fields() {
		if f.Value.IsNull() {
			continue
		}
		before, there := x.live.Field(f.Name)
		if !there {
			// An empty list whose elements have managers has none itself.
			if !isZero(f.Value) || !x.own.Has("f:"+f.Name) && !isGranular(memberSchema(s, f.Name), f.Value) {
				out = out.With(f.Name, f.Value)
			}
			continue
		}
		out = out.With(f.Name, mergeValue(memberSchema(s, f.Name), sides{x.own.Get("f:" + f.Name), before.Value, f.Value, x.last.Get(f.Name)}))
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

// mergeListMap merges the elements of equal keys. Desired ones come in their own order. Those of
// others come before the next desired one that stands behind them, or, where none does, before
// the rest: as structured-merge-diff does it, by which the server merges.
func mergeListMap(s *schemas.Schema, x sides) value.Value {
	elem, live, desired := elemSchema(s), x.live.Items(), x.desired.Items()
	of, last := pairs(s, live, desired), make([]value.Value, len(live))
	for i, at := range pairs(s, live, x.last.Items()) {
		if at >= 0 {
			last[at] = x.last.Items()[i]
		}
	}
	var out []value.Value
	next := 0
	take := func(until int) { // live elements that are not desired
		for ; next < until; next++ {
			if _, owned := elementOwned(x.own, live[next]); !owned && !slices.Contains(of, next) {
				out = append(out, live[next])
			}
		}
	}
	for i, item := range desired {
		shared := slices.IndexFunc(of[i:], func(at int) bool { return at >= 0 })
		if shared >= 0 && of[i+shared] >= next {
			take(of[i+shared])
		} else {
			take(len(live))
		}
		if at := of[i]; at >= 0 {
			fields, _ := elementOwned(x.own, live[at])
			item = mergeValue(elem, sides{fields, live[at], item, last[at]})
		}
		out = append(out, item)
	}
	take(len(live))
	return value.Array(out...)
}

func elemSchema(s *schemas.Schema) *schemas.Schema {
	if s == nil || s.Elem == nil {
		return nil
	}
	return s.Elem.Resolve()
}

// pairs finds for each element of a list its place among the live ones, or -1: first for those
// that say all their keys. One that leaves some out has the defaults that the live one shows.
func pairs(s *schemas.Schema, live, elements []value.Value) []int {
	of, taken := make([]int, len(elements)), make([]bool, len(live))
	for i := range of {
		of[i] = -1
	}
	for _, whole := range []bool{true, false} {
		for i, element := range elements {
			if of[i] >= 0 {
				continue
			}
			for at, other := range live {
				if !taken[at] && hasKeysOf(s, other, element, whole) {
					of[i], taken[at] = at, true
					break
				}
			}
		}
	}
	return of
}

// hasKeysOf tells whether a live element has the keys of another, which must say all of them if
// whole is set. The elements of a set are their own keys.
func hasKeysOf(s *schemas.Schema, live, element value.Value, whole bool) bool {
	if s.Merge.List == schemas.ListSet {
		return value.Equal(live, element)
	}
	for _, key := range s.Merge.Keys {
		f, there := element.Field(key)
		if !there && whole || there && !sameValue(memberSchema(elemSchema(s), key), live.Get(key), f.Value) {
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
