package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/couplet-k8s/couplet/cmd/internal/cli"
	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/cmd/internal/kube"
	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// everyRight thins out what is taken away from the deployer: 1 takes each verb of each rule.
var everyRight = flag.Int("rights", 7, "take each `N`th right away")

// rightsCase is an environment and what is done with it, in order, by who has the rights.
type rightsCase struct {
	// user has the rights that `couplet rbac` prints for the environment, and no others.
	user     string
	dir, env string
	// namespaces have to be there before; the environment makes others.
	namespaces, made []string
	// home is where the inventory is.
	home  cluster.Home
	steps [][]string
	every int // verbs, of which one is taken away
}

// TestRights does all that a deployer does with exactly the rights that `couplet rbac`
// prints, and wants one of the steps to fail with any verb of any rule taken away.
func TestRights(t *testing.T) {
	servers := testcluster.Need(t)
	c, err := testcluster.Start(context.Background(), servers, t.TempDir(), testcluster.Options{Controllers: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	app := t.TempDir()
	writeArchive(t, app, "testdata/rbac.txtar")
	admin := &administrator{t: t, kubectl: servers.Kubectl(), kubeconfig: c.Kubeconfig}
	if admin.server, err = kube.Connect(t.Context(), cluster.ConnectOptions{Kubeconfig: c.Kubeconfig}); err != nil {
		t.Fatal(err)
	}
	for _, kind := range [][2]string{{"gateway.networking.k8s.io", "HTTPRoute"}, {"monitoring.coreos.com", "ServiceMonitor"}, {"monitoring.coreos.com", "PrometheusRule"}} {
		text, _, _ := schemas.Custom(kind[0], kind[1])
		admin.run(text, "apply", "--server-side", "-f", "-")
	}
	allow := []string{"--prune-allow", "namespace/bakery", "--prune-allow", "namespace/press"}
	for name, c := range map[string]rightsCase{
		"own": {dir: "../..", env: "prod", namespaces: []string{"shop"}, made: []string{"bakery", "press"}, home: cluster.Home{Namespace: "shop", Name: "couplet.shop.prod"}, steps: [][]string{
			{"apply", "prod", "--wait=false"}, {"apply", "prod", "--wait=false"}, slices.Concat([]string{"delete", "prod"}, allow),
		}, every: *everyRight},
		"all": {dir: app, env: "test", namespaces: []string{"all"}, made: []string{"all-one"}, home: cluster.Home{Namespace: "all", Name: "couplet.all.test"}, steps: [][]string{
			{"apply", "test", "-V", "version=1"}, {"apply", "test", "-V", "version=2", "--prune"},
			{"delete", "test", "--prune-allow", "namespace/all-one", "--prune-allow", "customresourcedefinition/bells.example.com"},
		}, every: *everyRight},
	} {
		t.Run(name, func(t *testing.T) {
			dir, err := filepath.Abs(c.dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(dir)
			a := *admin
			a.t, c.user = t, name+"@example.com"
			a.rights(c)
		})
	}
}

// administrator may do everything.
type administrator struct {
	t                   *testing.T
	kubectl, kubeconfig string
	server              cluster.Server
	objects             []object.Object // what the environment has, but for namespaces
	printed             []byte          // the rights
}

func (a *administrator) rights(c rightsCase) {
	for _, name := range c.namespaces {
		a.run(nil, "create", "namespace", name)
	}
	a.objects = a.shown(c)
	printed, code := a.couplet("rbac", c.env, "-V", "version=1", "--prune", "--user", c.user)
	if code != 0 {
		a.t.Fatal(printed)
	}
	a.printed = []byte(printed)
	a.run(a.printed, "apply", "--server-side", "-f", "-")
	roles := rolesIn(a.t, printed)
	a.prepare(c)
	if out, failed := a.steps(c); failed {
		a.t.Fatalf("with all rights:\n%s", out)
	}
	mutants := everyVerb(roles)
	before := taken{role: -1}
	for i := 0; i < len(mutants); i += c.every {
		at := mutants[i]
		a.prepare(c)
		a.grant(c.user, roles, at, before)
		before = at
		out, failed := a.steps(c)
		if failed && (!refusal.MatchString(out) || strings.Contains(out, "being terminated")) {
			a.t.Errorf("without %s in %s something else fails:\n%s", at.verb, roles[at.role].Get("metadata", "name").Str(), out)
		}
		if !failed {
			a.t.Errorf("nothing fails without %s in %s of %s:\n%s", at.verb, text(roles[at.role].Get("rules").Items()[at.rule]), roles[at.role].Get("metadata", "name").Str(), out)
		}
		a.clean(c)
	}
	a.t.Logf("%d roles have %d verbs, each %d. was taken away", len(roles), len(mutants), c.every)
}

// refusal is what is said about a right that is missing, or about something that is never ready
// because it may not be looked at. Without the right to bind, the server looks for the role of a
// binding, which a dry run has not made.
var refusal = regexp.MustCompile(`forbidden: User|is forbidden|Forbidden: |cannot be recognised|it is not ready in time|bindings.* "all-ring" not found`)

func everyVerb(roles []value.Value) []taken {
	var out []taken
	for i, role := range roles {
		for j, rule := range role.Get("rules").Items() {
			for _, verb := range rule.Get("verbs").Items() {
				out = append(out, taken{i, j, verb.Str()})
			}
		}
	}
	return out
}

func text(v value.Value) string { return string(emit.AppendJSON(nil, v, emit.Compact)) }

// steps does what a deployer does, until something fails.
func (a *administrator) steps(c rightsCase) (out string, failed bool) {
	uid, err := a.server.Identify(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	for _, step := range c.steps {
		args := slices.Concat(step, []string{"--yes", "--as", c.user, "--pin", uid.UID, "--backup-dir", a.t.TempDir()})
		if step[0] == "apply" { // what is deleted takes longer: namespaces are emptied first
			args = append(args, "--timeout", "3s", "--max-prune", "100%", "--rules", "schema")
		}
		said, code := a.couplet(args...)
		if out += said; code != 0 {
			return out, true
		}
	}
	return out, false
}

// prepare makes namespaces anew that an attempt deleted, and leaves a lease whose holder was
// killed, so that it has to be taken over.
func (a *administrator) prepare(c rightsCase) {
	again := false
	for _, name := range c.made {
		there, err := a.server.Get(a.t.Context(), namespaces, "", name)
		if err == nil && there.Get("metadata").Has("deletionTimestamp") {
			a.remove(namespaces, "", name)
			again = true
		}
		again = again || cluster.IsNotFound(err)
	}
	if again {
		a.run(a.printed, "apply", "--server-side", "--force-conflicts", "-f", "-")
	}
	lease := parseJSON(a.t, fmt.Sprintf(`{"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": %q, "namespace": %q},
		"spec": {"holderIdentity": "a ghost", "leaseDurationSeconds": 1, "renewTime": "2026-01-01T00:00:00.000000Z"}}`, c.home.Name, c.home.Namespace))
	if _, err := a.server.Create(a.t.Context(), leases, lease); err != nil && !cluster.IsExists(err) {
		a.t.Fatal(err)
	}
}

var (
	namespaces = cluster.Resource{Version: "v1", Name: "namespaces"}
	leases     = cluster.Resource{Group: "coordination.k8s.io", Version: "v1", Name: "leases", Namespaced: true}
	secrets    = cluster.Resource{Version: "v1", Name: "secrets", Namespaced: true}
)

// clean removes what steps made. Namespaces take long to go, and stay.
func (a *administrator) clean(c rightsCase) {
	for _, o := range a.objects {
		r, err := a.server.Resource(a.t.Context(), o.APIVersion(), o.Kind())
		if cluster.IsNotServed(err) {
			continue
		}
		a.remove(r, cmp.Or(o.Namespace(), c.home.Namespace), o.Name())
	}
	notes, err := a.server.List(a.t.Context(), secrets, c.home.Namespace, cluster.ListOptions{Labels: "app.kubernetes.io/managed-by=couplet"})
	if err != nil {
		a.t.Fatal(err)
	}
	for _, secret := range notes.Items {
		a.remove(secrets, c.home.Namespace, secret.Get("metadata", "name").Str())
	}
	a.remove(leases, c.home.Namespace, c.home.Name)
}

// remove deletes an object and waits until it is gone.
func (a *administrator) remove(r cluster.Resource, namespace, name string) {
	if _, err := a.server.Delete(a.t.Context(), r, namespace, name, cluster.DeleteOptions{}); err != nil && !cluster.IsNotServed(err) {
		a.t.Fatal(err)
	}
	for range 1000 {
		if _, err := a.server.Get(a.t.Context(), r, namespace, name); cluster.IsNotFound(err) || cluster.IsNotServed(err) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	a.t.Fatalf("%s %s/%s does not go", r.Name, namespace, name)
}

// taken is a verb of a rule of a role that is taken away; role -1 takes nothing.
type taken struct {
	role, rule int
	verb       string
}

// grant gives the roles without one verb, and waits until that holds and what was taken
// before is back.
func (a *administrator) grant(user string, roles []value.Value, now, before taken) {
	for i, r := range roles {
		if i != now.role && i != before.role {
			continue
		}
		if i == now.role {
			r = now.from(r)
		}
		kind := "clusterroles"
		if r.Get("kind").Str() == "Role" {
			kind = "roles"
		}
		of := cluster.Resource{Group: "rbac.authorization.k8s.io", Version: "v1", Name: kind, Namespaced: kind == "roles"}
		if _, err := a.server.Apply(a.t.Context(), of, r, cluster.ApplyOptions{Force: true}); err != nil {
			a.t.Fatal(err)
		}
	}
	for _, at := range []taken{now, before} {
		if at.role >= 0 {
			role := roles[at.role]
			a.await(user, role, role.Get("rules").Items()[at.rule], at.verb, at != now)
		}
	}
}

func (at taken) from(role value.Value) value.Value {
	rules := slices.Clone(role.Get("rules").Items())
	verbs := without(rules[at.rule].Get("verbs"), at.verb)
	if rules[at.rule] = rules[at.rule].With("verbs", verbs); len(verbs.Items()) == 0 {
		rules = slices.Delete(rules, at.rule, at.rule+1)
	}
	return role.With("rules", value.Array(rules...))
}

// await waits until the server allows what a rule says, or does not any more.
func (a *administrator) await(user string, role, rule value.Value, verb string, want bool) {
	name := ""
	if names := rule.Get("resourceNames").Items(); len(names) > 0 {
		name = names[0].Str()
	}
	review := parseJSON(a.t, fmt.Sprintf(`{"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": {"user": %q, "resourceAttributes":
		{"group": %q, "resource": %q, "namespace": %q, "name": %q, "verb": %q}}}`,
		user, rule.Get("apiGroups").Items()[0].Str(), rule.Get("resources").Items()[0].Str(), role.Get("metadata", "namespace").Str(), name, verb))
	reviews := cluster.Resource{Group: "authorization.k8s.io", Version: "v1", Name: "subjectaccessreviews"}
	for range 200 {
		answer, err := a.server.Create(a.t.Context(), reviews, review)
		if err != nil {
			a.t.Fatal(err)
		}
		if answer.Get("status", "allowed").Bool() == want {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	a.t.Fatalf("%s for %s: want %t", verb, text(rule), want)
}

func without(list value.Value, text string) value.Value {
	return value.Array(slices.DeleteFunc(slices.Clone(list.Items()), func(v value.Value) bool { return v.Str() == text })...)
}

func (a *administrator) run(stdin []byte, args ...string) {
	a.t.Helper()
	cmd := exec.Command(a.kubectl, append([]string{"--kubeconfig", a.kubeconfig}, args...)...)
	cmd.Stdin = bytes.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		a.t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// couplet runs a command line in a folder.
func (a *administrator) couplet(args ...string) (string, int) {
	dir, err := os.Getwd()
	if err != nil {
		a.t.Fatal(err)
	}
	if !slices.Contains([]string{"show", "rbac"}, args[0]) {
		args = append(args, "--kubeconfig", a.kubeconfig, "--context", "couplet-test")
	}
	var out bytes.Buffer
	p := &cli.Process{
		In: strings.NewReader(""), Out: &out, Err: &out, Dir: filepath.ToSlash(dir), Getenv: func(string) (string, bool) { return "", false },
		Files: compiler.Files(source.Disk{}), Connect: kube.Connect,
	}
	code := cli.Run(a.t.Context(), p, args)
	return out.String(), code
}

// shown are the objects of an environment but for namespaces, which take long to go.
func (a *administrator) shown(c rightsCase) []object.Object {
	printed, code := a.couplet("show", c.env, "-V", "version=1", "-t", "!namespace/.*")
	docs, found := decode.YAML(source.NewFile("objects", printed))
	if code != 0 || found.HasErrors() {
		a.t.Fatal(printed, found)
	}
	var out []object.Object
	for _, v := range docs {
		out = append(out, object.Object{Value: v})
	}
	return out
}

func rolesIn(t *testing.T, printed string) []value.Value {
	docs, found := decode.YAML(source.NewFile("roles", strings.TrimPrefix(printed, "note")))
	if found.HasErrors() {
		t.Fatal(found)
	}
	return slices.DeleteFunc(docs, func(v value.Value) bool { return !strings.HasSuffix(v.Get("kind").Str(), "Role") })
}

func writeArchive(t *testing.T, dir, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		to := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func parseJSON(t *testing.T, text string) value.Value {
	v, found := decode.JSON(source.NewFile("test", text))
	if found.HasErrors() {
		t.Fatal(found)
	}
	return v
}
