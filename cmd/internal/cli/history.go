package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler/diag"
)

// HistoryOptions choose what history shows.
type HistoryOptions struct {
	ConnectOptions
	JsonnetOptions
	Environment string
	Output      string
}

// HistoryReport is one entry of the JSON output of history, the oldest first.
type HistoryReport struct {
	Number  int    `json:"number"`
	Time    string `json:"time"`
	By      string `json:"by"`
	Commit  string `json:"commit"`
	Objects int    `json:"objects"`
	// Digest is the sum of the bundle.
	Digest string `json:"digest"`
	// Note says what made it, other than an apply of the source.
	Note string `json:"note"`
}

func historyReports(revisions []cluster.Revision) []HistoryReport {
	out := make([]HistoryReport, len(revisions))
	for i, r := range revisions {
		out[i] = HistoryReport{Number: r.Number, Time: r.Time.Format(time.RFC3339), By: r.By, Commit: r.Commit, Objects: r.Objects, Digest: r.Digest, Note: r.Note}
	}
	return out
}

func newHistory(p *Process) *cobra.Command {
	var o HistoryOptions
	cmd := &cobra.Command{
		Use:   "history ENV",
		Short: "List the bundles that were applied last",
		Long: `List the last five bundles that were applied to an environment's cluster. They are kept
there, beside the inventory; "couplet rollback" applies one of them again.`,
		Example: `  couplet history prod
  couplet history prod -o json`,
		Args:              exactly(1, "an environment", p),
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environment = args[0]
			return runHistory(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bindBudgeted(cmd, p)
	o.ConnectOptions.bind(cmd, p)
	outputFlag(cmd, &o.Output, "text", "json")
	return cmd
}

func runHistory(ctx context.Context, o HistoryOptions, p *Process) error {
	pl, err := p.applied(ctx, o.Environment, o.ConnectOptions, o.JsonnetOptions)
	if err != nil {
		return err
	}
	if len(pl.inv.Revisions) == 0 {
		return pl.notApplied("no applied bundle is kept")
	}
	if o.Output == "json" {
		return p.writeJSON(historyReports(pl.inv.Revisions))
	}
	return p.writeBy(func(w io.Writer) error {
		_, err := io.WriteString(w, historyText(pl.inv.Revisions))
		return err
	})
}

// historyText is a table, the newest first.
func historyText(revisions []cluster.Revision) string {
	var b strings.Builder
	row := func(columns ...string) {
		b.WriteString(strings.TrimRight(fmt.Sprintf("%-9s %-21s %-22s %-9s %-16s %s", columns[0], columns[1], columns[2], columns[3], columns[4], columns[5]), " ") + "\n")
	}
	row("REVISION", "APPLIED", "COMMIT", "OBJECTS", "BY", "NOTE")
	for _, r := range slices.Backward(revisions) {
		row(fmt.Sprint(r.Number), r.Time.Format("2006-01-02 15:04:05Z"), cmp.Or(shortCommit(r.Commit), "-"), fmt.Sprint(r.Objects), cmp.Or(r.By, "-"), r.Note)
	}
	return b.String()
}

// RollbackOptions choose what rollback does.
type RollbackOptions struct {
	HistoryOptions
	ExecuteOptions
	PruneOptions
	// To is the revision; 0 means the one before the last.
	To    int
	Prune bool
	Force []string
	// Replace has what cannot be updated made again.
	Replace bool
}

func newRollback(p *Process) *cobra.Command {
	var o RollbackOptions
	cmd := &cobra.Command{
		Use:   "rollback ENV",
		Short: "Apply a bundle that was applied before",
		Long: `Apply one of the bundles that "couplet history" lists: the one before the last, or that of
--to. It is shown, asked about and applied like any other, and becomes the newest
revision. The source is not looked at: change it, too, or the next apply goes forward
again. Objects that the bundle does not have stay, unless --prune deletes them.`,
		Example: `  couplet rollback prod
  couplet rollback prod --to 7 --prune`,
		Args:              exactly(1, "an environment", p),
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environment = args[0]
			return runRollback(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bindBudgeted(cmd, p)
	o.ConnectOptions.bind(cmd, p)
	o.ExecuteOptions.bind(cmd, "wait until what was applied is ready")
	o.PruneOptions.bind(cmd)
	bindPlan(cmd, &o.Force, &o.Replace)
	cmd.Flags().IntVar(&o.To, "to", 0, "the `REVISION` to go back to")
	cmd.Flags().BoolVar(&o.Prune, "prune", false, "delete what the inventory has and the bundle has not")
	return cmd
}

func runRollback(ctx context.Context, o RollbackOptions, p *Process) error {
	if err := o.PruneOptions.check(); err != nil {
		return err
	}
	pl, err := p.applied(ctx, o.Environment, o.ConnectOptions, o.JsonnetOptions)
	if err != nil {
		return err
	}
	revision, err := pl.revision(o.To)
	if err != nil {
		return err
	}
	objects, err := pl.store.Bundle(ctx, revision)
	if err != nil {
		return pl.failure(err, nil)
	}
	t := pl.target
	t.commit = revision.Commit
	pl, err = t.planOf(ctx, nil, objects, cluster.PlanOptions{Force: o.Force, Replace: o.Replace})
	if err != nil {
		return err
	}
	return pl.carryOut(ctx, execution{ExecuteOptions: o.ExecuteOptions, PruneOptions: o.PruneOptions, prune: o.Prune, note: fmt.Sprintf("rollback to %d", revision.Number)})
}

// revision finds a bundle that is kept.
func (pl *planned) revision(number int) (cluster.Revision, error) {
	all := pl.inv.Revisions
	if number == 0 && len(all) > 1 {
		return all[len(all)-2], nil
	}
	var known []string
	for _, r := range all {
		if r.Number == number {
			return r, nil
		}
		known = append(known, fmt.Sprint(r.Number))
	}
	if len(all) == 0 {
		return cluster.Revision{}, pl.notApplied("no applied bundle is kept")
	}
	message := "there is no earlier revision"
	if number != 0 {
		message = fmt.Sprintf("revision %d is not kept", number)
	}
	return cluster.Revision{}, diag.List{{Code: diag.NotApplied, Environment: pl.env.Name, Message: message, Hint: "kept: " + strings.Join(known, ", ")}}
}

// carryOut shows a plan that is no apply of the source, asks, and executes it.
func (pl *planned) carryOut(ctx context.Context, x execution) error {
	if x.prune {
		pl.allowKept(x.PruneOptions)
	}
	if err := pl.process.writeView(pl.view(pl.plan, x.prune, nil), textOnly); err != nil {
		return err
	}
	var found diag.List
	for _, a := range pl.plan.Refused() {
		found.Add(pl.refusal(a.Object, a.Problem)...)
	}
	if found.HasErrors() {
		return found.Sorted()
	}
	if err := pl.confirm(x.ExecuteOptions); err != nil {
		return err
	}
	if err := pl.allowReplacements(x.PruneOptions, x.Yes); err != nil {
		return err
	}
	if x.prune {
		if err := pl.allowDeletions(x.PruneOptions, x.Yes, len(pl.inv.Entries)); err != nil {
			return err
		}
	}
	return pl.execute(ctx, x)
}
