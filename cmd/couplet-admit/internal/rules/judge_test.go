package rules

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// check judges documents of YAML and writes the verdicts down.
func check(t *testing.T, judge *Judge, given, objects string) string {
	t.Helper()
	var b Bundle
	for _, doc := range split(t, given) {
		must(t, b.AddGiven(doc))
	}
	for _, doc := range split(t, objects) {
		must(t, b.AddObject(doc))
	}
	var out strings.Builder
	judge.Check(context.Background(), b, func(i int, v Verdict) {
		if v.Unknown {
			fmt.Fprintf(&out, "%d: unknown kind\n", i)
		}
		for _, c := range v.Causes {
			fmt.Fprintf(&out, "%d: %s %s: %s\n", i, c.Rule, c.Field, c.Message)
		}
		for _, c := range v.Warnings {
			fmt.Fprintf(&out, "%d: warning: %s %s: %s\n", i, c.Rule, c.Field, c.Message)
		}
	})
	return out.String()
}

func split(t *testing.T, text string) [][]byte {
	t.Helper()
	var out [][]byte
	for doc := range strings.SplitSeq(text, "\n---\n") {
		if strings.TrimSpace(doc) == "" {
			continue
		}
		json, err := yaml.YAMLToJSON([]byte(doc))
		must(t, err)
		out = append(out, json)
	}
	return out
}

const fewReplicas = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: few-replicas}
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
  validations:
  - expression: object.spec.replicas <= int(params.data.most)
    messageExpression: "'more than ' + params.data.most + ' replicas'"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: few-replicas}
spec:
  policyName: few-replicas
  validationActions: [Deny]
  paramRef: {name: most, namespace: default, parameterNotFoundAction: Deny}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: most}
data: {most: "3"}
`

const webDeployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
`

func TestPolicy(t *testing.T) {
	judge := newest(t)
	want := "0: Policy : ValidatingAdmissionPolicy 'few-replicas' with binding 'few-replicas' denied request: more than 3 replicas\n"
	if got := check(t, judge, fewReplicas, webDeployment); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := check(t, judge, fewReplicas, strings.Replace(webDeployment, "replicas: 4", "replicas: 3", 1)); got != "" {
		t.Errorf("three are allowed, and yet: %s", got)
	}
	if got := check(t, judge, "", webDeployment+"---"+fewReplicas); !strings.Contains(got, "more than 3") {
		t.Errorf("the bundle's own policy is not asked: %q", got)
	}
}

func TestPodSecurity(t *testing.T) {
	ns := `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
`
	if got := check(t, newest(t), ns, webDeployment); !strings.HasPrefix(got, "0: warning: PodSecurity : its pods would be refused: violates PodSecurity") {
		t.Errorf("got %s", got)
	}
}

func TestLimitRange(t *testing.T) {
	given := `
apiVersion: v1
kind: LimitRange
metadata: {name: small, namespace: shop}
spec: {limits: [{type: Container, max: {cpu: "1"}, default: {cpu: 500m}}]}
`
	pod := `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: web, resources: {limits: {cpu: "2"}}}]}
`
	want := "0: LimitRange : limit range small: maximum cpu usage per Container is 1, but limit is 2\n"
	if got := check(t, newest(t), given, pod); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := check(t, newest(t), given, strings.Replace(pod, `"2"`, `"1"`, 1)); got != "" {
		t.Errorf("got %s", got)
	}
}

func TestUpdates(t *testing.T) {
	tests := []struct{ name, given, object, want string }{
		{"the same deployment", webDeployment, webDeployment, ""},
		{"another selector", webDeployment, strings.ReplaceAll(webDeployment, "app: web", "app: shop"), "0: FieldValueInvalid spec.selector: "},
		{"an older API version of it", strings.Replace(hpa, "autoscaling/v2", "autoscaling/v1", 1), hpa, ""},
		{"a job without its generated selector", onceJob, onceJob, ""},
		{"a job with another image", onceJob, strings.Replace(onceJob, "busybox", "alpine", 1), "0: FieldValueInvalid spec.template: "},
		{"a service without its address", webService, webService, ""},
	}
	judge := newest(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := check(t, judge, test.given, test.object)
			if test.want == "" && got != "" || !strings.HasPrefix(got, test.want) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

const (
	hpa = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 3}
`
	onceJob = `
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}}}
`
	webService = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80}], selector: {app: web}}
`
)

func TestUnknownKind(t *testing.T) {
	if got := check(t, newest(t), "", "apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: g}\n"); got != "0: unknown kind\n" {
		t.Errorf("got %s", got)
	}
}
