package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/cmd/internal/git"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/object"
)

// target is an environment and the cluster that it is for.
type target struct {
	process  *Process
	env      *app.Environment
	app      string // its name; "" of a tree that has none of its own
	server   cluster.Server
	identity cluster.Identity
	// namespace is that of objects that name none.
	namespace string
	commit    string // of the source; "" where it lies in no repository
}

// target connects to the cluster of an environment and makes sure that it is the right one.
func (p *Process) target(ctx context.Context, env *app.Environment, o ConnectOptions) (*target, error) {
	t := &target{process: p, env: env, app: p.appName(env)}
	var err error
	if t.server, err = p.Connect(ctx, o.options(env, p)); err != nil {
		return nil, t.unreachable(err)
	}
	pin := cmp.Or(o.Pin, env.Destination.Cluster)
	if o.Pin != "" && env.Destination.Cluster != "" && o.Pin != env.Destination.Cluster {
		return nil, usagef("--pin is %s, but couplet.yaml pins environment %s to %s", o.Pin, env.Name, env.Destination.Cluster)
	}
	if t.identity, err = cluster.Recognise(ctx, t.server, env.Name, pin); err != nil {
		return nil, t.unreachable(err)
	}
	if pin == "" {
		if err := t.confirmCluster(); err != nil {
			return nil, err
		}
	}
	t.namespace = cmp.Or(o.Namespace, env.Destination.Namespace, t.server.Namespace())
	t.commit, _ = git.Head(ctx, p.Dir) // what lies in no repository has no commit
	return t, nil
}

// appName is the name of an environment's app; "" where it has none of its own.
func (p *Process) appName(env *app.Environment) string {
	if env.Layout == app.Couplet {
		if a, found := p.finder().App(); !found.HasErrors() {
			return a.Name
		}
	}
	return ""
}

// withNamespace gives the environment the namespace of --namespace.
func withNamespace(env *app.Environment, namespace string) *app.Environment {
	if namespace == "" {
		return env
	}
	other := *env
	other.Destination.Namespace = namespace
	return &other
}

// unreachable says of an error that it is about the cluster.
func (t *target) unreachable(err error) error {
	d := diag.Diagnostic{Code: diag.ClusterUnreachable, Span: t.env.Span, Environment: t.env.Name, Message: err.Error()}
	var mismatch *cluster.MismatchError
	switch {
	case errors.Is(err, context.Canceled):
		d.Code, d.Message, d.Hint = diag.ApplyFailed, "interrupted; nothing was changed", "run the command again"
	case errors.As(err, &mismatch) && mismatch.Unknown && mismatch.ByCA():
		d.Code, d.Hint = diag.ClusterMismatch, "have the certificate verified, with --certificate-authority, or pin the environment by the UID of kube-system: `couplet env pin "+t.env.Name+"`"
	case errors.As(err, &mismatch) && mismatch.Unknown:
		d.Code, d.Hint = diag.ClusterMismatch, "ask for the right to read the namespace kube-system, or pin the environment by the key of the server's authority: `couplet env pin "+t.env.Name+" --by ca`"
	case errors.As(err, &mismatch):
		d.Code = diag.ClusterMismatch
		d.Hint = fmt.Sprintf("choose the right cluster with --context, or, if the environment has moved: `couplet env pin %s`", t.env.Name)
	case cluster.IsForbidden(err):
		d.Hint = fmt.Sprintf("`couplet rbac %s` prints the rights that are needed", t.env.Name)
	default:
		d.Hint = "look at the kubeconfig: --kubeconfig, --context, `kubectl config view`"
	}
	return diag.List{d}
}

// confirmCluster asks whether the cluster is the one that is meant. --yes does not answer
// this: it would answer for whatever cluster the kubeconfig happens to lead to.
func (t *target) confirmCluster() error {
	p := t.process
	where := t.server.URL()
	if name := t.server.Context(); name != "" {
		where = "context " + name + ", " + where
	}
	hint := fmt.Sprintf("`couplet env pin %s` pins it to a cluster", t.env.Name)
	if t.env.Layout != app.Couplet {
		hint = "--pin " + t.identity.String() + " says which cluster is meant"
	}
	if !p.InTerminal {
		return diag.List{{
			Code: diag.ClusterUnpinned, Span: t.env.Span, Environment: t.env.Name, Hint: hint,
			Message: fmt.Sprintf("environment %s is pinned to no cluster, and there is nobody to ask whether %s (%s) is meant", t.env.Name, t.identity, where),
		}}
	}
	fmt.Fprintf(p.Err, "Environment %s is pinned to no cluster; %s.\n", t.env.Name, hint)
	if !p.ask(fmt.Sprintf("Is the cluster %s (%s) the one that is meant?", t.identity, where)) {
		return errSilent
	}
	return nil
}

// ask asks a question that is answered by y or n; no answer is no.
func (p *Process) ask(question string) bool {
	answer := p.prompt(question + " [y/N] ")
	return strings.EqualFold(answer, "y") || strings.EqualFold(answer, "yes")
}

// prompt reads one line.
func (p *Process) prompt(text string) string {
	fmt.Fprint(p.Err, text)
	if p.lines == nil {
		p.lines = bufio.NewReader(p.In)
	}
	line, err := p.lines.ReadString('\n') // an end without an answer is none
	if err != nil {
		fmt.Fprintln(p.Err)
	}
	return strings.TrimSpace(line)
}

// load finds the inventory: where it is already, or else where it is to be.
// Who only wants to look may do so without the right to read it.
func (t *target) load(ctx context.Context, objects []object.Object, looking bool) (*cluster.Store, *cluster.Inventory, error) {
	homes := []cluster.Home{cluster.HomeOf(t.app, t.env.Name, t.namespace, t.env.Destination.Inventory, objects)}
	if t.env.Destination.Inventory == "" {
		for _, namespace := range []string{t.namespace, ""} {
			homes = append(homes, cluster.HomeOf(t.app, t.env.Name, namespace, "", nil))
		}
	}
	for i, home := range homes {
		if i > 0 && home == homes[i-1] {
			continue
		}
		store := &cluster.Store{Server: t.server, Home: home, Tooling: "couplet/" + buildVersion()}
		inv, err := store.Load(ctx)
		if i == 0 && looking && cluster.IsForbidden(err) {
			t.process.report(diag.List{{
				Code: diag.ClusterUnreachable, Severity: diag.Warning, Environment: t.env.Name, Message: err.Error(),
				Hint: "without it, nothing is said of objects that are no longer in the source",
			}})
			return store, cluster.NewInventory(), nil
		}
		if err != nil && (i == 0 || !cluster.IsForbidden(err)) {
			return nil, nil, t.unreachable(err)
		}
		if err == nil && inv.Exists() {
			return store, inv, t.owned(inv, home)
		}
	}
	return &cluster.Store{Server: t.server, Home: homes[0], Tooling: "couplet/" + buildVersion()}, cluster.NewInventory(), nil
}

// owned makes sure that an inventory is this environment's.
func (t *target) owned(inv *cluster.Inventory, home cluster.Home) error {
	if inv.Environment == "" || inv.Environment == t.env.Name && inv.App == t.app {
		return nil
	}
	return diag.List{{
		Code: diag.ClusterUnreachable, Environment: t.env.Name,
		Message: fmt.Sprintf("the inventory %s is that of environment %s of app %s", home, inv.Environment, inv.App),
		Hint:    "give one of the apps another name",
	}}
}

// bundleFor compiles the environment as it is to be applied: by the schemas, always.
func (t *target) bundleFor(ctx context.Context, opts compiler.Options) (*bundle.Bundle, error) {
	env := *t.env
	env.Destination.Namespace = t.namespace
	b, found := compiler.Compile(ctx, t.process.Files, &env, opts)
	if b == nil {
		return nil, found.Err()
	}
	t.process.report(found)
	return b, nil
}

// compareVersions warns of a cluster that is of another version than the environment is
// checked against.
func (t *target) compareVersions(ctx context.Context) error {
	version, err := t.server.Version(ctx)
	if err != nil {
		return t.unreachable(err)
	}
	if want := t.env.Kubernetes; want != "" && want != version {
		t.process.report(diag.List{{
			Code: diag.KubernetesVersion, Severity: diag.Warning, Span: t.env.Span, Environment: t.env.Name,
			Message: fmt.Sprintf("environment %s is checked against Kubernetes %s, and the cluster has %s", t.env.Name, want, version),
			Hint:    fmt.Sprintf("`couplet env set %s --kubernetes %s` checks it against that", t.env.Name, version),
		}})
	}
	return nil
}

// title says which environment on which cluster.
func (t *target) title() string {
	return fmt.Sprintf("environment %s on cluster %s (%s)", t.env.Name, t.identity, t.server.URL())
}
