package cli

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/git"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/diff"
)

// DiffOptions choose what diff compares.
type DiffOptions struct {
	JsonnetOptions
	SelectOptions
	ConnectOptions
	Environments []string
	Base         string
	Outputs      outputs
	// Force and Replace are those of apply, with one environment.
	Force   []string
	Replace bool
	Adopt   string
}

func newDiff(p *Process) *cobra.Command {
	var o DiffOptions
	cmd := &cobra.Command{
		Use:   "diff ENV | diff ENV1 ENV2 | diff --base REV [ENV...]",
		Short: "Show what an apply would change, or compare environments or git revisions",
		Long: `With one environment, show what "couplet apply" would change on its cluster. The server is
asked by dry runs, so what it defaults, or writes in another form, is no difference. What
belongs to other managers is folded into a line. Without the right to write, couplet
reckons by itself, and says so. -o plan=FILE saves the plan for "couplet apply --plan".

Otherwise compare objects field by field, without a cluster: those of two environments,
or with --base those of the working tree with the same environments at a git revision.
Without arguments --base compares all environments of the app. A change that several
environments have in common is shown once. Between two environments, the namespace and
labels that couplet.yaml gives each of them are no difference.

The values of Secrets are never shown: of those on a cluster there are fingerprints, whose
key only the cluster has. The markdown output fits a comment on a pull request.

The exit code is 3 where something differs, 0 where nothing does.`,
		Example: `  couplet diff prod
  couplet diff prod -o plan=prod.plan
  couplet diff dev prod
  couplet diff --base main
  couplet diff --base origin/main prod -o markdown > comment.md`,
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environments = args
			if cmd.Flags().Changed("base") && o.Base == "" {
				return usagef("--base takes a git revision")
			}
			return runDiff(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bind(cmd, p)
	o.SelectOptions.bind(cmd, p)
	o.ConnectOptions.bind(cmd, p)
	cmd.Flags().StringVar(&o.Base, "base", "", "compare with the git revision `REV`")
	bindPlan(cmd, &o.Force, &o.Replace)
	bindAdopt(cmd, &o.Adopt)
	outputsFlag(cmd, &o.Outputs, "text", "json", "markdown", "yaml", "plan")
	return cmd
}

func runDiff(ctx context.Context, o DiffOptions, p *Process) error {
	opts, err := o.compile(o.SelectOptions, p)
	if err != nil {
		return err
	}
	if o.Base == "" && len(o.Environments) == 1 {
		if err := p.delegate(); err != nil {
			return err
		}
		return o.live(ctx, opts, p)
	}
	for _, out := range o.Outputs.all() {
		if out.form == "yaml" || out.form == "plan" {
			return usagef("-o %s is for the difference between an environment and its cluster", out.form)
		}
	}
	var report diff.Report
	if o.Base != "" {
		report, err = o.revisions(ctx, opts, p)
	} else {
		report, err = o.environments(ctx, opts, p)
	}
	if err != nil {
		return err
	}
	return o.print(report, p)
}

func (o *DiffOptions) environments(ctx context.Context, opts compiler.Options, p *Process) (diff.Report, error) {
	if len(o.Environments) != 2 {
		return diff.Report{}, usageError{
			message: fmt.Sprintf("give one environment or two, not %d, or --base REV", len(o.Environments)),
			hint:    p.environmentsHint(),
		}
	}
	envs, err := p.environments(ctx, o.Environments, false, opts)
	if err != nil {
		return diff.Report{}, err
	}
	bundles, err := p.bundles(compiler.CompileAll(ctx, p.Files, envs, opts, func() {}))
	if err != nil {
		return diff.Report{}, err
	}
	changes := compiler.CompareEnvironments(bundles[0], bundles[1])
	return diff.NewReport(o.Environments[0], o.Environments[1], []diff.Environment{{Objects: changes}}), nil
}

// bundles gives the bundles of results none of which failed.
func (p *Process) bundles(results []compiler.Result) ([]*bundle.Bundle, error) {
	var found diag.List
	var bundles []*bundle.Bundle
	for _, r := range results {
		found.Add(r.Found...)
		bundles = append(bundles, r.Bundle)
	}
	if err := found.Err(); err != nil {
		return nil, found.Sorted()
	}
	p.report(found.Sorted())
	return bundles, nil
}

// side is the app at one revision.
type side struct {
	process *Process
	envs    []*app.Environment
	bundles map[string]*bundle.Bundle
}

func (o *DiffOptions) revisions(ctx context.Context, opts compiler.Options, p *Process) (diff.Report, error) {
	tree, err := git.Open(ctx, p.Dir, o.Base)
	if err != nil {
		return diff.Report{}, diag.List{{Code: diag.GitFailed, Message: err.Error(), Hint: "--base takes a branch, tag or commit of this repository"}}
	}
	defer func() { _ = tree.Close() }()
	past := *p
	past.Files = compiler.Files(tree)
	now, then := &side{process: p}, &side{process: &past}
	if err := o.choose(ctx, now, then, opts); err != nil {
		return diff.Report{}, err
	}
	if err := o.compileSides(ctx, now, then, opts, p); err != nil {
		return diff.Report{}, err
	}
	for _, note := range tree.Notes() {
		fmt.Fprintf(p.Err, "note: %s\n", note)
	}
	return diff.NewReport(o.Base, "working tree", compareSides(then, now)), nil
}

// choose finds the environments of both sides: those named, or all.
func (o *DiffOptions) choose(ctx context.Context, now, then *side, opts compiler.Options) error {
	a, err := now.process.app(ctx, opts)
	if err != nil {
		return err
	}
	now.envs = a.Environments
	b, err := then.process.app(ctx, opts)
	switch {
	case err == nil:
		then.envs = b.Environments
	case diag.AsList(err)[0].Code != diag.NoApp:
		return atRevision(err, o.Base)
	}
	if len(o.Environments) == 0 {
		return nil
	}
	known := append(names(now.envs), names(then.envs)...)
	for _, name := range o.Environments {
		if !slices.Contains(known, name) {
			return diag.List{{
				Code: diag.NotFound, Hint: diag.DidYouMean(name, known),
				Message: fmt.Sprintf("app %s has no environment `%s`, neither now nor at %s", a.Name, name, o.Base),
			}}
		}
	}
	now.envs, then.envs = named(now.envs, o.Environments), named(then.envs, o.Environments)
	return nil
}

func names(envs []*app.Environment) []string {
	out := make([]string, len(envs))
	for i, env := range envs {
		out[i] = env.Name
	}
	return out
}

// named keeps the environments of these names.
func named(envs []*app.Environment, names []string) []*app.Environment {
	return slices.DeleteFunc(slices.Clone(envs), func(env *app.Environment) bool { return !slices.Contains(names, env.Name) })
}

// compileSides compiles both sides. What -t and -c select may be on one side only.
func (o *DiffOptions) compileSides(ctx context.Context, now, then *side, opts compiler.Options, p *Process) error {
	opts.KeepUnmatched = true
	progress := p.progress("comparing", len(now.envs)+len(then.envs))
	results := slices.Concat(
		compiler.CompileAll(ctx, now.process.Files, now.envs, opts, progress.step),
		compiler.CompileAll(ctx, then.process.Files, then.envs, opts, progress.step),
	)
	progress.end()
	compiler.RefuseUnmatched(results)
	if err := now.take(results[:len(now.envs)]); err != nil {
		return err
	}
	return atRevision(then.take(results[len(now.envs):]), o.Base)
}

func (s *side) take(results []compiler.Result) error {
	bundles, err := s.process.bundles(results)
	s.bundles = map[string]*bundle.Bundle{}
	for i, b := range bundles {
		s.bundles[s.envs[i].Name] = b
	}
	return err
}

// atRevision says of findings that they are about the past.
func atRevision(err error, revision string) error {
	found := diag.AsList(err)
	for i := range found {
		found[i].Message = "at revision " + revision + ": " + found[i].Message
	}
	if found != nil {
		return found
	}
	return err
}

// compareSides compares each environment with its past; what is gone comes last.
func compareSides(then, now *side) []diff.Environment {
	var out []diff.Environment
	all := names(now.envs)
	for _, name := range names(then.envs) {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	for _, name := range all {
		out = append(out, diff.Environment{Name: name, Objects: compiler.CompareRevisions(then.bundles[name], now.bundles[name])})
	}
	return out
}

func (o *DiffOptions) print(report diff.Report, p *Process) error {
	for _, out := range o.Outputs.all() {
		err := p.writeOutput(out, func(w io.Writer) error {
			switch out.form {
			case "json":
				return report.WriteJSON(w)
			case "markdown":
				return report.WriteMarkdown(w, diff.MarkdownOptions{})
			}
			return report.WriteText(w, diff.TextOptions{Color: out.file == "" && p.color(p.OutTerminal)})
		})
		if err != nil {
			return err
		}
	}
	if !report.IsEmpty() {
		return errDifferent
	}
	return nil
}
