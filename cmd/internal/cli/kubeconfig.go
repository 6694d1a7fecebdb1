package cli

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// complete completes flags with the names in the kubeconfig. Completion is asked for at
// each press of a key, so the files are read as plain YAML, without client-go; what cannot
// be read gives no names.
func (o *ConnectOptions) complete(cmd *cobra.Command, p *Process) {
	for flag, path := range map[string][]string{
		"context": {"contexts", "name"}, "cluster": {"clusters", "name"}, "user": {"users", "name"},
		"namespace": {"contexts", "context", "namespace"},
	} {
		_ = cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return o.kubeconfigNames(p, path[0], path[1:]), cobra.ShellCompDirectiveNoFileComp
		})
	}
	for _, flag := range []string{"server", "token", "username", "password", "tls-server-name", "proxy-url", "as", "as-uid", "as-group", "as-user-extra", "request-timeout", "pin"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions)
	}
}

// kubeconfigNames gives what stands at a path in each item of a list of the kubeconfig,
// sorted.
func (o *ConnectOptions) kubeconfigNames(p *Process, list string, path []string) []string {
	var names []string
	for _, file := range o.kubeconfigs(p) {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		documents, _ := decode.YAML(source.NewFile(file, string(text)))
		for _, document := range documents {
			for _, item := range document.Get(list).Items() {
				if name := item.Get(path...).Str(); name != "" {
					names = append(names, name)
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// kubeconfigs are the files that kubectl reads: --kubeconfig, or else those of KUBECONFIG,
// or else the one in the home folder.
func (o *ConnectOptions) kubeconfigs(p *Process) []string {
	if o.Kubeconfig != "" {
		return []string{o.Kubeconfig}
	}
	if files, _ := p.Getenv("KUBECONFIG"); files != "" {
		return filepath.SplitList(files)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return nil
	}
	return []string{filepath.Join(home, ".kube", "config")}
}
