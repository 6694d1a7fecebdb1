package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
)

// DriftOptions choose what drift shows.
type DriftOptions struct {
	ConnectOptions
	JsonnetOptions
	Environment string
	Outputs     outputs
}

func newDrift(p *Process) *cobra.Command {
	var o DriftOptions
	cmd := &cobra.Command{
		Use:   "drift ENV",
		Short: "Tell what others have changed since the last apply",
		Long: `Compare what was applied last with what is on the cluster: fields that somebody has
changed, objects that are gone. The source does not matter, so this can run in CI at any
commit: what is only not applied yet is no drift. "couplet diff ENV" compares the source.

The exit code is 3 where something has drifted, 0 where nothing has.`,
		Example: `  couplet drift prod
  couplet drift prod -o markdown`,
		Args:              exactly(1, "an environment", p),
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environment = args[0]
			return runDrift(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bindBudgeted(cmd, p)
	o.ConnectOptions.bind(cmd, p)
	outputsFlag(cmd, &o.Outputs, planForms...)
	return cmd
}

func runDrift(ctx context.Context, o DriftOptions, p *Process) error {
	pl, err := p.applied(ctx, o.Environment, o.ConnectOptions, o.JsonnetOptions)
	if err != nil {
		return err
	}
	plan, revision, err := cluster.PlanDrift(ctx, pl.store, pl.inv, cluster.PlanOptions{Kubernetes: pl.env.Kubernetes, Namespace: pl.namespace, Reading: true})
	if err != nil {
		return pl.failure(err, nil)
	}
	if err := p.writeView(pl.view(plan, false, nil), o.Outputs); err != nil {
		return err
	}
	fmt.Fprintf(p.Err, "compared with revision %d, applied %s by %s\n", revision.Number, revision.Time.Format("2006-01-02 15:04:05 MST"), revision.By)
	if !plan.IsEmpty() {
		return errDifferent
	}
	return nil
}
