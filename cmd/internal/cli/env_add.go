package cli

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/schemas"
)

// EnvAddOptions are the new environment.
type EnvAddOptions struct {
	Name     string
	Settings app.Settings
}

func newEnvAdd(p *Process) *cobra.Command {
	var o EnvAddOptions
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Add an environment to the app",
		Long: `Add an environment to couplet.yaml, and write its main.jsonnet where there is none: with
environments/base.libsonnet the app of that file under the environment's own
parameters, for which params.libsonnet is written too.

Without --kubernetes the environment gets the newest version that couplet has schemas
of; --kubernetes '' leaves it out.`,
		Example: `  couplet env add qa
  couplet env add prod/eu --server https://eu.example.com --namespace shop --stage 2
  couplet env add qa --label example.com/stage=qa --targets web,nightly`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("give one name for the environment")
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(_ *cobra.Command, args []string) error {
			o.Name = args[0]
			return runEnvAdd(o, p)
		},
	}
	p.bindSettings(cmd, &o.Settings, false)
	return cmd
}

func runEnvAdd(o EnvAddOptions, p *Process) error {
	if err := checkSettings(o.Settings); err != nil {
		return err
	}
	a, found := p.finder().App()
	if err := found.Err(); err != nil {
		return err
	}
	if newest := schemas.Newest(); o.Settings.Kubernetes == nil {
		o.Settings.Kubernetes = &newest
	}
	edited, found := a.AddEnvironment(o.Name, o.Settings)
	if err := found.Err(); err != nil {
		return err
	}
	if _, err := appFile(a); err != nil {
		return err
	}
	env, _ := edited.Environment(o.Name)
	if err := p.writeEntry(a, env); err != nil {
		return err
	}
	return p.writeApp(a, edited)
}

// writeEntry writes the files of a new environment. An entry that is there stays as it
// is, and with it what it imports.
func (p *Process) writeEntry(a *app.App, env *app.Environment) error {
	if source.IsFile(p.Files.FS(), env.Entry) {
		return nil
	}
	if err := makeDir(filepath.FromSlash(env.Dir)); err != nil {
		return err
	}
	base := path.Join(a.Root, "environments", "base.libsonnet")
	if !source.IsFile(p.Files.FS(), base) {
		return p.writeEntryFile(env.Entry, fmt.Sprintf("// Environment %s: each field is a component.\n{}\n", env.Name))
	}
	params := path.Join(env.Dir, "params.libsonnet")
	if !source.IsFile(p.Files.FS(), params) {
		text := fmt.Sprintf("// %s: parameters of this environment only, by component.\n{}\n", env.Name)
		if err := p.writeEntryFile(params, text); err != nil {
			return err
		}
	}
	return p.writeEntryFile(env.Entry, fmt.Sprintf("(import '%s').with(import 'params.libsonnet')\n", importPath(env.Dir, base)))
}

func (p *Process) writeEntryFile(name, text string) error {
	if err := writeFile(filepath.FromSlash(name), []byte(text)); err != nil {
		return err
	}
	return p.write(fmt.Appendf(nil, "wrote %s\n", name))
}

// importPath is how jsonnet in a folder imports a file, for single quotes.
func importPath(dir, file string) string {
	rel, err := filepath.Rel(filepath.FromSlash(dir), filepath.FromSlash(file))
	if err != nil {
		rel = file
	}
	return strings.ReplaceAll(filepath.ToSlash(rel), "'", `\'`)
}
