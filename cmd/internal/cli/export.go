package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
)

// ExportOptions choose what export writes, and where.
type ExportOptions struct {
	JsonnetOptions
	SelectOptions
	Environments []string
	All          bool
	To           string
	NameTemplate string
	Output       string
	NoValidate   bool
	Overwrite    bool
}

func newExport(p *Process) *cobra.Command {
	var o ExportOptions
	cmd := &cobra.Command{
		Use:   "export ENV|PATH... --to DIR",
		Short: "Write the objects of environments to files, one per object",
		Long: `Write each Kubernetes object to a file of its own. One environment is written to DIR
itself, several (and --all) to a folder each. Files that did not change are not touched,
and every file is written whole or not at all.

DIR/` + indexName + ` lists the files that exports wrote. What an earlier export of the same
environment wrote and this one does not is removed, and nothing else is; with -t or -c,
or after an error, nothing is.

--name-template is a Go template for the file name without its ending. It sees the
object (.kind, .apiVersion, .metadata.name ...) and {{env.Name}}, {{env.Namespace}}. A /
in the template makes folders, a / in a value becomes -. The default puts objects of
other namespaces than the environment's into folders of their namespace:
  ` + defaultNameTemplate,
		Example: `  couplet export prod --to out
  couplet export --all --to manifests
  couplet export prod --to out --name-template '{{.metadata.name}}/{{.kind}}'`,
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Environments = args
			return runExport(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bind(cmd, p)
	o.SelectOptions.bind(cmd, p)
	f := cmd.Flags()
	f.BoolVar(&o.All, "all", false, "export all environments of the app")
	f.StringVar(&o.To, "to", "", "write below `DIR`")
	f.StringVar(&o.NameTemplate, "name-template", defaultNameTemplate, "name files by the Go template `TEXT`")
	f.BoolVar(&o.Overwrite, "overwrite", false, "take over files that no export wrote")
	noValidateFlag(cmd, &o.NoValidate)
	outputFlag(cmd, &o.Output, "yaml", "json")
	_ = cmd.MarkFlagDirname("to")
	return cmd
}

func runExport(ctx context.Context, o ExportOptions, p *Process) error {
	if o.To == "" {
		return usageError{message: "give the folder to write to", hint: "--to DIR"}
	}
	namer, err := newNamer(o.NameTemplate, o.Output)
	if err != nil {
		return err
	}
	opts, err := o.compile(o.SelectOptions, p)
	if err != nil {
		return err
	}
	opts.Check = !o.NoValidate
	envs, err := p.environments(ctx, o.Environments, o.All, opts)
	if err != nil {
		return err
	}
	progress := p.progress("exporting", len(envs))
	results := compiler.CompileAll(ctx, p.Files, envs, opts, progress.step)
	progress.end()
	var found diag.List
	for _, r := range results {
		found.Add(r.Found...)
	}
	if found.HasErrors() {
		return found.Sorted()
	}
	p.report(found.Sorted())
	return o.write(ctx, results, namer, p)
}

// write checks all environments' files against what is on disk before it writes the
// first one.
func (o *ExportOptions) write(ctx context.Context, results []compiler.Result, namer *namer, p *Process) error {
	var exports []*export
	found := o.checkFolders(results)
	if err := found.Err(); err != nil {
		return err
	}
	indexes := map[string]*exportIndex{}
	for _, r := range results {
		dir := o.To
		if o.inFolders(results) {
			dir = filepath.Join(o.To, filepath.FromSlash(r.Bundle.Environment.Name))
		}
		if _, known := indexes[dir]; !known {
			index, err := readIndex(dir)
			if err != nil {
				return err
			}
			indexes[dir] = index
		}
		e, problems := o.plan(dir, r.Bundle, indexes[dir], namer)
		found.Add(problems...)
		exports = append(exports, e)
	}
	if err := found.Err(); err != nil {
		return found.Sorted()
	}
	for _, e := range exports {
		if err := e.run(ctx); err != nil {
			return err
		}
		if err := p.write([]byte(e.summary())); err != nil {
			return err
		}
	}
	return nil
}

// inFolders tells whether each environment gets a folder of its name.
func (o *ExportOptions) inFolders(results []compiler.Result) bool { return o.All || len(results) > 1 }

// checkFolders refuses environments that would share a folder, or leave --to: the names
// of Tanka's inline environments can be any text.
func (o *ExportOptions) checkFolders(results []compiler.Result) diag.List {
	if !o.inFolders(results) {
		return nil
	}
	var found diag.List
	seen := map[string]bool{}
	for _, r := range results {
		env := r.Bundle.Environment
		d := diag.Diagnostic{Code: diag.ExportConflict, Span: env.Span, Environment: env.Name}
		folder := strings.ToLower(filepath.Clean(filepath.FromSlash(env.Name)))
		switch {
		case seen[folder]:
			d.Message = fmt.Sprintf("two environments have the name `%s`, which is their folder's", env.Name)
			d.Hint = "export each by itself, to a folder of its own"
			found.Add(d)
		case folder == "." || !filepath.IsLocal(folder):
			d.Message = fmt.Sprintf("the name `%s` names no folder below `%s`", env.Name, o.To)
			d.Hint = "export the environment by itself: then its files go to the folder given by --to"
			found.Add(d)
		}
		seen[folder] = true
	}
	return found
}

// plan gives the files of one environment's export.
func (o *ExportOptions) plan(dir string, b *bundle.Bundle, index *exportIndex, namer *namer) (*export, diag.List) {
	e := &export{dir: dir, environment: b.Environment.Name, key: environmentKey(dir, b.Environment), index: index, partial: b.Partial, texts: map[string][]byte{}}
	var found diag.List
	owners := map[string]string{}
	for _, object := range b.Objects {
		name, problems := namer.name(b.Environment, object)
		found.Add(problems...)
		if problems.HasErrors() {
			continue
		}
		id := object.Identity().String()
		// Compared without case: not every file system tells Web and web apart.
		if other, taken := owners[strings.ToLower(name)]; taken {
			found.Add(diag.Diagnostic{
				Code: diag.ExportConflict, Object: id, Environment: b.Environment.Name,
				Message: fmt.Sprintf("%s and %s have the same file name `%s`", other, id, name),
				Hint:    "choose a --name-template that tells them apart",
			})
		}
		owners[strings.ToLower(name)] = id
		text := emit.AppendYAML(nil, object.Value)
		if o.Output == "json" {
			text = append(emit.AppendJSON(nil, object.Value, emit.Pretty), '\n')
		}
		e.texts[name] = text
	}
	found.Add(e.conflicts(o.Overwrite)...)
	return e, found
}

// environmentKey is how the index calls an environment: by its name, or, where that is
// the path of a file as seen from the working folder, by the way from the index to the
// file, which does not depend on it.
func environmentKey(dir string, env *app.Environment) string {
	if env.Layout == app.Couplet || env.Layout == app.Tanka && !env.MaybeInline {
		return env.Name
	}
	from, err := filepath.Abs(dir)
	if err != nil {
		return env.Name
	}
	to, err := filepath.Abs(filepath.FromSlash(env.Entry))
	if err != nil {
		return env.Name
	}
	rel, err := filepath.Rel(from, to)
	if err != nil {
		return env.Name
	}
	return filepath.ToSlash(rel)
}
