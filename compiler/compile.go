package compiler

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/couplet-k8s/couplet/compiler/admission"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/eval/gojsonnet"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/profile"
	"github.com/couplet-k8s/couplet/compiler/schema"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/std"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/lib"
)

// Files makes a set of files over a tree, with the embedded library mounted.
func Files(fsys source.FS) *source.Set {
	return source.NewSet(source.Mount{Base: fsys, Dir: app.LibraryDir, FS: lib.Files})
}

// Engines are the evaluators by the name that --engine takes; the first is the default.
func Engines() []eval.Engine { return []eval.Engine{eval.NewEngine(library()), gojsonnet.Engine{}} }

var library = sync.OnceValue(func() *eval.Library { return eval.NewLibrary(std.Builtins()) })

// Options are what a command adds to an environment.
type Options struct {
	// Engine evaluates; nil means the default one.
	Engine eval.Engine
	// SearchPath comes before the environment's own; the first that has a file wins.
	SearchPath []string
	// ExtVars and TLAs come after the environment's own, and so win over them.
	ExtVars, TLAs []eval.Binding
	// Components selects top-level fields of the environment's value; nil means those
	// that the environment targets.
	Components []string
	// Targets selects objects; nil means all.
	Targets []object.Target
	// KeepGoing compiles what can be compiled: there may be a bundle and errors.
	KeepGoing bool
	// KeepUnmatched leaves it to the caller to call RefuseUnmatched.
	KeepUnmatched bool
	// Provenance keeps where each value came from, for object.Object.Source to tell. It
	// takes an engine that can.
	Provenance bool
	// Profile takes what the compilation costs; nil where that is not wanted. It takes an
	// engine that Profiles, and one compilation.
	Profile *profile.Recorder
	// Trace takes what std.trace writes.
	Trace io.Writer
	// MaxStack, MaxSteps and MaxBytes are the program's; see eval.Program.
	MaxStack, MaxSteps, MaxBytes int
	// Check holds the bundle of an environment that declares its Kubernetes version
	// against the schemas, and fails where they are violated.
	Check bool
	// Parameters finds parameters that are set and never read, which takes an evaluation
	// more.
	Parameters bool
	// Vendored has the definitions of custom resources looked for in vendored packages too.
	Vendored bool
	// Judge applies the API server's own rules in Validate; nil leaves them out.
	Judge admission.Judge
	// Given are objects that the cluster holds, for Validate, and Base are older versions of
	// the bundle's own objects.
	Given, Base []value.Value
}

func (o Options) engine() eval.Engine {
	if o.Engine != nil {
		return o.Engine
	}
	return Engines()[0]
}

// Compile gives an environment's bundle. With errors there is no bundle.
func Compile(ctx context.Context, files *source.Set, env *app.Environment, opts Options) (*bundle.Bundle, diag.List) {
	r := CompileAll(ctx, files, []*app.Environment{env}, opts, func() {})[0]
	return r.Bundle, r.Found
}

// compileOne gives an environment's bundle, whether or not what is selected is in it.
func compileOne(ctx context.Context, files *source.Set, env *app.Environment, opts Options) (b *bundle.Bundle, found diag.List) {
	defer recoverBug(env, &b, &found)
	// Plain files are there to be looked at, each for itself.
	opts.KeepGoing = opts.KeepGoing || env.Manifests != nil
	c := &compilation{files: files, env: env, opts: opts}
	b = c.compile(ctx)
	if c.late && c.untraced() {
		b, c = c.again(ctx, b)
	}
	if opts.Parameters && b != nil {
		b.Parameters = c.useOfParameters(ctx)
	}
	found = c.found.Sorted()
	if found.HasErrors() && !opts.KeepGoing {
		return nil, found
	}
	return b, found
}

// recoverBug turns a panic into a diagnostic that calls it our fault. It is the only
// place that does.
func recoverBug(env *app.Environment, b **bundle.Bundle, found *diag.List) {
	r := recover()
	if r == nil {
		return
	}
	stack := make([]byte, 16<<10)
	stack = stack[:runtime.Stack(stack, false)]
	*b, *found = nil, diag.List{{
		Code: diag.Internal, Environment: env.Name,
		Message: fmt.Sprintf("couplet failed: %v", r),
		Hint:    "this is a bug in couplet; please report it with this text:\n" + string(stack),
	}}
}

// compilation is one environment on its way.
type compilation struct {
	files *source.Set
	env   *app.Environment
	opts  Options
	entry *source.File
	found diag.List
	// late tells that something was found in the objects, after the evaluation.
	late bool
	// unmatched are findings about -t and -c.
	unmatched diag.List
	// toldOfFiles are the files of definitions whose findings have been reported.
	toldOfFiles map[definitionsOf]bool
}

func (c *compilation) compile(ctx context.Context) *bundle.Bundle {
	if !c.checkEntry() {
		return nil
	}
	if !c.checkParameters(ctx) {
		return nil
	}
	docs := c.documents(ctx)
	c.opts.Profile.Lap(profile.Evaluate)
	if c.found.HasErrors() && !c.opts.KeepGoing {
		c.explainParameters(ctx)
		return nil
	}
	early := len(c.found)
	defer func() { c.late = len(c.found) > early }()
	objects := c.objects(docs)
	crds, embedded := c.defined(objects)
	catalog := openCatalog(c.env, crds)
	objects = c.prepare(objects, catalog)
	b := &bundle.Bundle{Environment: c.env, Definitions: crds, Embedded: embedded, Partial: len(c.opts.Targets) > 0 || len(c.opts.Components) > 0}
	selected, problems := object.Select(objects, c.opts.Targets)
	b.Unmatched = append(c.unmatched, inEnvironment(problems, c.env)...)
	b.Objects = object.Sort(selected)
	c.opts.Profile.Lap(profile.Objects)
	if c.opts.Check && c.env.Kubernetes != "" && (!c.found.HasErrors() || c.opts.KeepGoing) {
		c.check(b, catalog)
		c.opts.Profile.Lap(profile.Check)
	}
	return b
}

// check holds the bundle against the schemas. What violates them goes no further.
func (c *compilation) check(b *bundle.Bundle, catalog *schema.Catalog) {
	valid := make([]object.Object, 0, len(b.Objects))
	for _, o := range b.Objects {
		_, problems := checkObjects(c.env, catalog, []object.Object{o}, nil, b.Embedded)
		problems = slices.DeleteFunc(problems, func(d diag.Diagnostic) bool { return d.Severity != diag.Error })
		c.found.Add(problems...)
		if len(problems) == 0 {
			valid = append(valid, o)
		}
	}
	b.Objects = valid
}

// checkEntry reads the entry, which must be there.
func (c *compilation) checkEntry() bool {
	if c.env.Manifests != nil {
		c.entry = source.NewFile(c.env.Entry, "")
		return true
	}
	f, err := c.files.Load(c.env.Entry)
	switch {
	case err == nil:
		c.entry = f
		return true
	case !source.IsMissing(err):
		c.found.Add(inEnvironment(diag.List{diag.CannotRead(c.env.Entry, err)}, c.env)...)
		return false
	}
	c.found.Add(diag.Diagnostic{
		Code: diag.EntryMissing, Span: c.env.Span, Environment: c.env.Name,
		Message: fmt.Sprintf("environment %s has no entry: there is no file `%s`", c.env.Name, c.env.Entry),
		Hint:    "write that file, or set the environment's path",
	})
	return false
}

// document is a value that may hold objects, with what its origins mean.
type document struct {
	value value.Value
	src   object.Source
	// prefix comes before paths, where a file has several documents.
	prefix string
}

// documents evaluates the entry, unless that has been done to find the environment, or
// reads it where it is data. YAML may hold several documents.
func (c *compilation) documents(ctx context.Context) []document {
	if c.env.Manifests != nil {
		return c.readManifests()
	}
	if form := dataForm(c.env.Entry); form != "" {
		return c.read(c.entry, form)
	}
	src := c.source()
	if c.env.Inline && !c.opts.Provenance && c.opts.Profile == nil {
		return []document{{value: c.env.Data, src: src}}
	}
	v, from, found := c.evaluate(ctx)
	src.Provenance = from
	c.found.Add(inEnvironment(found, c.env)...)
	if found.HasErrors() && !c.opts.KeepGoing {
		return nil
	}
	return []document{{value: c.inline(v), src: src}}
}

// readManifests reads the files of an environment that is made up of them. One that
// cannot be read does not keep the others from it.
func (c *compilation) readManifests() []document {
	read := make([][]document, len(c.env.Manifests))
	found := make([]diag.List, len(c.env.Manifests))
	InOrder(len(c.env.Manifests), func(i int) {
		name := c.env.Manifests[i]
		f, err := c.env.Virtual[name], error(nil)
		if f == nil {
			f, err = c.files.Load(name)
		}
		if err != nil {
			found[i] = diag.List{diag.CannotRead(name, err)}
			return
		}
		one := compilation{files: c.files, env: c.env, entry: f}
		form := dataForm(name)
		if form == "" {
			form = "yaml"
		}
		read[i], found[i] = one.read(f, form), one.found
	}, func(int) {})
	c.found.Add(slices.Concat(found...)...)
	return slices.Concat(read...)
}

func (c *compilation) source() object.Source {
	return object.Source{File: c.entry, Declared: c.env.Span, IsLibrary: app.IsLibrary}
}

// evaluate evaluates the entry, or as much of it as is wanted.
func (c *compilation) evaluate(ctx context.Context) (value.Value, *eval.Provenance, diag.List) {
	if engine, ok := c.opts.partial(); ok && !c.env.MaybeInline && !c.env.Inline {
		return c.evaluatePartly(ctx, engine)
	}
	if engine, ok := c.opts.engine().(tracingEngine); ok && c.opts.Provenance {
		return engine.Tracked(ctx, c.program())
	}
	v, found := c.opts.engine().Evaluate(ctx, c.program())
	return v, nil, found
}

func dataForm(name string) string {
	switch ext := path.Ext(name); ext {
	case ".yaml", ".yml", ".json":
		return ext[1:]
	}
	return ""
}

func (c *compilation) read(f *source.File, form string) []document {
	docs, found := readData(f, form)
	c.found.Add(found...)
	src := c.source()
	src.File, src.Decoded = f, true
	out := make([]document, len(docs))
	for i, doc := range docs {
		out[i] = document{value: doc, src: src}
		if len(docs) > 1 {
			out[i].prefix = fmt.Sprintf("document %d", i+1)
		}
	}
	return out
}

func readData(f *source.File, form string) ([]value.Value, diag.List) {
	if form == "json" {
		v, found := decode.JSON(f)
		return []value.Value{v}, found
	}
	return decode.YAML(f)
}

func (c *compilation) program() *eval.Program {
	return &eval.Program{
		Files:      c.files,
		Entry:      c.env.Entry,
		SearchPath: slices.Concat(c.opts.SearchPath, c.env.SearchPath),
		Virtual:    c.env.Virtual,
		ExtVars:    slices.Concat(c.env.ExtVars, c.opts.ExtVars),
		TLAs:       c.opts.TLAs,
		Natives:    std.Natives(),
		Trace:      c.opts.Trace,
		MaxStack:   c.opts.MaxStack,
		MaxSteps:   c.opts.MaxSteps,
		MaxBytes:   c.opts.MaxBytes,
		Profile:    c.opts.Profile.Evaluation(),
		IsLibrary:  app.IsLibrary,
	}
}

// inEnvironment names the environment in findings of an app's environment.
func inEnvironment(found diag.List, env *app.Environment) diag.List {
	out := slices.Clone(found)
	for i := range out {
		if env.Layout != app.Bare {
			out[i].Environment = env.Name
		}
	}
	return out
}

// objects finds the objects of the components that are asked for.
func (c *compilation) objects(docs []document) []object.Object {
	var all []object.Object
	for _, doc := range docs {
		objects, found := object.Extract(c.selectComponents(doc.value), doc.src)
		if c.env.Manifests != nil && len(objects) == 0 && isNoObject(doc.value) {
			found = diag.List{{
				Code: diag.NotAnObject, Span: doc.src.Span(doc.value.Origin()),
				Message: "the document is no Kubernetes object", Hint: "a Kubernetes object has apiVersion and kind",
			}}
		}
		if doc.prefix != "" {
			for i := range objects {
				objects[i].Path = strings.TrimSuffix(doc.prefix+": "+objects[i].Path, ": ")
			}
		}
		c.found.Add(inEnvironment(found, c.env)...)
		all = append(all, objects...)
	}
	return all
}

// isNoObject is for documents of plain files. In jsonnet objects stand in others that are
// none; there only what is found below them makes one of these right.
func isNoObject(v value.Value) bool {
	return len(v.Fields()) > 0 && (v.Get("kind").Kind() != value.KindString && v.Get("apiVersion").Kind() != value.KindString)
}

// selectComponents keeps the top-level fields that the environment targets, and of
// these the ones that -c names.
func (c *compilation) selectComponents(v value.Value) value.Value {
	if c.env.Targets == nil && len(c.opts.Components) == 0 {
		return v
	}
	if v.Kind() != value.KindObject || object.IsObject(v) {
		c.found.Add(diag.Diagnostic{
			Code: diag.ComponentUnknown, Span: c.env.Span, Environment: c.env.Name,
			Message: "the environment has no components: its value is no object with one field per component",
		})
		return v
	}
	if c.env.Targets != nil {
		v = keepFields(v, c.env.Targets, func(i int, d diag.Diagnostic) {
			d.Span, d.Environment = c.env.TargetSpans[i], c.env.Name
			c.found.Add(d)
		})
	}
	if len(c.opts.Components) > 0 {
		v = keepFields(v, c.opts.Components, func(_ int, d diag.Diagnostic) {
			d.Span, d.Environment = c.env.Span, c.env.Name
			c.unmatched.Add(d)
		})
	}
	return v
}

// keepFields keeps the named fields of an object, and reports the names that it does
// not have.
func keepFields(v value.Value, names []string, missing func(i int, d diag.Diagnostic)) value.Value {
	var kept []value.Field
	for i, name := range names {
		f, ok := v.Field(name)
		if ok {
			kept = append(kept, f)
			continue
		}
		var known []string
		for _, f := range v.Fields() {
			known = append(known, f.Name)
		}
		missing(i, diag.Diagnostic{
			Code: diag.ComponentUnknown, Message: fmt.Sprintf("there is no component `%s`", name), Hint: diag.DidYouMean(name, known),
		})
	}
	return value.Object(kept...)
}

// prepare makes the objects ready for a cluster.
func (c *compilation) prepare(objects []object.Object, catalog *schema.Catalog) []object.Object {
	objects = object.SetNamespace(objects, c.env.Destination.Namespace, catalog.Scope)
	objects = object.SetDefaults(objects, "labels", c.env.DefaultLabels)
	objects = object.SetDefaults(objects, "annotations", c.env.Annotations)
	objects = object.SetDefaults(objects, "labels", c.env.Labels)
	if c.env.Manifests != nil {
		return objects
	}
	repeats := object.Duplicates(objects)
	c.found.Add(inEnvironment(repeats, c.env)...)
	if c.opts.KeepGoing && len(repeats) > 0 {
		objects = object.Distinct(objects)
	}
	return objects
}

// Result is one environment's part of CompileAll.
type Result struct {
	Environment *app.Environment
	Bundle      *bundle.Bundle // nil with errors
	Found       diag.List
}

// CompileAll compiles environments in parallel, one per processor. The results are in
// the order of the environments. A target or component must select something in one of
// them. done is called after each one, from any goroutine, one call at a time. What
// std.trace writes in one environment is not mixed with that of another.
func CompileAll(ctx context.Context, files *source.Set, envs []*app.Environment, opts Options, done func()) []Result {
	results := make([]Result, len(envs))
	traces := newTraces(opts.Trace, len(envs))
	var mu sync.Mutex
	InOrder(len(envs), func(i int) {
		own := opts
		own.Trace = traces.of(i)
		b, found := compileOne(ctx, files, envs[i], own)
		results[i] = Result{Environment: envs[i], Bundle: b, Found: found}
		mu.Lock()
		defer mu.Unlock()
		done()
	}, traces.flush)
	if !opts.KeepUnmatched {
		RefuseUnmatched(results)
	}
	return results
}

// RefuseUnmatched makes errors of the targets and components that select nothing in
// any of the environments, unless one of them could not be looked at.
func RefuseUnmatched(results []Result) {
	var missing diag.List
	for i, r := range results {
		if r.Bundle == nil {
			return
		}
		if i == 0 {
			missing = slices.Clone(r.Bundle.Unmatched)
		}
		missing = slices.DeleteFunc(missing, func(d diag.Diagnostic) bool { return same(r.Bundle.Unmatched, d) == nil })
		for j := range missing {
			if other := same(r.Bundle.Unmatched, missing[j]); i > 0 && other.Hint != missing[j].Hint {
				// Each environment knows only its own names.
				missing[j].Hint = cmp.Or(meant(other.Hint), meant(missing[j].Hint), missing[j].Hint)
			}
		}
	}
	if len(missing) > 0 {
		results[0].Bundle = nil
		results[0].Found = append(results[0].Found, missing...).Sorted()
	}
}

// same finds the finding of another environment that says the same.
func same(list diag.List, d diag.Diagnostic) *diag.Diagnostic {
	i := slices.IndexFunc(list, func(o diag.Diagnostic) bool { return o.Code == d.Code && o.Message == d.Message })
	if i < 0 {
		return nil
	}
	return &list[i]
}

// meant is a hint if it names what was most likely meant.
func meant(hint string) string {
	if strings.HasPrefix(hint, "did you mean") {
		return hint
	}
	return ""
}
