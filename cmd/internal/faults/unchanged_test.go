//go:build unix

package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// TestUnchanged applies environments and wants their diff to be empty at once: by what the
// inventory knows, by dry runs of every object, and as couplet reckons it where there are
// only rights to read.
func TestUnchanged(t *testing.T) {
	w := start(t)
	size := bounded(1000, 1000)
	a := w.newApp(t, "unchanged", mixed(size))
	w.unchanged(t, a.dir, "prod", a.name, a.store(), size)
	identity, err := w.server.Identify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	w.define(t, "monitoring.coreos.com", "ServiceMonitor", "PrometheusRule")
	w.define(t, "gateway.networking.k8s.io", "HTTPRoute")
	for _, env := range []string{"default", "dev", "prod"} {
		namespace := "own-" + env
		w.makeNamespace(t, namespace)
		store := &cluster.Store{Server: w.server, Home: cluster.HomeOf("shop", env, namespace, "", nil)}
		w.unchanged(t, root, env, namespace, store, 0, "--context", "couplet-test", "--pin", identity.String(), "-n", namespace)
	}
}

// TestUnchangedKubePrometheus does so with kube-prometheus, definitions and all, from a
// checkout with vendor/.
func TestUnchangedKubePrometheus(t *testing.T) {
	checkout := os.Getenv("KUBE_PROMETHEUS")
	if checkout == "" {
		t.Skip("KUBE_PROMETHEUS names no checkout with vendor/")
	}
	w := start(t)
	a := w.newApp(t, "kube-prometheus", "{}")
	main, err := filepath.Abs(filepath.Join(checkout, "example.jsonnet"))
	if err != nil {
		t.Fatal(err)
	}
	a.program(fmt.Sprintf("import '%s'", main))
	w.unchanged(t, a.dir, "prod", a.name, a.store(), 0, "-J", filepath.Join(checkout, "vendor"))
}

// unchanged applies one environment and compares it in all ways.
func (w *world) unchanged(t *testing.T, dir, env, namespace string, store *cluster.Store, want int, flags ...string) {
	t.Helper()
	w.proxy.Begin(nil)
	do := func(code int, args ...string) run {
		t.Helper()
		return launch(t, dir, w.proxy.Kubeconfig, append(args, flags...)...).end(t).want(t, code)
	}
	do(0, "apply", env, "--yes", "--wait=false", "--rules=schema")
	do(0, "diff", env)
	do(0, "drift", env)
	inv, err := store.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(inv.Entries); n == 0 || want > 0 && n != want {
		t.Fatalf("%d objects were applied, want %d", n, want)
	}
	forgotten := w.forget(t, store.Home)
	if n := lines(do(0, "diff", env).out, fmt.Sprintf("0 to create, 0 to update, %d unchanged", len(inv.Entries))); n != 1 {
		t.Error("the dry runs have not looked at every object")
	}
	reader := w.reader(t, namespace)
	if r := do(0, "diff", env, "--as", reader); !strings.Contains(r.out, "Reckoned by couplet") {
		t.Errorf("a user who may only read got dry runs\n%s", tail(r.out))
	}
	if _, err := w.server.Create(t.Context(), w.resource(t, "v1", "Secret"), forgotten); err != nil {
		t.Fatal(err)
	}
	do(0, append([]string{"delete", env, "--yes"}, allowed(inv)...)...)
	figures.add(fmt.Sprintf("the diff of environment %s of %s, right after apply", env, filepath.Base(store.Home.Name)), 3, fmt.Sprintf("empty for %d objects, by inventory, dry runs and reckoning", len(inv.Entries)))
}

// define has the server take objects of kinds as they are.
func (w *world) define(t *testing.T, group string, kinds ...string) {
	t.Helper()
	for _, kind := range kinds {
		singular := strings.ToLower(kind)
		name := singular + "s." + group
		w.create(t, fmt.Sprintf(`{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": %q, "annotations": {"api-approved.kubernetes.io": "unapproved, for a test"}}, "spec": {
			"group": %q, "scope": "Namespaced", "names": {"kind": %q, "plural": %q, "singular": %q, "listKind": %q},
			"versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}}`,
			name, group, kind, singular+"s", singular, kind+"List"))
		t.Cleanup(func() { w.remove(t, "apiextensions.k8s.io/v1", "CustomResourceDefinition", "", name) })
	}
	for _, kind := range kinds {
		for {
			w.server.Forget()
			if _, err := w.server.Resource(t.Context(), group+"/v1", kind); err == nil {
				break
			} else if !cluster.IsNotServed(err) {
				t.Fatal(err)
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
}

// forget takes an inventory away, as if it had never been, and gives it.
func (w *world) forget(t *testing.T, home cluster.Home) value.Value {
	t.Helper()
	secrets := w.resource(t, "v1", "Secret")
	v, err := w.server.Get(t.Context(), secrets, home.Namespace, home.Name)
	if err != nil {
		t.Fatal(err)
	}
	w.remove(t, "v1", "Secret", home.Namespace, home.Name)
	metadata := v.Get("metadata")
	for _, name := range []string{"uid", "resourceVersion", "managedFields"} {
		metadata = metadata.Without(name)
	}
	return v.With("metadata", metadata)
}

// reader makes an account that may read everything and write nothing.
func (w *world) reader(t *testing.T, namespace string) string {
	t.Helper()
	name := "reader-of-" + namespace
	w.create(t, fmt.Sprintf(`{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "reader", "namespace": %q}}`, namespace))
	w.create(t, fmt.Sprintf(`{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": %q}, "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]}]}`, name))
	w.create(t, fmt.Sprintf(`{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": %q},
		"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": %q}, "subjects": [{"kind": "ServiceAccount", "name": "reader", "namespace": %q}]}`, name, name, namespace))
	t.Cleanup(func() {
		w.remove(t, "rbac.authorization.k8s.io/v1", "ClusterRole", "", name)
		w.remove(t, "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "", name)
	})
	return "system:serviceaccount:" + namespace + ":reader"
}

// allowed are the flags with which all of an inventory may be deleted.
func allowed(inv *cluster.Inventory) []string {
	var args []string
	for _, e := range inv.Entries {
		if slices.Contains([]string{"PersistentVolumeClaim", "PersistentVolume", "Namespace", "CustomResourceDefinition"}, e.Kind) {
			args = append(args, "--prune-allow", e.Kind+"/"+e.Name)
		}
	}
	return args
}
