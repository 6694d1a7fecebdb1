package cluster

import (
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/value"
)

func TestMergePatch(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{`{"a": 1, "b": {"c": 2, "d": 3}, "e": [1]}`, `{"a": 1, "b": {"c": 2}, "e": [2], "f": {"g": 1}}`, `{"b":{"d":null},"e":[2],"f":{"g":1}}`},
		{`{"a": {"b": 1}}`, `{"a": 2}`, `{"a":2}`},
		{`{"a": 1}`, `{"a": 1}`, `{}`},
	} {
		if got := string(appendJSON(mergePatch(parse(c.from), parse(c.to)))); got != c.want {
			t.Errorf("from %s to %s: %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

// TestWithoutDropped takes fields away that were a tool's, and leaves those of others.
func TestWithoutDropped(t *testing.T) {
	own := parse(`{"f:data": {"f:kept": {}, "f:gone": {}, "f:shared": {}}, "f:metadata": {"f:labels": {".": {}, "f:old": {}}, "f:finalizers": {"v:\"x\"": {}, "v:\"y\"": {}}},
		"f:list": {"k:{\"name\":\"a\"}": {".": {}, "f:name": {}, "f:value": {}}, "k:{\"name\":\"b\"}": {".": {}, "f:name": {}}}}`)
	others := []value.Value{parse(`{"f:data": {"f:shared": {}}, "f:metadata": {"f:finalizers": {"v:\"y\"": {}}}}`)}
	desired := parse(`{"data": {"kept": "1"}, "metadata": {"labels": {"new": "1"}}, "list": [{"name": "a"}]}`)
	live := parse(`{"data": {"kept": "1", "gone": "2", "shared": "3", "theirs": "4"}, "metadata": {"labels": {"old": "1", "new": "1"}, "finalizers": ["x", "y"]},
		"list": [{"name": "a", "value": "1"}, {"name": "b"}, {"name": "c"}]}`)
	const want = `{"data":{"kept":"1","shared":"3","theirs":"4"},"list":[{"name":"a"},{"name":"c"}],"metadata":{"finalizers":["y"],"labels":{"new":"1"}}}`
	if got := string(appendJSON(withoutDropped(own, others, desired, live))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestLeftovers tells what a tool left behind from what has only got its labels.
func TestLeftovers(t *testing.T) {
	p := &planner{PlanOptions: PlanOptions{Adopt: AdoptKsonnet("shop")}}
	const mark = `"annotations": {"ksonnet.io/managed": "{}"}`
	const label = `"app.kubernetes.io/deploy-manager": "ksonnet"`
	for metadata, want := range map[string]bool{
		`"namespace": "shop", "labels": {` + label + `}, ` + mark:                                                                 true,
		`"namespace": "shop", "labels": {"ksonnet.io/component": "web"}, "managedFields": [{"manager": "ks"}]`:                    true,
		`"namespace": "other", "labels": {` + label + `}, ` + mark:                                                                false,
		`"namespace": "shop", "labels": {"app.kubernetes.io/deploy-manager": "helm"}, ` + mark:                                    false,
		`"namespace": "shop", "labels": {` + label + `}, "managedFields": [{"manager": "kube-controller-manager"}]`:               false,
		`"namespace": "shop", "labels": {` + label + `}, "ownerReferences": [{"controller": true}], ` + mark:                      false,
		`"namespace": "shop", "labels": {` + label + `, "applyset.kubernetes.io/part-of": "applyset-other-v1"}, ` + mark:          false,
		`"namespace": "shop", "labels": {` + label + `}, "managedFields": [{"manager": "ks", "subresource": "status"}]`:           false,
		`"namespace": "shop", "labels": {` + label + `}, "annotations": {"kubectl.kubernetes.io/last-applied-configuration": ""}`: true,
	} {
		live := parse(`{"metadata": {` + metadata + `}}`)
		if live.IsNull() {
			t.Fatal(metadata)
		}
		if got := p.isLeftover(live); got != want {
			t.Errorf("%s: %t, want %t", metadata, got, want)
		}
	}
}

// TestSlots wants the parts of all bundles that are kept, and of the next one, to have names of
// their own, and no others than a Role can list.
func TestSlots(t *testing.T) {
	home := Home{Namespace: "shop", Name: "couplet.shop.prod"}
	all := map[string]bool{}
	for number := range 50 {
		at := map[string]bool{}
		for kept := range keptRevisions + 1 {
			at[revisionStem(home, number+kept)] = true
			all[revisionStem(home, number+kept)] = true
		}
		if len(at) != keptRevisions+1 {
			t.Errorf("from revision %d on, two share a name: %v", number, at)
		}
		if entriesStem(home, number) == entriesStem(home, number+1) {
			t.Errorf("the inventories %d and %d share a name", number, number+1)
		}
	}
	if len(all) != revisionSlots || !strings.HasPrefix(partName(revisionStem(home, 7), 3), home.Name+".r1.3") {
		t.Errorf("%v", all)
	}
}
