package relations

import (
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/schema"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Input is what is checked.
type Input struct {
	// Objects are those of the bundle.
	Objects []value.Value
	// Given are objects that the cluster holds.
	Given []value.Value
	// External declares further objects.
	External External
	// Namespace is that of objects that name none; it is taken to exist.
	Namespace string
	// Namespaced tells whether objects of a kind live in namespaces.
	Namespaced func(apiVersion, kind string) bool
}

// Finding is a finding about one of the objects.
type Finding struct {
	// Object counts the objects of the bundle from 0.
	Object int
	schema.Finding
}

// identity is what objects are referred to by. The group is left out: no two kinds that
// are looked for here share a name.
type identity struct{ kind, namespace, name string }

func (id identity) String() string {
	if id.namespace == "" {
		return id.kind + " " + id.name
	}
	return id.kind + " " + id.namespace + "/" + id.name
}

type checker struct {
	Input
	known map[identity]value.Value
	// own are the numbers of the bundle's objects, held are the objects that are given. What is
	// both is known as the bundle has it.
	own    map[identity]int
	held   map[identity]bool
	owners map[string][]string // names of custom resources by namespace: operators make pods of them
	pods   []podTemplate
	// labelled are the numbers of pods by one of their labels, and of all of a namespace.
	labelled map[label][]int
	names    map[identity][]string // of objects, by kind and namespace; sorted when first asked for
	found    []Finding

	at        int
	namespace string // of the object at which the check is
}

// Check gives what the objects have against each other, in their order.
func Check(in Input) []Finding {
	c := &checker{Input: in, known: map[identity]value.Value{}, own: map[identity]int{}, held: map[identity]bool{}, owners: map[string][]string{}, labelled: map[label][]int{}, names: map[identity][]string{}}
	for i, o := range in.Objects {
		c.own[c.identityOf(o)] = i
	}
	for _, o := range in.Given {
		id := c.identityOf(o)
		if c.held[id] = true; !c.isOwn(id) {
			c.learn(-1, o)
		}
	}
	for i, o := range in.Objects {
		c.learn(i, o)
	}
	missing := map[string]bool{}
	for i, o := range in.Objects {
		c.at, c.namespace = i, c.namespaceOf(o)
		c.namespaceExists(o, missing)
		if check := checks[kindOf(o)]; check != nil {
			check(c, o)
		}
		c.podReferences(o)
	}
	c.quotas()
	c.nodePorts()
	slices.SortStableFunc(c.found, func(a, b Finding) int { return a.Object - b.Object })
	return c.found
}

// learn notes an object, and the pods that it makes.
func (c *checker) learn(i int, o value.Value) {
	id := c.identityOf(o)
	namespace, name := id.namespace, id.name
	c.known[id] = o
	if isCustom(o.Get("apiVersion").Str()) {
		c.owners[namespace] = append(c.owners[namespace], name)
	}
	if t, ok := templateOf(o); ok {
		t.object, t.namespace = i, namespace
		c.labelled[label{namespace: namespace}] = append(c.labelled[label{namespace: namespace}], len(c.pods))
		for _, f := range t.labels().Fields() {
			own := label{namespace, f.Name, f.Value.Str()}
			c.labelled[own] = append(c.labelled[own], len(c.pods))
		}
		c.pods = append(c.pods, t)
	}
}

func (c *checker) isOwn(id identity) bool {
	_, ok := c.own[id]
	return ok
}

func (c *checker) identityOf(o value.Value) identity {
	return identity{o.Get("kind").Str(), c.namespaceOf(o), o.Get("metadata", "name").Str()}
}

// isCustom tells whether an apiVersion is of a group that is not Kubernetes' own.
func isCustom(apiVersion string) bool {
	group, _, ok := strings.Cut(apiVersion, "/")
	return ok && strings.Contains(group, ".") && !strings.HasSuffix(group, ".k8s.io")
}

// kindOf is a kind with its group: Deployment.apps.
func kindOf(o value.Value) string {
	group, _, ok := strings.Cut(o.Get("apiVersion").Str(), "/")
	if !ok {
		return o.Get("kind").Str()
	}
	return o.Get("kind").Str() + "." + group
}

func (c *checker) namespaceOf(o value.Value) string {
	if !c.Namespaced(o.Get("apiVersion").Str(), o.Get("kind").Str()) {
		return ""
	}
	if ns := o.Get("metadata", "namespace").Str(); ns != "" {
		return ns
	}
	return c.Namespace
}

// exists tells whether there is an object.
func (c *checker) exists(id identity) bool {
	_, there := c.known[id]
	return there || c.External.has(id)
}

// add reports a finding about a value of the object at which the check is.
func (c *checker) add(code diag.Code, path *value.Path, v value.Value, hint, format string, args ...any) {
	c.found = append(c.found, Finding{Object: c.at, Finding: schema.Finding{
		Code: code, Severity: diag.Warning, Path: path, Origin: v.Origin(), Hint: hint,
		Message: path.String() + ": " + fmt.Sprintf(format, args...),
	}})
}

// refer reports a name that leads to nothing; v is the name.
func (c *checker) refer(kind, namespace string, path *value.Path, v value.Value) {
	id := identity{kind, namespace, v.Str()}
	if id.name == "" || c.exists(id) {
		return
	}
	c.add(diag.ReferenceMissing, path, v, c.nearest(id), "there is no %s, neither in the bundle nor declared as external", id)
}

// nearest suggests what a name may have meant.
func (c *checker) nearest(id identity) string {
	names := c.namesOf(id.kind, id.namespace)
	if near := diag.Suggest(id.name, names); near != "" {
		return fmt.Sprintf("did you mean `%s`?", near)
	}
	return fmt.Sprintf("if something else makes it, declare it in couplet.yaml, `external: [%s]`, or name it to --given", declaration(id))
}

// namesOf are the names of the objects of a kind in a namespace, sorted: none where there
// are so many that looking for one which is alike would take its time.
func (c *checker) namesOf(kind, namespace string) []string {
	all := identity{kind: kind, namespace: namespace}
	names, known := c.names[all]
	if known {
		return names
	}
	for id := range c.known {
		if id.kind == kind && id.namespace == namespace {
			names = append(names, id.name)
		}
	}
	const most = 1000
	if len(names) > most {
		names = nil
	}
	slices.Sort(names)
	c.names[all] = names
	return names
}

// namespaceExists reports a namespace that nobody makes, once.
func (c *checker) namespaceExists(o value.Value, reported map[string]bool) {
	name := o.Get("metadata", "namespace")
	ns := c.namespace
	if ns == "" || ns == c.Namespace || reported[ns] || c.exists(identity{"Namespace", "", ns}) {
		return
	}
	reported[ns] = true
	var root *value.Path
	c.add(diag.NamespaceMissing, root.Member("metadata").Member("namespace"), name,
		c.nearest(identity{"Namespace", "", ns}), "no object of the bundle makes the namespace %s", ns)
}
