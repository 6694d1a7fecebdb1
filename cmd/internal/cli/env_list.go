package cli

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// EnvListOptions choose the form of env list.
type EnvListOptions struct {
	JsonnetOptions
	Output string
}

func newEnvList(p *Process) *cobra.Command {
	var o EnvListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the environments of the app",
		Long: `List the environments of the app: those of couplet.yaml in its order, or those of a
Tanka tree by their folders. Inline environments of Tanka are found by evaluating, for
which the flags of jsonnet are.`,
		Example: `  couplet env list
  couplet env list -o json`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return runEnvList(cmd.Context(), o, p) },
	}
	o.JsonnetOptions.bind(cmd, p)
	outputFlag(cmd, &o.Output, "text", "json")
	return cmd
}

func runEnvList(ctx context.Context, o EnvListOptions, p *Process) error {
	opts, err := o.compile(SelectOptions{}, p)
	if err != nil {
		return err
	}
	a, failed := p.app(ctx, opts)
	if a == nil {
		return failed
	}
	reports := []EnvReport{}
	for _, env := range a.Environments {
		reports = append(reports, envReport(env))
	}
	if err := p.environmentList(o, reports); err != nil {
		return err
	}
	// Those that are known are listed, whatever the others are.
	return failed
}

func (p *Process) environmentList(o EnvListOptions, reports []EnvReport) error {
	if o.Output == "json" {
		return p.writeJSON(reports)
	}
	return p.table("NAME\tKUBERNETES\tCLUSTER\tNAMESPACE\tSTAGE\tPATH\tLABELS\tTARGETS", len(reports), func(i int) string {
		return reports[i].row()
	})
}

// row is the environment's line of the text output; - stands for what is not set.
func (r EnvReport) row() string {
	cells := []string{
		r.Name, r.Kubernetes, r.Destination.cluster(), r.Destination.Namespace,
		strconv.Itoa(r.Stage), r.Path, strings.Join(pairs(r.Labels), ","), strings.Join(r.Targets, ","),
	}
	for i := range cells {
		cells[i] = cmp.Or(cells[i], "-")
	}
	return strings.Join(cells, "\t")
}

// cluster names the cluster: a URL, or contexts.
func (d EnvDestinationReport) cluster() string {
	return cmp.Or(d.Server, strings.Join(d.Contexts, ","))
}
