package cli

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// isPlugin tells from the name that a process was started by whether it is a plugin of
// kubectl.
func isPlugin(name string) bool {
	return strings.HasPrefix(strings.ToLower(filepath.Base(name)), "kubectl-")
}

// comparing are the commands that tell differences by their exit code.
var comparing = []string{"diff", "drift"}

// kubectlExitCode gives an exit code as kubectl does: 1 for whatever fails. Commands that
// compare have 1 for differences, and so 2 for failures, as kubectl diff.
func kubectlExitCode(command string, code int) int {
	switch {
	case code == exitDone:
		return 0
	case code != exitDifferent && slices.Contains(comparing, command):
		return 2
	}
	return 1
}

// spell has the help of a command and of those below it say `kubectl couplet`.
func (p *Process) spell(cmd *cobra.Command) {
	if !cmd.HasParent() {
		cmd.Annotations = map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl couplet"}
	}
	cmd.Example, cmd.Long = p.spelled(cmd.Example), p.spelled(cmd.Long)
	for _, sub := range cmd.Commands() {
		p.spell(sub)
	}
}

// spelled is a text in which command lines of couplet are as this process is run.
func (p *Process) spelled(text string) string {
	if !p.Kubectl {
		return text
	}
	return commandLines.Replace(text)
}

// commandLines finds command lines by what they stand behind.
var commandLines = strings.NewReplacer(
	"`couplet ", "`kubectl couplet ", "  couplet ", "  kubectl couplet ",
	"&& couplet ", "&& kubectl couplet ", "| couplet ", "| kubectl couplet ",
)
