package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/eval/gojsonnet"
)

// LintOptions choose what lint looks at.
type LintOptions struct {
	Paths      []string
	SearchPath []string
	Output     string
}

func newLint(p *Process) *cobra.Command {
	var o LintOptions
	cmd := &cobra.Command{
		Use:   "lint PATH...",
		Short: "Find likely mistakes in jsonnet files",
		Long: `Run go-jsonnet's linter over jsonnet files. Of a folder every .jsonnet and .libsonnet
file is taken, those below vendor and hidden folders excepted. Imports are looked for as
in an environment of the app.`,
		Example: `  couplet lint .
  couplet lint components -o json`,
		Args: atLeastOnePath,
		RunE: func(_ *cobra.Command, args []string) error {
			o.Paths = args
			return runLint(o, p)
		},
	}
	cmd.Flags().StringArrayVarP(&o.SearchPath, "jpath", "J", nil, "search `DIR` for imports before the app's own folders; the last one given wins")
	outputFlag(cmd, &o.Output, "text", "json")
	return cmd
}

func runLint(o LintOptions, p *Process) error {
	files, found := p.jsonnetFiles(o.Paths)
	path := p.lintPath(o)
	for _, f := range files {
		found.Add(gojsonnet.Lint(f, &eval.Program{Files: p.Files, SearchPath: path})...)
	}
	found = found.Sorted()
	if o.Output == "json" {
		if err := p.writeJSON(diag.NewReport(found)); err != nil {
			return err
		}
		if found.HasErrors() {
			return errSilent
		}
		return nil
	}
	return found.Err()
}

func (p *Process) lintPath(o LintOptions) []string {
	path := slices.Clone(o.SearchPath)
	slices.Reverse(path)
	if a, found := p.finder().App(); !found.HasErrors() {
		path = append(path, a.Root+"/lib", a.Root+"/vendor")
	}
	return append(path, app.LibraryDir)
}
