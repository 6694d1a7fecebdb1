package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
)

// DeleteOptions choose what delete does.
type DeleteOptions struct {
	ConnectOptions
	ExecuteOptions
	PruneOptions
	JsonnetOptions
	Environment string
}

func newDelete(p *Process) *cobra.Command {
	var o DeleteOptions
	cmd := &cobra.Command{
		Use:   "delete ENV",
		Short: "Delete all that an environment has on its cluster",
		Long: `Delete every object in the inventory of an environment, those that others need last, and
then the inventory itself. A backup is written first, from which "couplet undo" restores.

Objects with the annotation couplet.dev/prune: keep stay, and with them the inventory,
unless they are named. Namespaces, CustomResourceDefinitions, PersistentVolumes and
PersistentVolumeClaims take data or other objects with them: their names have to be typed,
or given with --prune-allow.`,
		Example: `  couplet delete preview-42
  couplet delete preview-42 --yes --prune-allow namespace/preview-42`,
		Args:              exactly(1, "an environment", p),
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environment = args[0]
			return runDelete(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bindBudgeted(cmd, p)
	o.ConnectOptions.bind(cmd, p)
	o.ExecuteOptions.bind(cmd, "wait until everything is gone")
	o.PruneOptions.bind(cmd)
	_ = cmd.Flags().MarkHidden("max-prune") // everything is to go
	return cmd
}

func runDelete(ctx context.Context, o DeleteOptions, p *Process) error {
	pl, err := p.applied(ctx, o.Environment, o.ConnectOptions, o.JsonnetOptions)
	if err != nil {
		return err
	}
	if pl.plan, err = cluster.PlanRemoval(ctx, pl.store, pl.inv); err != nil {
		return pl.failure(err, nil)
	}
	pl.allowKept(o.PruneOptions)
	if err := p.writeView(pl.view(pl.plan, true, nil), textOnly); err != nil {
		return err
	}
	if err := pl.confirm(o.ExecuteOptions); err != nil {
		return err
	}
	o.Max = "100%"
	if err := pl.allowDeletions(o.PruneOptions, o.Yes, len(pl.inv.Entries)); err != nil {
		return err
	}
	if err := pl.execute(ctx, execution{ExecuteOptions: o.ExecuteOptions, PruneOptions: o.PruneOptions, prune: true, remove: true}); err != nil {
		return err
	}
	if slices.ContainsFunc(pl.plan.Deletions, func(d cluster.Deletion) bool { return d.Kept != "" && !d.Foreign }) {
		fmt.Fprintln(p.Err, "note: some objects are kept, and so the inventory is, too")
	}
	return nil
}

// applied finds an environment and what was applied of it, without compiling it.
func (p *Process) applied(ctx context.Context, name string, connect ConnectOptions, jsonnet JsonnetOptions) (*planned, error) {
	opts, err := jsonnet.compile(SelectOptions{}, p)
	if err != nil {
		return nil, err
	}
	if err := p.delegate(); err != nil {
		return nil, err
	}
	env, found := p.environment(ctx, name, opts)
	if err := found.Err(); err != nil {
		return nil, err
	}
	if env, found = p.inlineEnvironment(ctx, env, opts); found.HasErrors() {
		return nil, found
	}
	t, err := p.target(ctx, withNamespace(env, connect.Namespace), connect)
	if err != nil {
		return nil, err
	}
	store, inv, err := t.load(ctx, nil, false)
	if err != nil {
		return nil, err
	}
	return &planned{target: t, store: store, inv: inv}, nil
}
