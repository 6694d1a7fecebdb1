package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// EnvDescribeReport is the JSON output of env describe.
type EnvDescribeReport struct {
	EnvReport
	// Declared is where the environment is declared.
	Declared EnvPlaceReport `json:"declared"`
	// Entry is the file that is evaluated, and EntryExists whether it is there.
	Entry       string `json:"entry"`
	EntryExists bool   `json:"entryExists"`
	// SearchPath is for imports; <couplet> is the embedded library.
	SearchPath []string `json:"searchPath"`
	// ExternalVariables are the names of those that the layout sets.
	ExternalVariables []string `json:"externalVariables"`
	// Annotations and DefaultLabels go on objects that do not have them (Tanka's
	// resourceDefaults).
	Annotations   map[string]string `json:"annotations"`
	DefaultLabels map[string]string `json:"defaultLabels"`
}

// EnvPlaceReport is a line of a file; 0 means the whole file.
type EnvPlaceReport struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// EnvDescribeOptions choose what env describe prints.
type EnvDescribeOptions struct {
	JsonnetOptions
	Environment string
	Output      string
}

func newEnvDescribe(p *Process) *cobra.Command {
	var o EnvDescribeOptions
	cmd := &cobra.Command{
		Use:   "describe ENV|PATH",
		Short: "Show all that is known about an environment",
		Long: `Show all that is known about an environment without compiling it: where it is declared,
what is evaluated, where imports are searched and where its objects go. ENV is an
environment of the app; PATH is a file or folder, as for show.`,
		Example: `  couplet env describe prod
  couplet env describe environments/prod -o json`,
		Args:              exactly(1, "an environment or a path", p),
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environment = args[0]
			return runEnvDescribe(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bind(cmd, p)
	outputFlag(cmd, &o.Output, "text", "json")
	return cmd
}

func runEnvDescribe(ctx context.Context, o EnvDescribeOptions, p *Process) error {
	opts, err := o.compile(SelectOptions{}, p)
	if err != nil {
		return err
	}
	env, found := p.environment(ctx, o.Environment, opts)
	if !found.HasErrors() {
		env, found = p.inlineEnvironment(ctx, env, opts)
	}
	if err := found.Err(); err != nil {
		return err
	}
	r := p.describe(env)
	if o.Output == "json" {
		return p.writeJSON(r)
	}
	return p.write([]byte(r.text()))
}

// inlineEnvironment is the one inline environment that a Tanka entry holds, or the
// entry itself if it holds none.
func (p *Process) inlineEnvironment(ctx context.Context, env *app.Environment, opts compiler.Options) (*app.Environment, diag.List) {
	if !env.MaybeInline {
		return env, nil
	}
	inside, found := compiler.Expand(ctx, p.Files, &app.App{Environments: []*app.Environment{env}}, opts)
	switch {
	case found.HasErrors():
		return nil, found
	case len(inside.Environments) == 0:
		return env, nil
	case len(inside.Environments) == 1:
		return inside.Environments[0], nil
	}
	return nil, diag.List{{
		Code: diag.NotFound, Span: env.Span,
		Message: fmt.Sprintf("`%s` holds %d environments", env.Entry, len(inside.Environments)),
		Hint:    "name one of them: " + strings.Join(inside.Names(), ", "),
	}}
}

func (p *Process) describe(env *app.Environment) EnvDescribeReport {
	r := EnvDescribeReport{
		EnvReport: envReport(env), Entry: env.Entry, EntryExists: source.IsFile(p.Files.FS(), env.Entry),
		SearchPath: list(env.SearchPath), ExternalVariables: []string{},
		Annotations: texts(env.Annotations), DefaultLabels: texts(env.DefaultLabels),
	}
	for _, v := range env.ExtVars {
		r.ExternalVariables = append(r.ExternalVariables, v.Name)
	}
	if env.Span.IsValid() {
		r.Declared.File = env.Span.File.Name()
	}
	if env.Span.HasPlace() {
		r.Declared.Line = env.Span.File.Position(env.Span.Start).Line
	}
	return r
}

// text has one fact a line; what is not set is left out, except where that means
// something.
func (r EnvDescribeReport) text() string {
	entry := r.Entry
	if !r.EntryExists {
		entry += " (missing)"
	}
	facts := [][]string{
		{"name", r.Name},
		{"layout", r.Layout},
		{"declared", r.Declared.String()},
		{"path", r.Path},
		{"entry", entry},
		append([]string{"search path"}, r.SearchPath...),
		append([]string{"external variables"}, r.ExternalVariables...),
		{"kubernetes", r.Kubernetes},
		{"server", r.Destination.Server},
		append([]string{"context"}, r.Destination.Contexts...),
		{"namespace", r.Destination.Namespace},
		{"stage", strconv.Itoa(r.Stage)},
		append([]string{"targets"}, orAll(r.Targets)...),
		append([]string{"labels"}, pairs(r.Labels)...),
		append([]string{"default labels"}, pairs(r.DefaultLabels)...),
		append([]string{"annotations"}, pairs(r.Annotations)...),
	}
	return factText(facts)
}

// String writes the place as file:line.
func (p EnvPlaceReport) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

func orAll(targets []string) []string {
	if len(targets) == 0 {
		return []string{"all"}
	}
	return targets
}

// factText writes facts, each a name and its values, one value a line.
func factText(facts [][]string) string {
	facts = slices.DeleteFunc(facts, func(f []string) bool { return len(f) < 2 || f[1] == "" })
	width := len(slices.MaxFunc(facts, func(a, b []string) int { return cmp.Compare(len(a[0]), len(b[0])) })[0])
	var b strings.Builder
	for _, f := range facts {
		for i, text := range f[1:] {
			name := f[0] + ":"
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(&b, "%-*s  %s\n", width+1, name, text)
		}
	}
	return b.String()
}
