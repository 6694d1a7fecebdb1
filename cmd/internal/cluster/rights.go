package cluster

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/object"
)

// Rule allows verbs on objects of one resource. Without Names it is about all of them.
type Rule struct {
	Group, Resource string
	Names, Verbs    []string
}

// Grant is a set of rules in one namespace, or with Namespace "" in the whole cluster.
type Grant struct {
	Namespace string
	// Delegates tells that the rules are about giving rights to others, which stand apart.
	Delegates bool
	Rules     []Rule
}

// RightsOptions choose what is to be allowed.
type RightsOptions struct {
	Home Home
	// Namespace is that of objects that name none.
	Namespace string
	// ByCA tells that the cluster is known by the key of its authority, and not by the UID of
	// the namespace kube-system.
	ByCA bool
	// Prune adds what deletes.
	Prune bool
	// List adds the right to list and watch, which no name can limit.
	List bool
	// Explain adds what tells why something is not ready.
	Explain bool
	// AnyName leaves out the names of the bundle's objects.
	AnyName bool
	// Resource finds the resource of a kind.
	Resource func(apiVersion, kind string) (Resource, bool)
}

// Rights are what an apply of the objects needs, and no more: each verb is one that some
// request of this package has. Names limit all but what a POST creates, where the server does
// not look at the name; a server-side apply that creates has it in its path. What every
// authenticated user may do anyway, discovery and reviews of one's own access, is left out.
// Kinds whose resource is not known are given back.
func Rights(objects []object.Object, o RightsOptions) (grants []Grant, unknown []object.Object) {
	r := rights{RightsOptions: o, rules: map[grantKey]map[ruleKey]map[string]bool{}}
	r.keepNotes(len(objects), len(pack(bundleText(objects))))
	if !o.ByCA {
		r.allow("", namespaces, "kube-system", "get")
	}
	for _, ofNamespaces := range []bool{false, true} { // which depend on what is in them
		for _, one := range objects {
			if (one.Kind() == "Namespace") == ofNamespaces && !r.object(one) {
				unknown = append(unknown, one)
			}
		}
	}
	return r.grants(), unknown
}

type grantKey struct {
	namespace string
	delegates bool
}

// ruleKey is a rule but for its names.
type ruleKey struct{ group, resource, verbs string }

type rights struct {
	RightsOptions
	rules map[grantKey]map[ruleKey]map[string]bool // the names of each rule
}

// allow adds verbs on an object; name "" is any.
func (r *rights) allow(namespace string, of Resource, name string, verbs ...string) {
	r.add(grantKey{namespace, false}, of, name, verbs)
}

func (r *rights) add(to grantKey, of Resource, name string, verbs []string) {
	if r.rules[to] == nil {
		r.rules[to] = map[ruleKey]map[string]bool{}
	}
	key := ruleKey{of.Group, of.Name, strings.Join(verbs, " ")}
	if r.rules[to][key] == nil {
		r.rules[to][key] = map[string]bool{}
	}
	r.rules[to][key][name] = true
}

// entrySize is about what an entry of the inventory takes, packed: its digests and UID.
const entrySize = 100

// keepNotes allows the inventory, with as many parts as a bundle of this size takes, and the
// lease.
func (r *rights) keepNotes(objects, packed int) {
	in := r.Home.Namespace
	r.allow(in, secrets, "", "create")
	r.allow(in, leases, "", "create")
	verbs := []string{"get", "update"}
	if r.Prune {
		verbs = append(verbs, "delete")
	}
	r.allow(in, secrets, r.Home.Name, verbs...)
	for slot := range revisionSlots {
		for part := range (packed + partSize - 1) / partSize {
			r.allow(in, secrets, partName(revisionStem(r.Home, slot), part), verbs...)
		}
	}
	for slot := range entrySlots {
		for part := range objects * entrySize / partSize {
			r.allow(in, secrets, partName(entriesStem(r.Home, slot), part), verbs...)
		}
	}
	r.allow(in, leases, r.Home.Name, "get", "update", "delete")
	if r.Explain {
		r.allow(in, namespaces, in, "get")
	}
}

// object allows what an apply of one object takes; false where its resource is not known.
func (r *rights) object(o object.Object) bool {
	of, known := r.Resource(o.APIVersion(), o.Kind())
	if !known {
		return false
	}
	namespace, name := "", o.Name()
	if of.Namespaced {
		namespace = cmp.Or(o.Namespace(), r.Namespace, defaultHome)
	}
	r.delegate(o, namespace, of)
	r.parameters(o)
	verbs := []string{"get", "patch"}
	if of.Group != "" || of.Name != "namespaces" || !r.isHome(name) {
		verbs = append(verbs, "create")
	}
	if r.Prune || hookOf(o) != "" || annotation(o, AnnotationUpdate) == "replace" {
		verbs = append(verbs, "delete")
	}
	if r.AnyName {
		name = ""
	}
	r.allow(namespace, of, name, verbs...)
	r.optional(o, namespace, of)
	return true
}

// optional allows what makes an apply quicker, or its failures clearer. A list of Secrets
// would show all that others have in the namespace; they are read one by one.
func (r *rights) optional(o object.Object, namespace string, of Resource) {
	if r.List && !(of.Group == "" && of.Name == "secrets") {
		r.allow(namespace, of, "", "list", "watch")
	}
	if r.Explain && namespace != "" {
		r.allow(namespace, events, "", "list")
		if o.Value.Get("spec").Has("template") || o.Kind() == "Pod" {
			r.allow(namespace, pods, "", "list")
			r.allow(namespace, Resource{Name: "pods/log"}, "", "get")
		}
	}
}

const rbac = "rbac.authorization.k8s.io"

// delegate allows what the server asks of those who give rights that they may not have: to
// escalate for roles, to bind for bindings.
func (r *rights) delegate(o object.Object, namespace string, of Resource) {
	if of.Group != rbac {
		return
	}
	to := grantKey{namespace, true}
	switch o.Kind() {
	case "Role", "ClusterRole":
		if len(o.Value.Get("rules").Items()) > 0 || o.Value.Has("aggregationRule") {
			r.add(to, of, o.Name(), []string{"escalate"})
		}
	case "RoleBinding", "ClusterRoleBinding":
		ref := o.Value.Get("roleRef")
		bound := Resource{Group: rbac, Name: strings.ToLower(ref.Get("kind").Str()) + "s"}
		r.add(to, bound, ref.Get("name").Str(), []string{"bind"})
	}
}

// parameters allows what the server asks of who makes an admission policy: to read all objects
// of the kind that it takes parameters from.
func (r *rights) parameters(o object.Object) {
	kind := o.Value.Get("spec", "paramKind")
	if of, known := r.Resource(kind.Get("apiVersion").Str(), kind.Get("kind").Str()); known && strings.HasSuffix(o.Kind(), policyKind) {
		r.allow("", of, "", "get")
	}
}

// isHome tells whether a namespace holds grants: where the bundle makes it, it has to be there
// before it is made.
func (r *rights) isHome(namespace string) bool { return r.rules[grantKey{namespace, false}] != nil }

// grants gives what was allowed, in order: first the cluster, then namespace by namespace.
func (r *rights) grants() []Grant {
	var out []Grant
	for key, rules := range r.rules {
		g := Grant{Namespace: key.namespace, Delegates: key.delegates}
		for at, names := range rules {
			rule := Rule{Group: at.group, Resource: at.resource, Verbs: strings.Fields(at.verbs)}
			if !names[""] {
				rule.Names = slices.Sorted(maps.Keys(names))
			}
			g.Rules = append(g.Rules, rule)
		}
		slices.SortFunc(g.Rules, func(a, b Rule) int {
			return cmp.Or(strings.Compare(a.Group, b.Group), strings.Compare(a.Resource, b.Resource), slices.Compare(a.Names, b.Names), slices.Compare(a.Verbs, b.Verbs))
		})
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Grant) int {
		return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(fmt.Sprint(a.Delegates), fmt.Sprint(b.Delegates)))
	})
	return out
}
