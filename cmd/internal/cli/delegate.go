package cli

import (
	"fmt"
	"os"

	"github.com/couplet-k8s/couplet/cmd/internal/programs"
	"github.com/couplet-k8s/couplet/compiler/diag"
)

// plugin is the program that reaches clusters: this code with client-go linked.
const plugin = "kubectl-couplet"

// callerVariable tells kubectl-couplet that couplet hands its command line over: it holds
// couplet's version. Whoever sees it and would hand over once more is in a circle.
const callerVariable = "COUPLET_CALLER"

// exitError ends a command whose work another program has done.
type exitError int

// Error implements error.
func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// delegate is what a command that needs a cluster begins with, when its flags are checked
// and nothing has been read or printed. It returns nil where this process reaches clusters.
// Elsewhere kubectl-couplet takes the process over, with the same arguments and couplet's
// manners, and an error says with which exit code the command has ended, or why it could
// not be.
func (p *Process) delegate() error {
	if p.Connect != nil {
		return nil
	}
	path := programs.Find(plugin)
	if path == "" || p.args == nil {
		return diag.List{{
			Code:    diag.PluginMissing,
			Message: plugin + " is not installed: couplet itself does not reach clusters",
			Hint:    "`make install` installs it beside couplet, and so does `go install github.com/couplet-k8s/couplet/cmd/kubectl-couplet@latest`",
		}}
	}
	if caller, _ := p.Getenv(callerVariable); caller != "" {
		return unfit(path+" is couplet itself, or a program that starts it", "install "+plugin+" there, or remove it: couplet looks beside itself, then on PATH")
	}
	if err := os.Setenv(callerVariable, buildVersion()); err != nil {
		return err
	}
	code, err := programs.HandOver(path, p.args)
	if err != nil {
		return unfit(fmt.Sprintf("%s cannot be started: %s", path, err), "install "+plugin+" again")
	}
	return exitError(code)
}

// called is the other end of delegate: it gives the process couplet's manners where couplet
// has started it, and refuses another version's command lines.
func (p *Process) called() error {
	caller, _ := p.Getenv(callerVariable)
	if caller == "" {
		return nil
	}
	p.Kubectl = false
	if err := os.Unsetenv(callerVariable); err != nil { // what this process starts is not called by couplet
		return err
	}
	if caller != buildVersion() {
		return unfit(fmt.Sprintf("couplet is version %s, and %s, which it starts for this command, is version %s", caller, plugin, buildVersion()),
			"install both of one release: `make install` does")
	}
	return nil
}

func unfit(message, hint string) error {
	return diag.List{{Code: diag.PluginUnfit, Message: message, Hint: hint}}
}
