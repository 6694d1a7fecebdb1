package cluster

import (
	"strings"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// assigned are the members that a server gives an object of a kind, and would not take from
// a new one: of Services the addresses, of Jobs what ties them to their pods, of volumes the
// version of their claim.
var assigned = map[string][]string{
	"v1 Service":          {"spec.clusterIP", "spec.clusterIPs"},
	"v1 PersistentVolume": {"spec.claimRef.uid", "spec.claimRef.resourceVersion"},
	"v1 ServiceAccount":   {"secrets"},
	"v1 Namespace":        {"spec.finalizers"},
	"v1 Pod":              {"spec.nodeName"},
	"apps/v1 Deployment":  {"metadata.annotations.deployment.kubernetes.io/revision"},
	"apps/v1 DaemonSet":   {"metadata.annotations.deprecated.daemonset.template.generation"},
	"batch/v1 Job": {
		"spec.selector", "spec.template.metadata.labels.controller-uid", "spec.template.metadata.labels.batch.kubernetes.io/controller-uid",
		"metadata.labels.controller-uid", "metadata.labels.batch.kubernetes.io/controller-uid",
	},
}

// Backup gives an object as it can be made again: without what the server wrote.
func Backup(live value.Value) value.Value {
	v := without(comparable(live), "metadata.ownerReferences")
	chosen := v.Get("spec", "clusterIP").Str() == "None" || v.Get("spec", "manualSelector").Bool()
	for _, path := range assigned[v.Get("apiVersion").Str()+" "+v.Get("kind").Str()] {
		if !chosen {
			v = without(v, path)
		}
	}
	return v
}

// without takes a member out of a value, and objects that are empty then. A name in the path
// may have dots: a whole rest that there is counts.
func without(v value.Value, path string) value.Value {
	if v.Has(path) {
		return v.Without(path)
	}
	for _, f := range v.Fields() {
		rest, is := strings.CutPrefix(path, f.Name+".")
		if !is {
			continue
		}
		inner := without(f.Value, rest)
		if inner.Kind() == value.KindObject && len(inner.Fields()) == 0 && len(f.Value.Fields()) > 0 {
			return v.Without(f.Name)
		}
		return v.With(f.Name, inner)
	}
	return v
}
