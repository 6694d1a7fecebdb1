//go:build unix

package faults

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// app is an app on disk with one environment, prod, and a namespace for it.
type app struct {
	*world
	t          *testing.T
	dir        string
	name       string // of the app and of its namespace
	kubeconfig string
	// allow are the flags without which a delete is refused.
	allow []string
}

// mixed is a program of n objects of sixteen kinds.
func mixed(n int) string {
	return fmt.Sprintf("(import 'objects.libsonnet')(%d, std.extVar('namespace'))", n)
}

// newApp makes an app from a jsonnet program, with a namespace that goes with the test.
func (w *world) newApp(t *testing.T, name, program string) *app {
	t.Helper()
	a := &app{world: w, t: t, dir: t.TempDir(), name: name, kubeconfig: w.proxy.Kubeconfig}
	w.makeNamespace(t, name)
	objects, err := os.ReadFile("../benchmark/objects/objects.jsonnet")
	if err != nil {
		t.Fatal(err)
	}
	identity, err := w.server.Identify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a.write("objects.libsonnet", string(objects))
	a.write("couplet.yaml", fmt.Sprintf("apiVersion: couplet/v1\nkind: App\nname: %s\nenvironments:\n  prod:\n    path: environments/prod\n"+
		"    kubernetes: \"1.37\"\n    destination:\n      namespace: %s\n      cluster: %s\n", name, name, identity))
	a.program(program)
	return a
}

// program replaces the source of the environment.
func (a *app) program(text string) {
	a.t.Helper()
	a.write("environments/prod/main.jsonnet", strings.ReplaceAll(strings.ReplaceAll(text, "'objects.libsonnet'", "'../../objects.libsonnet'"), "std.extVar('namespace')", "'"+a.name+"'"))
}

func (a *app) write(name, text string) {
	a.t.Helper()
	file := filepath.Join(a.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		a.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		a.t.Fatal(err)
	}
}

func (a *app) launch(args ...string) *process {
	a.t.Helper()
	return launch(a.t, a.dir, a.kubeconfig, args...)
}

func (a *app) run(args ...string) run {
	a.t.Helper()
	return a.launch(args...).end(a.t)
}

// apply is what the tests do most.
var apply = []string{"apply", "prod", "--yes", "--wait=false", "--rules=schema"}

func (a *app) apply(more ...string) run {
	a.t.Helper()
	return a.run(append(slices.Clone(apply), more...)...)
}

func (a *app) delete() run {
	a.t.Helper()
	args := append([]string{"delete", "prod", "--yes"}, a.allow...)
	for id := range a.held() {
		if id.Kind == "PersistentVolumeClaim" || id.Kind == "Namespace" || id.Kind == "CustomResourceDefinition" {
			args = append(args, "--prune-allow", id.Kind+"/"+id.Name)
		}
	}
	return a.run(args...)
}

func (a *app) store() *cluster.Store {
	return &cluster.Store{Server: a.server, Home: cluster.HomeOf(a.name, "prod", a.name, "", nil)}
}

func (a *app) inventory() *cluster.Inventory {
	a.t.Helper()
	inv, err := a.store().Load(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	return inv
}

// labelPartOf is that of KEP-3659.
const labelPartOf = "applyset.kubernetes.io/part-of"

// held are the objects that the cluster has of the app, whatever couplet knows of them: all
// that have the label of its set.
func (a *app) held() map[object.Identity]value.Value {
	a.t.Helper()
	out := map[object.Identity]value.Value{}
	for _, v := range a.list("", cluster.ListOptions{Labels: labelPartOf}) {
		if a.belongs(v) {
			out[object.Object{Value: v}.Identity()] = v
		}
	}
	return out
}

// belongs goes by the name that KEP-3659 gives the set. The endpoints of a service have the
// service's labels.
func (a *app) belongs(v value.Value) bool {
	home := a.store().Home
	sum := sha256.Sum256([]byte(home.Name + "." + home.Namespace + ".Secret."))
	set := "applyset-" + base64.RawURLEncoding.EncodeToString(sum[:]) + "-v1"
	return v.Get("metadata", "labels", labelPartOf).Str() == set && !strings.HasPrefix(v.Get("kind").Str(), "Endpoint")
}

// list lists every resource that the server has.
func (a *app) list(namespace string, o cluster.ListOptions) []value.Value {
	a.t.Helper()
	a.server.Forget()
	resources, err := a.server.Resources(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	resources = slices.DeleteFunc(resources, func(r cluster.Resource) bool { return !r.Namespaced && namespace != "" })
	lists := make([][]value.Value, len(resources))
	var group sync.WaitGroup
	for i, r := range resources {
		group.Go(func() {
			list, err := a.server.List(a.t.Context(), r, namespace, o)
			if err != nil && !cluster.IsNotServed(err) {
				a.t.Error(err)
			}
			lists[i] = list.Items
		})
	}
	group.Wait()
	return slices.Concat(lists...)
}

// nothingLost makes sure that the inventory has what the cluster has, and no wrong UID.
func (a *app) nothingLost() map[object.Identity]value.Value {
	a.t.Helper()
	entries := map[object.Identity]cluster.Entry{}
	for _, e := range a.inventory().Entries {
		entries[e.Identity()] = e
	}
	held := a.held()
	for id, v := range held {
		e, known := entries[id]
		if !known {
			a.t.Errorf("the inventory has lost %s", id)
		} else if uid := v.Get("metadata", "uid").Str(); e.UID != "" && e.UID != uid {
			a.t.Errorf("the inventory has the UID %s for %s, which has %s", e.UID, id, uid)
		}
	}
	return held
}

// converges applies again, and makes sure that the cluster has all objects, made once and
// applied once, and the inventory all of them; before is what there was of them.
func (a *app) converges(want int, before map[object.Identity]value.Value) {
	a.t.Helper()
	a.proxy.Begin(nil)
	a.apply().want(a.t, 0)
	a.isWhole(want)
	for id, v := range a.held() {
		if old, there := before[id]; there && uidOf(old) != uidOf(v) {
			a.t.Errorf("%s was made anew", id)
		}
		if n := v.Get("metadata", "generation").Float(); n > 1 {
			a.t.Errorf("%s was changed after it was made: its generation is %v", id, n)
		}
	}
}

// isWhole makes sure that the source, the cluster and the inventory agree.
func (a *app) isWhole(want int) {
	a.t.Helper()
	a.run("diff", "prod").want(a.t, 0)
	held, entries := a.held(), a.inventory().Entries
	if len(held) != want || len(entries) != want {
		a.t.Errorf("the cluster has %d objects and the inventory %d, want %d", len(held), len(entries), want)
	}
	for _, e := range entries {
		v, there := held[e.Identity()]
		if !there || e.UID != uidOf(v) {
			a.t.Errorf("the inventory has %s with the UID %q, the cluster has %q", e.Identity(), e.UID, uidOf(v))
		}
	}
}

func uidOf(v value.Value) string { return v.Get("metadata", "uid").Str() }

// vanishes deletes the environment without a trace.
func (a *app) vanishes() {
	a.t.Helper()
	a.proxy.Begin(nil)
	a.delete().want(a.t, 0)
	a.vanished()
}

// vanished makes sure that nothing of the environment is left.
func (a *app) vanished() {
	a.t.Helper()
	for id := range a.held() {
		a.t.Errorf("%s is left", id)
	}
	for _, kind := range []string{"v1 Secret", "coordination.k8s.io/v1 Lease"} {
		apiVersion, kind, _ := strings.Cut(kind, " ")
		for _, v := range a.listed(apiVersion, kind) {
			a.t.Errorf("%s %s is left", kind, v.Get("metadata", "name").Str())
		}
	}
}

func (a *app) listed(apiVersion, kind string) []value.Value {
	a.t.Helper()
	r, err := a.server.Resource(a.t.Context(), apiVersion, kind)
	if err != nil {
		a.t.Fatal(err)
	}
	list, err := a.server.List(a.t.Context(), r, a.name, cluster.ListOptions{})
	if err != nil {
		a.t.Fatal(err)
	}
	return list.Items
}

// madeOnce makes sure that no request made an object that another had made.
func (a *app) madeOnce() {
	a.t.Helper()
	made := map[string]int{}
	const created = 201
	for _, r := range a.proxy.Requests() {
		if r.Writes() && r.Method == "PATCH" && r.Status == created {
			made[r.Path]++
		}
	}
	for path, n := range made {
		if n > 1 {
			a.t.Errorf("%s was made %d times", path, n)
		}
	}
}

// timePasses ages a lease that nobody renews any more, as a minute would.
func (a *app) timePasses() {
	a.t.Helper()
	if full {
		time.Sleep(time.Minute)
		return
	}
	a.age()
}

// age has the app's lease run out.
func (a *app) age() {
	a.t.Helper()
	r, err := a.server.Resource(a.t.Context(), "coordination.k8s.io/v1", "Lease")
	if err != nil {
		a.t.Fatal(err)
	}
	home := a.store().Home
	past := value.Object(value.Field{Name: "spec", Value: value.Object(value.Field{Name: "renewTime", Value: value.String("2001-01-01T00:00:00.000000Z")})})
	if _, err := a.server.Patch(context.Background(), r, home.Namespace, home.Name, "", past); err != nil && !cluster.IsNotFound(err) {
		a.t.Fatal(err)
	}
}
