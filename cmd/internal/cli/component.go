package cli

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
)

// ComponentReport is one entry of the JSON output of component list.
type ComponentReport struct {
	Name string `json:"name"`
	Form string `json:"form"`
	Path string `json:"path"`
	// Environments are those that target the component, or that have no targets.
	Environments []string `json:"environments"`
}

// ComponentListOptions choose the form of component list.
type ComponentListOptions struct{ Output string }

func newComponent(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "component",
		Short: "Look at the app's components",
		Args:  cobra.ArbitraryArgs,
		RunE:  needsSubcommand,
	}
	cmd.AddCommand(newComponentList(p))
	return cmd
}

// needsSubcommand ends a command that only groups others.
func needsSubcommand(cmd *cobra.Command, args []string) error {
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	if len(args) > 0 {
		return usageError{
			message: fmt.Sprintf("%s has no command `%s`", cmd.CommandPath(), args[0]),
			hint:    diag.DidYouMean(args[0], names),
		}
	}
	return usageError{message: cmd.CommandPath() + " needs a command", hint: "it has " + strings.Join(names, ", ")}
}

func newComponentList(p *Process) *cobra.Command {
	var o ComponentListOptions
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the files in components/ and the environments that take them",
		Example: "  couplet component list -o json",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return runComponentList(o, p) },
	}
	outputFlag(cmd, &o.Output, "text", "json")
	return cmd
}

func runComponentList(o ComponentListOptions, p *Process) error {
	a, found := p.finder().App()
	if err := found.Err(); err != nil {
		return err
	}
	components, found := a.Components(p.Files.FS())
	if err := found.Err(); err != nil {
		return err
	}
	reports := []ComponentReport{}
	for _, c := range components {
		reports = append(reports, ComponentReport{Name: c.Name, Form: c.Form, Path: c.Path, Environments: targeting(a, c.Name)})
	}
	if o.Output == "json" {
		return p.writeJSON(reports)
	}
	return p.table("NAME\tFORM\tPATH\tENVIRONMENTS", len(reports), func(i int) string {
		r := reports[i]
		return strings.Join([]string{r.Name, r.Form, r.Path, strings.Join(r.Environments, ",")}, "\t")
	})
}

// targeting lists the environments whose targets leave a component in.
func targeting(a *app.App, component string) []string {
	names := []string{}
	for _, env := range a.Environments {
		if env.Targets == nil || slices.Contains(env.Targets, component) {
			names = append(names, env.Name)
		}
	}
	return names
}

// table prints rows of cells that tabs separate.
func (p *Process) table(header string, rows int, row func(i int) string) error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, header)
	for i := range rows {
		fmt.Fprintln(w, row(i))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var text strings.Builder
	for line := range strings.Lines(b.String()) {
		text.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return p.write([]byte(text.String()))
}
