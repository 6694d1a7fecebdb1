//go:build unix

package faults

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
)

// maps is a program of n ConfigMaps with one value each.
func maps(n int, text string) string {
	return fmt.Sprintf(`[{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map-%%d' %% i }, data: { text: '%s' } } for i in std.range(0, %d)]`, text, n-1)
}

// atFirstWrite calls a function once, when the plan is made and its first object is about to
// be written.
func (a *app) atFirstWrite(do func()) {
	var done atomic.Bool
	a.proxy.Begin(func(r testcluster.Request) testcluster.Fault {
		if r.Method == "PATCH" && r.Writes() && done.CompareAndSwap(false, true) {
			do()
		}
		return testcluster.Pass
	})
}

// TestMoved has somebody delete one object and change another between plan and apply.
func TestMoved(t *testing.T) {
	w := start(t)
	const size = 20
	a := w.newApp(t, "moved", maps(size, "old"))
	a.apply().want(t, 0)
	a.program(maps(size, "new"))
	disturb := func() {
		w.remove(t, "v1", "ConfigMap", a.name, "map-3")
		w.patch(t, "v1", "ConfigMap", a.name, "map-7", "", `{"data": {"text": "another's"}}`)
	}
	a.run("diff", "prod", "-o", "plan=saved.plan").want(t, 3)
	a.atFirstWrite(disturb)
	if r := a.apply(); r.code != 1 || !strings.Contains(r.err, "map-7") {
		t.Fatalf("exit code %d, want 1 and a conflict about map-7\n%s", r.code, r.err)
	}
	a.nothingLost()
	w.proxy.Begin(nil)
	if r := a.run("apply", "prod", "--yes", "--plan", "saved.plan"); r.code != 1 || !strings.Contains(r.err, "the cluster has changed") {
		t.Fatalf("a plan of another state is carried out: exit code %d\n%s", r.code, r.err)
	}
	a.apply("--force-conflicts", "configmap/map-7:.data.text").want(t, 0)
	a.isWhole(size)
	a.vanishes()
	figures.add("an object deleted and another changed between plan and apply", 1, "the deleted one is made again; of the changed one the conflict is told; a saved plan is refused")
}

// TestWebhook has an admission webhook refuse one object: dry runs of it too, only when it is
// written, and by not being there, by which it refuses all objects.
func TestWebhook(t *testing.T) {
	w := start(t)
	const size = 20
	for _, c := range []struct {
		name    string
		dry     bool // refuses dry runs too
		missing bool // has no service
		held    int  // objects on the cluster after it
	}{{"hook-dry", true, false, size - 1}, {"hook-late", false, false, size - 1}, {"hook-missing", true, true, 0}} {
		a := w.newApp(t, c.name, maps(size, "text"))
		remove := w.refuse(t, a.name, "map-7", c.dry, c.missing)
		looked := a.run("diff", "prod")
		if c.dry && (looked.code != 1 || !strings.Contains(looked.err, "map-7")) {
			t.Fatalf("%s: the diff has exit code %d\n%s", c.name, looked.code, looked.err)
		}
		r := a.apply()
		if r.code != 1 || !strings.Contains(r.err, "map-7") || r.took > time.Minute {
			t.Fatalf("%s: exit code %d after %s\n%s", c.name, r.code, r.took, r.err)
		}
		if held := len(a.nothingLost()); held != c.held {
			t.Errorf("%s: %d objects were applied, want %d", c.name, held, c.held)
		}
		remove()
		a.converges(size, a.held())
		a.vanishes()
	}
	figures.add("a webhook that refuses one object; that refuses it only when it is written; one whose service is not there", 3,
		"the diff tells of the first and the last; all but the refused objects are applied; without the webhook the next apply converges")
}

// TestDefinition has a definition and its objects in one bundle, in a namespace of its own.
func TestDefinition(t *testing.T) {
	w := start(t)
	a := w.newApp(t, "definition", `[
		{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.definition.example.com' }, spec: {
			group: 'definition.example.com', scope: 'Namespaced', names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
			versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } } } } }],
		} },
		{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'definition-widgets' } },
	] + [{ apiVersion: 'definition.example.com/v1', kind: 'Widget', metadata: { name: 'definition-%d' % i, namespace: 'definition-widgets' }, spec: { size: i } } for i in std.range(1, 20)]`)
	for range 2 {
		a.apply().want(t, 0)
		a.madeOnce()
		a.isWhole(22)
		a.vanishes()
	}
	figures.add("a definition, a namespace and 20 objects of both in one bundle, twice", 2, "applied in one go, deleted without a rest")
}

// TestTerminating has namespaces and objects that are being deleted while they are applied.
func TestTerminating(t *testing.T) {
	w := start(t)
	own := `[{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'terminating-own' } }] +
		[{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map-%d' % i, namespace: 'terminating-own' } } for i in std.range(1, 10)]`
	a := w.newApp(t, "terminating", own)
	a.apply().want(t, 0)
	release := w.hold(t, "terminating-own")
	w.remove(t, "v1", "Namespace", "", "terminating-own")
	a.run("diff", "prod").want(t, 3)
	go func() {
		time.Sleep(2 * time.Second)
		release()
	}()
	a.apply().want(t, 0)
	a.isWhole(11)
	release = w.hold(t, "terminating-own")
	w.remove(t, "v1", "Namespace", "", "terminating-own")
	a.program(strings.Replace(own, "{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'terminating-own' } }", "", 1))
	if r := a.apply(); r.code != 1 || !strings.Contains(r.err, "terminating-own is being deleted") {
		t.Fatalf("exit code %d\n%s", r.code, r.err)
	}
	release()
	a.program("[]")
	a.run("apply", "prod", "--yes", "--prune", "--prune-allow", "namespace/terminating-own", "--max-prune", "100%").want(t, 0)
	a.vanishes()
	figures.add("a namespace that is being deleted", 2, "one of the bundle is made again when it is gone, with all that is in it; into one that is not the bundle's nothing is applied")
}

// TestTerminatingObject has an object that somebody deletes, and that a finalizer keeps.
func TestTerminatingObject(t *testing.T) {
	w := start(t)
	const size = 5
	a := w.newApp(t, "lingering", maps(size, "text"))
	a.apply().want(t, 0)
	w.patch(t, "v1", "ConfigMap", a.name, "map-3", "", `{"metadata": {"finalizers": ["example.com/linger"]}}`)
	w.remove(t, "v1", "ConfigMap", a.name, "map-3")
	a.run("diff", "prod").want(t, 3)
	go func() {
		time.Sleep(time.Second)
		w.patch(t, "v1", "ConfigMap", a.name, "map-3", "", `{"metadata": {"finalizers": null}}`)
	}()
	a.apply().want(t, 0)
	a.isWhole(size)
	a.vanishes()
	figures.add("an object that is being deleted", 1, "it is made again when it is gone")
}

// TestMany applies as many objects as an environment may ever have.
func TestMany(t *testing.T) {
	w := start(t)
	size := bounded(200, 5000)
	a := w.newApp(t, "many", fmt.Sprintf(`local all = %s; [o { metadata+: { name: '%%s-%%d' %% [o.metadata.name, i] } } for i in std.range(0, %d) for o in [all[2], all[3], all[12], all[13]]]`, mixed(16), size/4-1))
	r := a.apply().want(t, 0)
	a.madeOnce()
	a.isWhole(size)
	requests := len(w.proxy.Requests())
	w.proxy.Begin(nil)
	again := a.apply().want(t, 0)
	if n := lines(again.err, "applied "); n != 0 {
		t.Errorf("%d objects were applied that had not changed", n)
	}
	figures.add(fmt.Sprintf("%d objects in one environment", size), 1, fmt.Sprintf("applied in %.1f s with %d requests, again without a change in %.1f s with %d",
		r.took.Seconds(), requests, again.took.Seconds(), len(w.proxy.Requests())))
	a.vanishes()
}

// TestFullDisk has no room for the backup.
func TestFullDisk(t *testing.T) {
	w := start(t)
	const size = 40
	a := w.newApp(t, "full-disk", mixed(size))
	a.apply().want(t, 0)
	a.program(mixed(size - 8))
	r := a.onFullDisk("apply", "prod", "--yes", "--wait=false", "--prune", "--max-prune", "100%", "--prune-allow", "persistentvolumeclaim/persistentvolumeclaim-15", "--backup-dir", "small")
	if r.code != 1 || !strings.Contains(r.err, "nothing was changed") {
		t.Fatalf("exit code %d\n%s%s", r.code, r.out, r.err)
	}
	if n := len(a.nothingLost()); n != size {
		t.Fatalf("%d of %d objects are left, although there is no backup", n, size)
	}
	a.apply("--prune", "--max-prune", "100%").want(t, 0)
	a.isWhole(size - 8)
	a.vanishes()
	figures.add("a disk without room for the backup", 1, "nothing is deleted, with room everything is")
}
