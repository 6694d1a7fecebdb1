package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler"
)

// ShowOptions choose what show prints.
type ShowOptions struct {
	JsonnetOptions
	SelectOptions
	Environment string
	Output      string
	NoValidate  bool
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
that version first; with errors nothing is printed.`,
		Example: `  couplet show prod
  couplet show prod -t deployment/web -o json
  couplet show prod -t '!secret/.*'
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
	outputFlag(cmd, &o.Output, "yaml", "json")
	return cmd
}

func noValidateFlag(cmd *cobra.Command, to *bool) {
	cmd.Flags().BoolVar(to, "no-validate", false, "do not check the objects against the schemas")
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
	opts.Check = !o.NoValidate
	env, found := p.environment(ctx, o.Environment, opts)
	if err := found.Err(); err != nil {
		return err
	}
	b, found := compiler.Compile(ctx, p.Files, env, opts)
	if err := found.Err(); err != nil {
		return err
	}
	p.report(found)
	if o.Output == "json" {
		return p.write(b.JSON())
	}
	return p.write(b.YAML())
}
