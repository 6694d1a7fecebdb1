package schema

import (
	"regexp"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// builder converts the schema of a custom resource: what Kubernetes calls a
// structural schema into schemas.Schema, and what that cannot hold into rules.
type builder struct {
	catalog  *Catalog
	rules    ruleSet
	defaults bool
	// logical is set inside allOf, anyOf, oneOf and not, which judge values and do not
	// say which members there are.
	logical bool
}

// root converts the schema of a whole object. Whatever it says of apiVersion, kind
// and metadata, they are those of every object; only the metadata's name may be
// narrowed.
func (b *builder) root(published value.Value, kind string) *schemas.Schema {
	s := b.schema(published)
	b.asObject(s, published)
	s.Members.Name = kind
	return s
}

// schema converts one schema.
func (b *builder) schema(published value.Value) *schemas.Schema {
	s := &schemas.Schema{
		Type:   schemas.Types(published.Get("type").Str()),
		Format: schemas.Formats(published.Get("format").Str()),
	}
	if published.Get("x-kubernetes-int-or-string").Bool() {
		s.Type, s.Format = schemas.Any, schemas.FormatIntOrString
	}
	for flag, key := range structuralFlags {
		if published.Get(key).Bool() {
			s.Flags |= flag
		}
	}
	if items := published.Get("items"); items.Kind() == value.KindObject {
		s.Elem = b.schema(items)
	}
	b.members(s, published)
	b.merge(s, published)
	b.rule(s, published)
	if s.Flags&schemas.Embedded != 0 && s.Type == schemas.Object && !b.logical {
		b.asObject(s, published)
		s.Members.Required = sortedSet(append(s.Members.Required, "apiVersion", "kind"))
	}
	return s
}

var structuralFlags = map[schemas.Flags]string{
	schemas.Preserve: "x-kubernetes-preserve-unknown-fields",
	schemas.Embedded: "x-kubernetes-embedded-resource",
	schemas.Nullable: "nullable",
}

// members converts properties, required and additionalProperties. A structural schema
// of type object is closed unless it says otherwise.
func (b *builder) members(s *schemas.Schema, published value.Value) {
	m := &schemas.Members{Required: sortedSet(texts(published.Get("required")))}
	for _, f := range published.Get("properties").Fields() {
		m.Properties = append(m.Properties, schemas.Property{Name: f.Name, Schema: b.schema(f.Value)})
	}
	switch more := published.Get("additionalProperties"); more.Kind() {
	case value.KindObject:
		s.Elem = b.schema(more)
	case value.KindBool:
		if more.Bool() {
			s.Flags |= schemas.Preserve
		}
	}
	if b.logical {
		s.Flags |= schemas.Preserve
	}
	if s.Type == schemas.Object || len(m.Properties)+len(m.Required) > 0 {
		s.Members = m
	}
}

// asObject gives a schema the members that every object has.
func (b *builder) asObject(s *schemas.Schema, published value.Value) {
	if s.Members == nil {
		s.Members = &schemas.Members{}
	}
	text := &schemas.Schema{Type: schemas.String}
	s.Type = schemas.Object
	s.Members.Properties = slices.DeleteFunc(s.Members.Properties, func(p schemas.Property) bool {
		return p.Name == "apiVersion" || p.Name == "kind" || p.Name == "metadata"
	})
	s.Members.Properties = append(s.Members.Properties,
		schemas.Property{Name: "apiVersion", Schema: text},
		schemas.Property{Name: "kind", Schema: text},
		schemas.Property{Name: "metadata", Schema: b.metadata(published.Get("properties", "metadata", "properties"))})
	slices.SortFunc(s.Members.Properties, func(a, b schemas.Property) int { return strings.Compare(a.Name, b.Name) })
}

// metadata is ObjectMeta, with what a custom resource's schema asks of the name.
func (b *builder) metadata(narrowed value.Value) *schemas.Schema {
	if len(narrowed.Fields()) == 0 {
		return b.catalog.objectMeta
	}
	s, m := *b.catalog.objectMeta, *b.catalog.objectMeta.Members
	m.Properties = slices.Clone(m.Properties)
	for i, p := range m.Properties {
		if p.Name == "name" || p.Name == "generateName" {
			if published := narrowed.Get(p.Name); published.Kind() == value.KindObject {
				m.Properties[i].Schema = b.schema(published)
			}
		}
	}
	s.Members = &m
	return &s
}

func (b *builder) merge(s *schemas.Schema, published value.Value) {
	types := map[string]schemas.ListType{"atomic": schemas.ListAtomic, "set": schemas.ListSet, "map": schemas.ListMap}
	if list := types[published.Get("x-kubernetes-list-type").Str()]; list != schemas.ListUnset {
		s.Merge = &schemas.Merge{List: list, Keys: texts(published.Get("x-kubernetes-list-map-keys"))}
	}
}

// rule converts what goes beyond types and members.
func (b *builder) rule(s *schemas.Schema, published value.Value) {
	r := &rules{
		minimum: number(published, "minimum"), maximum: number(published, "maximum"),
		multipleOf:       number(published, "multipleOf"),
		exclusiveMinimum: published.Get("exclusiveMinimum").Bool(),
		exclusiveMaximum: published.Get("exclusiveMaximum").Bool(),
		length:           limitsOf(published, "minLength", "maxLength"),
		items:            limitsOf(published, "minItems", "maxItems"),
		properties:       limitsOf(published, "minProperties", "maxProperties"),
		fallback:         published.Get("default"),
		description:      published.Get("description").Str(),
	}
	if pattern := published.Get("pattern").Str(); pattern != "" {
		r.pattern, _ = regexp.Compile(pattern)
	}
	b.enum(s, r, published.Get("enum"))
	b.alternatives(r, published)
	b.defaults = b.defaults || !r.fallback.IsNull()
	b.rules[s] = r
}

// enum puts an enumeration of texts into the schema and any other into the rules.
func (b *builder) enum(s *schemas.Schema, r *rules, published value.Value) {
	items := published.Items()
	if !slices.ContainsFunc(items, func(v value.Value) bool { return v.Kind() != value.KindString }) {
		s.Enum = sortedSet(texts(published))
		return
	}
	r.enum = items
}

func (b *builder) alternatives(r *rules, published value.Value) {
	inner := &builder{catalog: b.catalog, rules: b.rules, logical: true}
	list := func(key string) (out []*schemas.Schema) {
		for _, v := range published.Get(key).Items() {
			out = append(out, inner.schema(v))
		}
		return out
	}
	r.allOf, r.anyOf, r.oneOf = list("allOf"), list("anyOf"), list("oneOf")
	if not := published.Get("not"); not.Kind() == value.KindObject {
		r.not = inner.schema(not)
	}
}

func number(v value.Value, key string) *float64 {
	if n := v.Get(key); n.Kind() == value.KindNumber {
		f := n.Float()
		return &f
	}
	return nil
}

func limitsOf(v value.Value, minimum, maximum string) limits {
	return limits{number(v, minimum), number(v, maximum)}
}

func texts(v value.Value) []string {
	var out []string
	for _, item := range v.Items() {
		if item.Kind() == value.KindString {
			out = append(out, item.Str())
		}
	}
	return out
}

func sortedSet(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
