package schema

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-k8s/couplet/compiler/diag"
)

func TestShow(t *testing.T) {
	doc, problems := newCatalog(t).Show("deployment.spec.strategy")
	if problems != nil {
		t.Fatal(problems)
	}
	want := &Doc{
		Kind:        Kind{Group: "apps", Version: "v1", Kind: "Deployment", Plural: "deployments", Namespaced: true},
		Path:        "spec.strategy",
		Type:        "DeploymentStrategy",
		Description: "The deployment strategy to use to replace existing pods with new ones.",
		Fields: []FieldDoc{
			{Name: "rollingUpdate", Type: "RollingUpdateDeployment", Summary: "Rolling update config params."},
			{Name: "type", Type: "string", Enum: []string{"Recreate", "RollingUpdate"}, Summary: "Type of deployment."},
		},
	}
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestShowQueries(t *testing.T) {
	c := newCatalog(t, widgetCRD)
	for query, want := range map[string]string{
		"deployment":                               "apps/v1 Deployment: Deployment",
		"Deployments":                              "apps/v1 Deployment: Deployment",
		"apps/v1/Deployment.spec":                  "apps/v1 Deployment.spec: DeploymentSpec required",
		"apps/Deployment":                          "apps/v1 Deployment: Deployment",
		"deployments.apps":                         "apps/v1 Deployment: Deployment",
		"deployments.v1.apps.spec.replicas":        "apps/v1 Deployment.spec.replicas: integer",
		"ingresses.networking.k8s.io.spec":         "networking.k8s.io/v1 Ingress.spec: IngressSpec",
		"hpa":                                      "",
		"horizontalpodautoscaler":                  "autoscaling/v2 HorizontalPodAutoscaler: HorizontalPodAutoscaler",
		"v1/horizontalpodautoscaler":               "autoscaling/v1 HorizontalPodAutoscaler: HorizontalPodAutoscaler",
		"event":                                    "v1 Event: Event",
		"events.events.k8s.io":                     "events.k8s.io/v1 Event: Event",
		"deployment.spec.template.spec.containers": "apps/v1 Deployment.spec.template.spec.containers: []Container required",
		"deployment.spec.template.spec.containers.image": "apps/v1 Deployment.spec.template.spec.containers.image: string",
		"pod.spec.containers.resources.limits":           "v1 Pod.spec.containers.resources.limits: map of quantity",
		"crd":                                            "",
		"widget":                                         "example.com/v1 Widget: Widget",
		"widget.spec.mode":                               "example.com/v1 Widget.spec.mode: string required",
		"customresourcedefinition.spec.versions.schema":    "apiextensions.k8s.io/v1 CustomResourceDefinition.spec.versions.schema: CustomResourceValidation",
		"service.spec.ports.targetPort":                    "v1 Service.spec.ports.targetPort: integer or string",
		"secret.data":                                      "v1 Secret.data: map of base64",
		"pod.metadata.creationTimestamp":                   "v1 Pod.metadata.creationTimestamp: time",
		"networkpolicy.spec.policyTypes":                   "networking.k8s.io/v1 NetworkPolicy.spec.policyTypes: []string",
		"controllerrevision.data":                          "apps/v1 ControllerRevision.data: RawExtension required",
		"deployment.spec.template.spec.containers.name.no": "",
	} {
		doc, problems := c.Show(query)
		got := ""
		if problems == nil {
			got = fmt.Sprintf("%s %s", doc.Kind.APIVersion(), strings.TrimSuffix(doc.Kind.Kind+"."+doc.Path, ".")) + ": " + doc.Type
			if doc.Required {
				got += " required"
			}
		}
		if got != want {
			t.Errorf("Show(%q) = %q %v, want %q", query, got, problems, want)
		}
	}
}

func TestShowProblems(t *testing.T) {
	c := newCatalog(t, widgetCRD)
	for query, want := range map[string]string{
		"deploymnet":               "CP5011 Kubernetes 1.37 has no kind `deploymnet` | did you mean `Deployment`?",
		"":                         "CP5011 Kubernetes 1.37 has no kind `` | `couplet schema list` lists all kinds",
		"extensions/v1/Deployment": "CP5011 Kubernetes 1.37 has no kind `Deployment` in `extensions/v1` | it is in apps/v1",
		"deployment.spec.stratgey": "CP5012 Deployment.spec has no field `stratgey` | did you mean `strategy`?",
		"deployment.":              "CP5012 Deployment has no field `` | known: apiVersion, kind, metadata, spec, status",
		"wigdet":                   "CP5011 Kubernetes 1.37 has no kind `wigdet` | did you mean `Widget`?",
		"pod.spec.nodeName.x":      "CP5012 Pod.spec.nodeName has no field `x`",
	} {
		_, problems := c.Show(query)
		if len(problems) != 1 {
			t.Fatalf("Show(%q) gives %v", query, problems)
		}
		if got := problem(problems[0]); got != want {
			t.Errorf("Show(%q) gives %s, want %s", query, got, want)
		}
	}
}

func problem(d diag.Diagnostic) string {
	if d.Hint == "" {
		return string(d.Code) + " " + d.Message
	}
	return string(d.Code) + " " + d.Message + " | " + d.Hint
}

func TestShowCustom(t *testing.T) {
	c := newCatalog(t, widgetCRD)
	doc, _ := c.Show("widget")
	if doc == nil || doc.Description != "Widget is made by the shop." || !doc.Kind.Custom {
		t.Fatalf("got %+v", doc)
	}
	i := slices.IndexFunc(doc.Fields, func(f FieldDoc) bool { return f.Name == "spec" })
	if want := (FieldDoc{Name: "spec", Type: "object", Required: true, Summary: "Spec says what is wanted."}); !cmp.Equal(doc.Fields[i], want) {
		t.Errorf("got %+v", doc.Fields[i])
	}
}

// TestShowAll explains every kind, and every field of it.
func TestShowAll(t *testing.T) {
	c := newCatalog(t)
	for _, k := range c.Kinds() {
		doc, problems := c.Show(k.APIVersion() + "/" + k.Kind)
		if problems != nil || doc.Kind != k || doc.Description == "" {
			t.Fatalf("%+v: %+v %v", k, doc, problems)
		}
		for _, f := range doc.Fields {
			if f.Type == "" {
				t.Errorf("%s.%s has no type", k.Kind, f.Name)
			}
		}
	}
}

func TestCompareVersions(t *testing.T) {
	versions := []string{"v1alpha1", "foo", "v1", "v2beta1", "v10", "v1beta2", "v2", "bar"}
	slices.SortFunc(versions, compareVersions)
	want := []string{"v10", "v2", "v1", "v2beta1", "v1beta2", "v1alpha1", "bar", "foo"}
	if !slices.Equal(versions, want) {
		t.Errorf("got %v", versions)
	}
}
