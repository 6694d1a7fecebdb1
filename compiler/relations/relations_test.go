package relations

import (
	"fmt"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

func objects(t *testing.T, text string) []value.Value {
	t.Helper()
	if text == "" {
		return nil
	}
	docs, found := decode.YAML(source.NewFile("x.yaml", text))
	if found.HasErrors() {
		t.Fatal(found)
	}
	return docs
}

// clusterWide are the kinds of these tests that have no namespace.
var clusterWide = []string{"Namespace", "ClusterRole", "ClusterRoleBinding", "PriorityClass", "StorageClass", "IngressClass", "RuntimeClass"}

func check(t *testing.T, in Input, text, given string) string {
	t.Helper()
	in.Objects, in.Given = objects(t, text), objects(t, given)
	in.Namespaced = func(_, kind string) bool {
		return !strings.Contains(" "+strings.Join(clusterWide, " ")+" ", " "+kind+" ")
	}
	var out strings.Builder
	for _, f := range Check(in) {
		fmt.Fprintf(&out, "%d %s %s", f.Object, f.Code, f.Message)
		if f.Hint != "" {
			fmt.Fprintf(&out, " | %s", f.Hint)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// web is a workload that names all that a pod can, with what there must be for it.
const web = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      serviceAccountName: web
      priorityClassName: high
      imagePullSecrets: [{name: registry}]
      containers:
      - name: web
        ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]
        env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}, {name: B, valueFrom: {secretKeyRef: {name: db, key: password}}}]
        envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: maybe, optional: true}}]
      volumes:
      - {name: c, configMap: {name: settings, items: [{key: a, path: a}]}}
      - {name: p, persistentVolumeClaim: {claimName: data}}
      - {name: j, projected: {sources: [{secret: {name: db}}]}}
---
`

const rest = `apiVersion: v1
kind: ServiceAccount
metadata: {name: web}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: high}
---
apiVersion: v1
kind: Secret
metadata: {name: registry}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: x}
---
apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {password: x}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
---
`

func TestCheck(t *testing.T) {
	object := func(apiVersion, kind, name, more string) string {
		return fmt.Sprintf("apiVersion: %s\nkind: %s\nmetadata: {name: %s}\n%s\n---\n", apiVersion, kind, name, more)
	}
	without := func(kind, name string) string {
		var kept []string
		for doc := range strings.SplitSeq(rest, "---\n") {
			if !strings.Contains(doc, "kind: "+kind+"\n") || !strings.Contains(doc, "{name: "+name+"}") {
				kept = append(kept, doc)
			}
		}
		return strings.Join(kept, "---\n")
	}
	tests := []struct {
		name, text, given string
		in                Input
		want              string
	}{
		{"all is there", web + rest, "", Input{}, ""},
		{"all is given", web, rest, Input{}, ""},
		{"nothing is there", web, "", Input{}, `0 CP7001 spec.template.spec.serviceAccountName: there is no ServiceAccount web, neither in the bundle nor declared as external | if something else makes it, declare it in couplet.yaml, ` + "`external: [ServiceAccount/web]`" + `, or name it to --given
0 CP7001 spec.template.spec.priorityClassName: there is no PriorityClass high
0 CP7001 spec.template.spec.imagePullSecrets[0].name: there is no Secret registry
0 CP7001 spec.template.spec.volumes[0].configMap.name: there is no ConfigMap settings
0 CP7001 spec.template.spec.volumes[1].persistentVolumeClaim.claimName: there is no PersistentVolumeClaim data
0 CP7001 spec.template.spec.volumes[2].projected.sources[0].secret.name: there is no Secret db
0 CP7001 spec.template.spec.containers[0].env[0].valueFrom.configMapKeyRef.name: there is no ConfigMap settings
0 CP7001 spec.template.spec.containers[0].env[1].valueFrom.secretKeyRef.name: there is no Secret db
0 CP7001 spec.template.spec.containers[0].envFrom[0].configMapRef.name: there is no ConfigMap settings
`},
		{"declared", web, "", Input{Namespace: "shop", External: External{
			"ServiceAccount/shop/*", "PriorityClass/high", "Secret/registry", "ConfigMap/set*", "PersistentVolumeClaim/shop/data", "Secret/shop/d?",
		}}, ""},
		{"declared elsewhere", web, without("ServiceAccount", "web"), Input{External: External{"ServiceAccount/other/web"}}, "0 CP7001 spec.template.spec.serviceAccountName: there is no ServiceAccount web\n"},
		{"misspelt", strings.Replace(web, "name: registry", "name: regisrty", 1) + rest, "", Input{}, "0 CP7001 spec.template.spec.imagePullSecrets[0].name: there is no Secret regisrty, neither in the bundle nor declared as external | did you mean `registry`?\n"},
		{"a key is missing", strings.Replace(web, "key: password", "key: pasword", 1) + rest, "", Input{}, "0 CP7002 spec.template.spec.containers[0].env[1].valueFrom.secretKeyRef.key: Secret db has no key pasword | did you mean `password`?\n"},
		{"made by the cluster", object("v1", "Pod", "p", "spec: {serviceAccountName: default, priorityClassName: system-node-critical, volumes: [{configMap: {name: kube-root-ca.crt}}]}"), "", Input{}, ""},
		{"a service", web + object("v1", "Service", "s", "spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}, {port: 8080}, {port: 53, protocol: UDP}]}"), rest, Input{}, ""},
		{"a service of nothing", web + object("v1", "Service", "s", "spec: {selector: {app: wbe}, ports: [{port: 80}]}"), rest, Input{}, "1 CP7003 spec.selector: this selects no pods: no workload of the bundle has these labels | compare it with the labels of the pods' templates\n"},
		{"a service of a custom resource", object("v1", "Service", "s", "spec: {selector: {prometheus: k8s}, ports: [{port: 80}]}") + object("monitoring.coreos.com/v1", "Prometheus", "k8s", ""), "", Input{}, ""},
		{"a service's ports", web + object("v1", "Service", "s", "spec: {selector: {app: web}, ports: [{port: 80, targetPort: htpt}, {port: 80}, {port: 8080, protocol: UDP}]}"), rest, Input{},
			"1 CP7004 spec.ports[0].targetPort: no container that is selected has the port htpt | did you mean `http`?\n1 CP7004 spec.ports[1].port: no container that is selected has the port 80\n1 CP7004 spec.ports[2].port: no container that is selected has the port 8080\n"},
		{"a port of pods that declare none", object("v1", "Pod", "p", "spec: {containers: [{name: c}]}") + strings.Replace(object("v1", "Pod", "q", "spec: {containers: [{name: c}]}"), "{name: q}", "{name: q, labels: {app: q}}", 1) +
			object("v1", "Service", "s", "spec: {selector: {app: q}, ports: [{port: 80}]}"), "", Input{}, ""},
		{"other selectors", web + object("policy/v1", "PodDisruptionBudget", "b", "spec: {selector: {matchExpressions: [{key: tier, operator: In, values: [back]}]}}") +
			object("networking.k8s.io/v1", "NetworkPolicy", "n", "spec: {podSelector: {}}") +
			object("networking.k8s.io/v1", "NetworkPolicy", "m", "spec: {podSelector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: NotIn, values: [back]}, {key: x, operator: DoesNotExist}]}}"), rest, Input{},
			"1 CP7003 spec.selector: this selects no pods\n"},
		{"an ingress", web + object("v1", "Service", "s", "spec: {selector: {app: web}, ports: [{name: http, port: 8080}]}") +
			object("networking.k8s.io/v1", "Ingress", "i", "spec: {ingressClassName: nginx, tls: [{secretName: tls}], defaultBackend: {service: {name: x, port: {number: 80}}}, rules: [{http: {paths: [{backend: {service: {name: s, port: {number: 80}}}}, {backend: {service: {name: s, port: {name: http}}}}]}}]}"), rest, Input{},
			"2 CP7001 spec.ingressClassName: there is no IngressClass nginx\n2 CP7001 spec.tls[0].secretName: there is no Secret tls\n2 CP7001 spec.defaultBackend.service.name: there is no Service x\n2 CP7004 spec.rules[0].http.paths[0].backend.service.port.number: Service s has no port 80\n"},
		{"roles", object("rbac.authorization.k8s.io/v1", "RoleBinding", "b", "roleRef: {kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, name: a, namespace: other}, {kind: User, name: u}]") +
			object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "c", "roleRef: {kind: ClusterRole, name: view}"), "", Input{},
			"0 CP7001 roleRef.name: there is no Role r\n0 CP7001 subjects[0].name: there is no ServiceAccount other/a\n"},
		{"others", object("autoscaling/v2", "HorizontalPodAutoscaler", "h", "spec: {scaleTargetRef: {kind: Deployment, name: d}}") + object("apps/v1", "StatefulSet", "s", "spec: {serviceName: s}") +
			object("v1", "PersistentVolumeClaim", "p", "spec: {storageClassName: fast}"), "", Input{},
			"0 CP7001 spec.scaleTargetRef.name: there is no Deployment d\n1 CP7001 spec.serviceName: there is no Service s\n2 CP7001 spec.storageClassName: there is no StorageClass fast\n"},
		{"namespaces", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: x}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: x}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: kube-system}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: d, namespace: y}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: y}\n", "", Input{Namespace: "z"},
			"0 CP7005 metadata.namespace: no object of the bundle makes the namespace x\n"},
		{"a quota", object("v1", "ResourceQuota", "q", "spec: {hard: {requests.cpu: '1', limits.memory: 2Gi, pods: 10, requests.storage: 25Gi, count/deployments.apps: 1, requests.ephemeral-storage: 1Gi, services: 5}}") +
			object("apps/v1", "Deployment", "d", "spec: {replicas: 3, template: {spec: {initContainers: [{name: i, resources: {limits: {cpu: 100m, memory: 1Gi}}}], containers: [{name: c, resources: {requests: {cpu: 400m}, limits: {memory: 512Mi}}}]}}}") +
			object("apps/v1", "StatefulSet", "s", "spec: {replicas: 3, template: {spec: {containers: [{name: c, resources: {limits: {cpu: 1m, memory: 1Mi}}}]}}, volumeClaimTemplates: [{spec: {resources: {requests: {storage: 10Gi}}}}]}"), "", Input{},
			"0 CP7006 spec.hard[\"limits.memory\"]: the workloads of the bundle ask for 3075Mi, and 2Gi is allowed | asked for by Deployment d, StatefulSet s\n0 CP7006 spec.hard[\"requests.cpu\"]: the workloads of the bundle ask for 1203m, and 1 is allowed | asked for by Deployment d, StatefulSet s\n0 CP7006 spec.hard[\"requests.storage\"]: the workloads of the bundle ask for 30Gi, and 25Gi is allowed | asked for by StatefulSet s\n"},
		{"a quota and silent pods", object("v1", "ResourceQuota", "q", "spec: {hard: {limits.cpu: '1', requests.ephemeral-storage: 1Gi}}") + object("v1", "Pod", "p", "spec: {containers: [{name: c}]}"), "", Input{},
			"1 CP7007 spec.containers[0].resources: the quota of the bundle is about limits.cpu, and the container names none: its pods would be refused | set resources.limits.cpu\n"},
		{"a quota with defaults", object("v1", "ResourceQuota", "q", "spec: {hard: {limits.cpu: '1'}}") + object("v1", "Pod", "p", "spec: {containers: [{name: c}]}") +
			object("v1", "LimitRange", "l", "spec: {limits: [{type: Container, default: {cpu: 1m}}]}"), "", Input{}, ""},
		{"a quota with scopes", object("v1", "ResourceQuota", "q", "spec: {hard: {limits.cpu: '1'}, scopes: [BestEffort]}") + object("v1", "Pod", "p", "spec: {containers: [{name: c}]}"), "", Input{}, ""},
		{"odd values", object("v1", "Service", "s", "spec: {selector: [a], ports: {a: b}}") + object("v1", "Pod", "p", "spec: {containers: 7, volumes: [null, 1]}") + object("v1", "ResourceQuota", "q", "spec: {hard: {limits.cpu: x, pods: null}}"), "", Input{}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Split(check(t, test.in, test.text, test.given), "\n")
			want := strings.Split(test.want, "\n")
			if len(got) != len(want) {
				t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), test.want)
			}
			for i := range want {
				if !strings.HasPrefix(got[i], want[i]) {
					t.Errorf("got  %s\nwant %s", got[i], want[i])
				}
			}
		})
	}
}

func TestInvalid(t *testing.T) {
	for pattern, ok := range map[string]bool{"Secret/a": true, "Secret/a/b*": true, "Secret": false, "Secret/a/b/c": false, "Secret//b": false, "Secret/[": false} {
		if got := (External{pattern}).Invalid() == ""; got != ok {
			t.Errorf("%s: valid is %t", pattern, got)
		}
	}
}

const smallQuota = `apiVersion: v1
kind: ResourceQuota
metadata: {name: small, namespace: shop}
spec: {hard: {requests.cpu: 1, limits.memory: 1Gi, requests.ephemeral-storage: 2Gi, count/secrets: 0, services.nodeports: 1, requests.storage: 1Gi}}
`

// TestGivenQuotas: a quota that the cluster holds has its findings at the objects of the
// bundle. What the server refuses is an error, what it takes a warning.
func TestGivenQuotas(t *testing.T) {
	for _, c := range []struct{ objects, want string }{
		{`{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {containers: [{name: a, resources: {requests: {cpu: 2}, limits: {memory: 1Gi}}}]}}`,
			"0 CP7006 error the Pod asks for 2 of requests.cpu, and the quota of the namespace shop allows 1"},
		{`{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {containers: [{name: a, resources: {limits: {cpu: 1}}}]}}`,
			"0 CP7007 error spec.containers[0].resources: the quota of the namespace shop is about limits.memory, and the container names none: its pods would be refused"},
		{`{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {containers: [{name: a, resources: {limits: {cpu: 1, memory: 1Gi, ephemeral-storage: 3Gi}}}]}}`,
			"0 CP7006 error the Pod asks for 3Gi of requests.ephemeral-storage, and the quota of the namespace shop allows 2Gi"},
		{`{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: shop}, spec: {replicas: 3, template: {spec: {containers: [{name: a, resources: {limits: {cpu: 500m, memory: 1Mi}}}]}}}}`,
			"0 CP7006 warning the quota's requests.cpu: the workloads of the namespace shop ask for 1500m, and 1 is allowed"},
		{`{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: shop}}`,
			"0 CP7006 error the Secret asks for 1 of count/secrets, and the quota of the namespace shop allows 0"},
		{`{apiVersion: v1, kind: Service, metadata: {name: a, namespace: shop}, spec: {type: NodePort, ports: [{name: a, port: 1}, {name: b, port: 2}]}}`,
			"0 CP7006 error the Service asks for 2 of services.nodeports, and the quota of the namespace shop allows 1"},
		{`{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, namespace: shop}, spec: {resources: {requests: {storage: 5Gi}}}}`,
			"0 CP7006 error the PersistentVolumeClaim asks for 5Gi of requests.storage, and the quota of the namespace shop allows 1Gi"},
		{`{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: other}}`, ""},
	} {
		in := Input{Namespace: "x", External: External{"Namespace/*"}, Namespaced: func(_, kind string) bool { return kind != "Namespace" }}
		in.Objects, in.Given = objects(t, c.objects), objects(t, smallQuota)
		var got []string
		for _, f := range Check(in) {
			got = append(got, fmt.Sprintf("%d %s %s %s", f.Object, f.Code, f.Severity, f.Message))
		}
		if text := strings.Join(got, "\n"); text != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.objects, text, c.want)
		}
		// What the cluster holds already was charged when it came.
		in.Given = append(in.Given, in.Objects...)
		for _, f := range Check(in) {
			if f.Severity == diag.Error {
				t.Errorf("%s: held already, and yet: %s", c.objects, f.Message)
			}
		}
	}
}

// TestNodePorts: two services cannot have one port of the nodes, nor one address.
func TestNodePorts(t *testing.T) {
	service := func(name, spec string) string {
		return "---\n{apiVersion: v1, kind: Service, metadata: {name: " + name + "}, spec: {" + spec + "}}\n"
	}
	for _, c := range []struct{ objects, given, want string }{
		{service("a", "ports: [{nodePort: 30000}]") + service("b", "ports: [{nodePort: 30001}, {nodePort: 30000}]"), "",
			"1 CP7009 spec.ports[1].nodePort: the nodes' port 30000 is taken by Service x/a | leave it out, and the cluster chooses one\n"},
		{service("a", "ports: [{nodePort: 30000}, {nodePort: 30000, protocol: UDP}]"), "", ""},
		{service("a", "ports: [{nodePort: 30000}]"), service("a", "ports: [{nodePort: 30000}]"), ""},
		{service("b", "ports: [{nodePort: 30000}]"), service("a", "ports: [{nodePort: 30000}]"),
			"0 CP7009 spec.ports[0].nodePort: the nodes' port 30000 is taken by Service x/a | leave it out, and the cluster chooses one\n"},
		{service("a", "clusterIP: None") + service("b", "clusterIP: None"), "", ""},
		{service("a", "clusterIP: 10.0.0.1") + service("b", "clusterIP: 10.0.0.1"), "",
			"1 CP7009 spec.clusterIP: the address 10.0.0.1 is taken by Service x/a | leave it out, and the cluster chooses one\n"},
	} {
		if got := check(t, Input{Namespace: "x"}, c.objects, c.given); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.objects, got, c.want)
		}
	}
}
