package schemas_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/couplet-k8s/couplet/schemas"
)

func open(t testing.TB) *schemas.Minor {
	t.Helper()
	m, err := schemas.Open(schemas.Newest())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOpen(t *testing.T) {
	for _, name := range []string{"1.37", "v1.37", "1.37.2", "v1.37.0"} {
		if m, err := schemas.Open(name); err != nil || m.Name() != "1.37" {
			t.Errorf("Open(%q) = %v, %v", name, m, err)
		}
	}
	for _, name := range []string{"", "1", "1.2", "37", "1.37.2.3", "1.370"} {
		if _, err := schemas.Open(name); err == nil || !strings.Contains(err.Error(), "known: 1.30, ") {
			t.Errorf("Open(%q) gives the error %v", name, err)
		}
	}
}

// TestServing: kinds come, go, and are served by default from some minor on.
func TestServing(t *testing.T) {
	all := schemas.Minors()
	if len(all) != 8 || all[0] != "1.30" || all[7] != "1.37" {
		t.Fatal(all)
	}
	for _, test := range []struct {
		group, version, kind string
		want                 []string
	}{
		{"apps", "v1", "Deployment", all},
		{"flowcontrol.apiserver.k8s.io", "v1beta3", "FlowSchema", all[:2]}, // removed in 1.32
		{"storage.k8s.io", "v1", "VolumeAttributesClass", all[4:]},         // stable in 1.34
		{"resource.k8s.io", "v1", "ResourceClaim", all[4:]},
		{"networking.k8s.io", "v1", "ServiceCIDR", all[3:]},
		{"admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", all},
		{"admissionregistration.k8s.io", "v1beta1", "ValidatingAdmissionPolicy", nil}, // off by default
		{"apps", "v1beta1", "Deployment", nil},
	} {
		if got := schemas.Serving(test.group, test.version, test.kind); !slices.Equal(got, test.want) {
			t.Errorf("%s/%s %s is served by %v, want %v", test.group, test.version, test.kind, got, test.want)
		}
	}
}

func TestKinds(t *testing.T) {
	m := open(t)
	tests := []struct {
		group, version, kind, plural string
		namespaced, list             bool
	}{
		{"", "v1", "Pod", "pods", true, false},
		{"", "v1", "Namespace", "namespaces", false, false},
		{"", "v1", "PodList", "", false, true},
		{"apps", "v1", "Deployment", "deployments", true, false},
		{"networking.k8s.io", "v1", "Ingress", "ingresses", true, false},
		{"rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false, false},
		{"apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false, false},
		{"apiregistration.k8s.io", "v1", "APIService", "apiservices", false, false},
		{"authorization.k8s.io", "v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", true, false},
	}
	for _, test := range tests {
		k, ok := m.Lookup(test.group, test.version, test.kind)
		if !ok || k.Plural != test.plural || k.Namespaced != test.namespaced || k.List != test.list {
			t.Errorf("Lookup(%q, %q, %q) = %+v, %v", test.group, test.version, test.kind, k, ok)
		}
	}
	for _, none := range [][3]string{{"apps", "v1", "Pod"}, {"", "v1", "DeleteOptions"}, {"zz", "v1", "Pod"}, {"policy", "v1", "Eviction"}} {
		if k, ok := m.Lookup(none[0], none[1], none[2]); ok {
			t.Errorf("Lookup(%v) = %+v", none, k)
		}
	}
}

// TestWhole decodes every definition that any kind reaches, and holds the invariants
// that the checks rely on.
func TestWhole(t *testing.T) {
	for _, name := range schemas.Minors() {
		m, err := schemas.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[*schemas.Schema]bool{}
		for _, k := range m.Kinds() {
			s := m.Schema(k)
			if s.Property("metadata") == nil || s.Property("apiVersion") == nil || s.Property("kind") == nil {
				t.Errorf("%+v has no metadata, apiVersion or kind", k)
			}
			visit(t, s, seen)
		}
		if len(seen) < 500 {
			t.Errorf("only %d definitions are reached", len(seen))
		}
	}
}

func visit(t *testing.T, s *schemas.Schema, seen map[*schemas.Schema]bool) {
	s = s.Resolve()
	if seen[s] {
		return
	}
	seen[s] = true
	if !slices.IsSorted(s.Names()) || !slices.IsSorted(s.Enum) {
		t.Errorf("%s: not sorted", s.Name())
	}
	if s.Type == schemas.Array && s.Elem == nil {
		t.Errorf("%s: an array of what?", s.Name())
	}
	if s.Elem != nil {
		visit(t, s.Elem, seen)
	}
	if s.Members == nil {
		return
	}
	for _, name := range s.Members.Required {
		if s.Property(name) == nil {
			t.Errorf("%s requires %s, which it does not have", s.Name(), name)
		}
	}
	for _, p := range s.Members.Properties {
		visit(t, p.Schema, seen)
	}
}

func TestSchema(t *testing.T) {
	m := open(t)
	k, _ := m.Lookup("apps", "v1", "Deployment")
	deployment := m.Schema(k)
	if deployment.Name() != "Deployment" || deployment.Members.Package != "io.k8s.api.apps.v1" {
		t.Errorf("got %s in %s", deployment.Name(), deployment.Members.Package)
	}
	spec := deployment.Property("spec")
	if !spec.Requires("selector") || spec.Requires("replicas") {
		t.Errorf("DeploymentSpec requires %v", spec.Members.Required)
	}
	if replicas := spec.Property("replicas"); replicas.Type != schemas.Integer || replicas.Format != schemas.FormatInt32 {
		t.Errorf("replicas: %+v", replicas)
	}
	if typ := spec.Property("strategy").Property("type"); !slices.Equal(typ.Enum, []string{"Recreate", "RollingUpdate"}) {
		t.Errorf("strategy.type: %+v", typ)
	}
	containers := spec.Property("template").Property("spec").Property("containers")
	if containers.Type != schemas.Array || containers.Merge.PatchKey != "name" || containers.Merge.List != schemas.ListMap {
		t.Errorf("containers: %+v", containers.Merge)
	}
	limits := containers.Elem.Resolve().Property("resources").Property("limits")
	if limits.Members != nil || limits.Elem.Resolve().Format != schemas.FormatQuantity {
		t.Errorf("limits: %+v", limits)
	}
	if m.Definition("io.k8s.apimachinery.pkg.apis.meta.v1", "ObjectMeta") != deployment.Property("metadata") {
		t.Error("the metadata of a Deployment is not ObjectMeta")
	}
}

func TestConcurrentUse(t *testing.T) {
	m := open(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for _, k := range m.Kinds() {
				if first, second := m.Schema(k), m.Schema(k); first != second {
					t.Errorf("%+v was decoded twice", k)
				}
			}
		})
	}
	group.Wait()
}

func TestDescriptions(t *testing.T) {
	m := open(t)
	texts, err := schemas.OpenDescriptions(m)
	if err != nil {
		t.Fatal(err)
	}
	k, _ := m.Lookup("apps", "v1", "Deployment")
	deployment := m.Schema(k)
	if got := texts.Of(deployment); !strings.HasPrefix(got, "Deployment enables declarative updates") {
		t.Errorf("Deployment: %q", got)
	}
	if got := texts.Property(deployment.Property("spec"), "replicas"); !strings.HasPrefix(got, "Number of desired pods") {
		t.Errorf("replicas: %q", got)
	}
	if got := texts.Property(deployment, "none"); got != "" {
		t.Errorf("a property that is not there: %q", got)
	}
}

func BenchmarkDescriptions(b *testing.B) {
	m := open(b)
	for b.Loop() {
		if _, err := schemas.OpenDescriptions(m); err != nil {
			b.Fatal(err)
		}
	}
}
