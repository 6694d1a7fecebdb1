package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/object"
)

// planned is an environment with the plan of its apply.
type planned struct {
	*target
	bundle *bundle.Bundle
	store  *cluster.Store
	inv    *cluster.Inventory
	plan   *cluster.Plan
	// objects are what the plan was made from.
	objects []object.Object
	options cluster.PlanOptions
	// source are the options with which the objects were compiled; nil where they come from
	// elsewhere.
	source *compiler.Options
}

// origins are the objects of the plan, with the places that they come from in the source.
func (pl *planned) origins(ctx context.Context) map[object.Identity]object.Object {
	out := map[object.Identity]object.Object{}
	for _, o := range pl.objects {
		out[o.Identity()] = o
	}
	if pl.source != nil {
		maps.Copy(out, pl.traced(ctx, *pl.source))
	}
	return out
}

// planOptions are the flags of commands that make a plan.
type planOptions struct {
	Force   []string
	Replace bool
	Adopt   string
}

// planFor compiles an environment and plans its apply.
func (p *Process) planFor(ctx context.Context, env *app.Environment, connect ConnectOptions, opts compiler.Options, o planOptions) (*planned, error) {
	t, err := p.target(ctx, withNamespace(env, connect.Namespace), connect)
	if err != nil {
		return nil, err
	}
	b, err := t.bundleFor(ctx, opts)
	if err != nil {
		return nil, err
	}
	adoption, err := t.adoption(o.Adopt)
	if err != nil {
		return nil, err
	}
	return t.planOf(ctx, b, b.Objects, cluster.PlanOptions{Force: o.Force, Replace: o.Replace, Adopt: adoption, Partial: b.Partial, Reading: true})
}

// planOf plans the apply of objects.
func (t *target) planOf(ctx context.Context, b *bundle.Bundle, objects []object.Object, o cluster.PlanOptions) (*planned, error) {
	store, inv, err := t.load(ctx, objects, o.Reading)
	if err != nil {
		return nil, err
	}
	if err := t.compareVersions(ctx); err != nil {
		return nil, err
	}
	o.Kubernetes, o.Namespace = t.env.Kubernetes, t.namespace
	progress := t.process.progress("comparing", len(objects))
	o.Step = progress.step
	plan, err := cluster.MakePlan(ctx, store, inv, objects, o)
	progress.end()
	if err != nil {
		return nil, t.unreachable(err)
	}
	return &planned{target: t, bundle: b, store: store, inv: inv, plan: plan, objects: objects, options: o}, nil
}

// saved is the plan as it stands in a file.
func (pl *planned) saved() ([]byte, error) {
	saved := pl.plan.Save(cluster.SavedPlan{
		App: pl.app, Environment: pl.env.Name, Cluster: pl.identity.String(), Commit: pl.commit, Home: pl.store.Home,
		Force: pl.options.Force, Replace: pl.options.Replace, Adopt: pl.options.Adopt, Partial: pl.options.Partial, Namespace: pl.namespace,
	}, pl.objects)
	text, err := json.MarshalIndent(saved, "", "  ")
	return append(text, '\n'), err
}

// writePlan writes the plan as a file that only its owner can read: it holds Secrets as they
// are.
func (pl *planned) writePlan(out output) error {
	if pl.plan.Approximate {
		return diag.List{{
			Code: diag.PlanInvalid, Environment: pl.env.Name, Message: "a plan that couplet has reckoned cannot be carried out, and is not saved",
			Hint: fmt.Sprintf("`couplet rbac %s` prints the rights with which the server can be asked", pl.env.Name),
		}}
	}
	text, err := pl.saved()
	if err != nil {
		return err
	}
	if out.file != "" {
		return writeSecret(out.file, text)
	}
	if pl.process.OutTerminal {
		return usageError{message: "a plan holds secrets as they are, and is not shown on a terminal", hint: "-o plan=FILE writes a file that only you can read"}
	}
	if f, ok := pl.process.Out.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			if err := f.Chmod(secretMode); err != nil {
				return writeFailed(f.Name(), err)
			}
		}
	}
	return pl.process.write(text)
}

// secretMode is that of files with secrets in them.
const secretMode os.FileMode = 0o600

// writeSecret writes a file that only its owner can read, whole or not at all.
func writeSecret(name string, text []byte) error {
	if _, err := replaceFile(linked(name), text, secretMode); err != nil {
		return writeFailed(name, err)
	}
	return nil
}

// live compares an environment with its cluster.
func (o *DiffOptions) live(ctx context.Context, opts compiler.Options, p *Process) error {
	env, found := p.environment(ctx, o.Environments[0], opts)
	if err := found.Err(); err != nil {
		return err
	}
	opts.Check = true
	pl, err := p.planFor(ctx, env, o.ConnectOptions, opts, planOptions{Force: o.Force, Replace: o.Replace, Adopt: o.Adopt})
	if err != nil {
		return err
	}
	view := pl.view(pl.plan, false, pl.whyGone(ctx, opts))
	for _, out := range o.Outputs.all() {
		write := func(w io.Writer) error { return view.write(w, out.form, out.file == "" && p.color(p.OutTerminal)) }
		if out.form == "plan" {
			err = pl.writePlan(out)
		} else {
			err = p.writeOutput(out, write)
		}
		if err != nil {
			return err
		}
	}
	if found := pl.refusals(ctx, pl.plan, opts); found.HasErrors() {
		return found
	}
	if !pl.plan.IsEmpty() {
		return errDifferent
	}
	return nil
}

// readPlan reads a saved plan and makes sure that it is for this environment and cluster.
func (t *target) readPlan(name string) (cluster.SavedPlan, []object.Object, error) {
	invalid := func(format string, args ...any) error {
		return diag.List{{
			Code: diag.PlanInvalid, Environment: t.env.Name, Message: name + ": " + fmt.Sprintf(format, args...),
			Hint: fmt.Sprintf("`couplet diff %s -o plan=FILE` writes one", t.env.Name),
		}}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return cluster.SavedPlan{}, nil, invalid("it cannot be read: %v", err)
	}
	saved, objects, err := cluster.ReadPlan(text)
	switch {
	case err != nil:
		return saved, nil, invalid("%v", err)
	case saved.Environment != t.env.Name || saved.App != t.app:
		return saved, nil, invalid("it is for environment %s of app %s", saved.Environment, saved.App)
	case saved.Cluster != t.identity.String():
		return saved, nil, invalid("it is for the cluster %s, and this is %s", saved.Cluster, t.identity)
	}
	return saved, objects, nil
}
