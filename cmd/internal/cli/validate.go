package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/diag"
)

// ValidateOptions choose what validate checks.
type ValidateOptions struct {
	JsonnetOptions
	SelectOptions
	Environments []string
	All          bool
	Output       string
}

// ValidateReport is the JSON output of validate.
type ValidateReport struct {
	Environments []ValidateCount `json:"environments"`
	diag.Report
}

// ValidateCount says what was checked in one environment. An environment that could
// not be compiled has none.
type ValidateCount struct {
	Name       string `json:"name"`
	Kubernetes string `json:"kubernetes"`
	Objects    int    `json:"objects"`
	Valid      int    `json:"valid"`
	// WithoutSchema counts the objects whose kind nothing describes.
	WithoutSchema int `json:"withoutSchema"`
}

func newValidate(p *Process) *cobra.Command {
	var o ValidateOptions
	cmd := &cobra.Command{
		Use:   "validate ENV|PATH...",
		Short: "Check environments against the Kubernetes schemas",
		Long: `Compile environments and check every object against the schema of its kind: types,
required and unknown fields, enums, quantities and formats. Custom resources are checked
against the CustomResourceDefinitions of the same environment; a kind without a schema is
counted in a warning.

The schemas are those of the environment's Kubernetes version, or the newest ones.`,
		Example: `  couplet validate prod
  couplet validate --all
  couplet validate manifests.yaml -o json`,
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environments = args
			return runValidate(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bind(cmd, p)
	o.SelectOptions.bind(cmd, p)
	cmd.Flags().BoolVar(&o.All, "all", false, "check all environments of the app")
	outputFlag(cmd, &o.Output, "text", "json")
	return cmd
}

func runValidate(ctx context.Context, o ValidateOptions, p *Process) error {
	opts, err := o.compile(o.SelectOptions, p)
	if err != nil {
		return err
	}
	envs, err := p.environments(ctx, o.Environments, o.All, opts)
	if err != nil {
		return err
	}
	progress := p.progress("validating", len(envs))
	results := compiler.CompileAll(ctx, p.Files, envs, opts, progress.step)
	report := ValidateReport{Environments: []ValidateCount{}}
	var found diag.List
	for _, r := range results {
		found.Add(r.Found...)
		if r.Bundle == nil {
			continue
		}
		checked, problems := compiler.Validate(ctx, p.Files, r.Bundle, opts)
		found.Add(problems...)
		report.Environments = append(report.Environments, ValidateCount{
			Name: r.Bundle.Environment.Name, Kubernetes: checked.Kubernetes,
			Objects: checked.Objects, Valid: checked.Valid, WithoutSchema: checked.Unknown,
		})
	}
	progress.end()
	return p.validated(o, report, found)
}

func (p *Process) validated(o ValidateOptions, report ValidateReport, found diag.List) error {
	found = found.Sorted()
	if o.Output == "json" {
		report.Report = diag.NewReport(found)
		if err := p.writeJSON(report); err != nil {
			return err
		}
		if found.HasErrors() {
			return errSilent
		}
		return nil
	}
	p.report(found)
	var text strings.Builder
	for _, c := range report.Environments {
		fmt.Fprintln(&text, c)
	}
	if err := p.write([]byte(text.String())); err != nil {
		return err
	}
	if found.HasErrors() {
		return errSilent
	}
	return nil
}

// String is the line of the text output.
func (c ValidateCount) String() string {
	line := fmt.Sprintf("%s: %d of %s valid for Kubernetes %s", c.Name, c.Valid, plural(c.Objects, "object"), c.Kubernetes)
	if c.WithoutSchema > 0 {
		line += fmt.Sprintf(", %d without a schema", c.WithoutSchema)
	}
	return line
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
