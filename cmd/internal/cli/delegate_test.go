package cli

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
)

// TestMain makes both programs of the tests' executable, with one command more, probe,
// which needs a cluster and does nothing with it.
func TestMain(m *testing.M) {
	main := func(connect Connector) func() {
		return func() {
			commands["probe"] = newProbe
			os.Exit(Main(connect))
		}
	}
	testscript.Main(m, map[string]func(){
		"couplet":         main(nil),
		"kubectl-couplet": main(func(context.Context, cluster.ConnectOptions) (cluster.Server, error) { return nil, nil }),
	})
}

func newProbe(p *Process) *cobra.Command {
	var with string
	var to ConnectOptions
	cmd := &cobra.Command{Use: "probe", RunE: func(_ *cobra.Command, args []string) error {
		if with == "" {
			return usagef("give --with")
		}
		if err := p.delegate(); err != nil {
			return err
		}
		_, called := os.LookupEnv(callerVariable)
		fmt.Fprintf(p.Out, "with %s, arguments %q, as a plugin %t, called %t\n", with, args, p.Kubectl, called)
		return map[string]error{"same": nil, "different": errDifferent}[with]
	}}
	cmd.Flags().StringVar(&with, "with", "", "the end")
	to.bind(cmd, p)
	return cmd
}

// TestDelegate runs the scripts about probe.
func TestDelegate(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata"})
}

func TestKubectlExitCode(t *testing.T) {
	for _, c := range []struct {
		command    string
		ours, want int
	}{
		{"show", exitDone, 0}, {"show", exitDiagnostics, 1}, {"show", exitUsage, 1},
		{"diff", exitDone, 0}, {"diff", exitDifferent, 1}, {"diff", exitDiagnostics, 2}, {"diff", exitUsage, 2},
		{"drift", exitDifferent, 1}, {"drift", exitUsage, 2},
	} {
		p := &Process{Kubectl: true}
		if got := p.exitCode(c.command, c.ours); got != c.want {
			t.Errorf("%s: %d becomes %d, want %d", c.command, c.ours, got, c.want)
		}
	}
}
