package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
)

// environments finds what the arguments of a command name, or with all every
// environment of the app.
func (p *Process) environments(ctx context.Context, args []string, all bool, opts compiler.Options) ([]*app.Environment, error) {
	switch {
	case all && len(args) > 0:
		return nil, usagef("give environments or --all, not both")
	case all:
		a, err := p.app(ctx, opts)
		if err != nil {
			return nil, err
		}
		if len(a.Environments) == 0 {
			return nil, diag.List{{
				Code: diag.NotFound, Message: fmt.Sprintf("app %s has no environments", a.Name),
				Hint: "`couplet env add NAME` makes one",
			}}
		}
		return a.Environments, nil
	case len(args) == 0:
		return nil, usageError{message: "no environment given", hint: p.environmentsHint()}
	}
	var envs []*app.Environment
	var found diag.List
	for _, arg := range args {
		env, problems := p.environment(ctx, arg, opts)
		found.Add(problems...)
		envs = append(envs, env)
	}
	return envs, found.Err()
}

func (p *Process) environmentsHint() string {
	a, found := p.finder().App()
	if found.HasErrors() || len(a.Environments) == 0 {
		return "name an environment or a path"
	}
	names := a.Names()
	const few = 8
	if len(names) > few {
		names = append(names[:few:few], "...")
	}
	return "this app has " + strings.Join(names, ", ")
}

// app is the app of the working folder, with the inline environments of a Tanka tree.
// With an error about some of these there is an app of the others, too.
func (p *Process) app(ctx context.Context, opts compiler.Options) (*app.App, error) {
	a, found := p.finder().App()
	if err := found.Err(); err != nil {
		return nil, err
	}
	a, found = compiler.Expand(ctx, p.Files, a, opts)
	return a, found.Err()
}

// environment is what one argument names. In a Tanka tree a name that is no path may
// be that of an inline environment.
func (p *Process) environment(ctx context.Context, arg string, opts compiler.Options) (*app.Environment, diag.List) {
	env, found := p.finder().Environment(arg)
	if !found.HasErrors() || found[0].Code != diag.NotFound {
		return env, found
	}
	if a, problems := p.finder().App(); !problems.HasErrors() && a.Layout == app.Tanka {
		expanded, problems := compiler.Expand(ctx, p.Files, a, opts)
		if problems.HasErrors() {
			return nil, problems
		}
		if env, ok := expanded.Environment(arg); ok {
			return env, nil
		}
		found[0].Hint = diag.DidYouMean(arg, expanded.Names())
	}
	return nil, found
}
