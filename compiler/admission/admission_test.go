package admission

import (
	"fmt"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/schema"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

func read(t *testing.T, text string) (value.Value, *source.File) {
	t.Helper()
	f := source.NewFile("x.yaml", text)
	docs, found := decode.YAML(f)
	if found.HasErrors() {
		t.Fatal(found)
	}
	return docs[0], f
}

func TestLocate(t *testing.T) {
	obj, f := read(t, `kind: Pod
metadata:
  labels: {a.b/c: x, "odd[1]y": z}
spec:
  containers:
  - name: one
  - name: two
    ports: [{containerPort: 80}]
data: {a.b: text}
`)
	tests := []struct{ field, path, at string }{
		{"", "", "kind"},
		{"spec.containers[1].ports[0].containerPort", "spec.containers[1].ports[0].containerPort", "80"},
		{"spec.containers[1].image", "spec.containers[1].image", "name: two"},
		{"spec.containers[1].resources.limits[cpu]", "spec.containers[1]", "name: two"},
		{"spec.containers[7].name", "spec.containers", "- name: one"},
		{"metadata.labels[a.b/c]", `metadata.labels["a.b/c"]`, "x"},
		{"metadata.labels[odd[1]y]", `metadata.labels["odd[1]y"]`, "z"},
		{"data[a.b]", `data["a.b"]`, "text"},
		{"spec.", "spec", "containers"},
		{"[0]", `["0"]`, "kind"},
		{"spec.containers[", "spec.containers", "- name: one"},
		{"spec.containers[-1].name", "spec.containers", "- name: one"},
		{"..", "", "kind"},
	}
	for _, test := range tests {
		path, at := locate(obj, test.field)
		start := int(at.Origin()) - 1
		if got := path.String(); got != test.path {
			t.Errorf("%s: path %q, want %q", test.field, got, test.path)
		}
		if start < 0 || !strings.HasPrefix(f.Text()[start:], test.at) {
			t.Errorf("%s: at byte %d, want %q", test.field, start, test.at)
		}
	}
}

func TestLocateInDefinition(t *testing.T) {
	obj, _ := read(t, `kind: CustomResourceDefinition
spec: {versions: [{name: v1, schema: {openAPIV3Schema: {type: object}}}]}
`)
	path, _ := locate(obj, "spec.validation.openAPIV3Schema.type")
	if got := path.String(); got != "spec.versions[0].schema.openAPIV3Schema.type" {
		t.Errorf("got %s", got)
	}
}

func TestLenient(t *testing.T) {
	tests := []struct {
		kind, minor, message string
		code                 diag.Code
		want                 diag.Severity
	}{
		{"StatefulSet.apps", "1.33", `spec.template.spec.containers[0].name: Required value`, diag.FieldMissing, diag.Warning},
		{"StatefulSet.apps", "1.34", `spec.template.spec.containers[0].name: Required value`, diag.FieldMissing, diag.Error},
		{"StatefulSet.apps", "1.33", `spec.template.spec.containers[0].nmae: unknown`, diag.FieldUnknown, diag.Error},
		{"StatefulSet.apps", "1.33", `spec.templates: Required value`, diag.FieldMissing, diag.Error},
		{"Deployment.apps", "1.33", `spec.template: Required value`, diag.FieldMissing, diag.Error},
		{"HorizontalPodAutoscaler.autoscaling", "1.30", `spec.metrics[2].object.describedObject.apiVersion: Invalid`, diag.ServerRejects, diag.Warning},
		{"DaemonSet.apps", "1.30", `spec.template.spec.affinity.nodeSelectorTerms[0].matchExpressions[1].values[0]: Invalid`, diag.ServerRejects, diag.Warning},
		{"Job.batch", "1.34", `spec.podFailurePolicy.rules[1].onPodConditions[0].status: missing`, diag.FieldMissing, diag.Warning},
	}
	for _, test := range tests {
		found := []schema.Finding{{Code: test.code, Message: test.message}}
		Lenient(found, test.kind, test.minor)
		if found[0].Severity != test.want {
			t.Errorf("%s of %s: %s: %s", test.kind, test.minor, test.message, found[0].Severity)
		}
	}
}

func TestFindings(t *testing.T) {
	obj, _ := read(t, `kind: Service
spec: {ports: [{port: 80, protocol: tcp}]}
`)
	var root *value.Path
	protocol := root.Member("spec").Member("ports").Item(0).Member("protocol")
	known := []schema.Finding{{Code: diag.NotInEnum, Path: protocol}}
	tests := []struct {
		name    string
		verdict Verdict
		known   []schema.Finding
		want    string
	}{
		{"nothing", Verdict{}, nil, ""},
		{"what the schema has said", Verdict{Causes: []Cause{
			{Rule: "FieldValueNotSupported", Field: "spec.ports[0].protocol", Message: `Unsupported value: "tcp"`},
			{Rule: "FieldValueRequired", Field: "spec.type", Message: "Required value"},
		}}, known, "error CP5004 spec.type: Required value\n"},
		{"of the wrong form, which the schema has said", Verdict{Causes: []Cause{{Rule: "Decode", Message: "json: no"}}}, known, ""},
		{"of the wrong form", Verdict{Causes: []Cause{{Rule: "Decode", Message: "json: no"}}}, nil, "error CP6001 json: no\n"},
		{"an internal value", Verdict{Causes: []Cause{{Rule: "FieldValueInvalid", Field: "spec", Message: `Invalid value: {"MinAvailable":1,"X":[{}]}: not both.`}}}, nil,
			"error CP6001 spec: Invalid value: not both\n"},
		{"an internal field", Verdict{Causes: []Cause{{Rule: "FieldValueInvalid", Field: "status.x", Message: `Invalid value: "a": b`}}}, nil,
			"error CP6001 status.x: Invalid value: \"a\": b\n"},
		{"what only follows", Verdict{Causes: []Cause{{Rule: "FieldValueInvalid", Message: "Invalid value: null: some validation rules were not checked because ..."}}}, nil, ""},
		{"a warning", Verdict{Warnings: []Cause{{Rule: "Deprecated", Field: "spec", Message: "old"}}}, nil, "warning CP6005 spec: old\n"},
		{"a policy", Verdict{Causes: []Cause{{Rule: "Policy", Policy: "p", Message: "no\nmore"}}}, nil, "error CP6002 no more\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got strings.Builder
			for _, f := range Findings(test.verdict, obj, test.known) {
				fmt.Fprintf(&got, "%s %s %s\n", f.Severity, f.Code, f.Message)
			}
			if got.String() != test.want {
				t.Errorf("got  %q\nwant %q", got.String(), test.want)
			}
		})
	}
}
