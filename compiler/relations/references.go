package relations

import (
	"fmt"
	"slices"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// checks are those of the kinds that refer to others, beside what pods do.
var checks = map[string]func(*checker, value.Value){
	"Service":                                      (*checker).service,
	"StatefulSet.apps":                             (*checker).statefulSet,
	"PodDisruptionBudget.policy":                   (*checker).budget,
	"NetworkPolicy.networking.k8s.io":              (*checker).networkPolicy,
	"Ingress.networking.k8s.io":                    (*checker).ingress,
	"PersistentVolumeClaim":                        (*checker).claim,
	"HorizontalPodAutoscaler.autoscaling":          (*checker).autoscaler,
	"RoleBinding.rbac.authorization.k8s.io":        (*checker).binding,
	"ClusterRoleBinding.rbac.authorization.k8s.io": (*checker).binding,
}

func to(names ...string) *value.Path {
	var p *value.Path
	for _, name := range names {
		p = p.Member(name)
	}
	return p
}

// key reports a key that a ConfigMap or Secret, whose data are known, does not have.
func (c *checker) key(kind, name string, path *value.Path, v value.Value) {
	o, known := c.known[identity{kind, c.namespace, name}]
	if !known || v.Str() == "" {
		return
	}
	var keys []string
	for _, data := range []string{"data", "binaryData", "stringData"} {
		for _, f := range o.Get(data).Fields() {
			keys = append(keys, f.Name)
		}
	}
	if slices.Contains(keys, v.Str()) {
		return
	}
	slices.Sort(keys)
	c.add(diag.KeyMissing, path, v, diag.DidYouMean(v.Str(), keys), "%s has no key %s", identity{kind, c.namespace, name}, v.Str())
}

func (c *checker) statefulSet(o value.Value) {
	c.refer("Service", c.namespace, to("spec", "serviceName"), o.Get("spec", "serviceName"))
}

func (c *checker) claim(o value.Value) {
	c.refer("StorageClass", "", to("spec", "storageClassName"), o.Get("spec", "storageClassName"))
}

func (c *checker) autoscaler(o value.Value) {
	target := o.Get("spec", "scaleTargetRef")
	c.refer(target.Get("kind").Str(), c.namespace, to("spec", "scaleTargetRef", "name"), target.Get("name"))
}

func (c *checker) binding(o value.Value) {
	role, namespace := o.Get("roleRef"), ""
	if role.Get("kind").Str() == "Role" {
		namespace = c.namespace
	}
	c.refer(role.Get("kind").Str(), namespace, to("roleRef", "name"), role.Get("name"))
	for i, s := range o.Get("subjects").Items() {
		if s.Get("kind").Str() != "ServiceAccount" {
			continue
		}
		namespace := s.Get("namespace").Str()
		if namespace == "" {
			namespace = c.namespace
		}
		c.refer("ServiceAccount", namespace, to("subjects").Item(i).Member("name"), s.Get("name"))
	}
}

func (c *checker) ingress(o value.Value) {
	spec := o.Get("spec")
	c.refer("IngressClass", "", to("spec", "ingressClassName"), spec.Get("ingressClassName"))
	for i, t := range spec.Get("tls").Items() {
		c.refer("Secret", c.namespace, to("spec", "tls").Item(i).Member("secretName"), t.Get("secretName"))
	}
	c.backend(spec.Get("defaultBackend"), to("spec", "defaultBackend"))
	for i, r := range spec.Get("rules").Items() {
		for j, p := range r.Get("http", "paths").Items() {
			c.backend(p.Get("backend"), to("spec", "rules").Item(i).Member("http").Member("paths").Item(j).Member("backend"))
		}
	}
}

// backend checks the service of an ingress, and its port.
func (c *checker) backend(v value.Value, path *value.Path) {
	service := v.Get("service")
	c.refer("Service", c.namespace, path.Member("service").Member("name"), service.Get("name"))
	o, known := c.known[identity{"Service", c.namespace, service.Get("name").Str()}]
	if !known {
		return
	}
	port := service.Get("port")
	for _, member := range []struct{ of, in string }{{"name", "name"}, {"number", "port"}} {
		wanted := port.Get(member.of)
		if wanted.IsNull() {
			continue
		}
		var have []string
		for _, p := range o.Get("spec", "ports").Items() {
			have = append(have, scalar(p.Get(member.in)))
		}
		if !slices.Contains(have, scalar(wanted)) {
			c.add(diag.PortMissing, path.Member("service").Member("port").Member(member.of), wanted, diag.DidYouMean(scalar(wanted), have),
				"Service %s has no port %s", service.Get("name").Str(), scalar(wanted))
		}
	}
}

func scalar(v value.Value) string {
	switch v.Kind() {
	case value.KindString:
		return v.Str()
	case value.KindNumber:
		return fmt.Sprint(v.Float())
	}
	return ""
}
