package relations

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/schema"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// quotas holds what the workloads of each namespace ask for against its ResourceQuotas,
// those with scopes excepted: which pods these are about, the cluster decides.
func (c *checker) quotas() {
	for i, o := range c.Objects {
		if kindOf(o) != "ResourceQuota" {
			continue
		}
		spec := o.Get("spec")
		if len(spec.Get("scopes").Items()) > 0 || spec.Has("scopeSelector") {
			continue
		}
		c.at, c.namespace = i, c.namespaceOf(o)
		for _, hard := range spec.Get("hard").Fields() {
			c.quota(hard)
		}
	}
}

// quota checks one line of a quota.
func (c *checker) quota(hard value.Field) {
	limit, err := resource.ParseQuantity(scalarText(hard.Value))
	if err != nil {
		return
	}
	at := to("spec", "hard").Member(hard.Name)
	used, asking := c.used(hard.Name)
	c.silent(hard.Name)
	if used.Cmp(limit) <= 0 {
		return
	}
	slices.Sort(asking)
	c.found = append(c.found, Finding{Object: c.at, Finding: c.overdrawn(at, hard, used, asking)})
}

func (c *checker) overdrawn(at *value.Path, hard value.Field, used resource.Quantity, asking []string) (f schema.Finding) {
	const few = 5
	if len(asking) > few {
		asking = append(slices.Clone(asking[:few]), fmt.Sprintf("%d more", len(asking)-few))
	}
	f.Code, f.Severity, f.Path, f.Origin = diag.QuotaExceeded, diag.Warning, at, hard.Value.Origin()
	f.Message = fmt.Sprintf("%s: the workloads of %s ask for %s, and %s is allowed", at, c.place(), used.String(), scalarText(hard.Value))
	f.Hint = "asked for by " + strings.Join(asking, ", ")
	return f
}

// silent reports containers that do not say how much they ask for where a quota wants to
// know: their pods would be refused, unless a limit range of the namespace has defaults. Of
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
			}
		}
	}
}

// hasDefault tells whether a limit range of the namespace says what containers ask for
// that do not say it.
func (c *checker) hasDefault(kind, of string) bool {
	member := map[string]string{"requests": "defaultRequest", "limits": "default"}[kind]
	for id, o := range c.known {
		if id.kind != "LimitRange" || id.namespace != c.namespace {
			continue
		}
		for _, l := range o.Get("spec", "limits").Items() {
			if l.Get("type").Str() == "Container" && (l.Get(member).Has(of) || l.Get("default").Has(of)) {
				return true
			}
		}
	}
	return false
}

// used adds up what the objects of the namespace ask for of one resource.
func (c *checker) used(name string) (sum resource.Quantity, asking []string) {
	for _, t := range c.pods {
		if t.namespace != c.namespace || kindOf(t.owner) == "PodTemplate" {
			continue
		}
		n := replicas(t.owner)
		var each resource.Quantity
		switch kind, of := computeResource(name); {
		case name == "pods" || name == "count/pods":
			each = *resource.NewQuantity(1, resource.DecimalSI)
		case kind != "":
			each = c.podAsks(t, kind, of)
		default:
			continue
		}
		if n == 0 || each.IsZero() {
			continue
		}
		each.Mul(n)
		sum.Add(each)
		asking = append(asking, identity{t.owner.Get("kind").Str(), "", t.owner.Get("metadata", "name").Str()}.String())
	}
	for id, o := range c.known {
		if id.namespace != c.namespace {
			continue
		}
		if each := storageAsks(o, name); !each.IsZero() {
			sum.Add(each)
			asking = append(asking, identity{id.kind, "", id.name}.String())
		}
		if counts(name, o) {
			sum.Add(*resource.NewQuantity(1, resource.DecimalSI))
			asking = append(asking, identity{id.kind, "", id.name}.String())
		}
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
func (c *checker) podAsks(t podTemplate, kind, of string) (sum resource.Quantity) {
	var most resource.Quantity
	for _, in := range t.containers() {
		asked := containerAsks(in, kind, of)
		switch {
		case !in.init || in.Get("restartPolicy").Str() == "Always":
			sum.Add(asked)
		case asked.Cmp(most) > 0:
			most = asked
		}
	}
	if most.Cmp(sum) > 0 {
		return most
	}
	return sum
}

// containerAsks is what a container asks for; its limit is its request where it names none.
func containerAsks(in container, kind, of string) resource.Quantity {
	v := in.Get("resources", kind, of)
	if v.IsNull() && kind == "requests" {
		v = in.Get("resources", "limits", of)
	}
	q, err := resource.ParseQuantity(scalarText(v))
	if err != nil {
		return resource.Quantity{}
	}
	return q
}

// storageAsks is what a claim, or those that a StatefulSet makes, ask for.
func storageAsks(o value.Value, name string) (sum resource.Quantity) {
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
			if q, err := resource.ParseQuantity(scalarText(claim.Get("spec", "resources", "requests", "storage"))); err == nil {
				q.Mul(n)
				sum.Add(q)
			}
		case "persistentvolumeclaims":
			sum.Add(*resource.NewQuantity(n, resource.DecimalSI))
		}
	}
	return sum
}

// countNames are the lines of a quota that count objects, by their older names.
var countNames = map[string]string{
	"configmaps": "ConfigMap", "secrets": "Secret", "services": "Service", "replicationcontrollers": "ReplicationController",
	"resourcequotas": "ResourceQuota",
}

// counts tells whether a line of a quota counts an object: count/deployments.apps, services.
func counts(name string, o value.Value) bool {
	if kind := countNames[name]; kind != "" {
		return kindOf(o) == kind
	}
	what, ok := strings.CutPrefix(name, "count/")
	if !ok {
		return false
	}
	kind, group, _ := strings.Cut(kindOf(o), ".")
	plural, wanted, _ := strings.Cut(what, ".")
	return wanted == group && kind != "Pod" && (strings.EqualFold(plural, kind+"s") || strings.EqualFold(plural, strings.TrimSuffix(kind, "y")+"ies") || strings.EqualFold(plural, kind+"es"))
}

// scalarText is a quantity as text, which may be a number.
func scalarText(v value.Value) string {
	if v.Kind() == value.KindNumber && v.Digits() != "" {
		return v.Digits()
	}
	return scalar(v)
}
