package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
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
	NoCache      bool
	SourceMap    bool
	KeepGoing    bool
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
or after an error, nothing is. --source-map writes a ` + mapSuffix + ` file beside each YAML file, whose
form is described in docs/source-map.md.

An environment is evaluated only when something that it reads has changed since an
export from the same working folder; ` + "`couplet cache`" + ` tells where results are kept.
--no-cache evaluates all.

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
	f.BoolVar(&o.NoCache, "no-cache", false, "evaluate all environments, and keep no results")
	noValidateFlag(cmd, &o.NoValidate)
	outputFlag(cmd, &o.Output, "yaml", "json")
	o.bindProvenance(cmd)
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
	opts.Check, opts.KeepUnmatched = !o.NoValidate, true
	if err := o.provenance(&opts); err != nil {
		return err
	}
	entries, err := p.entries(ctx, o.Environments, o.All, opts)
	if err != nil {
		return err
	}
	x := &exporter{ExportOptions: o, process: p, namer: namer, options: opts}
	if !o.NoCache {
		c, found := p.openExportCache()
		p.report(found)
		x.cache = c
		defer func() { p.report(c.close()) }()
	}
	return x.run(ctx, entries)
}

// entries finds what is to be exported. With all, an entry of a Tanka tree may hold any
// number of environments.
func (p *Process) entries(ctx context.Context, args []string, all bool, opts compiler.Options) ([]*app.Environment, error) {
	if !all || len(args) > 0 {
		return p.environments(ctx, args, all, opts)
	}
	a, found := p.finder().App()
	if err := found.Err(); err != nil {
		return nil, err
	}
	if len(a.Environments) == 0 {
		return p.environments(ctx, args, all, opts)
	}
	return a.Environments, nil
}

// run renders everything before it writes anything.
func (x *exporter) run(ctx context.Context, entries []*app.Environment) error {
	all := x.render(ctx, entries)
	var found diag.List
	var parts []*rendering
	for _, r := range all {
		found.Add(r.found...)
		parts = append(parts, r.parts...)
	}
	refuseUnmatched(parts)
	for _, r := range parts {
		found.Add(r.found...)
	}
	if len(parts) == 0 && !found.HasErrors() {
		// A Tanka tree whose entries hold none: the error is that of an empty app.
		_, err := x.process.environments(ctx, nil, true, x.options)
		return err
	}
	if found.HasErrors() && !x.KeepGoing {
		return found.Sorted()
	}
	x.process.report(found.Sorted())
	if err := x.write(ctx, all, withoutFailed(parts)); err != nil {
		return err
	}
	if found.HasErrors() {
		return errSilent
	}
	return nil
}

// write checks all environments' files against what is on disk before it writes the
// first one.
func (x *exporter) write(ctx context.Context, all []*rendered, parts []*rendering) error {
	if err := x.checkFolders(parts).Err(); err != nil {
		return err
	}
	exports := x.plan(parts)
	var found diag.List
	for _, e := range exports {
		found.Add(e.problems...)
	}
	if err := found.Err(); err != nil {
		return found.Sorted()
	}
	if err := x.loadTexts(ctx, all, exports); err != nil {
		return err
	}
	return x.writeAll(ctx, exports)
}

// plan holds each environment's files against its folder.
func (x *exporter) plan(parts []*rendering) []*export {
	exports := make([]*export, len(parts))
	compiler.InOrder(len(parts), func(i int) {
		dir := x.To
		if x.inFolders(parts) {
			dir = filepath.Join(x.To, filepath.FromSlash(parts[i].env.Name))
		}
		exports[i] = x.planOne(dir, parts[i])
	}, func(int) {})
	return exports
}

func (x *exporter) planOne(dir string, r *rendering) *export {
	e := &export{rendering: r, dir: dir, key: environmentKey(dir, r.env)}
	if x.cache != nil {
		e.stamps = x.cache.stamps
	}
	index, err := readIndex(dir)
	if err != nil {
		e.problems = diag.AsList(err)
		return e
	}
	e.index = index
	e.look()
	e.problems = e.conflicts(x.Overwrite)
	return e
}

// loadTexts gets the texts that are to be written and that nothing was evaluated for.
// Where the cache has lost them it is as if it had never had the result.
func (x *exporter) loadTexts(ctx context.Context, all []*rendered, exports []*export) error {
	missing := map[*rendering]bool{}
	for _, e := range exports {
		missing[e.rendering] = e.texts == nil && e.writes()
	}
	for _, r := range all {
		if !slices.ContainsFunc(r.parts, func(part *rendering) bool { return missing[part] }) || r.loadTexts() == nil {
			continue
		}
		if err := x.evaluateAgain(ctx, r); err != nil {
			return err
		}
	}
	for i, e := range exports {
		if missing[e.rendering] {
			exports[i] = x.planOne(e.dir, e.rendering)
		}
	}
	return nil
}

// evaluateAgain replaces what came from the cache. What there was to report has been
// reported.
func (x *exporter) evaluateAgain(ctx context.Context, r *rendered) error {
	quiet := *x
	quiet.options.Trace = io.Discard
	var log source.Log
	fresh := quiet.compileEntry(ctx, r.from, x.process.Files.Logged(&log), false)
	fresh.from = r.from
	if fresh.hasErrors() || len(fresh.parts) != len(r.parts) {
		return diag.List{{
			Code: diag.EvalStopped, Environment: r.from.Name,
			Message: "files changed while they were exported; nothing is written", Hint: "run it again",
		}}
	}
	if key, cached := x.cacheKey(r.from); cached {
		x.cache.put(key, fresh, &log, x.process.Files)
	}
	for i, part := range fresh.parts {
		*r.parts[i] = *part
	}
	return nil
}

// writeAll writes the exports, each in a folder of its own, in parallel. After an error no
// further one is begun.
func (x *exporter) writeAll(ctx context.Context, exports []*export) error {
	errs := make([]error, len(exports))
	var failed atomic.Bool
	compiler.InOrder(len(exports), func(i int) {
		if failed.Load() {
			errs[i] = errSilent
			return
		}
		if errs[i] = exports[i].run(ctx); errs[i] != nil {
			failed.Store(true)
		}
	}, func(i int) {
		if errs[i] == nil {
			errs[i] = x.process.write([]byte(exports[i].summary()))
		}
	})
	for _, err := range errs {
		if err != nil && !errors.Is(err, errSilent) {
			return err
		}
	}
	return nil
}

// inFolders tells whether each environment gets a folder of its name.
func (x *exporter) inFolders(parts []*rendering) bool { return x.All || len(parts) > 1 }

// checkFolders refuses environments that would share a folder, or leave --to: the names
// of Tanka's inline environments can be any text.
func (x *exporter) checkFolders(parts []*rendering) diag.List {
	if !x.inFolders(parts) {
		return nil
	}
	var found diag.List
	seen := map[string]bool{}
	for _, r := range parts {
		d := diag.Diagnostic{Code: diag.ExportConflict, Span: r.env.Span, Environment: r.env.Name}
		folder := strings.ToLower(filepath.Clean(filepath.FromSlash(r.env.Name)))
		switch {
		case seen[folder]:
			d.Message = fmt.Sprintf("two environments have the name `%s`, which is their folder's", r.env.Name)
			d.Hint = "export each by itself, to a folder of its own"
			found.Add(d)
		case folder == "." || !filepath.IsLocal(folder):
			d.Message = fmt.Sprintf("the name `%s` names no folder below `%s`", r.env.Name, x.To)
			d.Hint = "export the environment by itself: then its files go to the folder given by --to"
			found.Add(d)
		}
		seen[folder] = true
	}
	return found
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
