package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/companion"
	"github.com/couplet-k8s/couplet/cmd/internal/git"
	"github.com/couplet-k8s/couplet/cmd/internal/programs"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// The depths of validate's rules.
const (
	rulesSchema = "schema"
	rulesServer = "server"
)

// ValidateOptions choose what validate checks.
type ValidateOptions struct {
	JsonnetOptions
	SelectOptions
	Environments []string
	All          bool
	Outputs      outputs
	// Rules is the depth: rulesSchema or rulesServer.
	Rules string
	// Kubernetes is a minor to check against in place of the environments' own.
	Kubernetes string
	// Given are files and folders with objects that the cluster holds.
	Given []string
	// Base is a git revision whose objects the cluster holds; "" is none.
	Base string
	// Strict makes errors of warnings.
	Strict bool
}

// ValidateReport is the JSON output of validate.
type ValidateReport struct {
	Environments []ValidateCount `json:"environments"`
	// Rules is the Kubernetes release whose own rules were applied; "" where only the
	// schemas were.
	Rules string `json:"rules"`
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
		Use:   "validate ENV|PATH|-...",
		Short: "Check environments, or plain YAML, as the API server would",
		Long: `Compile environments and check every object: against the schema of its kind, for types,
required and unknown fields, enums, quantities and formats; and by the API server's own
rules, for all else that it would reject. Custom resources are checked against the
CustomResourceDefinitions of the same environment, of crds/, of vendored packages, or of
those that couplet embeds; a kind without a schema is counted in a warning. Parameters
are held against the JSON Schema beside their component, components/NAME.schema.json, and
there are warnings about those that are set and never read, or read and set nowhere. So
there are about references that lead nowhere, selectors that select nothing and exceeded quotas, which
the server would not look at: --strict takes them for errors, and a comment
"couplet:allow CODE because ..." beside the line, or allow in couplet.yaml, silences one.

Plain files of YAML and JSON, folders of them, and standard input (-) are checked
together, as one environment.

The schemas are those of the environment's Kubernetes version, or the newest ones. The
server's rules are applied by couplet-admit, a program that is installed beside couplet;
without it there is a warning, and only the schemas are checked. --given names what the
cluster holds already: older versions of the objects, for the rules on updates,
definitions, namespaces with their Pod Security levels, policies.

The exit code is 1 where something is rejected, and 0 where nothing is.`,
		Example: `  couplet validate prod
  couplet validate --all
  couplet validate manifests/ crds.yaml
  kustomize build . | couplet validate -
  couplet validate prod --given cluster.yaml
  couplet validate --all --base main
  couplet validate manifests.yaml --kubernetes 1.34 -o json
  couplet validate --all -o github -o sarif=couplet.sarif -o junit=couplet.xml`,
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environments = args
			return runValidate(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bind(cmd, p)
	o.SelectOptions.bind(cmd, p)
	f := cmd.Flags()
	f.BoolVar(&o.All, "all", false, "check all environments of the app")
	f.StringVar(&o.Rules, "rules", rulesServer, "check by the `DEPTH`: schema, or server for the API server's own rules too")
	f.StringVar(&o.Kubernetes, "kubernetes", "", "check against this `MINOR`, such as 1.34, whatever the environments declare")
	f.StringArrayVar(&o.Given, "given", nil, "take the objects in `FILE`, or a folder, as what the cluster holds")
	f.StringVar(&o.Base, "base", "", "take the same environments at the git revision `REV` as what the cluster holds: their immutable fields must not change")
	f.BoolVar(&o.Strict, "strict", false, "take warnings for errors")
	_ = cmd.RegisterFlagCompletionFunc("rules", fixed(rulesSchema, rulesServer))
	_ = cmd.RegisterFlagCompletionFunc("kubernetes", fixed(schemas.Minors()...))
	outputsFlag(cmd, &o.Outputs, "text", "json", "sarif", "junit", "github", "markdown")
	return cmd
}

func runValidate(ctx context.Context, o ValidateOptions, p *Process) error {
	opts, err := o.compile(o.SelectOptions, p)
	if err != nil {
		return err
	}
	o.Kubernetes = minorOf(o.Kubernetes)
	if err := o.check(); err != nil {
		return err
	}
	envs, err := o.environments(ctx, p, opts)
	if err != nil {
		return err
	}
	opts.Vendored = true
	if opts.Given, err = given(ctx, p, o.Given); err != nil {
		return err
	}
	var found diag.List
	if o.Rules == rulesServer {
		if p.Companion == "" {
			p.Companion = programs.Find(companion.Name)
		}
		if p.Companion == "" {
			found.Add(noCompanion())
		} else {
			judge := companion.New(p.Companion)
			defer judge.Close()
			opts.Judge = judge
		}
	}
	base, err := o.base(ctx, p, opts, envs)
	if err != nil {
		return err
	}
	progress := p.progress("validating", len(envs))
	opts.Parameters = true
	results := compiler.CompileAll(ctx, p.Files, envs, opts, progress.step)
	found.Add(compiler.Unused(results, o.All)...)
	report := ValidateReport{Environments: []ValidateCount{}}
	var suites []diag.Suite
	for _, r := range results {
		found.Add(r.Found...)
		if r.Bundle == nil {
			continue
		}
		opts.Base = base[r.Environment.Name]
		checked, problems := compiler.Validate(ctx, p.Files, r.Bundle, opts)
		found.Add(problems...)
		report.Rules = cmp.Or(report.Rules, checked.Rules)
		report.Environments = append(report.Environments, ValidateCount{
			Name: r.Bundle.Environment.Name, Kubernetes: checked.Kubernetes,
			Objects: checked.Objects, Valid: checked.Valid, WithoutSchema: checked.Unknown,
		})
		suites = append(suites, suiteOf(r.Bundle))
	}
	progress.end()
	if o.Strict {
		for i := range found {
			found[i].Severity = diag.Error
		}
	}
	return p.validated(o, report, suites, found)
}

// minorOf is the minor of a release as others write it: 1.34 of v1.34.2.
func minorOf(release string) string {
	parts := strings.SplitN(strings.TrimPrefix(release, "v"), ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

func (o *ValidateOptions) check() error {
	if o.Rules != rulesSchema && o.Rules != rulesServer {
		return usageError{
			message: fmt.Sprintf("--rules is `%s`, want schema or server", o.Rules),
			hint:    diag.DidYouMean(o.Rules, []string{rulesSchema, rulesServer}),
		}
	}
	if o.Base != "" && o.Rules != rulesServer {
		return usagef("--base needs --rules server: the schemas do not know what must not change")
	}
	if o.Kubernetes != "" && !slices.Contains(schemas.Minors(), o.Kubernetes) {
		return usageError{
			message: fmt.Sprintf("this build knows no Kubernetes `%s`", o.Kubernetes),
			hint:    "it knows " + strings.Join(schemas.Minors(), ", "),
		}
	}
	return nil
}

// environments are what the arguments name: plain files make one of their own, together.
func (o *ValidateOptions) environments(ctx context.Context, p *Process, opts compiler.Options) ([]*app.Environment, error) {
	virtual := map[string]*source.File{}
	args := slices.Clone(o.Environments)
	if i := slices.Index(args, "-"); i >= 0 {
		text, err := io.ReadAll(p.In)
		if err != nil {
			return nil, fmt.Errorf("standard input cannot be read: %w", err)
		}
		virtual["-"] = source.NewFile("<stdin>", string(text))
		args = slices.DeleteFunc(args, func(arg string) bool { return arg == "-" })
	}
	files, rest, found := p.finder().Manifests(args)
	if err := found.Err(); err != nil {
		return nil, err
	}
	for name := range virtual {
		files = append(files, name)
	}
	var envs []*app.Environment
	if len(rest) > 0 || o.All || len(files) == 0 {
		named, err := p.environments(ctx, rest, o.All, opts)
		if err != nil {
			return nil, err
		}
		envs = named
	}
	if len(files) > 0 {
		envs = append(envs, app.FromManifests(files, virtual))
	}
	if o.Kubernetes != "" {
		for i, env := range envs {
			other := *env
			other.Kubernetes = o.Kubernetes
			envs[i] = &other
		}
	}
	return envs, nil
}

// base compiles the environments as they were at the revision, and gives their objects by
// their names. Those that were not there, or could not be compiled, have none.
func (o *ValidateOptions) base(ctx context.Context, p *Process, opts compiler.Options, envs []*app.Environment) (map[string][]value.Value, error) {
	if o.Base == "" {
		return nil, nil
	}
	tree, err := git.Open(ctx, p.Dir, o.Base)
	if err != nil {
		return nil, diag.List{{Code: diag.GitFailed, Message: err.Error(), Hint: "--base takes a branch, tag or commit of this repository"}}
	}
	defer func() { _ = tree.Close() }()
	past := *p
	past.Files = compiler.Files(tree)
	var then []*app.Environment
	for _, env := range envs {
		if env.Manifests != nil {
			then = append(then, env)
		} else if old, found := past.environment(ctx, env.Name, opts); !found.HasErrors() {
			then = append(then, old)
		}
	}
	opts.Trace, opts.Judge, opts.KeepUnmatched = nil, nil, true
	objects := map[string][]value.Value{}
	for _, r := range compiler.CompileAll(ctx, past.Files, then, opts, func() {}) {
		if r.Bundle == nil {
			fmt.Fprintf(p.Err, "note: environment %s cannot be compiled at %s: what it changes is not checked\n", r.Environment.Name, o.Base)
			continue
		}
		for _, object := range r.Bundle.Objects {
			objects[r.Environment.Name] = append(objects[r.Environment.Name], object.Value)
		}
	}
	for _, note := range tree.Notes() {
		fmt.Fprintf(p.Err, "note: %s\n", note)
	}
	return objects, nil
}

// given reads the objects that the cluster holds.
func given(ctx context.Context, p *Process, args []string) ([]value.Value, error) {
	if len(args) == 0 {
		return nil, nil
	}
	files, rest, found := p.finder().Manifests(args)
	for _, arg := range rest {
		found.Add(diag.Diagnostic{
			Code: diag.NotFound, Message: fmt.Sprintf("there is no file of YAML or JSON, and no folder of them, at `%s`", arg),
			Hint: "--given takes what `kubectl get -o yaml` prints",
		})
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	b, found := compiler.Compile(ctx, p.Files, app.FromManifests(files, nil), compiler.Options{})
	if err := found.Err(); err != nil || b == nil {
		return nil, err
	}
	values := make([]value.Value, len(b.Objects))
	for i, o := range b.Objects {
		values[i] = o.Value
	}
	return values, nil
}

func suiteOf(b *bundle.Bundle) diag.Suite {
	s := diag.Suite{Name: b.Environment.Name}
	for _, o := range b.Objects {
		s.Objects = append(s.Objects, o.Identity().String())
	}
	return s
}

func noCompanion() diag.Diagnostic {
	return diag.Diagnostic{
		Code: diag.RulesMissing, Severity: diag.Warning,
		Message: companion.Name + " is not installed: the API server's own rules are not checked, only the schemas",
		Hint:    "`make install` installs it beside couplet; `--rules schema` asks for the schemas alone",
	}
}

// validated writes the report in each form that is wanted. Text says on standard error
// what was found, as all commands do.
func (p *Process) validated(o ValidateOptions, report ValidateReport, suites []diag.Suite, found diag.List) error {
	found = found.Sorted()
	for _, out := range o.Outputs.all() {
		err := p.writeOutput(out, func(w io.Writer) error {
			switch out.form {
			case "json":
				report.Report = diag.NewReport(found)
				return writeJSON(w, report)
			case "sarif":
				return diag.WriteSARIF(w, found, buildVersion())
			case "junit":
				return diag.WriteJUnit(w, found, suites)
			case "github":
				return diag.WriteGitHub(w, found)
			case "markdown":
				return diag.WriteMarkdown(w, found)
			}
			if out.file == "" {
				p.report(found)
			} else if err := diag.WriteText(w, found, diag.TextOptions{}); err != nil {
				return err
			}
			return report.writeText(w)
		})
		if err != nil {
			return err
		}
	}
	if found.HasErrors() {
		return errSilent
	}
	return nil
}

func (r ValidateReport) writeText(w io.Writer) error {
	var text strings.Builder
	for _, c := range r.Environments {
		fmt.Fprintln(&text, c)
	}
	if r.Rules != "" {
		fmt.Fprintf(&text, "by the schemas, and the rules of kube-apiserver %s\n", r.Rules)
	}
	_, err := io.WriteString(w, text.String())
	return err
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
