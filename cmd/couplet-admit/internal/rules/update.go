package rules

import (
	"fmt"
	"slices"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/core"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// manager is the field manager that applies what is judged.
const manager = "couplet"

// update merges a new version of an object into the one that the cluster holds, as a
// server-side apply does, and validates the update. It gives both as internal versions.
// A given object without managed fields is taken as one that the same manager applied.
func (b *bundle) update(r *request, s strategy, given, raw Raw) (obj, old runtime.Object, err error) {
	m, err := b.fields(r.gvk, s)
	if err != nil {
		return nil, nil, err
	}
	if old, err = b.stored(r, s, m, given); err != nil {
		return nil, nil, fmt.Errorf("the given object: %w", err)
	}
	patch := &unstructured.Unstructured{}
	if err := patch.UnmarshalJSON(raw.JSON); err != nil {
		return nil, nil, err
	}
	if obj, err = apply(m, old.DeepCopyObject(), patch); err != nil {
		return nil, nil, err
	}
	prepareService(obj, old)
	return obj, old, rest.BeforeUpdate(s, r.ctx, obj, old)
}

// stored is a given object as the server would hold it.
func (b *bundle) stored(r *request, s strategy, m *managedfields.FieldManager, given Raw) (runtime.Object, error) {
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON(given.JSON); err != nil {
		return nil, err
	}
	live, causes := b.decode(given, given.kind())
	if live == nil {
		return nil, fmt.Errorf("%s", causes[0].Message)
	}
	if u.GetResourceVersion() == "" {
		empty, err := legacyscheme.Scheme.New(schema.GroupVersionKind{Group: r.gvk.Group, Version: runtime.APIVersionInternal, Kind: r.gvk.Kind})
		if err != nil {
			return nil, err
		}
		applied := u.DeepCopy()
		applied.SetManagedFields(nil)
		if given.kind() == r.gvk {
			if live, err = apply(m, empty, applied); err != nil {
				return nil, err
			}
		}
		if err := create(r.ctx, s, live); err != nil {
			return nil, err
		}
	}
	establish(live)
	metadata, err := meta.Accessor(live)
	if err != nil {
		return nil, err
	}
	metadata.SetResourceVersion("1")
	return live, nil
}

// establish says of a definition what the server's controllers do soon after it is created:
// that its names are taken and its kinds served. From then on its rules on changes hold.
func establish(obj runtime.Object) {
	crd, ok := obj.(*apiextensions.CustomResourceDefinition)
	if !ok || apiextensions.IsCRDConditionTrue(crd, apiextensions.Established) {
		return
	}
	crd.Status.AcceptedNames = crd.Spec.Names
	for _, condition := range []apiextensions.CustomResourceDefinitionConditionType{apiextensions.NamesAccepted, apiextensions.Established} {
		apiextensions.SetCRDCondition(crd, apiextensions.CustomResourceDefinitionCondition{Type: condition, Status: apiextensions.ConditionTrue})
	}
}

// apply merges a patch into an object as a server-side apply with force does.
func apply(m *managedfields.FieldManager, live runtime.Object, patch *unstructured.Unstructured) (runtime.Object, error) {
	metadata, err := meta.Accessor(live)
	if err != nil {
		return nil, err
	}
	created := metadata.GetCreationTimestamp()
	patch.SetManagedFields(nil)
	unstructured.RemoveNestedField(patch.Object, "metadata", "creationTimestamp")
	patch.SetResourceVersion("")
	obj, err := m.Apply(live, patch, manager, true)
	if err != nil {
		return nil, err
	}
	if metadata, err = meta.Accessor(obj); err != nil {
		return nil, err
	}
	if created != (metav1.Time{}) {
		metadata.SetCreationTimestamp(created)
	}
	return obj, nil
}

// fields tracks who set which fields of the objects of a kind.
func (b *bundle) fields(gvk schema.GroupVersionKind, s strategy) (*managedfields.FieldManager, error) {
	var reset map[fieldpath.APIVersion]fieldpath.Filter
	if r, ok := s.(rest.ResetFieldsStrategy); ok {
		reset = fieldpath.NewExcludeFilterSetMap(r.GetResetFields())
	}
	return managedfields.NewDefaultFieldManager(b.types(gvk), legacyscheme.Scheme, legacyscheme.Scheme, legacyscheme.Scheme, gvk,
		schema.GroupVersion{Group: gvk.Group, Version: runtime.APIVersionInternal}, "", reset)
}

// types knows how the fields of a kind are merged: by the generated schemas of the API, or
// as they look where these lack the kind.
func (b *bundle) types(gvk schema.GroupVersionKind) managedfields.TypeConverter {
	switch gvk.Group {
	case "apiextensions.k8s.io", "apiregistration.k8s.io":
		return managedfields.NewDeducedTypeConverter()
	}
	return applyTypes()
}

// prepareService does for services what the server's registry does around their strategy:
// it brings clusterIP and clusterIPs in line, gives a service an address, and keeps what
// was given before. Old is nil on creation.
func prepareService(obj, old runtime.Object) {
	svc, ok := obj.(*core.Service)
	if !ok {
		return
	}
	spec := &svc.Spec
	before, ok := old.(*core.Service)
	if spec.Type == core.ServiceTypeLoadBalancer && spec.ExternalTrafficPolicy == core.ServiceExternalTrafficPolicyLocal && spec.HealthCheckNodePort == 0 {
		spec.HealthCheckNodePort = somePort
		if ok && before.Spec.HealthCheckNodePort != 0 {
			spec.HealthCheckNodePort = before.Spec.HealthCheckNodePort
		}
	}
	if !ok {
		if spec.ClusterIP != "" && len(spec.ClusterIPs) == 0 {
			spec.ClusterIPs = []string{spec.ClusterIP}
		}
		return
	}
	was := &before.Spec
	if len(was.ClusterIPs) > 0 && len(spec.ClusterIPs) == 0 && was.ClusterIP == spec.ClusterIP {
		spec.ClusterIPs = was.ClusterIPs
	}
	if was.ClusterIP != spec.ClusterIP && slices.Equal(was.ClusterIPs, spec.ClusterIPs) {
		if spec.ClusterIP == "" {
			spec.ClusterIPs = nil
		} else {
			spec.ClusterIPs = []string{spec.ClusterIP}
		}
	}
	keepAllocated(spec, was)
}

// somePort stands for a port that the server would choose.
const somePort = 32767

// keepAllocated takes over what an older version of a service was given and the newer
// does not name.
func keepAllocated(spec, was *core.ServiceSpec) {
	if was.Type != core.ServiceTypeExternalName && spec.Type != core.ServiceTypeExternalName {
		if spec.ClusterIP == "" {
			spec.ClusterIP = was.ClusterIP
		}
		if len(spec.ClusterIPs) == 0 {
			spec.ClusterIPs = was.ClusterIPs
		}
	}
}

var applyTypes = sync.OnceValue(func() managedfields.TypeConverter {
	return applyconfigurations.NewTypeConverter(legacyscheme.Scheme)
})
