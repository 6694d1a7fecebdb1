package object_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

func parse(t *testing.T, text string) (value.Value, object.Source) {
	t.Helper()
	f := source.NewFile("test.yaml", text)
	docs, found := decode.YAML(f)
	if found.HasErrors() || len(docs) != 1 {
		t.Fatal(len(docs), found)
	}
	return docs[0], object.Source{File: f, Decoded: true}
}

// summaries writes each object as path component identity.
func summaries(objects []object.Object) []string {
	var out []string
	for _, o := range objects {
		out = append(out, strings.Join([]string{o.Path, o.Component, o.Identity().String()}, " | "))
	}
	return out
}

func TestExtract(t *testing.T) {
	const config = "apiVersion: v1, kind: ConfigMap, metadata: {name: %s}"
	thing := func(name string) string { return "{" + strings.Replace(config, "%s", name, 1) + "}" }
	for _, c := range []struct {
		name, text string
		want       []string
		problems   []string // path code
	}{
		{"the value itself", strings.Trim(thing("a"), ""), []string{" |  | ConfigMap a"}, nil},
		{"nested, sorted by field", "{b: " + thing("x") + ", a: {d: " + thing("v") + ", c: " + thing("z") + "}}",
			[]string{"a.c | a | ConfigMap z", "a.d | a | ConfigMap v", "b | b | ConfigMap x"}, nil},
		{"arrays", "{w: [" + thing("a") + ", [" + thing("b") + "]]}", []string{"w[0] | w | ConfigMap a", "w[1][0] | w | ConfigMap b"}, nil},
		{"a top-level array", "[" + thing("a") + "]", []string{"[0] |  | ConfigMap a"}, nil},
		{"null", "{a: null, b: [null]}", nil, nil},
		{"null alone", "null", nil, nil},
		{"__ksonnet", "{__ksonnet: {a: 1}, b: " + thing("b") + "}", []string{"b | b | ConfigMap b"}, nil},
		{"a list", "{l: {apiVersion: v1, kind: List, items: [" + thing("a") + "]}}", []string{"l.items[0] | l | ConfigMap a"}, nil},
		{"a list in a list", "{l: {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: [" + thing("a") + "]}]}}", []string{"l.items[0].items[0] | l | ConfigMap a"}, nil},
		{"a list of something else", "{l: {apiVersion: v1, kind: List, items: [{a: b}]}}", nil, []string{"l.items[0] CP4001"}},
		{"a primitive", "{web: {replicas: 3}}", nil, []string{"web.replicas CP4001"}},
		{"a primitive alone", "text", nil, []string{" CP4001"}},
		{"no kind", "{web: {apiVersion: v1}}", nil, []string{"web CP4001"}},
		{"no apiVersion", "{web: {kind: Pod}}", nil, []string{"web CP4001"}},
		{"empty kind", "{web: {apiVersion: v1, kind: ''}}", nil, []string{"web CP4001"}},
		{"no metadata", "{web: {apiVersion: v1, kind: Pod}}", nil, []string{"web CP4002"}},
		{"metadata no object", "{web: {apiVersion: v1, kind: Pod, metadata: []}}", nil, []string{"web CP4002"}},
		{"no name", "{web: {apiVersion: v1, kind: Pod, metadata: {labels: {a: b}}}}", nil, []string{"web CP4002"}},
		{"name no string", "{web: {apiVersion: v1, kind: Pod, metadata: {name: 1}}}", nil, []string{"web CP4002"}},
		{"label no string", "{web: {apiVersion: v1, kind: Pod, metadata: {name: a, labels: {a: 1}}}}", nil, []string{"web CP4002"}},
		{"generateName", "{web: {apiVersion: batch/v1, kind: Job, metadata: {generateName: a-}}}", []string{"web | web | Job.batch a-"}, nil},
		{"all problems at once", "{a: 1, b: 2, c: " + thing("c") + "}", []string{"c | c | ConfigMap c"}, []string{"a CP4001", "b CP4001"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, src := parse(t, c.text)
			objects, found := object.Extract(v, src)
			if diff := cmp.Diff(c.want, summaries(objects)); diff != "" {
				t.Error(diff)
			}
			var problems []string
			for _, d := range found {
				problems = append(problems, d.Path+" "+string(d.Code))
				if !d.Span.HasPlace() || d.Message == "" {
					t.Errorf("%+v has no place or message", d)
				}
			}
			if diff := cmp.Diff(c.problems, problems); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func objects(t *testing.T, text string) []object.Object {
	t.Helper()
	v, src := parse(t, text)
	out, found := object.Extract(v, src)
	if found.HasErrors() {
		t.Fatal(found)
	}
	return out
}

func scope(_, _, kind string) (namespaced, known bool) {
	return kind == "ConfigMap", kind == "ConfigMap" || kind == "Namespace"
}

func TestSetNamespace(t *testing.T) {
	given := objects(t, `
- {apiVersion: v1, kind: ConfigMap, metadata: {name: defaulted}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: own, namespace: other}}
- {apiVersion: v1, kind: Namespace, metadata: {name: cluster}}
- {apiVersion: example.com/v1, kind: Thing, metadata: {name: unknown}}
- {apiVersion: example.com/v1, kind: Thing, metadata: {name: told, annotations: {tanka.dev/namespaced: "false"}}}
- {apiVersion: v1, kind: Namespace, metadata: {name: forced, annotations: {tanka.dev/namespaced: "true", keep: me}}}
`)
	want := []string{
		"ConfigMap shop/defaulted", "ConfigMap other/own", "Namespace cluster", "Thing.example.com shop/unknown",
		"Thing.example.com told", "Namespace shop/forced",
	}
	got := object.SetNamespace(given, "shop", scope)
	for i, o := range got {
		if o.Identity().String() != want[i] {
			t.Errorf("%s, want %s", o.Identity(), want[i])
		}
	}
	if got[4].Value.Get("metadata").Has("annotations") || got[5].Value.Get("metadata", "annotations").Has("tanka.dev/namespaced") {
		t.Error("the annotation for the compiler is still there")
	}
	if got[5].Value.Get("metadata", "annotations", "keep").Str() != "me" {
		t.Error("another annotation is gone")
	}
	if given[0].Namespace() != "" {
		t.Error("the given object was changed in place")
	}
	for _, o := range object.SetNamespace(given, "", scope) {
		if o.Name() == "defaulted" && o.Namespace() != "" {
			t.Error("a namespace without one to give")
		}
	}
}

func TestSetDefaults(t *testing.T) {
	given := objects(t, `
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {app: own}}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
`)
	got := object.SetDefaults(given, "labels", map[string]string{"app": "default", "team": "shop"})
	if l := got[0].Value.Get("metadata", "labels"); l.Get("app").Str() != "own" || l.Get("team").Str() != "shop" {
		t.Error("own labels must stand, others come in")
	}
	if l := got[1].Value.Get("metadata", "labels"); l.Get("app").Str() != "default" {
		t.Error("labels must be made where there are none")
	}
}

func TestDuplicates(t *testing.T) {
	found := object.Duplicates(objects(t, `
a: {apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}
b: {apiVersion: apps/v1beta1, kind: Deployment, metadata: {name: web}}
c: {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: other}}
d: {apiVersion: batch/v1, kind: Job, metadata: {generateName: web-}}
e: {apiVersion: batch/v1, kind: Job, metadata: {generateName: web-}}
`))
	if len(found) != 1 || found[0].Code != diag.DuplicateIdentity || found[0].Path != "b" {
		t.Errorf("the version is no part of an identity, and generated names are none: %+v", found)
	}
	if len(found) == 1 && (len(found[0].Related) != 1 || !strings.Contains(found[0].Message, "`a`")) {
		t.Errorf("the first one must be named: %+v", found[0])
	}
}

func TestSort(t *testing.T) {
	given := objects(t, `
- {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: a}}
- {apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: a}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: b}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}
- {apiVersion: v1, kind: Service, metadata: {name: a}}
- {apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}
- {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}}
- {apiVersion: v1, kind: Namespace, metadata: {name: a}}
`)
	want := []string{
		"Namespace a", "CustomResourceDefinition.apiextensions.k8s.io a", "ServiceAccount a", "Service a",
		"Deployment.apps a", "Deployment.apps b", "Service.serving.knative.dev a",
		"ValidatingWebhookConfiguration.admissionregistration.k8s.io a",
	}
	for rotation := range given {
		var got []string
		for _, o := range object.Sort(append(given[rotation:len(given):len(given)], given[:rotation]...)) {
			got = append(got, o.Identity().String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("given in another order: %s", diff)
		}
	}
}

func TestSelect(t *testing.T) {
	given := objects(t, `
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: web-admin}}
- {apiVersion: v1, kind: Service, metadata: {name: web}}
`)
	for _, c := range []struct {
		targets   []string
		want      string
		unmatched int
	}{
		{nil, "Deployment/web Deployment/web-admin Service/web", 0},
		{[]string{"deployment/web"}, "Deployment/web", 0},
		{[]string{"DEPLOYMENT/.*"}, "Deployment/web Deployment/web-admin", 0},
		{[]string{"deployment/web|service/web"}, "Deployment/web Service/web", 0},
		{[]string{"!deployment/.*"}, "Service/web", 0},
		{[]string{".*/web", "!service/.*"}, "Deployment/web", 0},
		{[]string{"web"}, "", 1},
		{[]string{"deployment/web", "!job/.*"}, "Deployment/web", 0},
		{[]string{"deployment/web", "job/.*"}, "Deployment/web", 1},
	} {
		targets, err := object.ParseTargets(c.targets)
		if err != nil {
			t.Fatal(err)
		}
		selected, found := object.Select(given, targets)
		var names []string
		for _, o := range selected {
			names = append(names, o.Kind()+"/"+o.Name())
		}
		if got := strings.Join(names, " "); got != c.want || len(found) != c.unmatched {
			t.Errorf("%q: %s with %v, want %s", c.targets, got, found, c.want)
		}
	}
	if _, err := object.ParseTargets([]string{"a("}); err == nil {
		t.Error("a broken expression is accepted")
	}
}
