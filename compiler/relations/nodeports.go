package relations

import (
	"strconv"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// nodePorts reports Services of the bundle that name a port of the nodes, or an address, which
// another Service has: the server refuses the later one.
func (c *checker) nodePorts() {
	taken := map[string]identity{}
	for _, o := range c.Given {
		if id := c.identityOf(o); !c.isOwn(id) {
			c.take(o, id, taken, nil)
		}
	}
	for i, o := range c.Objects {
		c.at = i
		c.take(o, c.identityOf(o), taken, func(path *value.Path, v value.Value, what string, by identity) {
			c.add(diag.PortTaken, path, v, "leave it out, and the cluster chooses one", "%s is taken by %s", what, by)
			c.found[len(c.found)-1].Severity = diag.Error
		})
	}
}

// take notes what a Service takes, and reports what another one has.
func (c *checker) take(o value.Value, id identity, taken map[string]identity, report func(*value.Path, value.Value, string, identity)) {
	if kindOf(o) != "Service" {
		return
	}
	note := func(path *value.Path, v value.Value, what string) {
		by, there := taken[what]
		if there && by != id && report != nil {
			report(path, v, what, by)
		}
		if !there {
			taken[what] = id
		}
	}
	spec := o.Get("spec")
	if ip := spec.Get("clusterIP"); ip.Str() != "" && ip.Str() != "None" {
		note(to("spec", "clusterIP"), ip, "the address "+ip.Str())
	}
	for i, port := range spec.Get("ports").Items() {
		if n := port.Get("nodePort"); n.Float() > 0 {
			note(to("spec", "ports").Item(i).Member("nodePort"), n, "the nodes' port "+strconv.Itoa(int(n.Float())))
		}
	}
}
