package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
)

// EnvPinOptions choose what is pinned.
type EnvPinOptions struct {
	ConnectOptions
	Environment string
	// By is uid or ca.
	By string
}

const (
	byUID = "uid"
	byCA  = "ca"
)

func newEnvPin(p *Process) *cobra.Command {
	var o EnvPinOptions
	cmd := &cobra.Command{
		Use:   "pin ENV",
		Short: "Pin an environment to a cluster",
		Long: `Ask the cluster that the kubeconfig leads to which one it is, and write that into
couplet.yaml. From then on, commands refuse to work on any other cluster, whatever name
or address the kubeconfig gives it.

A cluster is known by the UID of its namespace kube-system, or, with --by ca and where
that may not be read, by the key of the authority that its certificate comes from, which
several clusters may share.`,
		Example: `  couplet env pin prod
  couplet env pin prod --context prod-eu
  couplet env pin prod --by ca`,
		Args:              exactly(1, "an environment", p),
		ValidArgsFunction: p.completeEnvironmentName,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environment = args[0]
			return runEnvPin(cmd.Context(), o, p)
		},
	}
	o.ConnectOptions.bind(cmd, p)
	cmd.Flags().StringVar(&o.By, "by", byUID, "what the cluster is known by: uid or `ca`")
	_ = cmd.RegisterFlagCompletionFunc("by", fixed(byUID, byCA))
	return cmd
}

func runEnvPin(ctx context.Context, o EnvPinOptions, p *Process) error {
	if o.By != byUID && o.By != byCA {
		return usagef("--by takes uid or ca, not %q", o.By)
	}
	if err := p.delegate(); err != nil {
		return err
	}
	env, found := p.environment(ctx, o.Environment, compiler.Options{})
	if err := found.Err(); err != nil {
		return err
	}
	t := &target{process: p, env: env}
	server, err := p.Connect(ctx, o.options(env, p))
	if err != nil {
		return t.unreachable(err)
	}
	id, err := cluster.Recognise(ctx, server, env.Name, o.Pin)
	if err != nil {
		return t.unreachable(err)
	}
	if o.By == byCA {
		id.UID = ""
	}
	if id.UID == "" && id.CA == "" {
		return t.unreachable(fmt.Errorf("the connection has no verified certificate by which the cluster could be known"))
	}
	return t.pin(id, server)
}

func (t *target) pin(id cluster.Identity, server cluster.Server) error {
	p, env, pin := t.process, t.env, id.String()
	if env.Layout != app.Couplet {
		return diag.List{{
			Code: diag.EditRefused, Environment: env.Name, Message: "this tree has no couplet.yaml that could keep the pin",
			Hint: "give --pin " + pin + " with each command",
		}}
	}
	if env.Destination.Cluster == pin {
		fmt.Fprintf(p.Err, "environment %s is pinned to the cluster %s already\n", env.Name, pin)
		return nil
	}
	a, found := p.finder().App()
	if err := found.Err(); err != nil {
		return err
	}
	edited, found := a.SetEnvironment(env.Name, app.Settings{Cluster: &pin})
	if err := found.Err(); err != nil {
		return err
	}
	if err := p.writeApp(a, edited); err != nil {
		return err
	}
	fmt.Fprintf(p.Err, "environment %s is pinned to the cluster %s (%s)\n", env.Name, pin, server.URL())
	return nil
}
