package schemas

import (
	"cmp"
	"sort"
	"strings"
	"sync/atomic"

	"github.com/couplet-k8s/couplet/schemas/internal/format"
)

// Minor is the API of one Kubernetes minor.
type Minor struct {
	name  string
	c     sections
	kinds section // numbers of kinds, sorted by group, version and kind
	count int     // of kinds
	names section // for each name 1 + the number of its definition, or 0
	slots []slot  // by name
}

// slot remembers what was decoded of one definition.
type slot struct {
	reference, definition atomic.Pointer[Schema]
}

// Kind is one kind of object of an API.
type Kind struct {
	Group, Version, Kind string
	// Plural is the name of its resource, such as deployments; "" for a List.
	Plural string
	// Namespaced tells whether its objects live in namespaces.
	Namespaced bool
	// List tells whether it is a list of objects, such as DeploymentList.
	List bool
	// Off tells that a server does not serve it unless told to: it is an early version.
	Off bool

	name uint32
}

func newMinor(c sections, record section) *Minor {
	count := record.uint(1)
	return &Minor{
		name:  c.text(record.uint(0)),
		c:     c,
		kinds: record.from(8),
		count: count,
		names: record.from(8 + 4*count),
		slots: make([]slot, c.names.uint(0)),
	}
}

// Name is the minor as users write it, such as 1.37.
func (m *Minor) Name() string { return m.name }

// Kinds lists all kinds, sorted by group, version and kind.
func (m *Minor) Kinds() []Kind {
	out := make([]Kind, m.count)
	for i := range out {
		out[i] = m.kind(i)
	}
	return out
}

// Lookup finds a kind.
func (m *Minor) Lookup(group, version, kind string) (Kind, bool) {
	i, found := sort.Find(m.count, func(i int) int {
		k := m.kind(i)
		return cmp.Or(
			strings.Compare(group, k.Group),
			strings.Compare(version, k.Version),
			strings.Compare(kind, k.Kind),
		)
	})
	if !found {
		return Kind{}, false
	}
	return m.kind(i), true
}

func (m *Minor) kind(i int) Kind {
	const words = 6
	at := 1 + words*m.kinds.uint(i)
	text := func(field int) string { return m.c.text(m.c.kinds.uint(at + field)) }
	flags := format.KindFlags(m.c.kinds.uint(at + 5))
	return Kind{
		Group: text(0), Version: text(1), Kind: text(2), Plural: text(3),
		name:       uint32(m.c.kinds.uint(at + 4)),
		Namespaced: flags&format.Namespaced != 0,
		List:       flags&format.List != 0,
		Off:        flags&format.Off != 0,
	}
}

// Schema gives the definition of a kind that this minor listed.
func (m *Minor) Schema(k Kind) *Schema { return m.definition(k.name) }

// Definition finds a definition by the two parts of its name; nil where there is none.
func (m *Minor) Definition(pkg, name string) *Schema {
	for i := range len(m.slots) {
		if m.c.text(m.c.names.uint(2+2*i)) == name && m.c.text(m.c.names.uint(1+2*i)) == pkg && m.names.uint(i) != 0 {
			return m.definition(uint32(i))
		}
	}
	return nil
}

// definition decodes a definition when it is first asked for. Two goroutines may
// both decode it; one result stays.
func (m *Minor) definition(name uint32) *Schema {
	kept := &m.slots[name].definition
	if s := kept.Load(); s != nil {
		return s
	}
	d := decoder{m: m, body: m.c.definitions.item(m.names.uint(int(name)) - 1)}
	s := d.schema()
	if s.Members != nil {
		s.Members.Package = m.c.text(m.c.names.uint(1 + 2*int(name)))
		s.Members.Name = m.c.text(m.c.names.uint(2 + 2*int(name)))
	}
	kept.CompareAndSwap(nil, s)
	return kept.Load()
}

// reference gives the one schema that stands for references to a definition.
func (m *Minor) reference(name uint32) *Schema {
	kept := &m.slots[name].reference
	if s := kept.Load(); s != nil {
		return s
	}
	kept.CompareAndSwap(nil, &Schema{minor: m, ref: name})
	return kept.Load()
}
