package object

import (
	"cmp"
	"slices"
)

// tiers is the order in which kinds can be applied: what others need comes first. The
// kinds of a tier do not depend on each other.
var tiers = [][]string{
	{"Namespace"},
	{"CustomResourceDefinition"},
	{"PriorityClass", "RuntimeClass", "IngressClass", "GatewayClass", "StorageClass", "VolumeAttributesClass", "CSIDriver", "DeviceClass"},
	{"NetworkPolicy", "ResourceQuota", "LimitRange"},
	{"ServiceAccount"},
	{"ClusterRole", "Role"},
	{"ClusterRoleBinding", "RoleBinding"},
	{"Secret", "ConfigMap"},
	{"PersistentVolume"},
	{"PersistentVolumeClaim"},
	{"ResourceClaimTemplate", "ResourceClaim"},
	{"Service"},
	{"PodTemplate", "Pod", "ReplicationController", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet"},
	{"Job", "CronJob"},
	{"PodDisruptionBudget", "HorizontalPodAutoscaler"},
	{"Ingress", "Gateway"},
	{}, // every other kind: custom resources
	{"APIService"},
	{"ValidatingAdmissionPolicy", "MutatingAdmissionPolicy"},
	{"ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicyBinding"},
	// Last: a webhook may refuse everything that comes after it.
	{"ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"},
}

var tierOf, otherTier = func() (map[string]int, int) {
	of, other := map[string]int{}, 0
	for tier, kinds := range tiers {
		if len(kinds) == 0 {
			other = tier
		}
		for _, kind := range kinds {
			of[kind] = tier
		}
	}
	return of, other
}()

// builtinGroups have kinds of the names in tiers; another group's kind of the same
// name, such as Service.serving.knative.dev, is a custom resource.
var builtinGroups = []string{
	"", "apps", "batch", "autoscaling", "policy", "networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io",
	"scheduling.k8s.io", "node.k8s.io", "resource.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io",
	"admissionregistration.k8s.io", "gateway.networking.k8s.io", "extensions",
}

// Tier is the place of an object's kind in the order in which kinds can be applied. The
// objects of one tier do not depend on each other.
func Tier(id Identity) int { return tier(id) }

// WorkloadTier is the first tier whose objects run programs.
func WorkloadTier() int { return tierOf["Pod"] }

func tier(id Identity) int {
	if t, ok := tierOf[id.Kind]; ok && slices.Contains(builtinGroups, id.Group) {
		return t
	}
	return otherTier
}

// Sort gives the objects in an order in which they can be applied, which depends on
// their identities alone: by tier of the kind, then kind, group, namespace and name.
// Objects whose names the server generates keep their order among themselves.
func Sort(objects []Object) []Object {
	// What is compared is looked up once for each object, not for each comparison.
	type keyed struct {
		Identity
		tier, index int
		apiVersion  string
	}
	keys := make([]keyed, len(objects))
	for i, o := range objects {
		id := o.Identity()
		keys[i] = keyed{Identity: id, tier: tier(id), index: i, apiVersion: o.APIVersion()}
	}
	slices.SortFunc(keys, func(x, y keyed) int {
		return cmp.Or(
			cmp.Compare(x.tier, y.tier),
			cmp.Compare(x.Kind, y.Kind),
			cmp.Compare(x.Group, y.Group),
			cmp.Compare(x.Namespace, y.Namespace),
			cmp.Compare(x.Name, y.Name),
			cmp.Compare(x.apiVersion, y.apiVersion),
			cmp.Compare(x.index, y.index),
		)
	})
	out := make([]Object, len(objects))
	for i, key := range keys {
		out[i] = objects[key.index]
	}
	return out
}
