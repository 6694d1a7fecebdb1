package schema

import (
	"testing"

	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// generator makes values out of bytes. It takes member names from the schema now and
// then, so that the walk gets somewhere.
type generator struct {
	data []byte
	left int
}

func (g *generator) next() int {
	if len(g.data) == 0 {
		return 0
	}
	b := g.data[0]
	g.data = g.data[1:]
	return int(b)
}

func (g *generator) value(s *schemas.Schema) value.Value {
	if g.left--; g.left < 0 {
		return value.Null
	}
	switch choice := g.next(); choice % 9 {
	case 0:
		return value.Null
	case 1:
		return value.Bool(choice > 100)
	case 2:
		return value.Number(float64(g.next()-100) * 1e9)
	case 3:
		return value.Exact("123456789012345678901234567890", 1.2345678901234568e29)
	case 4:
		return value.String([]string{"", "1", "Always", "aGk=", "2020-01-02T03:04:05Z", "\xff"}[g.next()%6])
	case 5:
		return g.array(s)
	}
	return g.object(s)
}

func (g *generator) array(s *schemas.Schema) value.Value {
	var items []value.Value
	for range g.next() % 4 {
		items = append(items, g.value(element(s)))
	}
	return value.Array(items...)
}

func (g *generator) object(s *schemas.Schema) value.Value {
	var fields []value.Field
	for range g.next() % 6 {
		name, inner := "other", element(s)
		if s != nil && len(s.Names()) > 0 && g.next() > 20 {
			name = s.Names()[g.next()%len(s.Names())]
			inner = s.Property(name)
		}
		fields = append(fields, value.Field{Name: name, Value: g.value(inner)})
	}
	return value.Object(fields...)
}

func element(s *schemas.Schema) *schemas.Schema {
	if s == nil || s.Elem == nil {
		return nil
	}
	return s.Elem.Resolve()
}

// FuzzCheck: no value makes a check panic, and the same value gives the same findings.
func FuzzCheck(f *testing.F) {
	c := newCatalog(f, widgetCRD)
	kinds := []Kind{
		{Group: "apps", Version: "v1", Kind: "Deployment"},
		{Version: "v1", Kind: "Secret"},
		{Version: "v1", Kind: "Service"},
		{Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition"},
		{Group: "example.com", Version: "v1", Kind: "Widget"},
	}
	f.Add([]byte("\x00\x07\x05\xff\x03\x08\x05\xff\x02\x06\x05"))
	f.Add([]byte("\x03\xff\xff\xff\x05\x05\x05\x05\x06\x06\x06\x06\x08\x08\x08"))
	f.Fuzz(func(t *testing.T, data []byte) {
		g := &generator{data: data, left: 2000}
		k := kinds[g.next()%len(kinds)]
		known, _ := c.find(k.Group, k.Version, k.Kind)
		obj := g.object(known.schema)
		if g.next() > 5 {
			obj = obj.With("apiVersion", value.String(k.APIVersion())).With("kind", value.String(k.Kind))
		}
		if first, second := lines(c.Check(obj)), lines(c.Check(obj)); first != second {
			t.Errorf("one object, two answers:\n%s\n%s", first, second)
		}
		newCatalog(t).AddCRD(obj)
	})
}

// FuzzAddCRD: no definition makes adding it, or checking against it, panic.
func FuzzAddCRD(f *testing.F) {
	props, _ := newCatalog(f).find("apiextensions.k8s.io", "v1", "CustomResourceDefinition")
	published := props.schema.Property("spec").Property("versions").Elem.Resolve().Property("schema").Property("openAPIV3Schema")
	f.Add([]byte("\x05\xff\x03\x08\x05\xff\x02\x06\x05"))
	f.Fuzz(func(t *testing.T, data []byte) {
		g := &generator{data: data, left: 2000}
		version := value.Object(
			value.Field{Name: "name", Value: value.String("v1")},
			value.Field{Name: "served", Value: value.Bool(true)},
			value.Field{Name: "schema", Value: value.Object(value.Field{Name: "openAPIV3Schema", Value: g.object(published)})},
		)
		whole := parse(t, widgetCRD)
		c := newCatalog(t)
		c.AddCRD(whole.With("spec", whole.Get("spec").With("versions", value.Array(version))))
		c.Check(parse(t, widget("tags: [a, null]")))
		c.Check(g.object(nil).With("apiVersion", value.String("example.com/v1")).With("kind", value.String("Widget")))
	})
}
