package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/eval"
)

// ShowOptions choose what show prints.
type ShowOptions struct {
	JsonnetOptions
	SelectOptions
	Environment string
	Output      string
	NoValidate  bool
	Sources     bool
	KeepGoing   bool
}

func newShow(p *Process) *cobra.Command {
	var o ShowOptions
	cmd := &cobra.Command{
		Use:   "show ENV|PATH",
		Short: "Print the objects of an environment or a file",
		Long: `Print the Kubernetes objects of one environment, in an order in which they can be
applied. ENV is an environment of the app; PATH is a .jsonnet, .yaml or .json file, or a
folder with a Tanka environment.

An environment that declares its Kubernetes version is checked against the schemas of
that version first; with errors nothing is printed.

With -t only the objects that it selects are evaluated, and what tells objects apart. An
error elsewhere does not matter; where it hides whether there is something to select, it
is a warning. --keep-going prints all objects that have no errors.

--sources puts the place that made each value beside its line, as a comment.`,
		Example: `  couplet show prod
  couplet show prod -t deployment/web -o json
  couplet show prod -t '!secret/.*'
  couplet show prod --sources
  couplet show environments/prod/main.jsonnet
  couplet show example.jsonnet -J vendor -V region=eu`,
		Args:              exactly(1, "an environment or a path", p),
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environment = args[0]
			return runShow(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bind(cmd, p)
	o.SelectOptions.bind(cmd, p)
	noValidateFlag(cmd, &o.NoValidate)
	keepGoingFlag(cmd, &o.KeepGoing, "print")
	cmd.Flags().BoolVar(&o.Sources, "sources", false, "put the place that made a value beside each line of YAML")
	outputFlag(cmd, &o.Output, "yaml", "json")
	return cmd
}

func noValidateFlag(cmd *cobra.Command, to *bool) {
	cmd.Flags().BoolVar(to, "no-validate", false, "do not check the objects against the schemas")
}

func keepGoingFlag(cmd *cobra.Command, to *bool, do string) {
	cmd.Flags().BoolVar(to, "keep-going", false, do+" all objects that have no errors, and report the others")
}

// exactly wants a number of arguments.
func exactly(n int, what string, p *Process) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) < n:
			return usageError{message: "give " + what, hint: p.environmentsHint()}
		case len(args) > n:
			return usagef("give only %s; %q is one too many", what, args[n])
		}
		return nil
	}
}

func runShow(ctx context.Context, o ShowOptions, p *Process) error {
	opts, err := o.compile(o.SelectOptions, p)
	if err != nil {
		return err
	}
	if o.Sources {
		if opts.Provenance, err = wantProvenance("--sources", o.Output, opts.Engine); err != nil {
			return err
		}
	}
	opts.Check, opts.KeepGoing = !o.NoValidate, o.KeepGoing
	env, found := p.environment(ctx, o.Environment, opts)
	if err := found.Err(); err != nil {
		return err
	}
	b, found := compiler.Compile(ctx, p.Files, env, opts)
	if b == nil {
		return found.Err()
	}
	p.report(found)
	if err := p.writeBy(func(w io.Writer) error { return o.text(b, w) }); err != nil {
		return err
	}
	if found.HasErrors() {
		return errSilent
	}
	return nil
}

func (o *ShowOptions) text(b *bundle.Bundle, w io.Writer) error {
	switch {
	case len(b.Objects) == 0 && o.KeepGoing && o.Output != "json":
		return nil
	case o.Output == "json":
		_, err := w.Write(b.JSON())
		return err
	case o.Sources:
		return b.WriteYAMLWithSources(w)
	}
	return b.WriteYAML(w)
}

// wantProvenance refuses what a flag that shows where values come from does not go with.
func wantProvenance(flag, output string, engine eval.Engine) (bool, error) {
	switch {
	case output != "yaml":
		return false, usagef("%s goes with -o yaml only", flag)
	case !compiler.Traces(engine):
		return false, usagef("%s: the engine %s does not know where values come from", flag, engine.Name())
	}
	return true, nil
}
