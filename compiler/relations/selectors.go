package relations

import (
	"slices"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// selected are the pod templates of the namespace that have some labels, as far as these
// are texts, and that a test accepts.
func (c *checker) selected(wanted value.Value, accepts func(labels value.Value) bool) []podTemplate {
	among := label{namespace: c.namespace}
	if fields := wanted.Fields(); len(fields) > 0 {
		among.key, among.value = fields[0].Name, fields[0].Value.Str()
	}
	var out []podTemplate
	for _, i := range c.labelled[among] {
		if accepts(c.pods[i].labels()) {
			out = append(out, c.pods[i])
		}
	}
	return out
}

// hasLabels tells whether labels have all of some others.
func hasLabels(labels, wanted value.Value) bool {
	for _, f := range wanted.Fields() {
		if labels.Get(f.Name).Str() != f.Value.Str() || !labels.Has(f.Name) {
			return false
		}
	}
	return true
}

// fits tells whether a label selector accepts labels.
func fits(selector, labels value.Value) bool {
	if !hasLabels(labels, selector.Get("matchLabels")) {
		return false
	}
	for _, e := range selector.Get("matchExpressions").Items() {
		key := e.Get("key").Str()
		isIn := slices.ContainsFunc(e.Get("values").Items(), func(v value.Value) bool { return v.Str() == labels.Get(key).Str() })
		there := labels.Has(key)
		accepted := map[string]bool{
			"In": there && isIn, "NotIn": !there || !isIn, "Exists": there, "DoesNotExist": !there,
		}
		if ok, known := accepted[e.Get("operator").Str()]; known && !ok {
			return false
		}
	}
	return true
}

// owned tells whether a value of a selector is the name of a custom resource of the
// namespace: its operator makes pods that no bundle has.
func (c *checker) owned(selector value.Value) bool {
	for _, f := range selector.Fields() {
		if slices.Contains(c.owners[c.namespace], f.Value.Str()) {
			return true
		}
	}
	return false
}

// nothing reports a selector that selects no pods.
func (c *checker) nothing(path *value.Path, selector value.Value) {
	c.add(diag.SelectsNothing, path, selector, "compare it with the labels of the pods' templates",
		"this selects no pods: no workload of %s has these labels", c.place())
}

func (c *checker) place() string {
	if c.namespace == "" {
		return "the bundle"
	}
	return "the namespace " + c.namespace
}

func (c *checker) service(o value.Value) {
	selector := o.Get("spec", "selector")
	if len(selector.Fields()) == 0 || o.Get("spec", "type").Str() == "ExternalName" {
		return
	}
	pods := c.selected(selector, func(labels value.Value) bool { return hasLabels(labels, selector) })
	if len(pods) == 0 {
		if !c.owned(selector) {
			c.nothing(to("spec", "selector"), selector)
		}
		return
	}
	for i, p := range o.Get("spec", "ports").Items() {
		c.targetPort(p, to("spec", "ports").Item(i), pods)
	}
}

// targetPort checks that a port leads to a container. A number may lead to a port that a
// container does not declare: it counts only where the pods declare ports.
func (c *checker) targetPort(port value.Value, path *value.Path, pods []podTemplate) {
	target, at := port.Get("targetPort"), path.Member("targetPort")
	if target.IsNull() {
		target, at = port.Get("port"), path.Member("port")
	}
	protocol := port.Get("protocol").Str()
	if protocol == "" {
		protocol = "TCP"
	}
	var have []string
	for _, t := range pods {
		for _, container := range t.containers() {
			for _, p := range container.Get("ports").Items() {
				if own := p.Get("protocol").Str(); own == protocol || own == "" && protocol == "TCP" {
					have = append(have, scalar(p.Get("name")), scalar(p.Get("containerPort")))
				}
			}
		}
	}
	wanted := scalar(target)
	if slices.Contains(have, wanted) || len(have) == 0 && target.Kind() == value.KindNumber {
		return
	}
	slices.Sort(have)
	have = slices.DeleteFunc(slices.Compact(have), func(s string) bool { return s == "" })
	c.add(diag.PortMissing, at, target, diag.DidYouMean(wanted, have), "no container that is selected has the port %s", wanted)
}

func (c *checker) budget(o value.Value) {
	c.selects(o.Get("spec", "selector"), to("spec", "selector"))
}

func (c *checker) networkPolicy(o value.Value) {
	c.selects(o.Get("spec", "podSelector"), to("spec", "podSelector"))
}

// selects checks a label selector; one without conditions selects all.
func (c *checker) selects(selector value.Value, path *value.Path) {
	if len(selector.Get("matchLabels").Fields()) == 0 && len(selector.Get("matchExpressions").Items()) == 0 {
		return
	}
	pods := c.selected(selector.Get("matchLabels"), func(labels value.Value) bool { return fits(selector, labels) })
	if len(pods) == 0 && !c.owned(selector.Get("matchLabels")) {
		c.nothing(path, selector)
	}
}
