package judgement

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// Mutant is a valid object with one or two changes.
type Mutant struct {
	Object Object
	// Changes says what was done, for people.
	Changes string
}

// Mutants makes n mutants of an object, the same ones for the same seed.
func Mutants(o Object, n int, seed uint64) []Mutant {
	r := rand.New(rand.NewPCG(seed, 0x636f75706c6574))
	out := make([]Mutant, 0, n)
	for len(out) < n {
		m := &mutator{r: r}
		object := clone(o).(Object)
		for range 1 + r.IntN(6)/5 {
			m.change(object)
		}
		if len(m.changes) > 0 {
			out = append(out, Mutant{object, strings.Join(m.changes, ", ")})
		}
	}
	return out
}

func clone(v any) any {
	switch v := v.(type) {
	case Object:
		out := Object{}
		for name, member := range v {
			out[name] = clone(member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = clone(item)
		}
		return out
	}
	return v
}

type mutator struct {
	r       *rand.Rand
	changes []string
}

// place is where a value stands, in its object or list.
type place struct {
	path string
	in   any // Object or *[]any, by set
	key  string
	at   int
	list []any
	set  func(list []any) // gives the holder of a list another one
}

func (p place) value() any {
	if o, ok := p.in.(Object); ok {
		return o[p.key]
	}
	return p.list[p.at]
}

func (p place) put(v any) {
	if o, ok := p.in.(Object); ok {
		o[p.key] = v
		return
	}
	p.list[p.at] = v
}

// fixed are the paths whose change makes another request of it, not another object.
var fixed = []string{"apiVersion", "kind", "metadata", "metadata.name", "metadata.namespace"}

func places(o Object) []place {
	var out []place
	var walk func(path string, v any, set func([]any))
	walk = func(path string, v any, set func([]any)) {
		switch v := v.(type) {
		case Object:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				inner := strings.TrimPrefix(path+"."+key, ".")
				if !slices.Contains(fixed, inner) {
					out = append(out, place{path: inner, in: v, key: key})
				}
				walk(inner, v[key], func(list []any) { v[key] = list })
			}
		case []any:
			for i, item := range v {
				inner := fmt.Sprintf("%s[%d]", path, i)
				out = append(out, place{path: inner, list: v, at: i, set: set})
				walk(inner, item, func(list []any) { v[i] = list })
			}
		}
	}
	walk("", o, nil)
	return out
}

func (m *mutator) change(o Object) {
	all := places(o)
	if len(all) == 0 {
		return
	}
	p := all[m.r.IntN(len(all))]
	holder, isMember := p.in.(Object)
	var what string
	switch m.r.IntN(10) {
	case 0:
		what = "dropped"
		if isMember {
			delete(holder, p.key)
		} else {
			p.set(slices.Delete(slices.Clone(p.list), p.at, p.at+1))
		}
	case 1:
		if !isMember {
			what = "duplicated"
			p.set(append(slices.Clone(p.list), clone(p.value())))
			break
		}
		name := m.rename(p.key)
		what = "renamed to " + name
		holder[name] = p.value()
		delete(holder, p.key)
	case 2:
		what = "null"
		p.put(nil)
	case 3, 4:
		v := m.retype(p.value())
		what = "retyped to " + text(v)
		p.put(v)
	case 5:
		q := all[m.r.IntN(len(all))]
		what = "replaced by " + q.path
		p.put(clone(q.value()))
	case 6:
		if isMember {
			name := []string{"extra", "name", "type", "value", "enabled", "labels", "ports"}[m.r.IntN(7)]
			what = "given a sibling " + name
			holder[name] = m.anything()
			break
		}
		fallthrough
	default:
		v := m.other(p.value())
		what = "set to " + text(v)
		p.put(v)
	}
	m.changes = append(m.changes, p.path+" "+what)
}

func text(v any) string {
	out, err := json.Marshal(v)
	if err != nil || len(out) > 60 {
		return fmt.Sprintf("%.57s...", out)
	}
	return string(out)
}

func (m *mutator) rename(name string) string {
	if len(name) < 2 {
		return name + "s"
	}
	i := m.r.IntN(len(name) - 1)
	switch m.r.IntN(4) {
	case 0:
		return name[:i] + name[i+1:]
	case 1:
		return name[:i] + string(name[i+1]) + string(name[i]) + name[i+2:]
	case 2:
		return strings.ToUpper(name[:1]) + name[1:]
	}
	return name + "s"
}

func (m *mutator) anything() any {
	return []any{nil, true, 7, "text", []any{}, Object{}, []any{"a"}, Object{"a": "b"}, 1.5, ""}[m.r.IntN(10)]
}

func (m *mutator) retype(v any) any {
	switch v := v.(type) {
	case string:
		return []any{7, true, []any{v}, Object{v: v}, 0.5, nil}[m.r.IntN(6)]
	case bool:
		return []any{fmt.Sprint(v), 1, nil, "yes"}[m.r.IntN(4)]
	case []any:
		if len(v) > 0 && m.r.IntN(2) == 0 {
			return v[0]
		}
		return []any{"text", Object{}, true}[m.r.IntN(3)]
	case Object:
		if m.r.IntN(2) == 0 {
			return []any{v}
		}
		return []any{"text", 1, true}[m.r.IntN(3)]
	case nil:
		return m.anything()
	}
	return []any{fmt.Sprint(v), true, []any{v}, Object{}}[m.r.IntN(4)]
}

// other is another value of the same type, more often a wrong one.
func (m *mutator) other(v any) any {
	switch v := v.(type) {
	case string:
		return []any{
			"", v + "x", strings.ToUpper(v), "-" + v, v + "-", v + " ", "a b", strings.Repeat("a", 64), strings.Repeat("a", 254),
			"ä", "1", v + "/" + v, v + "_", "None", "0", "-1", "true", "*", "..", "/" + v, "10.0.0.1", "a.b.c", "http://x", "5%", "1Gi", "250m",
		}[m.r.IntN(26)]
	case bool:
		return !v
	case []any:
		if len(v) == 0 || m.r.IntN(2) == 0 {
			return []any{}
		}
		return append(slices.Clone(v), clone(v[m.r.IntN(len(v))]))
	case Object:
		if m.r.IntN(2) == 0 {
			return Object{}
		}
		out := clone(v).(Object)
		out[m.rename("field")] = m.anything()
		return out
	case nil:
		return m.anything()
	}
	return []any{0, -1, 1, 65536, 1 << 31, -5, 1.5, 100, 101, 1e10, 4294967296, 3}[m.r.IntN(12)]
}
