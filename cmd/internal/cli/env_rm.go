package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// EnvRemoveOptions choose the environment that env rm removes.
type EnvRemoveOptions struct{ Name string }

func newEnvRemove(p *Process) *cobra.Command {
	var o EnvRemoveOptions
	cmd := &cobra.Command{
		Use:   "rm ENV",
		Short: "Remove an environment from the app",
		Long: `Remove an environment from couplet.yaml, with the comment directly above it. Its folder
stays, and so do its objects on a cluster.`,
		Example:           "  couplet env rm qa",
		Args:              exactly(1, "an environment", p),
		ValidArgsFunction: p.completeEnvironmentName,
		RunE: func(_ *cobra.Command, args []string) error {
			o.Name = args[0]
			return runEnvRemove(o, p)
		},
	}
	return cmd
}

func runEnvRemove(o EnvRemoveOptions, p *Process) error {
	a, found := p.finder().App()
	if err := found.Err(); err != nil {
		return err
	}
	edited, found := a.RemoveEnvironment(o.Name)
	if err := found.Err(); err != nil {
		return err
	}
	if err := p.writeApp(a, edited); err != nil {
		return err
	}
	env, _ := a.Environment(o.Name)
	if !source.IsDir(p.Files.FS(), env.Dir) {
		return nil
	}
	return p.write(fmt.Appendf(nil, "the folder %s stays\n", env.Dir))
}
