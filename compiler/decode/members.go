package decode

import (
	"go.yaml.in/yaml/v3"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// members are the fields of one object while it is read.
type members struct {
	*converter
	fields []value.Field
	at     map[string]int // the index of the field of a name
}

func (c *converter) members(size int) *members {
	return &members{converter: c, fields: make([]value.Field, 0, size), at: make(map[string]int, size)}
}

// fill reads the members of a mapping. Those that come through a merge key may meet
// one of the same name; of two the later one stands, as in sigs.k8s.io/yaml.
func (m *members) fill(n *yaml.Node) bool {
	all := true
	own := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		if isMerge(key) {
			all = m.merge(val) && all
			continue
		}
		name, named := m.name(key)
		v, ok := m.node(val)
		if !named || !ok {
			all = false
			continue
		}
		if first := own[name]; first != nil {
			if m.firsthand() {
				m.duplicate(name, m.place(key), m.place(first))
			}
			all = false
			continue
		}
		own[name] = key
		m.set(value.Field{Name: name, Value: v, Origin: m.origin(key)})
	}
	return all
}

func (m *members) set(f value.Field) {
	if i, ok := m.at[f.Name]; ok {
		m.fields[i] = f
		return
	}
	m.at[f.Name] = len(m.fields)
	m.fields = append(m.fields, f)
}

// name is the text of a field's name, which must be a scalar but null.
func (m *members) name(key *yaml.Node) (name string, ok bool) {
	name, problem, ok := m.resolveName(key)
	if problem != "" && m.firsthand() {
		m.fail(diag.NoJSONValue, m.place(key), "write the name in quotes", "%s", problem)
	}
	return name, ok
}

func (m *members) resolveName(key *yaml.Node) (name, problem string, ok bool) {
	if !m.visit(key) {
		return "", "", false
	}
	switch key.Kind {
	case yaml.AliasNode:
		leave, ok := m.enter(key)
		if !ok {
			return "", "", false
		}
		defer leave()
		return m.resolveName(key.Alias)
	case yaml.ScalarNode:
		got, problem := resolve(key)
		if problem != "" {
			return "", problem, false
		}
		if name, ok := got.name(); ok {
			return name, "", true
		}
		return "", "the name of a field cannot be " + got.String(), false
	}
	return "", "the name of a field cannot be an array or an object", false
}

func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Value == "<<" && key.Tag == "!!merge"
}

// merge reads what stands at a merge key: a mapping, or several, of which the earlier
// ones win.
func (m *members) merge(n *yaml.Node) bool {
	if n.Kind != yaml.SequenceNode {
		return m.mergeOne(n)
	}
	all := true
	for i := len(n.Content) - 1; i >= 0; i-- {
		all = m.mergeOne(n.Content[i]) && all
	}
	return all
}

func (m *members) mergeOne(n *yaml.Node) bool {
	if !m.visit(n) {
		return false
	}
	switch n.Kind {
	case yaml.AliasNode:
		leave, ok := m.enter(n)
		if !ok {
			return false
		}
		defer leave()
		return m.mergeOne(n.Alias)
	case yaml.MappingNode:
		leave, ok := m.descend(n)
		if !ok {
			return false
		}
		defer leave()
		return m.fill(n)
	}
	m.fail(diag.BadAlias, m.place(n), "", "a merge key (<<) needs an object or an array of objects")
	return false
}
