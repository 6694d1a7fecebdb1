package cluster

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// The labels and annotations of KEP-3659, by which kubectl and others can tell which objects
// belong together. couplet itself goes by its inventory.
const (
	labelSetID                = "applyset.kubernetes.io/id"
	labelPartOf               = "applyset.kubernetes.io/part-of"
	annotationSetTooling      = "applyset.kubernetes.io/tooling"
	annotationSetKinds        = "applyset.kubernetes.io/contains-group-kinds"
	annotationSetNamespaces   = "applyset.kubernetes.io/additional-namespaces"
	annotationSetResourcesOld = "applyset.kubernetes.io/contains-group-resources"
)

// setID is the name of the set whose parent is the Secret of an inventory: KEP-3659, "Proposal:
// ApplySet identification".
func setID(name, namespace string) string {
	sum := sha256.Sum256([]byte(name + "." + namespace + ".Secret."))
	return "applyset-" + base64.RawURLEncoding.EncodeToString(sum[:]) + "-v1"
}

// inSet gives an object the label of its set.
func inSet(o object.Object, id string) object.Object {
	labels := o.Value.Get("metadata", "labels").With(labelPartOf, value.String(id))
	return o.WithMetadata("labels", labels)
}

// errOtherSet is about an object that is not to be touched.
func errOtherSet(live value.Value) error {
	return fmt.Errorf("it belongs to another set of objects, %s (its label %s): remove that label from it, or the object from here", setOf(live), labelPartOf)
}

// setOf is the set that an object on the cluster belongs to; "" for none.
func setOf(live value.Value) string { return live.Get("metadata", "labels", labelPartOf).Str() }

// setAnnotations say what is in a set: which kinds, and which namespaces beside the parent's.
func setAnnotations(entries []Entry, namespace, tooling string) map[string]string {
	var kinds, namespaces []string
	for _, e := range entries {
		kind := e.Kind
		if e.Group != "" {
			kind += "." + e.Group
		}
		kinds = append(kinds, kind)
		if e.Namespace != "" && e.Namespace != namespace {
			namespaces = append(namespaces, e.Namespace)
		}
	}
	return map[string]string{
		annotationSetTooling: tooling, annotationSetKinds: joined(kinds), annotationSetNamespaces: joined(namespaces),
	}
}

func joined(names []string) string {
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ",")
}
