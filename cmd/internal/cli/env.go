package cli

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/schemas"
)

// EnvReport is an environment in the JSON output of env list, and the first part of
// that of env describe.
type EnvReport struct {
	Name string `json:"name"`
	// Layout is couplet, tanka or bare.
	Layout string `json:"layout"`
	// Kubernetes is the declared minor; "" for none.
	Kubernetes  string               `json:"kubernetes"`
	Destination EnvDestinationReport `json:"destination"`
	Stage       int                  `json:"stage"`
	// Path is the environment's folder, from the working folder.
	Path string `json:"path"`
	// Labels go on every object.
	Labels map[string]string `json:"labels"`
	// Targets are the components to take; none means all.
	Targets []string `json:"targets"`
}

// EnvDestinationReport is a destination in an EnvReport.
type EnvDestinationReport struct {
	// Server is a URL; Contexts are names in kubeconfig.
	Server    string   `json:"server"`
	Contexts  []string `json:"contexts"`
	Namespace string   `json:"namespace"`
}

func envReport(env *app.Environment) EnvReport {
	return EnvReport{
		Name: env.Name, Layout: env.Layout.String(), Kubernetes: env.Kubernetes,
		Destination: EnvDestinationReport{
			Server: env.Destination.Server, Contexts: list(env.Destination.Contexts), Namespace: env.Destination.Namespace,
		},
		Stage: env.Stage, Path: env.Dir, Labels: texts(env.Labels), Targets: list(env.Targets),
	}
}

// texts makes an empty JSON object of a nil map.
func texts(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

// pairs writes a map as k=v, sorted.
func pairs(m map[string]string) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		out = append(out, key+"="+m[key])
	}
	return out
}

func newEnv(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "env",
		Short: "Look at the app's environments and edit them",
		Long: `Look at the app's environments, and edit them in couplet.yaml. An edit changes the
lines that it must and no others: comments, order, blank lines and quotes stay.`,
		Example: `  couplet env list
  couplet env add qa --namespace shop-qa --stage 1`,
		Args: cobra.ArbitraryArgs,
		RunE: needsSubcommand,
	}
	cmd.AddCommand(newEnvList(p), newEnvDescribe(p), newEnvAdd(p), newEnvSet(p), newEnvPin(p), newEnvRemove(p))
	return cmd
}

// completeEnvironmentName completes one argument with the names in couplet.yaml.
func (p *Process) completeEnvironmentName(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	a, found := p.finder().App()
	if len(args) > 0 || found.HasErrors() {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.Names(), cobra.ShellCompDirectiveNoFileComp
}

// bindSettings declares the flags for what couplet.yaml says about an environment.
// With editing they can also remove.
func (p *Process) bindSettings(cmd *cobra.Command, to *app.Settings, editing bool) {
	f := cmd.Flags()
	text := func(to **string, name, usage string) {
		f.Var(settingFlag(func(text string) error { *to = &text; return nil }), name, usage)
	}
	text(&to.Path, "path", "the `FOLDER` of main.jsonnet, inside the app (default environments/NAME)")
	text(&to.Kubernetes, "kubernetes", "check against the schemas of the Kubernetes `MINOR`")
	text(&to.Server, "server", "the `URL` of the cluster's API server")
	text(&to.Context, "context", "the `CONTEXT` in kubeconfig that names the cluster")
	text(&to.Namespace, "namespace", "the `NAMESPACE` for objects that name none")
	labels := "put the label `KEY=VALUE` on every object; may be repeated"
	if editing {
		labels = "put the label `KEY=VALUE` on every object, or remove it with KEY-; may be repeated"
	}
	f.Var(labelFlag(&to.Labels, editing), "label", labels)
	f.Var(stageFlag(&to.Stage), "stage", "the `NUMBER` that orders roll-outs: lower ones come first")
	f.Var(targetsFlag(&to.Targets), "targets", "take only `COMPONENTS`, separated by commas; may be repeated")
	for _, name := range []string{"server", "context", "namespace", "label", "stage"} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
	_ = cmd.RegisterFlagCompletionFunc("targets", p.completeComponents)
	_ = cmd.RegisterFlagCompletionFunc("kubernetes", fixed(schemas.Minors()...))
	_ = cmd.MarkFlagDirname("path")
}

// settingFlag is a flag that notes that it was given, be it empty.
type settingFlag func(text string) error

// String implements pflag.Value.
func (settingFlag) String() string { return "" }

// Type implements pflag.Value.
func (settingFlag) Type() string { return "VALUE" }

// Set implements pflag.Value.
func (set settingFlag) Set(text string) error { return set(text) }

func labelFlag(to *[]app.LabelSetting, editing bool) settingFlag {
	return func(text string) error {
		label := app.LabelSetting{}
		var given bool
		if label.Key, label.Value, given = strings.Cut(text, "="); !given && editing {
			label.Key, label.Remove = strings.CutSuffix(text, "-")
		}
		switch {
		case label.Key != "" && (given || label.Remove):
			*to = append(*to, label)
			return nil
		case editing:
			return fmt.Errorf("want KEY=VALUE, or KEY- to remove")
		}
		return fmt.Errorf("want KEY=VALUE")
	}
}

func stageFlag(to **int) settingFlag {
	return func(text string) error {
		stage, err := strconv.Atoi(text)
		if err != nil || stage < 0 {
			return fmt.Errorf("want a number from 0 up")
		}
		*to = &stage
		return nil
	}
}

func targetsFlag(to **[]string) settingFlag {
	return func(text string) error {
		if *to == nil {
			*to = &[]string{}
		}
		for name := range strings.SplitSeq(text, ",") {
			if name = strings.TrimSpace(name); name != "" {
				**to = append(**to, name)
			}
		}
		return nil
	}
}

// checkSettings finds flags that exclude each other.
func checkSettings(s app.Settings) error {
	if s.Server != nil && s.Context != nil && *s.Server != "" && *s.Context != "" {
		return usageError{message: "give --server or --context, not both", hint: "each of them names a cluster"}
	}
	return nil
}

// appFile is the name on disk of the app's couplet.yaml. One that is read-only is not
// edited, although it could be replaced.
func appFile(a *app.App) (string, error) {
	name := filepath.FromSlash(a.File.Name())
	if info, err := os.Stat(name); err == nil && info.Mode().Perm()&0o200 == 0 {
		return "", writeFailed(name, fs.ErrPermission)
	}
	return name, nil
}

// writeApp writes an edited couplet.yaml and says so.
func (p *Process) writeApp(a, edited *app.App) error {
	if edited.File.Text() == a.File.Text() {
		return p.write(fmt.Appendf(nil, "%s says so already\n", a.File.Name()))
	}
	name, err := appFile(a)
	if err != nil {
		return err
	}
	if err := writeFile(name, []byte(edited.File.Text())); err != nil {
		return err
	}
	return p.write(fmt.Appendf(nil, "wrote %s\n", a.File.Name()))
}
