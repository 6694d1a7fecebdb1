package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/couplet-k8s/couplet/cmd/internal/cache"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// exporter is one run of export.
type exporter struct {
	ExportOptions
	process *Process
	namer   *namer
	options compiler.Options
	cache   *exportCache // nil with --no-cache, or where there can be none
}

// rendering is one environment's objects as texts. Nothing else of a compilation is kept,
// so that many environments take no more memory than their files.
type rendering struct {
	env     *app.Environment
	found   diag.List
	partial bool
	// failed tells that there are no objects, for found has errors.
	failed    bool
	unmatched diag.List
	files     []cache.File // by name, slash-separated, below the export's folder
	texts     [][]byte     // of files; nil until needed where the cache has them
	maps      int          // how many of files are source maps
}

// rendered is what one entry gives: an environment, or those that it holds.
type rendered struct {
	parts []*rendering
	found diag.List // about the entry as a whole
	trace []byte
	// shown tells that the trace was printed while it came.
	shown bool
	// from is the environment that was asked for.
	from *app.Environment
	// entry has the texts of what came from the cache.
	entry *cache.Entry
}

// render compiles entries in parallel, or takes them from the cache. What std.trace wrote is
// printed in the order of the entries.
func (x *exporter) render(ctx context.Context, entries []*app.Environment) []*rendered {
	all := make([]*rendered, len(entries))
	progress := x.process.progress("exporting", len(entries))
	defer progress.end()
	compiler.InOrder(len(entries), func(i int) {
		all[i] = x.one(ctx, entries[i], len(entries) == 1)
		progress.step()
	}, func(i int) {
		if !all[i].shown && len(all[i].trace) > 0 {
			_, _ = x.process.Err.Write(all[i].trace)
		}
	})
	return all
}

func (x *exporter) one(ctx context.Context, entry *app.Environment, alone bool) *rendered {
	key, cached := x.cacheKey(entry)
	if cached {
		if r, ok := x.cache.lookup(key, entry, x.process.Files); ok {
			return r
		}
	}
	var log source.Log
	r := x.compileEntry(ctx, entry, x.process.Files.Logged(&log), alone)
	if cached {
		x.cache.put(key, r, &log, x.process.Files)
	}
	return r
}

// compileEntry compiles what an entry holds. The trace of one by itself is printed while it
// comes.
func (x *exporter) compileEntry(ctx context.Context, entry *app.Environment, files *source.Set, alone bool) *rendered {
	var trace compiler.TraceBuffer
	opts := x.options
	opts.Trace = &trace
	if alone {
		opts.Trace = io.MultiWriter(&trace, x.options.Trace)
	}
	r := &rendered{from: entry, shown: alone}
	envs := []*app.Environment{entry}
	if x.holdsMany(entry) {
		expanded, found := compiler.Expand(ctx, files, &app.App{Environments: envs}, opts)
		envs, r.found = expanded.Environments, found
	}
	for _, env := range envs {
		b, found := compiler.Compile(ctx, files, env, opts)
		r.parts = append(r.parts, x.rendering(env, b, found))
	}
	r.trace = trace.Take()
	return r
}

// holdsMany tells whether an entry stands for the inline environments that it holds.
func (x *exporter) holdsMany(entry *app.Environment) bool { return x.All && entry.MaybeInline }

// rendering gives the files of a bundle.
func (x *exporter) rendering(env *app.Environment, b *bundle.Bundle, found diag.List) *rendering {
	if b == nil {
		return &rendering{env: env, found: found, failed: true}
	}
	r := &rendering{env: b.Environment, found: found, partial: b.Partial, unmatched: b.Unmatched}
	names, problems := x.names(b)
	if problems.HasErrors() {
		r.failed, r.found = true, append(r.found, problems...)
		return r
	}
	var buffer []byte
	for i, o := range b.Objects {
		buffer = x.appendText(buffer[:0], o)
		text := append(make([]byte, 0, len(buffer)), buffer...)
		r.texts = append(r.texts, text)
		r.files = append(r.files, cache.File{Name: names[i], Size: len(text), Sum: source.SumOf(text)})
	}
	if x.SourceMap {
		r.addMaps(b)
	}
	return r
}

func (x *exporter) appendText(to []byte, o object.Object) []byte {
	if x.Output == "json" {
		return append(emit.AppendJSON(to, o.Value, emit.Pretty), '\n')
	}
	return emit.AppendYAML(to, o.Value)
}

// names gives each object's file name; no two objects have the same.
func (x *exporter) names(b *bundle.Bundle) ([]string, diag.List) {
	name := x.namer.in(b.Environment)
	var found diag.List
	names := make([]string, len(b.Objects))
	owners := make(map[string]int, len(b.Objects))
	for i, o := range b.Objects {
		text, problems := name(o)
		if found.Add(problems...); problems.HasErrors() {
			continue
		}
		names[i] = text
		// Compared without case: not every file system tells Web and web apart.
		folded := strings.ToLower(text)
		if other, taken := owners[folded]; taken {
			one, two := b.Objects[other].Identity().String(), o.Identity().String()
			found.Add(diag.Diagnostic{
				Code: diag.ExportConflict, Object: two, Environment: b.Environment.Name,
				Message: fmt.Sprintf("%s and %s have the same file name `%s`", one, two, text),
				Hint:    "choose a --name-template that tells them apart",
			})
		}
		owners[folded] = i
	}
	return names, found
}

// refuseUnmatched adds the errors of targets that select nothing anywhere.
func refuseUnmatched(all []*rendering) {
	results := make([]compiler.Result, len(all))
	for i, r := range all {
		results[i] = compiler.Result{Environment: r.env, Found: r.found}
		if !r.failed {
			results[i].Bundle = &bundle.Bundle{Environment: r.env, Unmatched: r.unmatched}
		}
	}
	if len(results) > 0 {
		compiler.RefuseUnmatched(results)
		all[0].found = results[0].Found
	}
}
