package cluster

import (
	"testing"

	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// TestWithDefaults merges a value that has one manager as a whole: what the server added
// stays, and what was asked for the last time and is no longer goes.
func TestWithDefaults(t *testing.T) {
	for _, c := range []struct{ name, live, desired, last, want string }{
		{"defaults stay", `[{"name":"a","mode":"x"}]`, `[{"name":"a"}]`, `[{"name":"a"}]`, `[{"mode":"x","name":"a"}]`},
		{"what was asked for goes", `[{"name":"a","size":1}]`, `[{"name":"a"}]`, `[{"name":"a","size":1}]`, `[{"name":"a"}]`},
		{"without the last one all is the server's", `[{"name":"a","size":1}]`, `[{"name":"a"}]`, `null`, `[{"name":"a","size":1}]`},
		{"another length", `[{"name":"a","mode":"x"}]`, `[{"name":"a"},{"name":"b"}]`, `null`, `[{"name":"a"},{"name":"b"}]`},
		{"a zero that is not kept", `{"name":"a"}`, `{"name":"a","readOnly":false}`, `{"name":"a","readOnly":false}`, `{"name":"a"}`},
		{"a zero that is new", `{"name":"a"}`, `{"name":"a","mount":false}`, `{"name":"a"}`, `{"mount":false,"name":"a"}`},
	} {
		got := withDefaults(nil, sides{live: parse(c.live), desired: parse(c.desired), last: parse(c.last)})
		if !value.Equal(got, parse(c.want)) {
			t.Errorf("%s: got %s, want %s", c.name, appendJSON(got), c.want)
		}
	}
}

// TestMergeListMap merges lists whose elements have keys, some of them left to their defaults,
// with those of others.
func TestMergeListMap(t *testing.T) {
	p := newPlanner(&Store{}, NewInventory(), nil, PlanOptions{Kubernetes: "1.37"})
	container := p.schemaOf(object.Object{Value: parse(`{"apiVersion": "v1", "kind": "Pod"}`)}).Property("spec").Property("containers").Elem.Resolve()
	got := mergeListMap(container.Property("ports"), sides{
		own: parse(`{"k:{\"containerPort\":53,\"protocol\":\"TCP\"}": {}, "k:{\"containerPort\":53,\"protocol\":\"UDP\"}": {}, "k:{\"containerPort\":1,\"protocol\":\"TCP\"}": {}}`),
		live: parse(`[{"containerPort": 53, "protocol": "UDP"}, {"containerPort": 53, "protocol": "TCP"}, {"containerPort": 1, "protocol": "TCP"},
			{"containerPort": 99, "protocol": "TCP"}]`),
		desired: parse(`[{"containerPort": 53, "name": "tcp"}, {"containerPort": 53, "protocol": "UDP", "name": "udp"}, {"containerPort": 2}]`),
	})
	want := parse(`[{"containerPort": 53, "protocol": "TCP", "name": "tcp"}, {"containerPort": 99, "protocol": "TCP"},
		{"containerPort": 53, "protocol": "UDP", "name": "udp"}, {"containerPort": 2}]`)
	if !value.Equal(got, want) {
		t.Errorf("%s", appendJSON(got))
	}
}
