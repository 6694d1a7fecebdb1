package relations

import (
	"github.com/couplet-k8s/couplet/compiler/value"
)

// podTemplate is what an object makes pods of, or a pod.
type podTemplate struct {
	owner     value.Value
	object    int // the owner's number in the bundle; -1 for one that is given
	namespace string
	// path leads to metadata and spec, which are template's.
	path     *value.Path
	template value.Value
}

// label is one that pods of a namespace have; the zero key stands for any.
type label struct{ namespace, key, value string }

func (t podTemplate) labels() value.Value { return t.template.Get("metadata", "labels") }
func (t podTemplate) spec() value.Value   { return t.template.Get("spec") }

// templatePaths lead to the templates of the kinds that have one.
var templatePaths = map[string][]string{
	"Pod": {}, "PodTemplate": {"template"}, "ReplicationController": {"spec", "template"},
	"Deployment.apps": {"spec", "template"}, "StatefulSet.apps": {"spec", "template"}, "DaemonSet.apps": {"spec", "template"},
	"ReplicaSet.apps": {"spec", "template"}, "Job.batch": {"spec", "template"}, "CronJob.batch": {"spec", "jobTemplate", "spec", "template"},
}

func templateOf(o value.Value) (podTemplate, bool) {
	names, ok := templatePaths[kindOf(o)]
	if !ok {
		return podTemplate{}, false
	}
	var path *value.Path
	for _, name := range names {
		path = path.Member(name)
	}
	return podTemplate{owner: o, path: path, template: o.Get(names...)}, true
}

// container is one container of a pod, with the path to it.
type container struct {
	value.Value
	path *value.Path
	init bool
}

func (t podTemplate) containers() []container {
	var out []container
	for _, list := range []string{"initContainers", "containers"} {
		for i, v := range t.spec().Get(list).Items() {
			out = append(out, container{v, t.path.Member("spec").Member(list).Item(i), list == "initContainers"})
		}
	}
	return out
}

// podReferences checks what the pods of an object refer to.
func (c *checker) podReferences(o value.Value) {
	t, ok := templateOf(o)
	if !ok {
		return
	}
	spec, path := t.spec(), t.path.Member("spec")
	c.refer("ServiceAccount", c.namespace, path.Member("serviceAccountName"), spec.Get("serviceAccountName"))
	c.refer("PriorityClass", "", path.Member("priorityClassName"), spec.Get("priorityClassName"))
	c.refer("RuntimeClass", "", path.Member("runtimeClassName"), spec.Get("runtimeClassName"))
	for i, secret := range spec.Get("imagePullSecrets").Items() {
		c.refer("Secret", c.namespace, path.Member("imagePullSecrets").Item(i).Member("name"), secret.Get("name"))
	}
	for i, v := range spec.Get("volumes").Items() {
		c.volume(v, path.Member("volumes").Item(i))
	}
	for _, container := range t.containers() {
		c.environment(container)
	}
}

func (c *checker) volume(v value.Value, path *value.Path) {
	c.refer("PersistentVolumeClaim", c.namespace, path.Member("persistentVolumeClaim").Member("claimName"), v.Get("persistentVolumeClaim", "claimName"))
	c.source("ConfigMap", "name", v.Get("configMap"), path.Member("configMap"))
	c.source("Secret", "secretName", v.Get("secret"), path.Member("secret"))
	for i, s := range v.Get("projected", "sources").Items() {
		inner := path.Member("projected").Member("sources").Item(i)
		c.source("ConfigMap", "name", s.Get("configMap"), inner.Member("configMap"))
		c.source("Secret", "name", s.Get("secret"), inner.Member("secret"))
	}
}

// source checks a volume's ConfigMap or Secret, and the keys that it takes of it.
func (c *checker) source(kind, member string, v value.Value, path *value.Path) {
	if v.IsNull() || v.Get("optional").Bool() {
		return
	}
	name := v.Get(member)
	c.refer(kind, c.namespace, path.Member(member), name)
	for i, item := range v.Get("items").Items() {
		c.key(kind, name.Str(), path.Member("items").Item(i).Member("key"), item.Get("key"))
	}
}

func (c *checker) environment(in container) {
	for i, e := range in.Get("env").Items() {
		from, path := e.Get("valueFrom"), in.path.Member("env").Item(i).Member("valueFrom")
		c.keyRef("ConfigMap", from.Get("configMapKeyRef"), path.Member("configMapKeyRef"))
		c.keyRef("Secret", from.Get("secretKeyRef"), path.Member("secretKeyRef"))
	}
	for i, e := range in.Get("envFrom").Items() {
		path := in.path.Member("envFrom").Item(i)
		c.source("ConfigMap", "name", e.Get("configMapRef"), path.Member("configMapRef"))
		c.source("Secret", "name", e.Get("secretRef"), path.Member("secretRef"))
	}
}

func (c *checker) keyRef(kind string, v value.Value, path *value.Path) {
	if v.IsNull() || v.Get("optional").Bool() {
		return
	}
	c.refer(kind, c.namespace, path.Member("name"), v.Get("name"))
	c.key(kind, v.Get("name").Str(), path.Member("key"), v.Get("key"))
}
