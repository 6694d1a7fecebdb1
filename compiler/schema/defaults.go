package schema

import (
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// withDefaults fills in what a custom resource's schema gives by default, as the
// server does before it checks, and tells whether that changed anything. What has no
// default is shared, not copied.
func (set ruleSet) withDefaults(s *schemas.Schema, v value.Value) (value.Value, bool) {
	switch v.Kind() {
	case value.KindObject:
		return set.objectDefaults(s, v)
	case value.KindArray:
		return set.arrayDefaults(s, v)
	}
	return v, false
}

func (set ruleSet) objectDefaults(s *schemas.Schema, v value.Value) (value.Value, bool) {
	out, changed := v, false
	member := func(name string, inner *schemas.Schema, there bool) {
		if made, different := set.fill(inner, v.Get(name), there); different {
			out, changed = out.With(name, made), true
		}
	}
	if s.Members != nil {
		for _, p := range s.Members.Properties {
			member(p.Name, p.Schema.Resolve(), v.Has(p.Name))
		}
	}
	if s.Elem != nil {
		for _, f := range v.Fields() {
			if s.Property(f.Name) == nil {
				member(f.Name, s.Elem.Resolve(), true)
			}
		}
	}
	return out, changed
}

func (set ruleSet) arrayDefaults(s *schemas.Schema, v value.Value) (value.Value, bool) {
	if s.Elem == nil {
		return v, false
	}
	items, changed := make([]value.Value, len(v.Items())), false
	for i, item := range v.Items() {
		made, different := set.fill(s.Elem.Resolve(), item, true)
		items[i], changed = made, changed || different
	}
	if !changed {
		return v, false
	}
	return value.Array(items...).WithOrigin(v.Origin()), true
}

// fill puts the default in place of a value that is absent, or null without being
// allowed to, and then fills in what is inside.
func (set ruleSet) fill(s *schemas.Schema, v value.Value, there bool) (value.Value, bool) {
	r := set[s]
	if r != nil && !r.fallback.IsNull() && (!there || v.IsNull() && s.Flags&schemas.Nullable == 0) {
		made, _ := set.withDefaults(s, r.fallback)
		return made, true
	}
	return set.withDefaults(s, v)
}
