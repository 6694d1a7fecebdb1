package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/object"
)

type flag = pflag.Flag

// JsonnetOptions are jsonnet's flags for what a program sees.
type JsonnetOptions struct {
	SearchPath []string
	ExtVars    []eval.Binding
	TLAs       []eval.Binding
	Engine     string
	Limits
}

// SelectOptions choose a part of an environment.
type SelectOptions struct {
	Targets    []string
	Components []string
}

func (o *JsonnetOptions) bind(cmd *cobra.Command, p *Process) {
	o.bindProgram(cmd, p)
	o.bindLimits(cmd, p)
}

// bindBudgeted is bind for commands that take time for other things than evaluation.
func (o *JsonnetOptions) bindBudgeted(cmd *cobra.Command, p *Process) {
	o.bindProgram(cmd, p)
	o.bindBudgets(cmd, p)
}

func (o *JsonnetOptions) bindProgram(cmd *cobra.Command, p *Process) {
	f := cmd.Flags()
	f.StringArrayVarP(&o.SearchPath, "jpath", "J", nil, "search `DIR` for imports before the environment's own folders; the last one given wins")
	bindings := func(list *[]eval.Binding, stem, short, what string) {
		for _, form := range []struct {
			name, short, usage string
			kind               eval.BindingKind
		}{
			{stem + "-str", short, "set " + what + " `NAME[=TEXT]`; without =TEXT from the environment variable", eval.BindString},
			{stem + "-str-file", "", "set " + what + " to the content of a file: `NAME=FILE`", eval.BindStringFile},
			{stem + "-code", "", "set " + what + " to the value of jsonnet code: `NAME[=CODE]`", eval.BindCode},
			{stem + "-code-file", "", "set " + what + " to the value of a jsonnet file: `NAME=FILE`", eval.BindCodeFile},
		} {
			f.VarP(&bindingFlag{list: list, kind: form.kind, getenv: p.Getenv}, form.name, form.short, form.usage)
		}
	}
	bindings(&o.ExtVars, "ext", "V", "external variable")
	bindings(&o.TLAs, "tla", "A", "top-level argument")
	o.bindEngine(cmd)
	_ = cmd.MarkFlagDirname("jpath")
}

func (o *JsonnetOptions) bindEngine(cmd *cobra.Command) {
	names := engineNames()
	cmd.Flags().StringVar(&o.Engine, "engine", names[0], "evaluate with `ENGINE`: "+strings.Join(names, ", "))
	_ = cmd.RegisterFlagCompletionFunc("engine", fixed(names...))
}

func (o *SelectOptions) bind(cmd *cobra.Command, p *Process) {
	f := cmd.Flags()
	f.StringArrayVarP(&o.Targets, "target", "t", nil, "only objects whose kind/name matches `REGEXP` as a whole, without regard to case; a leading ! excludes")
	f.StringArrayVarP(&o.Components, "component", "c", nil, "only objects of `COMPONENT`, a top-level field of the environment's value")
	_ = cmd.RegisterFlagCompletionFunc("component", p.completeComponents)
}

func engineNames() []string {
	var names []string
	for _, e := range compiler.Engines() {
		names = append(names, e.Name())
	}
	return names
}

func (o *JsonnetOptions) engine() (eval.Engine, error) {
	for _, e := range compiler.Engines() {
		if e.Name() == o.Engine {
			return e, nil
		}
	}
	return nil, usageError{
		message: fmt.Sprintf("there is no engine `%s`", o.Engine),
		hint:    diag.DidYouMean(o.Engine, engineNames()),
	}
}

// compile makes the compiler's options. The last -J comes first.
func (o *JsonnetOptions) compile(s SelectOptions, p *Process) (compiler.Options, error) {
	engine, err := o.engine()
	if err != nil {
		return compiler.Options{}, err
	}
	targets, err := object.ParseTargets(s.Targets)
	if err != nil {
		return compiler.Options{}, usageError{message: err.Error()}
	}
	path := slices.Clone(o.SearchPath)
	slices.Reverse(path)
	return compiler.Options{
		Engine: engine, SearchPath: path, ExtVars: o.ExtVars, TLAs: o.TLAs,
		Targets: targets, Components: s.Components, Trace: p.Err,
		MaxStack: o.MaxStack, MaxSteps: o.MaxSteps, MaxBytes: int(o.MaxBytes),
	}, nil
}

// bindingFlag collects bindings from several flags in the order of the command line.
type bindingFlag struct {
	list   *[]eval.Binding
	kind   eval.BindingKind
	getenv func(string) (string, bool)
}

// String implements pflag.Value.
func (b *bindingFlag) String() string { return "" }

// Type implements pflag.Value.
func (b *bindingFlag) Type() string { return "NAME=VALUE" }

// Set implements pflag.Value.
func (b *bindingFlag) Set(text string) error {
	name, value, given := strings.Cut(text, "=")
	isFile := b.kind == eval.BindStringFile || b.kind == eval.BindCodeFile
	switch {
	case !given && isFile:
		return fmt.Errorf("%q is not of the form NAME=FILE", text)
	case !given:
		value, given = b.getenv(name)
		if !given {
			return fmt.Errorf("environment variable %s is not set", name)
		}
	}
	*b.list = append(*b.list, eval.Binding{Name: name, Kind: b.kind, Text: value})
	return nil
}

// outputFlag declares -o with its forms; the first is the default.
func outputFlag(cmd *cobra.Command, to *string, forms ...string) {
	cmd.Flags().StringVarP(to, "output", "o", forms[0], "print as `FORM`: "+strings.Join(forms, ", "))
	_ = cmd.RegisterFlagCompletionFunc("output", fixed(forms...))
	check := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if !slices.Contains(forms, *to) {
			return usageError{
				message: fmt.Sprintf("-o takes %s, not %q", strings.Join(forms, ", "), *to),
			}
		}
		if check != nil {
			return check(cmd, args)
		}
		return nil
	}
}

// fixed completes a flag from a list.
func fixed(words ...string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeEnvironments completes an argument with the app's environments, and files.
func (p *Process) completeEnvironments(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	a, found := p.finder().App()
	if found.HasErrors() {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return a.Names(), cobra.ShellCompDirectiveDefault
}

func (p *Process) completeComponents(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	a, found := p.finder().App()
	if found.HasErrors() {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	components, _ := a.Components(p.Files.FS())
	var names []string
	for _, c := range components {
		names = append(names, c.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
