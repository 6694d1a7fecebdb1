package rules

import (
	"encoding/json"
	"fmt"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apihelpers"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsinstall "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/registry/rest"
	apiregistrationinstall "k8s.io/kube-aggregator/pkg/apis/apiregistration/install"
	"k8s.io/kube-aggregator/pkg/registry/apiservice"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// The kinds of the API server's two extension servers live in the one scheme too: their
// groups are their own.
func init() {
	apiextensionsinstall.Install(legacyscheme.Scheme)
	apiregistrationinstall.Install(legacyscheme.Scheme)
}

func definitions() strategy { return customresourcedefinition.NewStrategy(legacyscheme.Scheme) }

func aggregated() strategy { return apiservice.NewStrategy(legacyscheme.Scheme) }

// customKind is a kind that a CustomResourceDefinition makes.
type customKind struct {
	namespaced bool
	resource   string
	// versions are made when the first object is judged, for that takes long; nil where the
	// server would not take the definition, which is judged as an object itself.
	versions func() map[string]*customVersion
}

// customVersion is what objects of one version are held against.
type customVersion struct {
	schema   *structuralschema.Structural // nil where the version has none
	preserve bool                         // unknown fields are kept
	strategy strategy
}

// define adds the kind of a definition.
func (b *bundle) define(raw Raw) {
	var head struct {
		Spec struct {
			Group string                                        `json:"group"`
			Names apiextensionsv1.CustomResourceDefinitionNames `json:"names"`
			Scope apiextensionsv1.ResourceScope                 `json:"scope"`
		} `json:"spec"`
	}
	if json.Unmarshal(raw.JSON, &head) != nil {
		return
	}
	b.custom[schema.GroupKind{Group: head.Spec.Group, Kind: head.Spec.Names.Kind}] = &customKind{
		namespaced: head.Spec.Scope == apiextensionsv1.NamespaceScoped,
		resource:   head.Spec.Names.Plural,
		versions:   sync.OnceValue(func() map[string]*customVersion { return b.versions(raw) }),
	}
}

func (b *bundle) versions(raw Raw) map[string]*customVersion {
	obj, _ := b.decode(raw, raw.kind())
	crd, ok := obj.(*apiextensions.CustomResourceDefinition)
	if !ok {
		return nil
	}
	if create(b.request(raw, definitions()).ctx, definitions(), crd) != nil {
		return nil
	}
	out := &apiextensionsv1.CustomResourceDefinition{}
	if apiextensionsv1.Convert_apiextensions_CustomResourceDefinition_To_v1_CustomResourceDefinition(crd, out, nil) != nil {
		return nil
	}
	versions := map[string]*customVersion{}
	for _, v := range out.Spec.Versions {
		if !v.Served {
			continue
		}
		made, err := newCustomVersion(out, v)
		if err != nil {
			return nil
		}
		versions[v.Name] = made
	}
	return versions
}

// newCustomVersion is what the extension server makes of a definition to serve a version.
func newCustomVersion(crd *apiextensionsv1.CustomResourceDefinition, v apiextensionsv1.CustomResourceDefinitionVersion) (*customVersion, error) {
	out := &customVersion{preserve: crd.Spec.PreserveUnknownFields}
	given, err := apihelpers.GetSchemaForVersion(crd, v.Name)
	if err != nil {
		return nil, err
	}
	var props, status *apiextensions.JSONSchemaProps
	if given != nil {
		converted := &apiextensions.CustomResourceValidation{}
		if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(given, converted, nil); err != nil {
			return nil, err
		}
		props = converted.OpenAPIV3Schema
		if out.schema, err = structuralschema.NewStructural(props); err != nil && !crd.Spec.PreserveUnknownFields {
			return nil, err
		}
		if !crd.Spec.PreserveUnknownFields {
			out.schema = out.schema.DeepCopy()
			if err := defaulting.PruneDefaults(out.schema); err != nil {
				return nil, err
			}
		}
		if p, ok := props.Properties["status"]; ok {
			status = &p
		}
	}
	validator, _, err := validation.NewSchemaValidator(props)
	if err != nil {
		return nil, err
	}
	var statusValidator validation.SchemaValidator
	var statusPart *apiextensions.CustomResourceSubresourceStatus
	var scalePart *apiextensions.CustomResourceSubresourceScale
	if sub, err := apihelpers.GetSubresourcesForVersion(crd, v.Name); err != nil {
		return nil, err
	} else if sub != nil {
		if sub.Status != nil {
			statusPart = &apiextensions.CustomResourceSubresourceStatus{}
			if statusValidator, _, err = validation.NewSchemaValidator(status); err != nil {
				return nil, err
			}
		}
		if sub.Scale != nil {
			scalePart = &apiextensions.CustomResourceSubresourceScale{}
			if err := apiextensionsv1.Convert_v1_CustomResourceSubresourceScale_To_apiextensions_CustomResourceSubresourceScale(sub.Scale, scalePart, nil); err != nil {
				return nil, err
			}
		}
	}
	kind := schema.GroupVersionKind{Group: crd.Spec.Group, Version: v.Name, Kind: crd.Spec.Names.Kind}
	out.strategy = customresource.NewStrategy(unstructuredTyper{}, crd.Spec.Scope == apiextensionsv1.NamespaceScoped, kind,
		validator, statusValidator, out.schema, statusPart, scalePart, v.SelectableFields)
	return out, nil
}

// unstructuredTyper takes the kind of an object from the object.
type unstructuredTyper struct{}

// ObjectKinds gives what the object says.
func (unstructuredTyper) ObjectKinds(obj runtime.Object) ([]schema.GroupVersionKind, bool, error) {
	return []schema.GroupVersionKind{obj.GetObjectKind().GroupVersionKind()}, false, nil
}

// Recognizes is true of every kind.
func (unstructuredTyper) Recognizes(schema.GroupVersionKind) bool { return true }

func (b *bundle) customVerdict(c *customKind, raw Raw) Verdict {
	gvk := raw.kind()
	version := c.versions()[gvk.Version]
	if version == nil {
		return Verdict{Unknown: true}
	}
	r := b.request(raw, version.strategy)
	obj, causes, err := version.decode(raw)
	if err != nil {
		return Verdict{Causes: []Cause{decodeCause(err)}}
	}
	var old runtime.Object
	if given, ok := b.given[raw.key()]; ok && given.kind() == gvk {
		var before *unstructured.Unstructured
		if before, _, err = version.decode(given); err == nil {
			err = version.update(r, obj, before)
			old = before
		}
	} else {
		err = create(r.ctx, version.strategy, obj)
	}
	v := Verdict{Causes: append(append(causes, managed(raw)...), causesOf(err)...), Warnings: r.warnings}
	if err == nil {
		resource := gvk.GroupVersion().WithResource(c.resource)
		v.Causes = append(v.Causes, policyCauses(b.policies.validate(r, obj, old, resource))...)
	}
	return v
}

// decode reads a custom resource: its metadata made right, unknown fields cut off and
// told, defaults filled in. Nulls stay: a server-side apply does not drop them.
func (v *customVersion) decode(raw Raw) (*unstructured.Unstructured, []Cause, error) {
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON(raw.JSON); err != nil {
		return nil, nil, err
	}
	var causes []Cause
	if v.schema != nil && !v.preserve {
		options := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
		for _, path := range pruning.PruneWithOptions(u.Object, v.schema, true, options) {
			causes = append(causes, Cause{Rule: RuleStrict, Field: path, Message: fmt.Sprintf("unknown field %q", path)})
		}
		if err, _ := objectmeta.CoerceWithOptions(nil, u.Object, v.schema, false, objectmeta.CoerceOptions{DropInvalidFields: false}); err != nil {
			return nil, nil, err
		}
	}
	if v.schema != nil {
		defaulting.Default(u.Object, v.schema)
	}
	return u, causes, nil
}

// update validates a new version of a custom resource against the one that the cluster
// holds.
func (v *customVersion) update(r *request, obj, old *unstructured.Unstructured) error {
	prepareMeta(old)
	old.SetNamespace(r.namespace)
	old.SetResourceVersion("1")
	obj.SetResourceVersion("1")
	obj.SetCreationTimestamp(old.GetCreationTimestamp())
	return rest.BeforeUpdate(v.strategy, r.ctx, obj, old)
}
