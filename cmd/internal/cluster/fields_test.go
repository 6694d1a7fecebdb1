package cluster

import (
	"testing"

	"github.com/couplet-k8s/couplet/compiler/diff"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// deployment has fields of couplet's, of a person's and of a controller's.
const deployment = `{
	"apiVersion": "apps/v1", "kind": "Deployment",
	"metadata": {
		"name": "web", "uid": "1", "resourceVersion": "7", "generation": 3, "labels": {"app": "web", "team": "blue"},
		"managedFields": [
			{"manager": "couplet", "operation": "Apply", "fieldsV1": {
				"f:metadata": {"f:labels": {"f:app": {}}},
				"f:spec": {
					"f:replicas": {},
					"f:template": {"f:spec": {"f:containers": {"k:{\"name\":\"web\"}": {
						".": {}, "f:name": {}, "f:image": {},
						"f:ports": {"k:{\"containerPort\":80,\"protocol\":\"TCP\"}": {".": {}, "f:containerPort": {}}}
					}}}}
				}
			}},
			{"manager": "jane", "operation": "Update", "fieldsV1": {"f:metadata": {"f:labels": {"f:team": {}}}}},
			{"manager": "kcm", "operation": "Update", "subresource": "status", "fieldsV1": {"f:status": {"f:replicas": {}}}}
		]
	},
	"spec": {"replicas": 2, "template": {"spec": {"containers": [
		{"name": "sidecar", "image": "s:1"},
		{"name": "web", "image": "w:1", "imagePullPolicy": "Always", "ports": [{"containerPort": 80, "protocol": "TCP"}]}
	]}}},
	"status": {"replicas": 2}
}`

func with(v value.Value, to value.Value, path ...string) value.Value {
	if len(path) == 1 {
		return v.With(path[0], to)
	}
	return v.With(path[0], with(v.Get(path[0]), to, path[1:]...))
}

// TestLiveDigest changes one thing of an object after the other.
func TestLiveDigest(t *testing.T) {
	live := parse(deployment)
	before := liveDigest(live)
	containers := func(image, policy string) value.Value {
		return parse(`[{"name": "web", "image": "` + image + `", "imagePullPolicy": "` + policy + `", "ports": [{"containerPort": 80, "protocol": "TCP"}]}, {"name": "sidecar", "image": "s:2"}]`)
	}
	for name, c := range map[string]struct {
		changed value.Value
		same    bool
	}{
		"another's label":       {with(live, value.String("red"), "metadata", "labels", "team"), true},
		"status and version":    {with(with(live, value.Number(0), "status", "replicas"), value.String("8"), "metadata", "resourceVersion"), true},
		"another container":     {with(live, containers("w:1", "Never"), "spec", "template", "spec", "containers"), true},
		"our label":             {with(live, value.String("other"), "metadata", "labels", "app"), false},
		"our number":            {with(live, value.Number(3), "spec", "replicas"), false},
		"our image":             {with(live, containers("w:2", "Always"), "spec", "template", "spec", "containers"), false},
		"our container is gone": {with(live, parse(`[]`), "spec", "template", "spec", "containers"), false},
		"our label is gone":     {with(live, parse(`{"team": "blue"}`), "metadata", "labels"), false},
		"a field is taken over": {with(live, parse(`[{"manager": "couplet", "operation": "Apply", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]`), "metadata", "managedFields"), false},
		"couplet is no manager": {with(live, parse(`[]`), "metadata", "managedFields"), false},
		"an update by our name": {with(live, parse(`[{"manager": "couplet", "operation": "Update", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]`), "metadata", "managedFields"), false},
		"nothing":               {live, true},
	} {
		if same := liveDigest(c.changed) == before; same != c.same {
			t.Errorf("%s: the same is %v, want %v", name, same, c.same)
		}
	}
}

func TestOwns(t *testing.T) {
	live := parse(deployment)
	fields := ownFields(live)
	changed := with(with(live, value.Number(5), "spec", "replicas"), parse(`[
		{"name": "sidecar", "image": "s:2"},
		{"name": "web", "image": "w:2", "imagePullPolicy": "Never", "ports": [{"containerPort": 80, "protocol": "TCP"}]}
	]`), "spec", "template", "spec", "containers")
	got := map[string]bool{}
	for _, c := range diff.Values(comparable(live), comparable(changed)) {
		got[c.Path.String()] = owns(fields, c.Path)
	}
	want := map[string]bool{
		"spec.replicas": true,
		"spec.template.spec.containers[name=web].image":           true,
		"spec.template.spec.containers[name=web].imagePullPolicy": false,
		"spec.template.spec.containers[name=sidecar].image":       false,
	}
	for path, owned := range want {
		if is, there := got[path]; !there || is != owned {
			t.Errorf("%s: owned is %v (changed: %v), want %v", path, is, there, owned)
		}
	}
}

func TestOtherManagers(t *testing.T) {
	got := otherManagers(parse(deployment))
	if len(got) != 1 || got["jane"] != 1 {
		t.Errorf("got %v, want one field of jane's: status is nobody's business", got)
	}
}
