package cli

import (
	"reflect"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/app"
)

// EnvSetOptions are what changes in an environment.
type EnvSetOptions struct {
	Name     string
	Settings app.Settings
}

func newEnvSet(p *Process) *cobra.Command {
	var o EnvSetOptions
	cmd := &cobra.Command{
		Use:   "set ENV",
		Short: "Change what couplet.yaml says about an environment",
		Long: `Change what couplet.yaml says about an environment. A flag with an empty value removes
what is there, and --label KEY- a label; stage 0 is the same as none. A server takes the
place of a context, and the reverse; --targets replaces all the targets.`,
		Example: `  couplet env set prod --kubernetes 1.37
  couplet env set prod --label example.com/tier=gold --label example.com/old-
  couplet env set prod --targets ''`,
		Args:              exactly(1, "an environment", p),
		ValidArgsFunction: p.completeEnvironmentName,
		RunE: func(_ *cobra.Command, args []string) error {
			o.Name = args[0]
			return runEnvSet(o, p)
		},
	}
	p.bindSettings(cmd, &o.Settings, true)
	return cmd
}

func runEnvSet(o EnvSetOptions, p *Process) error {
	if reflect.DeepEqual(o.Settings, app.Settings{}) {
		return usageError{
			message: "nothing to set",
			hint:    "give at least one of --path, --kubernetes, --server, --context, --namespace, --label, --stage, --targets",
		}
	}
	if err := checkSettings(o.Settings); err != nil {
		return err
	}
	a, found := p.finder().App()
	if err := found.Err(); err != nil {
		return err
	}
	edited, found := a.SetEnvironment(o.Name, o.Settings)
	if err := found.Err(); err != nil {
		return err
	}
	return p.writeApp(a, edited)
}
