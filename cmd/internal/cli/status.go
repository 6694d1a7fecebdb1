package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
)

// StatusOptions choose what status shows.
type StatusOptions struct {
	ConnectOptions
	JsonnetOptions
	Environment string
	Watch       bool
	Output      string
}

// StatusReport is the JSON output of status.
type StatusReport struct {
	Environment string `json:"environment"`
	Cluster     string `json:"cluster"`
	Server      string `json:"server"`
	// Revision is the number of the bundle that was applied last, and Commit its source's.
	Revision int            `json:"revision"`
	Commit   string         `json:"commit"`
	Objects  []StatusObject `json:"objects"`
}

// StatusObject is how one object is.
type StatusObject struct {
	Object string `json:"object"`
	// Phase is ready, progressing, failed, terminating, missing or unknown.
	Phase string `json:"phase"`
	// Drifted tells that somebody has changed a field that was applied.
	Drifted bool   `json:"drifted"`
	Message string `json:"message"`
}

func newStatus(p *Process) *cobra.Command {
	var o StatusOptions
	cmd := &cobra.Command{
		Use:   "status ENV",
		Short: "Tell how the objects of an environment are",
		Long: `Tell of each object that was applied whether it is ready, progressing, failed or missing,
and whether somebody has changed it since (drifted). The inventory on the cluster says
what was applied; nothing is compiled. --watch goes on until everything is ready.

The exit code is 1 where an object is failed or missing, and 0 else.`,
		Example: `  couplet status prod
  couplet status prod --watch
  couplet status prod -o json`,
		Args:              exactly(1, "an environment", p),
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environment = args[0]
			return runStatus(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bindBudgeted(cmd, p)
	o.ConnectOptions.bind(cmd, p)
	cmd.Flags().BoolVarP(&o.Watch, "watch", "w", false, "show changes until everything is ready")
	outputFlag(cmd, &o.Output, "text", "json")
	return cmd
}

// watchInterval is how often status --watch looks.
const watchInterval = 2 * time.Second

func runStatus(ctx context.Context, o StatusOptions, p *Process) error {
	pl, err := p.applied(ctx, o.Environment, o.ConnectOptions, o.JsonnetOptions)
	if err != nil {
		return err
	}
	shown := ""
	for {
		states, err := cluster.Status(ctx, pl.store, pl.inv)
		if err != nil {
			return pl.failure(err, nil)
		}
		report := pl.statusReport(states)
		if text := report.text(); text != shown {
			shown = text
			if err := o.write(report, p); err != nil {
				return err
			}
		}
		if !o.Watch || report.count(string(cluster.Current)) == len(report.Objects) {
			return report.err()
		}
		select {
		case <-ctx.Done():
			return report.err()
		case <-time.After(watchInterval):
		}
	}
}

func (o *StatusOptions) write(r StatusReport, p *Process) error {
	if o.Output == "json" {
		return p.writeJSON(r)
	}
	return p.writeBy(func(w io.Writer) error {
		_, err := io.WriteString(w, r.text())
		return err
	})
}

func (pl *planned) statusReport(states []cluster.ObjectStatus) StatusReport {
	r := StatusReport{Environment: pl.env.Name, Cluster: pl.identity.String(), Server: pl.server.URL(), Objects: []StatusObject{}}
	if n := len(pl.inv.Revisions); n > 0 {
		r.Revision, r.Commit = pl.inv.Revisions[n-1].Number, pl.inv.Revisions[n-1].Commit
	}
	for _, s := range states {
		r.Objects = append(r.Objects, StatusObject{
			Object: s.Entry.Identity().String(), Phase: string(s.Phase), Drifted: s.Drifted, Message: s.Message,
		})
	}
	return r
}

func (r StatusReport) count(phase string) int {
	n := 0
	for _, o := range r.Objects {
		if o.Phase == phase {
			n++
		}
	}
	return n
}

func (r StatusReport) err() error {
	if r.count(string(cluster.Failed))+r.count(string(cluster.Missing)) > 0 {
		return errSilent
	}
	return nil
}

// text is a table, and the numbers below it.
func (r StatusReport) text() string {
	width := len("OBJECT")
	for _, o := range r.Objects {
		width = max(width, len(o.Object))
	}
	var b strings.Builder
	row := func(object, phase, message string) {
		fmt.Fprintf(&b, "%s\n", strings.TrimRight(fmt.Sprintf("%-*s   %-22s %s", width, object, phase, message), " "))
	}
	row("OBJECT", "STATUS", "MESSAGE")
	drifted := 0
	for _, o := range r.Objects {
		phase := o.Phase
		if o.Drifted {
			phase += ", drifted"
			drifted++
		}
		message := o.Message
		if o.Phase == string(cluster.Current) && !o.Drifted {
			message = ""
		}
		row(o.Object, phase, message)
	}
	fmt.Fprintf(&b, "%d of %s ready", r.count(string(cluster.Current)), plural(len(r.Objects), "object"))
	if drifted > 0 {
		fmt.Fprintf(&b, ", %d drifted", drifted)
	}
	if r.Revision > 0 {
		fmt.Fprintf(&b, "; revision %d", r.Revision)
	}
	if r.Commit != "" {
		fmt.Fprintf(&b, ", commit %s", shortCommit(r.Commit))
	}
	b.WriteByte('\n')
	return b.String()
}

// shortCommit shortens the name of a commit as git does, and keeps -dirty.
func shortCommit(commit string) string {
	name, dirty, found := strings.Cut(commit, "-")
	const short = 12
	name = name[:min(short, len(name))]
	if found {
		return name + "-" + dirty
	}
	return name
}
