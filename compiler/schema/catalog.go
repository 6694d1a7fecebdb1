package schema

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/couplet-k8s/couplet/schemas"
)

// Catalog is the set of kinds that one environment may use. Adding to it is not safe
// for concurrent use; everything else is, once nothing is added any more.
type Catalog struct {
	minor      *schemas.Minor
	custom     map[groupKind]*definition
	objectMeta *schemas.Schema
	told       []string // apiVersions that the server was told to serve

	texts func() (*schemas.Descriptions, error)
}

type groupKind struct{ group, kind string }

// Kind is one kind that objects can have.
type Kind struct {
	Group, Version, Kind string
	// Plural is the name of its resource, such as deployments.
	Plural string
	// Namespaced tells whether its objects live in namespaces.
	Namespaced bool
	// Custom tells whether a CustomResourceDefinition of the bundle made it.
	Custom bool
}

// APIVersion is the kind's group and version as an object gives them: apps/v1, or v1.
func (k Kind) APIVersion() string { return apiVersion(k.Group, k.Version) }

func apiVersion(group, version string) string {
	if group == "" {
		return version
	}
	return group + "/" + version
}

// opened holds the minors in use by name, for all catalogs.
var opened sync.Map // of *schemas.Minor

// New makes the catalog of a Kubernetes minor, such as 1.37; "" means the newest that
// couplet knows. The error names the known ones.
func New(minor string) (*Catalog, error) {
	if minor == "" {
		minor = schemas.Newest()
	}
	m, err := schemas.Open(minor)
	if err != nil {
		return nil, err
	}
	shared, _ := opened.LoadOrStore(m.Name(), m)
	return newOf(shared.(*schemas.Minor)), nil
}

func newOf(m *schemas.Minor) *Catalog {
	return &Catalog{
		minor:      m,
		custom:     map[groupKind]*definition{},
		objectMeta: m.Definition("io.k8s.apimachinery.pkg.apis.meta.v1", "ObjectMeta"),
		texts:      sync.OnceValues(func() (*schemas.Descriptions, error) { return schemas.OpenDescriptions(m) }),
	}
}

// Serve adds APIs, such as storage.k8s.io/v1alpha1, that the server serves because it was
// told to. Those that the minor does not have add nothing.
func (c *Catalog) Serve(apiVersions []string) { c.told = append(c.told, apiVersions...) }

// serves tells whether a kind of the minor is served.
func (c *Catalog) serves(k schemas.Kind) bool {
	return !k.Off || slices.Contains(c.told, apiVersion(k.Group, k.Version))
}

// Minor is the Kubernetes minor, such as 1.37.
func (c *Catalog) Minor() string { return c.minor.Name() }

// Scope tells whether objects of a kind live in a namespace. A version that is not
// known is no obstacle, for all versions of a kind have one scope; lists are not
// objects and have none.
func (c *Catalog) Scope(group, version, kind string) (namespaced, known bool) {
	if k, ok := c.minor.Lookup(group, version, kind); ok {
		return k.Namespaced, !k.List
	}
	if d := c.custom[groupKind{group, kind}]; d != nil {
		return d.namespaced, true
	}
	for _, k := range c.minor.Kinds() {
		if k.Group == group && k.Kind == kind && !k.List {
			return k.Namespaced, true
		}
	}
	return false, false
}

// Kinds lists the kinds that objects can have, sorted by group, version and kind.
func (c *Catalog) Kinds() []Kind {
	var out []Kind
	for _, k := range c.minor.Kinds() {
		if !k.List && c.serves(k) {
			out = append(out, Kind{
				Group: k.Group, Version: k.Version, Kind: k.Kind,
				Plural: k.Plural, Namespaced: k.Namespaced,
			})
		}
	}
	for id, d := range c.custom {
		for _, v := range d.versions {
			out = append(out, Kind{
				Group: id.group, Version: v.name, Kind: id.kind,
				Plural: d.plural, Namespaced: d.namespaced, Custom: true,
			})
		}
	}
	slices.SortFunc(out, func(a, b Kind) int {
		return cmp.Or(
			strings.Compare(a.Group, b.Group),
			strings.Compare(a.Version, b.Version),
			strings.Compare(a.Kind, b.Kind),
		)
	})
	return out
}

// target is what an object of one kind is checked against.
type target struct {
	schema *schemas.Schema
	rules  ruleSet // nil for a built-in kind
	// defaults tells whether the schema has any.
	defaults bool
	// looseStatus says that the server does not take the status from an object.
	looseStatus bool
}

// find gives the schema of a kind. It may be known and yet have none, where a
// CustomResourceDefinition gives none.
func (c *Catalog) find(group, version, kind string) (t target, known bool) {
	if k, ok := c.minor.Lookup(group, version, kind); ok && c.serves(k) {
		return target{schema: c.minor.Schema(k), looseStatus: true}, true
	}
	d := c.custom[groupKind{group, kind}]
	if d == nil {
		return target{}, false
	}
	for _, v := range d.versions {
		if v.name == version {
			return v.target(), true
		}
	}
	return target{}, false
}
