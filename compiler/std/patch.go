package std

import (
	"slices"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

// mergePatch is a JSON merge patch (RFC 7396) of visible fields. The fields of the
// patch are evaluated at once, to see which are null; those of the target, and what
// lies in them, when the result's are.
func mergePatch(m *eval.Machine, target, patch eval.Value) eval.Value {
	if patch.Kind() != eval.ObjectKind {
		return patch
	}
	p := patch.Object()
	var t *eval.Object
	var given []string // fields of the target that were not reached yet
	if target = m.Force(target); target.Kind() == eval.ObjectKind {
		t = target.Object()
		given = m.Names(t, false)
	}
	names, values := make([]string, 0, len(given)), make([]eval.Value, 0, len(given))
	add := func(name string, v eval.Value) { names, values = append(names, name), append(values, v) }
	patched := m.Names(p, false)
	for _, name := range patched {
		v := m.Index(p, name)
		for len(given) > 0 && given[0] < name {
			add(given[0], m.FieldLazy(t, given[0]))
			given = given[1:]
		}
		both := len(given) > 0 && given[0] == name
		if both {
			given = given[1:]
		}
		switch {
		case v.IsNull():
		case both:
			add(name, m.Defer(func(m *eval.Machine) eval.Value { return patchBoth(m, t, p, name) }))
		case v.Kind() == eval.ObjectKind:
			add(name, m.Defer(func(m *eval.Machine) eval.Value { return mergePatch(m, eval.Null, v) }))
		default:
			add(name, m.FieldLazy(p, name))
		}
	}
	for _, name := range given {
		add(name, m.FieldLazy(t, name))
	}
	m.Allocate(len(names) * valueSize)
	return eval.NewObject(names, values)
}

// patchBoth patches a field that the target has too. The target's is evaluated even
// where nothing of it stays.
func patchBoth(m *eval.Machine, target, patch *eval.Object, name string) eval.Value {
	t := m.Index(target, name)
	p := m.Index(patch, name)
	if p.Kind() != eval.ObjectKind {
		return p
	}
	return mergePatch(m, t, p)
}

// pruner goes through nested data.
type pruner struct {
	m     *eval.Machine
	depth int
}

// prune leaves out what is null or empty, at all depths, and hidden fields. All the
// data is evaluated to see what is empty.
func prune(m *eval.Machine, v eval.Value) eval.Value {
	p := pruner{m: m}
	return p.prune(v)
}

func (p *pruner) prune(v eval.Value) eval.Value {
	k := v.Kind()
	if k != eval.ArrayKind && k != eval.ObjectKind {
		return v
	}
	p.m.Step()
	p.depth++
	if p.depth > maxDepth {
		p.m.Fail("std.prune: `a` nests deeper than %d arrays and objects", maxDepth)
	}
	if k == eval.ArrayKind {
		v = p.array(v.Array())
	} else {
		v = p.object(v.Object())
	}
	p.depth--
	return v
}

func (p *pruner) array(a *eval.Array) eval.Value {
	var out gathered
	for i := range a.Len() {
		p.m.Round(i)
		v := a.At(p.m, i)
		pruned := p.prune(v)
		switch {
		case !p.stays(pruned):
		case pruned == v:
			out.add(p.m, a.Lazy(p.m, i))
		default:
			out.add(p.m, pruned)
		}
	}
	return out.value()
}

func (p *pruner) object(o *eval.Object) eval.Value {
	names := p.m.Names(o, false)
	p.m.Allocate(len(names) * valueSize)
	kept, values := names[:0], make([]eval.Value, 0, len(names))
	for _, name := range names {
		v := p.m.Index(o, name)
		pruned := p.prune(v)
		if !p.stays(pruned) {
			continue
		}
		if pruned == v {
			pruned = p.m.FieldLazy(o, name)
		}
		kept, values = append(kept, name), append(values, pruned)
	}
	return eval.NewObject(slices.Clip(kept), values)
}

// stays tells whether something is left of a pruned value.
func (p *pruner) stays(v eval.Value) bool {
	switch v.Kind() {
	case eval.NullKind:
		return false
	case eval.ArrayKind:
		return v.Array().Len() > 0
	case eval.ObjectKind:
		return p.m.FieldCount(v.Object(), false) > 0
	}
	return true
}
