package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/cmd/internal/companion"
	"github.com/couplet-k8s/couplet/cmd/internal/programs"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
)

// ApplyOptions choose what apply does.
type ApplyOptions struct {
	JsonnetOptions
	SelectOptions
	ConnectOptions
	ExecuteOptions
	PruneOptions
	Environments []string
	All          bool
	// Labels are those that the environments must have.
	Labels []string
	// Plan is a saved plan.
	Plan    string
	Force   []string
	Replace bool
	Adopt   string
	// DryRun is none, server or client.
	DryRun string
	// Rules is the depth of the validation before it: see ValidateOptions.
	Rules string
	// Prune has what is no longer in the source deleted.
	Prune   bool
	Outputs outputs
}

// ExecuteOptions are the flags of all commands that change a cluster.
type ExecuteOptions struct {
	Yes     bool
	Wait    bool
	Timeout time.Duration
}

func (o *ExecuteOptions) bind(cmd *cobra.Command, wait string) {
	f := cmd.Flags()
	f.BoolVarP(&o.Yes, "yes", "y", false, "do not ask before the cluster is changed")
	f.BoolVar(&o.Wait, "wait", true, wait)
	f.DurationVar(&o.Timeout, "timeout", 5*time.Minute, "how long to wait, as a `DURATION` such as 90s")
}

func bindAdopt(cmd *cobra.Command, adopt *string) {
	cmd.Flags().StringVar(adopt, "adopt", "", "take over what `TOOL` applied before: ksonnet, tanka, tanka=NAME for the environment of this name in Tanka, or kubectl")
	_ = cmd.RegisterFlagCompletionFunc("adopt", fixed(adoptKsonnet, adoptTanka, adoptKubectl))
}

func bindPlan(cmd *cobra.Command, force *[]string, replace *bool) {
	f := cmd.Flags()
	f.StringArrayVar(force, "force-conflicts", nil, "take the fields at `PATH` over from their managers: .spec.replicas, kind/name:.spec for one object, . for all; may be given several times")
	f.BoolVar(replace, "replace", false, "delete and make again what cannot be updated")
}

// The forms of --dry-run.
const (
	dryRunNone   = "none"
	dryRunServer = "server"
	dryRunClient = "client"
)

func newApply(p *Process) *cobra.Command {
	var o ApplyOptions
	cmd := &cobra.Command{
		Use:   "apply ENV...",
		Short: "Make a cluster equal to an environment",
		Long: `Compile an environment, validate it, show what will change on its cluster, ask, and change
it by server-side apply: namespaces and definitions first, then the rest in the order in
which objects need each other, and wait until everything is ready. Applying again is
always safe, and goes on after an interruption.

The cluster is the one that couplet.yaml pins the environment to; any other is refused.
Fields that another manager holds with another value stop the apply, unless
--force-conflicts names them. With --yes nobody looks at the plan, and what is new is sent
without a dry run before it: "couplet diff ENV" asks the server about everything, and
changes nothing. What the source has no longer stays on the cluster and in
the inventory until --prune deletes it, after a backup.

With several environments, --all or -l, those of a lower stage come first, and the first
that fails ends the run. --plan carries out exactly what "couplet diff -o plan=FILE" has
shown, and refuses when the cluster has changed since.

--adopt takes over what another tool applied: fields that its managers hold become
couplet's without a conflict, and what it left behind, found by its labels, comes into
the inventory, so that --prune can delete it. ksonnet had no label for the environment:
everything of ksonnet in the environment's namespace is meant. Tanka's label is known in
a Tanka tree with injectLabels; else NAME is the environment's folder in that tree, or
NAME:NAMESPACE as "tk env list" shows them.

Annotations: couplet.dev/order, a number by which objects come earlier or later;
couplet.dev/hook: before or after, for Jobs that each apply runs anew, and the next one
again if they fail;
couplet.dev/update: replace, for objects that are made again in place of an update;
couplet.dev/prune: keep, for what is deleted only with --prune-allow.`,
		Example: `  couplet apply prod
  couplet apply prod --yes --timeout 10m
  couplet apply prod --prune --backup-dir backups
  couplet apply prod -t deployment/web
  couplet apply prod --plan prod.plan
  couplet apply --all -l example.com/stage=test --yes
  couplet apply prod --adopt tanka=environments/prod
  couplet apply prod --force-conflicts deployment/web:.spec.replicas`,
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environments = args
			return runApply(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bindBudgeted(cmd, p)
	o.SelectOptions.bind(cmd, p)
	o.ConnectOptions.bind(cmd, p)
	o.ExecuteOptions.bind(cmd, "wait until what was applied is ready")
	o.PruneOptions.bind(cmd)
	bindPlan(cmd, &o.Force, &o.Replace)
	bindAdopt(cmd, &o.Adopt)
	f := cmd.Flags()
	f.BoolVar(&o.All, "all", false, "apply all environments of the app, stage by stage")
	f.StringArrayVarP(&o.Labels, "selector", "l", nil, "of several environments only those with the label `KEY=VALUE` in couplet.yaml")
	f.BoolVar(&o.Prune, "prune", false, "delete what the inventory has and the source has no longer")
	f.StringVar(&o.Plan, "plan", "", "carry out the plan in `FILE`, and refuse where the cluster has changed since")
	f.StringVar(&o.DryRun, "dry-run", dryRunNone, "change nothing, and show the plan by `FORM`: server asks for dry runs, client reckons without")
	f.Lookup("dry-run").NoOptDefVal = dryRunServer
	f.StringVar(&o.Rules, "rules", rulesServer, "validate by the `DEPTH`: schema, or server for the API server's own rules too")
	_ = cmd.RegisterFlagCompletionFunc("dry-run", fixed(dryRunNone, dryRunServer, dryRunClient))
	_ = cmd.RegisterFlagCompletionFunc("rules", fixed(rulesSchema, rulesServer))
	_ = cmd.MarkFlagFilename("plan")
	outputsFlag(cmd, &o.Outputs, planForms...)
	return cmd
}

func (o *ApplyOptions) check() error {
	switch {
	case !slices.Contains([]string{dryRunNone, dryRunServer, dryRunClient}, o.DryRun):
		return usagef("--dry-run takes none, server or client, not %q", o.DryRun)
	case !slices.Contains([]string{rulesSchema, rulesServer}, o.Rules):
		return usagef("--rules takes schema or server, not %q", o.Rules)
	case o.Plan != "" && (o.All || len(o.Environments) != 1):
		return usagef("--plan is for one environment")
	case o.Plan != "" && (len(o.Targets) > 0 || len(o.Components) > 0 || o.Force != nil || o.Replace || o.Adopt != ""):
		return usagef("--plan holds all that is to be done: leave out -t, -c, --force-conflicts, --replace and --adopt")
	case o.Prune && (len(o.Targets) > 0 || len(o.Components) > 0):
		return usageError{message: "--prune needs the whole environment: leave out -t and -c", hint: "what they leave out would look as if it were no longer in the source"}
	case len(o.Labels) > 0 && !o.All:
		return usagef("-l chooses among all environments: give --all")
	}
	return o.PruneOptions.check()
}

func runApply(ctx context.Context, o ApplyOptions, p *Process) error {
	opts, err := o.compile(o.SelectOptions, p)
	if err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	if err := p.delegate(); err != nil {
		return err
	}
	envs, err := p.environments(ctx, o.Environments, o.All, opts)
	if err != nil {
		return err
	}
	if envs, err = o.chosen(envs); err != nil {
		return err
	}
	opts.Check = true
	for i, env := range envs {
		if len(envs) > 1 {
			fmt.Fprintf(p.Err, "%s\n", stageTitle(env, i, len(envs)))
		}
		if err := o.one(ctx, env, opts, p); err != nil {
			p.notReached(envs[i+1:])
			return err
		}
	}
	return nil
}

// chosen are the environments with the labels that are wanted, by stage and name.
func (o *ApplyOptions) chosen(envs []*app.Environment) ([]*app.Environment, error) {
	want := map[string]string{}
	for _, label := range o.Labels {
		key, text, ok := strings.Cut(label, "=")
		if !ok {
			return nil, usagef("-l takes KEY=VALUE, not %q", label)
		}
		want[key] = text
	}
	chosen := slices.DeleteFunc(slices.Clone(envs), func(env *app.Environment) bool {
		for key, text := range want {
			if env.Labels[key] != text {
				return true
			}
		}
		return false
	})
	if len(chosen) == 0 {
		return nil, usageError{message: "no environment has the label " + strings.Join(o.Labels, " and "), hint: "labels of environments stand in couplet.yaml; `couplet env list -o json` shows them"}
	}
	slices.SortStableFunc(chosen, func(a, b *app.Environment) int {
		return cmp.Or(cmp.Compare(a.Stage, b.Stage), strings.Compare(a.Name, b.Name))
	})
	return chosen, nil
}

func stageTitle(env *app.Environment, i, n int) string {
	return fmt.Sprintf("environment %s, stage %d (%d of %d)", env.Name, env.Stage, i+1, n)
}

func (p *Process) notReached(rest []*app.Environment) {
	if len(rest) > 0 {
		fmt.Fprintf(p.Err, "note: not begun: %s\n", strings.Join(names(rest), ", "))
	}
}

// one applies one environment.
func (o *ApplyOptions) one(ctx context.Context, env *app.Environment, opts compiler.Options, p *Process) error {
	pl, err := o.plan(ctx, env, opts, p)
	if err != nil {
		return err
	}
	if o.Prune {
		pl.allowKept(o.PruneOptions)
	}
	if err := p.writeView(pl.view(pl.plan, o.Prune, pl.whyGone(ctx, opts)), o.Outputs); err != nil {
		return err
	}
	if found := pl.refusals(ctx, pl.plan, opts); found.HasErrors() {
		return found
	}
	if o.DryRun != dryRunNone {
		return nil
	}
	pruning := o.Prune && slices.ContainsFunc(pl.plan.Deletions, func(d cluster.Deletion) bool { return d.IsDoomed() || d.Unread != nil })
	changes := slices.ContainsFunc(pl.plan.Actions, cluster.Action.IsChange)
	if changes || pruning {
		if err := pl.confirm(o.ExecuteOptions); err != nil {
			return err
		}
	}
	if err := pl.allowReplacements(o.PruneOptions, o.Yes); err != nil {
		return err
	}
	if o.Prune {
		if err := pl.allowDeletions(o.PruneOptions, o.Yes, len(pl.inv.Entries)); err != nil {
			return err
		}
	}
	return pl.execute(ctx, execution{ExecuteOptions: o.ExecuteOptions, PruneOptions: o.PruneOptions, prune: o.Prune})
}

// plan makes the plan, of the source or of a file.
func (o *ApplyOptions) plan(ctx context.Context, env *app.Environment, opts compiler.Options, p *Process) (*planned, error) {
	if o.Plan != "" {
		return o.savedPlan(ctx, env, p)
	}
	t, err := p.target(ctx, withNamespace(env, o.Namespace), o.ConnectOptions)
	if err != nil {
		return nil, err
	}
	b, err := t.bundleFor(ctx, opts)
	if err != nil {
		return nil, err
	}
	if err := o.validate(ctx, b, opts, p); err != nil {
		return nil, err
	}
	adoption, err := t.adoption(o.Adopt)
	if err != nil {
		return nil, err
	}
	pl, err := t.planOf(ctx, b, b.Objects, cluster.PlanOptions{Force: o.Force, Replace: o.Replace, Adopt: adoption, Partial: b.Partial, Offline: o.DryRun == dryRunClient, Reading: o.DryRun != dryRunNone, Unseen: o.Yes && o.DryRun == dryRunNone})
	if err != nil {
		return nil, err
	}
	pl.source = &opts
	return pl, nil
}

// validate applies the API server's own rules, where the companion is there to do so.
func (o *ApplyOptions) validate(ctx context.Context, b *bundle.Bundle, opts compiler.Options, p *Process) error {
	if o.Rules != rulesServer {
		return nil
	}
	if p.Companion == "" {
		p.Companion = programs.Find(companion.Name)
	}
	if p.Companion == "" {
		return nil // the dry run asks the server itself
	}
	judge := companion.New(p.Companion)
	defer judge.Close()
	opts.Judge, opts.Vendored = judge, true
	_, found := compiler.Validate(ctx, p.Files, b, opts)
	if found.HasErrors() {
		return found
	}
	return nil
}

// savedPlan makes a saved plan again, which must come out the same.
func (o *ApplyOptions) savedPlan(ctx context.Context, env *app.Environment, p *Process) (*planned, error) {
	t, err := p.target(ctx, withNamespace(env, o.Namespace), o.ConnectOptions)
	if err != nil {
		return nil, err
	}
	saved, objects, err := t.readPlan(o.Plan)
	if err != nil {
		return nil, err
	}
	t.namespace = cmp.Or(o.Namespace, saved.Namespace)
	pl, err := t.planOf(ctx, nil, objects, cluster.PlanOptions{Force: saved.Force, Replace: saved.Replace, Adopt: saved.Adopt, Partial: saved.Partial})
	if err != nil {
		return nil, err
	}
	pl.commit = saved.Commit
	if moved := pl.plan.Moved(saved); len(moved) > 0 {
		return nil, diag.List{{
			Code: diag.ClusterMoved, Environment: env.Name,
			Message: fmt.Sprintf("the cluster has changed since the plan was made: %s", someOf(moved)),
			Hint:    fmt.Sprintf("`couplet diff %s -o plan=%s` makes the plan again", env.Name, o.Plan),
		}}
	}
	return pl, nil
}

// someOf names the first few of many.
func someOf(all []string) string {
	const few = 5
	if len(all) <= few {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:few], ", "), len(all)-few)
}

// confirm asks whether to go on.
func (pl *planned) confirm(o ExecuteOptions) error {
	p := pl.process
	if o.Yes {
		return nil
	}
	if !p.InTerminal {
		return usageError{message: "there is nobody to ask whether to go on", hint: "--yes goes on without asking"}
	}
	if !p.ask(fmt.Sprintf("Change %s?", pl.title())) {
		fmt.Fprintln(p.Err, "nothing was changed")
		return errSilent
	}
	return nil
}

// execution is what is known of an execution beside its plan.
type execution struct {
	ExecuteOptions
	PruneOptions
	prune, remove bool
	// note says what is done where it is no apply of the source.
	note string
}

// execute carries out the plan, and says what happens.
func (pl *planned) execute(ctx context.Context, x execution) error {
	p := pl.process
	backup := ""
	show := p.newHappenings(pl.plan, x.prune)
	o := cluster.ExecuteOptions{
		Holder: p.holder(), App: pl.app, Environment: pl.env.Name, Prune: x.prune, Remove: x.remove, Wait: x.Wait, Timeout: x.Timeout,
		Report: show.report,
		Backup: func(doomed []valueOf) error {
			name, err := pl.backup(x.BackupDir, doomed)
			if err == nil {
				backup = name
			}
			return err
		},
	}
	if !x.remove {
		o.Revision = &cluster.Revision{Time: time.Now().UTC().Truncate(time.Second), By: p.user(), Commit: pl.commit, Note: x.note}
	}
	err := cluster.Execute(ctx, pl.store, pl.plan, o)
	show.end()
	switch {
	case backup != "" && err != nil:
		fmt.Fprintf(p.Err, "backup of what was to be deleted: %s\n", backup)
	case backup != "":
		fmt.Fprintf(p.Err, "backup of what was deleted: %s\n", backup)
	}
	if err == nil || show.changed() > 0 {
		fmt.Fprintln(p.Err, show.summary())
	}
	if err != nil {
		return pl.failure(err, pl.origins(ctx))
	}
	return nil
}

// holder names this run for whoever meets its lease.
func (p *Process) holder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "an unknown host"
	}
	return fmt.Sprintf("%s on %s (process %d, %d)", p.user(), host, os.Getpid(), time.Now().UnixNano())
}

func (p *Process) user() string {
	for _, name := range []string{"COUPLET_USER", "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER", "USERNAME", "LOGNAME"} {
		if text, _ := p.Getenv(name); text != "" {
			return text
		}
	}
	return "somebody"
}
