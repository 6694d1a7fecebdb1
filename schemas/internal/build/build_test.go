package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParsePath(t *testing.T) {
	for path, want := range map[string]resource{
		"/api/v1/namespaces/{namespace}/pods":        {"pods", true},
		"/api/v1/namespaces/{namespace}/pods/{name}": {"pods", true},
		"/api/v1/pods":              {"pods", false},
		"/api/v1/namespaces":        {"namespaces", false},
		"/api/v1/namespaces/{name}": {"namespaces", false},
		"/apis/apps/v1/namespaces/{namespace}/deployments":              {"deployments", true},
		"/apis/rbac.authorization.k8s.io/v1/clusterroles/{name}":        {"clusterroles", false},
		"/api/v1/namespaces/{namespace}/pods/{name}/eviction":           {},
		"/api/v1/namespaces/{name}/finalize":                            {},
		"/apis/apps/v1/watch/namespaces/{namespace}/deployments/{name}": {},
		"/apis/apps/v1/watch/deployments":                               {},
		"/apis/apps/v1/":                                                {},
		"/apis/apps/":                                                   {},
		"/version/":                                                     {},
	} {
		if got, ok := parsePath(path); got != want || ok != (want != resource{}) {
			t.Errorf("parsePath(%q) = %v, %v", path, got, ok)
		}
	}
}

// TestReadEnums reads both forms in which the generated file names a definition.
func TestReadEnums(t *testing.T) {
	file := filepath.Join(t.TempDir(), "openapi.go")
	text := `package openapi
import batchv1 "k8s.io/api/batch/v1"
func GetOpenAPIDefinitions(ref common.ReferenceCallback) map[string]common.OpenAPIDefinition {
	return map[string]common.OpenAPIDefinition{
		batchv1.Job{}.OpenAPIModelName(): describeJob(ref),
		"k8s.io/api/core/v1.Pod": describePod(ref),
	}
}
func describeJob(ref common.ReferenceCallback) common.OpenAPIDefinition {
	return common.OpenAPIDefinition{Schema: spec.Schema{SchemaProps: spec.SchemaProps{
		Properties: map[string]spec.Schema{
			"mode": {SchemaProps: spec.SchemaProps{Enum: []interface{}{"B", "A"}}},
			"free": {SchemaProps: spec.SchemaProps{Type: []string{"string"}}},
		},
	}}}
}
func describePod(ref common.ReferenceCallback) common.OpenAPIDefinition {
	return common.OpenAPIDefinition{Schema: spec.Schema{SchemaProps: spec.SchemaProps{
		Properties: map[string]spec.Schema{
			"list": {SchemaProps: spec.SchemaProps{Items: &spec.SchemaOrArray{Schema: &spec.Schema{
				SchemaProps: spec.SchemaProps{Enum: []interface{}{"C"}}}}}},
		},
	}}}
}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readEnums(file)
	if err != nil {
		t.Fatal(err)
	}
	want := enums{
		"io.k8s.api.batch.v1.Job": {"mode": {"B", "A"}},
		"io.k8s.api.core.v1.Pod":  {"list[]": {"C"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	m := &minor{definitions: map[string]*schema{"io.k8s.api.core.v1.Pod": {
		Properties: map[string]*schema{"list": {Type: "array", Items: &schema{Type: "string"}}},
	}}}
	m.addEnums(got)
	if diff := cmp.Diff([]string{"C"}, m.definitions["io.k8s.api.core.v1.Pod"].Properties["list"].Items.Enum); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestUnknownKey: a key that the reader does not know is not lost in silence.
func TestUnknownKey(t *testing.T) {
	file := filepath.Join(t.TempDir(), "swagger.json")
	text := `{"definitions": {"A": {"type": "object", "x-kubernetes-novelty": true}}, "paths": {}}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readSwagger(file); err == nil || !strings.Contains(err.Error(), "x-kubernetes-novelty") {
		t.Errorf("got the error %v", err)
	}
}

// TestCorrect: an entry of the tables that fits no minor is an error.
func TestCorrect(t *testing.T) {
	fits := map[string]bool{}
	m := &minor{definitions: map[string]*schema{
		"io.k8s.api.core.v1.Sysctl": {Required: []string{"name", "value"}},
	}}
	m.correct(fits)
	if want := map[string]bool{"io.k8s.api.core.v1.Sysctl.value": true}; !cmp.Equal(want, fits) {
		t.Errorf("%v fit", fits)
	}
	if got := m.definitions["io.k8s.api.core.v1.Sysctl"].Required; !cmp.Equal(got, []string{"name"}) {
		t.Errorf("%v are required", got)
	}
	if err := checkTables(fits); err == nil || !strings.Contains(err.Error(), "no minor has") {
		t.Errorf("got the error %v", err)
	}
}

func TestBetaResources(t *testing.T) {
	file := filepath.Join(t.TempDir(), "instance.go")
	for text, want := range map[string]map[string]bool{
		"package p": {},
		`package p
import flow "k8s.io/api/flowcontrol/v1beta3"
var legacyBetaEnabledByDefaultResources = []schema.GroupVersionResource{
	flow.SchemeGroupVersion.WithResource("flowschemas"),
}`: {"flowcontrol/v1beta3/flowschemas": true},
		`package p
var legacyBetaEnabledByDefaultResources = []schema.GroupVersionResource{made("flowschemas")}`: nil,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := betaResources(file)
		if err == nil != (want != nil) || want != nil && !cmp.Equal(got, want) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}
