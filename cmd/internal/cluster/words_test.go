package cluster

import (
	"testing"

	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// TestInWords says pods in the words of others.
func TestInWords(t *testing.T) {
	p := newPlanner(&Store{}, NewInventory(), nil, PlanOptions{Kubernetes: "1.37"})
	for _, c := range []struct{ name, live, said, want string }{
		{"amounts", `{"containers": [{"name": "a", "resources": {"limits": {"cpu": "1", "memory": "1Gi"}}}]}`,
			`{"containers": [{"name": "a", "resources": {"limits": {"cpu": "1000m", "memory": "1025Mi"}}}]}`,
			`{"containers": [{"name": "a", "resources": {"limits": {"cpu": "1", "memory": "1025Mi"}}}]}`},
		{"elements with keys", `{"volumes": [{"name": "a"}, {"name": "gone"}, {"name": "b", "emptyDir": {"sizeLimit": "1Gi"}}]}`,
			`{"volumes": [{"name": "new"}, {"name": "b", "emptyDir": {"sizeLimit": "1024Mi"}}, {"name": "a"}]}`,
			`{"volumes": [{"name": "a"}, {"name": "b", "emptyDir": {"sizeLimit": "1Gi"}}, {"name": "new"}]}`},
		{"a key by default", `{"containers": [{"name": "a", "ports": [{"containerPort": 1, "protocol": "UDP"}, {"containerPort": 1, "protocol": "TCP"}]}]}`,
			`{"containers": [{"name": "a", "ports": [{"containerPort": 1, "protocol": "TCP"}, {"containerPort": 1, "protocol": "UDP"}]}]}`,
			`{"containers": [{"name": "a", "ports": [{"containerPort": 1, "protocol": "UDP"}, {"containerPort": 1, "protocol": "TCP"}]}]}`},
		{"a key by default beside one that is said", `{"containers": [{"name": "a", "ports": [{"containerPort": 53, "protocol": "UDP"}, {"containerPort": 53, "protocol": "TCP"}]}]}`,
			`{"containers": [{"name": "a", "ports": [{"containerPort": 53}, {"containerPort": 53, "protocol": "UDP"}]}]}`,
			`{"containers": [{"name": "a", "ports": [{"containerPort": 53, "protocol": "UDP"}, {"containerPort": 53}]}]}`},
		{"what runs in order", `{"initContainers": [{"name": "a"}, {"name": "b"}]}`, `{"initContainers": [{"name": "b"}, {"name": "a"}]}`, `{"initContainers": [{"name": "b"}, {"name": "a"}]}`},
		{"elements without keys", `{"tolerations": [{"key": "a"}, {"key": "b"}]}`, `{"tolerations": [{"key": "b"}, {"key": "a"}]}`, `{"tolerations": [{"key": "b"}, {"key": "a"}]}`},
		{"texts that are no amounts", `{"nodeSelector": {"a": "1"}}`, `{"nodeSelector": {"a": "1000m"}}`, `{"nodeSelector": {"a": "1000m"}}`},
		{"another kind of value", `{"volumes": [{"name": "a"}]}`, `{"volumes": null}`, `{"volumes": null}`},
		{"the same element twice", `{"volumes": [{"name": "a"}]}`, `{"volumes": [{"name": "a"}, {"name": "a"}]}`, `{"volumes": [{"name": "a"}, {"name": "a"}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			pod := func(spec string) value.Value {
				return parse(`{"apiVersion": "v1", "kind": "Pod", "spec": ` + spec + `}`)
			}
			if got := inWords(p.schemaOf(object.Object{Value: pod(c.said)}), pod(c.live), pod(c.said)); !value.Equal(got, pod(c.want)) {
				t.Errorf("%s", appendJSON(got))
			}
		})
	}
}
