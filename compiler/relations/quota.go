package relations

import (
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/quantity"
	"github.com/couplet-k8s/couplet/compiler/schema"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// quotas holds what the workloads of each namespace ask for against its ResourceQuotas,
// those with scopes excepted: which pods these are about, the cluster decides. A quota of the
// bundle has the findings itself; those of one that is given are the workloads'.
func (c *checker) quotas() {
	for i, o := range c.Objects {
		c.quotaObject(i, o)
	}
	for _, o := range c.Given {
		if !c.isOwn(c.identityOf(o)) {
			c.quotaObject(-1, o)
		}
	}
}

func (c *checker) quotaObject(i int, o value.Value) {
	spec := o.Get("spec")
	if kindOf(o) != "ResourceQuota" || len(spec.Get("scopes").Items()) > 0 || spec.Has("scopeSelector") {
		return
	}
	for _, hard := range spec.Get("hard").Fields() {
		c.at, c.namespace = i, c.namespaceOf(o)
		if limit, err := quantity.Parse(scalarText(hard.Value)); err == nil {
			c.quota(hard, limit)
		}
	}
}

// quota checks one line of a quota.
func (c *checker) quota(hard value.Field, limit quantity.Quantity) {
	used, asking := c.used(hard.Name)
	c.silent(hard.Name)
	if used.Compare(limit) <= 0 || c.refused(hard, limit, asking) {
		return
	}
	c.overdrawn(hard, used, asking)
}

// asker is an object that asks for a part of a quota.
type asker struct {
	identity
	object int // its number in the bundle; -1 for one that is given
	at     value.Value
	path   *value.Path
	asks   quantity.Quantity
	// itself is set where the server charges the object and not those that are made of it.
	itself bool
}

// refused reports the objects of the bundle that ask for more than all of a quota: the
// server refuses these.
func (c *checker) refused(hard value.Field, limit quantity.Quantity, asking []asker) bool {
	found := false
	for _, a := range asking {
		if a.object < 0 || !a.itself || c.held[c.identityOf(c.Objects[a.object])] || a.asks.Compare(limit) <= 0 {
			continue
		}
		found = true
		c.found = append(c.found, Finding{Object: a.object, Finding: schema.Finding{
			Code: diag.QuotaExceeded, Severity: diag.Error, Path: a.path, Origin: a.at.Origin(),
			Message: fmt.Sprintf("the %s asks for %s of %s, and the quota of %s allows %s", a.kind, a.asks.String(), hard.Name, c.place(), scalarText(hard.Value)),
		}})
	}
	return found
}

// overdrawn reports a quota of which too much is asked for.
func (c *checker) overdrawn(hard value.Field, used quantity.Quantity, asking []asker) {
	slices.SortFunc(asking, func(a, b asker) int { return strings.Compare(a.String(), b.String()) })
	f := Finding{Object: c.at, Finding: schema.Finding{Path: to("spec", "hard").Member(hard.Name), Origin: hard.Value.Origin()}}
	name := f.Path.String()
	if c.at < 0 {
		i := slices.IndexFunc(asking, func(a asker) bool { return a.object >= 0 && a.path != nil })
		if i < 0 {
			return
		}
		f.Object, f.Path, f.Origin = asking[i].object, asking[i].path, asking[i].at.Origin()
		name = "the quota's " + hard.Name
	}
	var names []string
	for _, a := range asking {
		names = append(names, a.String())
	}
	const few = 5
	if len(names) > few {
		names = append(names[:few], fmt.Sprintf("%d more", len(names)-few))
	}
	f.Code, f.Severity = diag.QuotaExceeded, diag.Warning
	f.Message = fmt.Sprintf("%s: the workloads of %s ask for %s, and %s is allowed", name, c.place(), used.String(), scalarText(hard.Value))
	f.Hint = "asked for by " + strings.Join(names, ", ")
	c.found = append(c.found, f)
}

// silent reports containers that do not say how much they ask for where a quota wants to
// know, unless a limit range of the namespace has defaults: their pods are refused. Of
// storage no container has to say anything.
func (c *checker) silent(name string) {
	kind, of := computeResource(name)
	if of != "cpu" && of != "memory" || c.hasDefault(kind, of) {
		return
	}
	quota := c.at
	defer func() { c.at = quota }()
	for _, t := range c.pods {
		if t.namespace != c.namespace || t.object < 0 || kindOf(t.owner) == "PodTemplate" {
			continue
		}
		c.at = t.object
		for _, in := range t.containers() {
			if asked := containerAsks(in, kind, of); asked.IsZero() {
				c.add(diag.RequestMissing, in.path.Member("resources"), in.Value, fmt.Sprintf("set resources.%s.%s", kind, of),
					"the quota of %s is about %s, and the container names none: its pods would be refused", c.place(), name)
				if kindOf(t.owner) == "Pod" && !c.held[c.identityOf(t.owner)] {
					c.found[len(c.found)-1].Severity = diag.Error
				}
			}
		}
	}
}

// hasDefault tells whether a limit range of the namespace says what containers ask for
// that do not say it.
func (c *checker) hasDefault(kind, of string) bool {
	// The server fills in what a limit range does not say: its default is its max, and its
	// default request is its default or else its min.
	members := map[string][]string{"requests": {"defaultRequest", "default", "max", "min"}, "limits": {"default", "max"}}[kind]
	for id, o := range c.known {
		if id.kind != "LimitRange" || id.namespace != c.namespace {
			continue
		}
		for _, l := range o.Get("spec", "limits").Items() {
			if l.Get("type").Str() == "Container" && slices.ContainsFunc(members, func(m string) bool { return l.Get(m).Has(of) }) {
				return true
			}
		}
	}
	return false
}

// used adds up what the objects of the namespace ask for of one resource.
func (c *checker) used(name string) (sum quantity.Quantity, asking []asker) {
	for _, t := range c.pods {
		if t.namespace != c.namespace || kindOf(t.owner) == "PodTemplate" || t.object < 0 && t.owner.Get("metadata").Has("ownerReferences") {
			continue
		}
		n := replicas(t.owner)
		var each quantity.Quantity
		switch kind, of := computeResource(name); {
		case name == "pods" || name == "count/pods":
			each = quantity.Of(1)
		case kind != "":
			each = c.podAsks(t, kind, of)
		default:
			continue
		}
		if n == 0 || each.IsZero() {
			continue
		}
		each.Times(n)
		sum.Add(each)
		asking = append(asking, asker{
			identity: identity{t.owner.Get("kind").Str(), "", t.owner.Get("metadata", "name").Str()},
			object:   t.object, at: t.spec(), path: t.path.Member("spec"), asks: each, itself: kindOf(t.owner) == "Pod",
		})
	}
	for id, o := range c.known {
		if id.namespace != c.namespace {
			continue
		}
		each := storageAsks(o, name)
		each.Add(quantity.Of(counts(name, o)))
		if each.IsZero() {
			continue
		}
		sum.Add(each)
		a := asker{
			identity: identity{id.kind, "", id.name}, object: -1, at: o.Get("metadata", "name"), path: to("metadata", "name"),
			asks: each, itself: kindOf(o) != "StatefulSet.apps" || strings.HasPrefix(name, "count/"),
		}
		if i, ok := c.own[id]; ok {
			a.object = i
		}
		asking = append(asking, a)
	}
	return sum, asking
}

// computeResource takes the name of a quota's line apart: requests or limits, and of what.
func computeResource(name string) (kind, of string) {
	switch name {
	case "cpu", "memory", "ephemeral-storage":
		return "requests", name
	}
	kind, of, _ = strings.Cut(name, ".")
	if (kind != "requests" && kind != "limits") || of == "storage" || strings.Contains(name, "storageclass") {
		return "", ""
	}
	return kind, of
}

// replicas is how many pods an object makes at a time. A DaemonSet makes one a node: one
// at the least.
func replicas(owner value.Value) int64 {
	member := "replicas"
	switch kindOf(owner) {
	case "Pod", "DaemonSet.apps", "CronJob.batch":
		return 1
	case "Job.batch":
		member = "parallelism"
	}
	if n := owner.Get("spec", member); n.Kind() == value.KindNumber {
		return max(0, int64(n.Float()))
	}
	return 1
}

// podAsks is what a pod asks for: the sum of its containers, or the most that one of its
// init containers does, whichever is more.
func (c *checker) podAsks(t podTemplate, kind, of string) (sum quantity.Quantity) {
	var most quantity.Quantity
	for _, in := range t.containers() {
		asked := containerAsks(in, kind, of)
		switch {
		case !in.init || in.Get("restartPolicy").Str() == "Always":
			sum.Add(asked)
		case asked.Compare(most) > 0:
			most = asked
		}
	}
	if most.Compare(sum) > 0 {
		return most
	}
	return sum
}

// containerAsks is what a container asks for; its limit is its request where it names none.
func containerAsks(in container, kind, of string) quantity.Quantity {
	v := in.Get("resources", kind, of)
	if v.IsNull() && kind == "requests" {
		v = in.Get("resources", "limits", of)
	}
	q, err := quantity.Parse(scalarText(v))
	if err != nil {
		return quantity.Quantity{}
	}
	return q
}

// storageAsks is what a claim, or those that a StatefulSet makes, ask for.
func storageAsks(o value.Value, name string) (sum quantity.Quantity) {
	var claims []value.Value
	n := int64(1)
	switch kindOf(o) {
	case "PersistentVolumeClaim":
		claims = []value.Value{o}
	case "StatefulSet.apps":
		claims, n = o.Get("spec", "volumeClaimTemplates").Items(), replicas(o)
	}
	for _, claim := range claims {
		switch name {
		case "requests.storage":
			if q, err := quantity.Parse(scalarText(claim.Get("spec", "resources", "requests", "storage"))); err == nil {
				q.Times(n)
				sum.Add(q)
			}
		case "persistentvolumeclaims":
			sum.Add(quantity.Of(n))
		}
	}
	return sum
}

// countNames are the lines of a quota that count objects, by their older names.
var countNames = map[string]string{
	"configmaps": "ConfigMap", "secrets": "Secret", "services": "Service", "replicationcontrollers": "ReplicationController",
	"resourcequotas": "ResourceQuota",
}

// counts tells for how many a line of a quota counts an object: count/deployments.apps,
// services, services.nodeports.
func counts(name string, o value.Value) int64 {
	if kind := countNames[name]; kind != "" {
		return one(kindOf(o) == kind)
	}
	kindOfService := o.Get("spec", "type").Str()
	switch {
	case name == "services.loadbalancers":
		return one(kindOf(o) == "Service" && kindOfService == "LoadBalancer")
	case name == "services.nodeports" && kindOf(o) == "Service" && (kindOfService == "NodePort" || kindOfService == "LoadBalancer"):
		return int64(len(o.Get("spec", "ports").Items()))
	}
	what, ok := strings.CutPrefix(name, "count/")
	if !ok {
		return 0
	}
	kind, group, _ := strings.Cut(kindOf(o), ".")
	plural, wanted, _ := strings.Cut(what, ".")
	return one(wanted == group && kind != "Pod" &&
		(strings.EqualFold(plural, kind+"s") || strings.EqualFold(plural, strings.TrimSuffix(kind, "y")+"ies") || strings.EqualFold(plural, kind+"es")))
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// scalarText is a quantity as text, which may be a number.
func scalarText(v value.Value) string {
	if v.Kind() == value.KindNumber && v.Digits() != "" {
		return v.Digits()
	}
	return scalar(v)
}
