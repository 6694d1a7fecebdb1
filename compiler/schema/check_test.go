package schema

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1.2.3
        imagePullPolicy: IfNotPresent
        args: [--port=8080]
        env:
        - name: LOG
          value: info
        ports:
        - name: http
          containerPort: 8080
        readinessProbe:
          httpGet: {path: /ready, port: http}
          periodSeconds: 10
        resources:
          requests: {cpu: 100m, memory: 64Mi}
          limits: {memory: 128Mi}
        volumeMounts:
        - name: config
          mountPath: /etc/web
      volumes:
      - name: config
        configMap: {name: web}
`

// replace gives the Deployment above with one piece of text replaced.
func replace(old, made string) string {
	if !strings.Contains(deployment, old) {
		panic("the Deployment does not contain " + old)
	}
	return strings.Replace(deployment, old, made, 1)
}

func object(head, body string) string {
	version, kind, _ := strings.Cut(head, " ")
	return "apiVersion: " + version + "\nkind: " + kind + "\nmetadata: {name: x}\n" + body
}

type checkTest struct{ name, object, want string }

func runChecks(t *testing.T, c *Catalog, tests []checkTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := lines(c.Check(parse(t, test.object)))
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestAccepted(t *testing.T) {
	accepted := map[string]string{
		"deployment":         deployment,
		"null is absent":     replace("replicas: 3", "replicas: null"),
		"null map value":     object("v1 ConfigMap", "data: {a: null}"),
		"float integer":      replace("replicas: 3", "replicas: 2.0"),
		"numbers as cpu":     replace("cpu: 100m", "cpu: 0.5"),
		"padded quantity":    replace("cpu: 100m", "cpu: ' 100m '"),
		"empty enum":         replace("imagePullPolicy: IfNotPresent", `imagePullPolicy: ""`),
		"port as integer":    replace("port: http", "port: 8080"),
		"creation time":      replace("labels: {app: web}", "creationTimestamp: null"),
		"status":             deployment + "status: {}\n",
		"status of quota":    object("policy/v1 PodDisruptionBudget", "status: {currentHealthy: 1}"),
		"status phase":       object("v1 Namespace", "status: {phase: Odd}"),
		"list":               "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleList\nitems: [{metadata: {name: a}, rules: []}]",
		"empty list":         replace("args: [--port=8080]", "args: []"),
		"raw data":           object("apps/v1 ControllerRevision", "data: {anything: [1, null, {a: b}]}\nrevision: 1"),
		"micro time":         object("coordination.k8s.io/v1 Lease", "spec: {renewTime: '2020-01-02T03:04:05.000000Z'}"),
		"int64":              object("batch/v1 Job", "spec: {activeDeadlineSeconds: 9223372036854775807, template: {spec: {containers: []}}}"),
		"secret":             object("v1 Secret", "data: {a: aGVsbG8=, b: '', c: null}\nstringData: {d: plain}"),
		"role ref":           object("rbac.authorization.k8s.io/v1 RoleBinding", "roleRef: {kind: Role, name: r}"),
		"relaxed":            object("v1 LimitRange", "spec: {}"),
		"csi driver":         object("storage.k8s.io/v1 CSIDriver", ""),
		"ip families":        object("v1 Service", "spec: {ipFamilies: [IPv4], ports: [{port: 80, targetPort: http}]}"),
		"unnamed":            strings.Replace(deployment, "name: web\n", "generateName: web-\n", 1),
		"schema definitions": widgetCRD,
	}
	c := newCatalog(t)
	for name, text := range accepted {
		if got := lines(c.Check(parse(t, text))); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestTypes(t *testing.T) {
	runChecks(t, newCatalog(t), []checkTest{
		{"string for integer", replace("replicas: 3", `replicas: "3"`), `
CP5005 spec.replicas: want an integer, found the string "3" | leave the quotes out
`},
		{"text for integer", replace("replicas: 3", `replicas: many`), `
CP5005 spec.replicas: want an integer, found the string "many"
`},
		{"number for string", replace("value: info", "value: 1.5"), `
CP5005 spec.template.spec.containers[0].env[0].value: want a string, found the number 1.5 | put it in quotes
`},
		{"label", replace("labels: {app: web}", "labels: {app: true, a.b/c: 1}"), `
CP5005 metadata.labels["a.b/c"]: want a string, found the number 1 | put it in quotes
CP5005 metadata.labels.app: want a string, found the boolean true | put it in quotes
`},
		{"object for list", replace("args: [--port=8080]", "args: {}"), `
CP5005 spec.template.spec.containers[0].args: want a list, found an object of 0 fields | put it into a list
`},
		{"list for object", replace("spec:\n", "spec: []\nx:\n"), `
CP5005 spec: want an object, found a list of 0 elements
CP5003 x: Deployment has no field of this name | known: apiVersion, kind, metadata, spec, status
`},
		{"string for boolean", replace("image:", `tty: "true"`+"\n        image:"), `
CP5005 spec.template.spec.containers[0].tty: want a boolean, found the string "true" | leave the quotes out
`},
		{"int or string", replace("maxSurge: 25%", "maxSurge: [1]"), `
CP5005 spec.strategy.rollingUpdate.maxSurge: want an integer or a string, found a list of 1 element
`},
		{"quantity", replace("cpu: 100m", "cpu: true"), `
CP5005 spec.template.spec.containers[0].resources.requests.cpu: want a quantity such as 500m, 1.5 or 2Gi, found the boolean true
`},
		{"label value", replace("labels: {app: web}", "labels: {app: 'a b', tier: -x}"), `
CP5008 metadata.labels.app: want at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit, found "a b" | a longer text can be an annotation
CP5008 metadata.labels.tier: want at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit, found "-x"
`},
		{"label key", replace("labels: {app: web}", "labels: {a/b/c: x, -a: x, /b: x, Example.com/a: x}"), `
CP5008 metadata.labels: "-a" is no key: a name has at most 63 letters, digits, '-', '_' and '.', and starts and ends with a letter or digit
CP5008 metadata.labels: "/b" is no key: what comes before the slash is no DNS subdomain
CP5008 metadata.labels: "Example.com/a" is no key: what comes before the slash is no DNS subdomain
CP5008 metadata.labels: "a/b/c" is no key: it has more than one slash
`},
		{"label of a job's template", object("batch/v1 CronJob", "spec: {schedule: '* * * * *', jobTemplate: {metadata: {labels: {a: 'b c'}}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}}"), `
warning CP5008 spec.jobTemplate.metadata.labels.a: want at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit, found "b c" | a longer text can be an annotation
`},
		{"annotation key", replace("labels: {app: web}", "annotations: {Example.com/A: x, 'a b': z}"), `
CP5008 metadata.annotations: "a b" is no key: a name has at most 63 letters, digits, '-', '_' and '.', and starts and ends with a letter or digit
`},
		{"name", replace("name: web\n  labels", "name: Web_1\n  labels"), `
CP5008 metadata.name: want lower-case letters, digits, '-' and '.', starting and ending with a letter or digit, found "Web_1"
`},
		{"null element", replace("args: [--port=8080]", "args: [a, null]"), `
warning CP5009 spec.template.spec.containers[0].args[1]: want a string, found null | leave the element out
`},
		{"secret", object("v1 Secret", "stringData: {password: 12345}"), `
CP5005 stringData.password: want a string, found a number | put it in quotes
`},
		{"long text", replace("replicas: 3", "replicas: "+strings.Repeat("é", 40)), `
CP5005 spec.replicas: want an integer, found the string "` + strings.Repeat("é", 30) + `"...
`},
	})
}

func TestFields(t *testing.T) {
	runChecks(t, newCatalog(t), []checkTest{
		{"misspelt", replace("imagePullPolicy", "imagePullPolcy"), `
CP5003 spec.template.spec.containers[0].imagePullPolcy: Container has no field of this name | did you mean ` + "`imagePullPolicy`" + `?
`},
		{"wrong case", replace("replicas", "Replicas"), `
CP5003 spec.Replicas: DeploymentSpec has no field of this name | did you mean ` + "`replicas`" + `?
`},
		{"null does not hide it", replace("replicas: 3", "size: null"), `
CP5003 spec.size: DeploymentSpec has no field of this name | known: minReadySeconds, paused, progressDeadlineSeconds, replicas, revisionHistoryLimit, selector, strategy, template
`},
		{"too far in", replace("      volumes:", "      paused: true\n      volumes:"), `
CP5003 spec.template.spec.paused: PodSpec has no field of this name | ` + "`paused` belongs in `spec`" + `
`},
		{"too far out", replace("replicas: 3", "containers: []"), `
CP5003 spec.containers: DeploymentSpec has no field of this name | ` + "`containers` belongs in `spec.template.spec`" + `
`},
		{"outside of a list", replace("volumes:", "imagePullPolicy: Always\n      volumes:"), `
CP5003 spec.template.spec.imagePullPolicy: PodSpec has no field of this name
`},
		{"missing", replace("name: web\n        image", "image"), `
CP5004 spec.template.spec.containers[0].name: a required field is missing
`},
		{"null is missing", replace("containerPort: 8080", "containerPort: null"), `
CP5004 spec.template.spec.containers[0].ports[0].containerPort: a required field is null
`},
		{"all at once", object("apps/v1 Deployment", "spec: {replicas: x, foo: 1}"), `
CP5004 spec.selector: a required field is missing
CP5004 spec.template: a required field is missing
CP5003 spec.foo: DeploymentSpec has no field of this name | known: minReadySeconds, paused, progressDeadlineSeconds, replicas, revisionHistoryLimit, selector, strategy, template
CP5005 spec.replicas: want an integer, found the string "x"
`},
		{"empty type", object("scheduling.k8s.io/v1 PriorityClass", "value: 1\nextra: 1"), `
CP5003 extra: PriorityClass has no field of this name | known: apiVersion, description, globalDefault, kind, metadata, preemptionPolicy, value
`},
	})
}

func TestValues(t *testing.T) {
	runChecks(t, newCatalog(t), []checkTest{
		{"enum", replace("RollingUpdate", "Rolling"), `
CP5006 spec.strategy.type: want one of Recreate, RollingUpdate; found "Rolling"
`},
		{"enum in another case", replace("RollingUpdate", "rollingupdate"), `
CP5006 spec.strategy.type: want one of Recreate, RollingUpdate; found "rollingupdate" | did you mean ` + "`RollingUpdate`" + `?
`},
		{"required enum may not be empty", object("discovery.k8s.io/v1 EndpointSlice", "addressType: ''\nendpoints: []"), `
CP5006 addressType: want one of FQDN, IPv4, IPv6; found ""
`},
		{"fraction", replace("replicas: 3", "replicas: 1.5"), `
CP5007 spec.replicas: want an integer, found 1.5
`},
		{"int32", replace("replicas: 3", "replicas: 2147483648"), `
CP5007 spec.replicas: want a 32-bit integer (-2147483648 to 2147483647), found 2147483648
`},
		{"int32 from below", replace("replicas: 3", "replicas: -2147483649"), `
CP5007 spec.replicas: want a 32-bit integer (-2147483648 to 2147483647), found -2147483649
`},
		{"int64 of exact digits", object("batch/v1 Job", "spec: {activeDeadlineSeconds: 9223372036854775808, template: {spec: {containers: []}}}"), `
CP5007 spec.activeDeadlineSeconds: want a 64-bit integer, found 9223372036854775808
`},
		{"huge", replace("replicas: 3", "replicas: 1e300"), `
CP5007 spec.replicas: want a 32-bit integer (-2147483648 to 2147483647), found 1e+300
`},
		{"port", replace("port: http", "port: 1.5"), `
CP5007 spec.template.spec.containers[0].readinessProbe.httpGet.port: want an integer, found 1.5
`},
		{"quantity", replace("memory: 64Mi", "memory: 64 MB"), `
CP5008 spec.template.spec.containers[0].resources.requests.memory: want a quantity such as 500m, 1.5 or 2Gi, found "64 MB" | the suffixes are n, u, m, k, M, G, T, P, E and Ki, Mi, Gi, Ti, Pi, Ei
`},
		{"base64", object("v1 Secret", "data: {password: hunter2}"), `
CP5008 data.password: want base64 text, found other text | plain text goes into ` + "`stringData`" + `
`},
		{"base64 elsewhere", object("certificates.k8s.io/v1 CertificateSigningRequest", "spec: {request: '-', signerName: a/b}"), `
CP5008 spec.request: want base64 text, found other text | in jsonnet, std.base64 encodes plain text
`},
		{"micro time", object("coordination.k8s.io/v1 Lease", "spec: {renewTime: '2020-01-02T03:04:05Z'}"), `
CP5008 spec.renewTime: want a time such as 2006-01-02T15:04:05.000000Z, found "2020-01-02T03:04:05Z"
`},
		{"time", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, deletionTimestamp: today}", `
CP5008 metadata.deletionTimestamp: want a time such as 2006-01-02T15:04:05Z, found "today"
`},
	})
}

func TestKindsOfObjects(t *testing.T) {
	c := newCatalog(t, widgetCRD)
	runChecks(t, c, []checkTest{
		{"misspelt", object("apps/v1 Deploymnet", ""), `
CP5001 Kubernetes 1.37 has no kind Deploymnet in apps/v1 | did you mean ` + "`Deployment`" + `?
`},
		{"lower case", object("v1 service", ""), `
CP5001 Kubernetes 1.37 has no kind service in v1 | did you mean ` + "`Service`" + `?
`},
		{"other version", object("apps/v1beta2 Deployment", ""), `
CP5001 Kubernetes 1.37 has no kind Deployment in apps/v1beta2 | use apiVersion: apps/v1
`},
		{"group gone", object("extensions/v1beta1 Ingress", ""), `
CP5001 Kubernetes 1.37 has no kind Ingress in extensions/v1beta1 | use apiVersion: networking.k8s.io/v1
`},
		{"group missing", object("v1 Deployment", ""), `
CP5001 Kubernetes 1.37 has no kind Deployment in v1 | use apiVersion: apps/v1
`},
		{"several versions", object("autoscaling/v2beta2 HorizontalPodAutoscaler", ""), `
CP5001 Kubernetes 1.37 has no kind HorizontalPodAutoscaler in autoscaling/v2beta2 | use apiVersion: autoscaling/v2 or autoscaling/v1
`},
		{"misspelt in another group", object("v1 Deploymnet", ""), `
CP5001 Kubernetes 1.37 has no kind Deploymnet in v1 | did you mean ` + "`Deployment`" + ` of apiVersion apps/v1?
`},
		{"group misspelt", object("networking.k8s/v1 Ingress", ""), `
warning CP5002 no schema for Ingress of networking.k8s/v1: it is not checked | did you mean the group ` + "`networking.k8s.io`" + `?
`},
		{"foreign", object("monitoring.coreos.com/v1 ServiceMonitor", "spec: {anything: 1}"), `
warning CP5002 no schema for ServiceMonitor of monitoring.coreos.com/v1: it is not checked | put its CustomResourceDefinition into the bundle, or into crds/
`},
		{"foreign kind with a built-in name", object("serving.knative.dev/v1 Service", ""), `
warning CP5002 no schema for Service of serving.knative.dev/v1: it is not checked | put its CustomResourceDefinition into the bundle, or into crds/
`},
		{"misspelt custom kind", object("example.com/v1 Wiget", ""), `
warning CP5002 no schema for Wiget of example.com/v1: it is not checked | did you mean ` + "`Widget`" + `?
`},
		{"custom version", object("example.com/v2 Widget", ""), `
CP5001 Kubernetes 1.37 has no kind Widget in example.com/v2 | use apiVersion: example.com/v1
`},
		{"nothing", "{}", `
CP5004 apiVersion: a required field is missing
CP5004 kind: a required field is missing
`},
		{"wrong types", "{apiVersion: 1, kind: ''}", `
CP5005 apiVersion: want a string, found the number 1
CP5004 kind: want a value, found an empty string
`},
		{"no object", "[]", `
CP5005 want an object, found a list of 0 elements
`},
	})
	found := c.Check(parse(t, object("monitoring.coreos.com/v1 ServiceMonitor", "")))
	if len(found) != 1 || found[0].Severity.String() != "warning" {
		t.Errorf("a foreign kind gives %+v", found)
	}
}

func TestScope(t *testing.T) {
	c := newCatalog(t, widgetCRD, strings.NewReplacer("Namespaced", "Cluster", "Widget", "Site").Replace(widgetCRD))
	for _, test := range []struct {
		group, version, kind string
		namespaced, known    bool
	}{
		{"apps", "v1", "Deployment", true, true},
		{"apps", "v9", "Deployment", true, true},
		{"", "v1", "Namespace", false, true},
		{"", "v1", "PodList", false, false},
		{"example.com", "v1", "Widget", true, true},
		{"example.com", "v1", "Site", false, true},
		{"example.com", "v1", "Other", false, false},
	} {
		namespaced, known := c.Scope(test.group, test.version, test.kind)
		if known != test.known || known && namespaced != test.namespaced {
			t.Errorf("Scope(%q, %q, %q) = %v, %v", test.group, test.version, test.kind, namespaced, known)
		}
	}
}

func TestFinding(t *testing.T) {
	spec := value.Object(value.Field{Name: "repl", Value: value.Number(1), Origin: 7}).WithOrigin(5)
	obj := parse(t, deployment).With("spec", spec)
	found := newCatalog(t).Check(obj)
	if len(found) != 3 || found[0].Origin != 5 || found[2].Origin != 7 {
		t.Fatalf("got %+v", found)
	}
	for base, want := range map[string]string{"": "spec.repl", "web": "web.spec.repl", "list[0]": "list[0].spec.repl"} {
		if got := found[2].Diagnostic(base).Path; got != want {
			t.Errorf("at %q the path is %q, want %q", base, got, want)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	obj := parse(b, deployment)
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			m, err := schemas.Open("1.37")
			if err != nil {
				b.Fatal(err)
			}
			if found := newOf(m).Check(obj); found != nil {
				b.Fatal(lines(found))
			}
		}
	})
	b.Run("next", func(b *testing.B) {
		c := newCatalog(b)
		for b.Loop() {
			if found := c.Check(obj); found != nil {
				b.Fatal(lines(found))
			}
		}
	})
}

// TestKindsOfMinors: a kind is served by some minors only, and some kinds by no server
// that was not told to.
func TestKindsOfMinors(t *testing.T) {
	old, err := New("1.31")
	if err != nil {
		t.Fatal(err)
	}
	runChecks(t, old, []checkTest{
		{"not yet", object("storage.k8s.io/v1 VolumeAttributesClass", "driverName: d"), `
CP5001 Kubernetes 1.31 has no kind VolumeAttributesClass in storage.k8s.io/v1: it came with 1.34 | set the environment's ` + "`kubernetes`" + ` to the minor that the cluster runs
`},
		{"early, still served", object("flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema", "spec: {priorityLevelConfiguration: {name: x}}"), ``},
	})
	runChecks(t, newCatalog(t), []checkTest{
		{"gone", object("flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema", ""), `
CP5001 Kubernetes 1.37 has no kind FlowSchema in flowcontrol.apiserver.k8s.io/v1beta3: 1.31 was the last that had it | use apiVersion: flowcontrol.apiserver.k8s.io/v1
`},
		{"early version gone", object("networking.k8s.io/v1beta1 IPAddress", ""), `
CP5001 Kubernetes 1.37 has no kind IPAddress in networking.k8s.io/v1beta1 | use apiVersion: networking.k8s.io/v1
`},
		{"off", object("internal.apiserver.k8s.io/v1alpha1 StorageVersion", ""), `
CP5001 Kubernetes 1.37 serves StorageVersion in internal.apiserver.k8s.io/v1alpha1 only if it is told to | if the cluster serves it, add ` + "`internal.apiserver.k8s.io/v1alpha1`" + ` to the environment's ` + "`apis`" + ` in couplet.yaml
`},
	})
	told := newCatalog(t)
	told.Serve([]string{"internal.apiserver.k8s.io/v1alpha1"})
	runChecks(t, told, []checkTest{{"told", object("internal.apiserver.k8s.io/v1alpha1 StorageVersion", "spec: {}"), ``}})
}
