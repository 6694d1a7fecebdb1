package cluster

import (
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// TestHome finds out where inventories are, and that no two environments share a name.
func TestHome(t *testing.T) {
	space := []object.Object{{Value: parse(`{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}`)}}
	for _, c := range []struct {
		app, environment, namespace, named string
		objects                            []object.Object
		want                               string
	}{
		{"shop", "prod", "shop", "", nil, "shop/couplet.shop.prod"},
		{"shop", "prod", "", "", nil, "default/couplet.shop.prod"},
		{"shop", "prod", "shop", "", space, "default/couplet.shop.prod"},
		{"shop", "prod", "shop", "ops", space, "ops/couplet.shop.prod"},
		{"", "environments/prod", "shop", "", nil, "shop/couplet.environments-prod.263f0bc2"},
	} {
		if got := HomeOf(c.app, c.environment, c.namespace, c.named, c.objects).String(); got != c.want {
			t.Errorf("HomeOf(%q, %q, %q, %q) is %s, want %s", c.app, c.environment, c.namespace, c.named, got, c.want)
		}
	}
	seen := map[string]string{}
	for _, name := range []string{"prod", "Prod", "PROD", "pr_od", "pr-od", "pr/od", "pr.od", "pr..od", "-prod", strings.Repeat("x", 300), strings.Repeat("x", 301)} {
		home := HomeOf("shop", name, "", "", nil).Name
		if other, taken := seen[home]; taken {
			t.Errorf("%q and %q have one home: %s", name, other, home)
		}
		seen[home] = name
		if len(home)+len(".i1000000.99") > 253 {
			t.Errorf("%s has no room for its parts", home)
		}
	}
}

// TestSetID holds the identity of a set against what KEP-3659 asks for: the base64url form of
// the SHA-256 sum of couplet.shop.prod.shop.Secret. and its fixed parts.
func TestSetID(t *testing.T) {
	const want = "applyset-ilzBRcH6gn4BCFqU0ijlhDIHv2IG1KWbn7zF6fcGd8I-v1"
	id := setID("couplet.shop.prod", "shop")
	if id != want || len(id) > 63 {
		t.Errorf("got %s, want %s", id, want)
	}
	if id == setID("couplet.shop.prod", "other") || id == setID("couplet.shop.dev", "shop") {
		t.Error("two sets have one identity")
	}
}

func TestEntries(t *testing.T) {
	entry := func(name, uid string) Entry {
		return Entry{Version: "v1", Kind: "ConfigMap", Namespace: "shop", Name: name, UID: uid}
	}
	inv := NewInventory().withEntries([]Entry{entry("b", ""), entry("a", "1")})
	inv = inv.withEntries([]Entry{entry("b", "2"), entry("c", "3")})
	text, err := encodeEntries(inv.Entries)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := unpack(pack(text))
	if err != nil {
		t.Fatal(err)
	}
	read, err := decodeEntries(packed)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range read {
		got = append(got, e.Name+e.UID)
	}
	if strings.Join(got, " ") != "a1 b2 c3" {
		t.Errorf("got %v, want a1 b2 c3", got)
	}
	if e, ok := inv.find(entry("b", "").Identity()); !ok || e.UID != "2" {
		t.Errorf("b is %v, %v", e, ok)
	}
	if rest := inv.without(map[object.Identity]bool{entry("b", "").Identity(): true}); len(rest.Entries) != 2 {
		t.Errorf("%d entries are left, want 2", len(rest.Entries))
	}
}

// TestSteps puts objects into the order in which they are applied.
func TestSteps(t *testing.T) {
	make := func(apiVersion, kind, name string, annotations ...string) Action {
		m := map[string]string{}
		for i := 0; i+1 < len(annotations); i += 2 {
			m[annotations[i]] = annotations[i+1]
		}
		return Action{Object: object.Object{Value: value.Object(
			value.Field{Name: "apiVersion", Value: value.String(apiVersion)}, value.Field{Name: "kind", Value: value.String(kind)},
			value.Field{Name: "metadata", Value: value.Object(
				value.Field{Name: "name", Value: value.String(name)}, value.Field{Name: "annotations", Value: stringMap(m)})},
		)}}
	}
	var got []string
	for _, step := range steps([]Action{
		make("apps/v1", "Deployment", "web"),
		make("batch/v1", "Job", "after", AnnotationHook, "after"),
		make("batch/v1", "Job", "migrate", AnnotationHook, "before"),
		make("v1", "Service", "web"),
		make("v1", "ConfigMap", "last", AnnotationOrder, "1"),
		make("v1", "ConfigMap", "first", AnnotationOrder, "-1"),
		make("v1", "ConfigMap", "b"),
		make("v1", "Secret", "a"),
		make("v1", "Namespace", "shop"),
	}) {
		var names []string
		for _, a := range step {
			names = append(names, a.Object.Kind()+"/"+a.Object.Name())
		}
		got = append(got, strings.Join(names, "+"))
	}
	want := "ConfigMap/first Namespace/shop ConfigMap/b+Secret/a Service/web Job/migrate Deployment/web ConfigMap/last"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
}

func TestCheckAnnotations(t *testing.T) {
	for text, fine := range map[string]bool{
		`{"kind": "Job", "metadata": {"annotations": {"couplet.dev/hook": "before", "couplet.dev/order": "-3"}}}`: true,
		`{"kind": "Pod", "metadata": {"annotations": {"couplet.dev/hook": "before"}}}`:                            false,
		`{"kind": "Job", "metadata": {"annotations": {"couplet.dev/hook": "during"}}}`:                            false,
		`{"kind": "Job", "metadata": {"annotations": {"couplet.dev/order": "soon"}}}`:                             false,
		`{"kind": "Job", "metadata": {"annotations": {"couplet.dev/update": "replace"}}}`:                         true,
		`{"kind": "Job", "metadata": {"annotations": {"couplet.dev/update": "recreate"}}}`:                        false,
		`{"kind": "Job", "metadata": {"annotations": {"couplet.dev/prune": "never"}}}`:                            false,
		`{"kind": "Job", "metadata": {}}`:                                                                         true,
	} {
		if err := CheckAnnotations(object.Object{Value: parse(text)}); (err == nil) != fine {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestBackup takes out what a new object cannot have, and nothing else.
func TestBackup(t *testing.T) {
	for live, want := range map[string]string{
		`{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "uid": "1", "resourceVersion": "2", "ownerReferences": [{}]}, "spec": {"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "ports": []}, "status": {}}`:                  `{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"ports": []}}`,
		`{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"clusterIP": "None"}}`:                                                                                                                                          `{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"clusterIP": "None"}}`,
		`{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "annotations": {"deployment.kubernetes.io/revision": "4"}}, "spec": {}}`:                                                                                          `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {}}`,
		`{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a", "labels": {"batch.kubernetes.io/controller-uid": "9", "x": "y"}}, "spec": {"selector": {}, "template": {"metadata": {"labels": {"controller-uid": "9"}}, "spec": {}}}}`: `{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a", "labels": {"x": "y"}}, "spec": {"template": {"spec": {}}}}`,
	} {
		if got := Backup(parse(live)); !value.Equal(got, parse(want)) {
			t.Errorf("of %s is left %s", live, appendJSON(got))
		}
	}
}
