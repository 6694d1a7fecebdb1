package schema

import (
	"slices"
	"strings"
	"sync"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// definition is what a CustomResourceDefinition says about a kind.
type definition struct {
	plural     string
	namespaced bool
	versions   []definedVersion
}

// definedVersion is one served version of a custom kind.
type definedVersion struct {
	name   string
	target func() target
}

// AddCRD adds the kind that a CustomResourceDefinition defines, each of its served
// versions. Of two definitions of one kind the later one counts. Any other object is
// ignored, and so is whatever is wrong with the definition's form: it is an object
// itself, and checking it says so.
func (c *Catalog) AddCRD(obj value.Value) {
	group, _, _ := strings.Cut(obj.Get("apiVersion").Str(), "/")
	if group != "apiextensions.k8s.io" || obj.Get("kind").Str() != "CustomResourceDefinition" {
		return
	}
	spec := obj.Get("spec")
	id := groupKind{spec.Get("group").Str(), spec.Get("names", "kind").Str()}
	if id.group == "" || id.kind == "" {
		return
	}
	d := &definition{
		plural:     spec.Get("names", "plural").Str(),
		namespaced: spec.Get("scope").Str() != "Cluster",
	}
	for _, v := range spec.Get("versions").Items() {
		name := v.Get("name").Str()
		twice := slices.ContainsFunc(d.versions, func(known definedVersion) bool { return known.name == name })
		if name != "" && !twice && v.Get("served").Bool() {
			d.versions = append(d.versions, definedVersion{name, c.convertLater(v, id.kind)})
		}
	}
	c.custom[id] = d
}

// convertLater makes the schema of a version when it is first asked for.
func (c *Catalog) convertLater(version value.Value, kind string) func() target {
	return sync.OnceValue(func() target {
		published := version.Get("schema", "openAPIV3Schema")
		if published.Kind() != value.KindObject {
			return target{}
		}
		b := builder{catalog: c, rules: ruleSet{}}
		return target{
			schema:      b.root(published, kind),
			rules:       b.rules,
			defaults:    b.defaults,
			looseStatus: version.Get("subresources", "status").Kind() == value.KindObject,
		}
	})
}
