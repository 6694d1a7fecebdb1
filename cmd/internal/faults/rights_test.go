//go:build unix

package faults

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
)

// TestRightsMissing applies as somebody who may only read, and as somebody whose rights are
// taken away in the middle.
func TestRightsMissing(t *testing.T) {
	w := start(t)
	const size = 64
	a := w.newApp(t, "rights", mixed(size))
	reader := w.reader(t, a.name)
	if r := a.apply("--as", reader); r.code != 1 {
		t.Fatalf("exit code %d for somebody who may only read\n%s", r.code, r.err)
	}
	if n := len(a.nothingLost()); n != 0 {
		t.Fatalf("%d objects were applied by somebody who may only read", n)
	}
	w.create(t, fmt.Sprintf(`{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "deployer-of-rights"},
		"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [{"kind": "ServiceAccount", "name": "deployer", "namespace": %q}]}`, a.name))
	done := w.atWrite(t, size/2, func() error {
		w.remove(t, "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "", "deployer-of-rights")
		return nil
	})
	r := a.apply("--as", "system:serviceaccount:"+a.name+":deployer")
	done()
	if r.code != 1 || !strings.Contains(r.err, "forbidden") {
		t.Fatalf("exit code %d, although the rights were taken away in the middle\n%s", r.code, tail(r.err))
	}
	before := a.nothingLost()
	if len(before) == 0 || len(before) == size {
		t.Fatalf("%d objects were applied, want some", len(before))
	}
	a.age() // the lease could not be given back
	a.converges(size, before)
	a.vanishes()
	figures.add("rights that are missing, from the beginning or from the middle on", 2, "nothing is applied; what was applied is in the inventory, and applying again with the rights converges")
}

// TestLeaseLost has somebody take the lease away from a run that waits for a hook.
func TestLeaseLost(t *testing.T) {
	w := start(t)
	hook := `{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'never', annotations: { 'couplet.dev/hook': 'before' } }, spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'example.com/c:1' }] } } } }`
	deployment := `{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'after' }, spec: { replicas: 0, selector: { matchLabels: { app: 'a' } }, template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'example.com/c:1' }] } } } }`
	a := w.newApp(t, "lease-lost", maps(3, "text")+" + ["+hook+", "+deployment+"]")
	const taken = `{"spec": {"holderIdentity": "somebody else", "renewTime": "%s"}}`
	var stolen bool
	w.proxy.Begin(func(r testcluster.Request) testcluster.Fault {
		if !stolen && r.Method == "GET" && strings.HasSuffix(r.Path, "/jobs/never") && r.Number > 20 {
			stolen = true
			home := a.store().Home
			w.patch(t, "coordination.k8s.io/v1", "Lease", home.Namespace, home.Name, "", fmt.Sprintf(taken, time.Now().UTC().Format("2006-01-02T15:04:05.000000Z")))
		}
		return testcluster.Pass
	})
	r := a.apply()
	if !stolen || r.code != 1 || !strings.Contains(r.err, "lease") || r.took > time.Minute {
		t.Fatalf("exit code %d after %s\n%s", r.code, r.took, r.err)
	}
	if len(a.held()) != 4 {
		t.Errorf("%d objects are there, want the maps and the hook only", len(a.held()))
	}
	a.nothingLost()
	a.age()
	w.proxy.Begin(nil)
	a.program(maps(3, "text") + " + [" + deployment + "]")
	a.apply("--prune", "--max-prune", "100%").want(t, 0)
	a.isWhole(4)
	a.vanishes()
	figures.add("a lease that somebody else takes in the middle of a run", 1, fmt.Sprintf("the run ends after %s and writes nothing more", r.took.Round(time.Second)))
}
