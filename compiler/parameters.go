package compiler

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/jsonschema"
	"github.com/couplet-k8s/couplet/compiler/parameters"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// parameterSchemas are the schemas of an app's components, by name, with what is wrong
// with them.
type parameterSchemas struct {
	names  []string
	byName map[string]*jsonschema.Schema
	files  []string
	found  diag.List
}

// schemasOfParameters reads the schemas in the folder of the environment's components, once
// for all environments.
func (c *compilation) schemasOfParameters() *parameterSchemas {
	type key struct{ dir string }
	schemas := c.files.Memo(key{c.env.Components}, func() any {
		s := &parameterSchemas{byName: map[string]*jsonschema.Schema{}}
		s.read(c.files, c.env.Components)
		return s
	}).(*parameterSchemas)
	// A set that logs what is read must see it, whoever read it first.
	_, _ = c.files.FS().ReadDir(c.env.Components)
	for _, name := range schemas.files {
		_, _ = c.files.Load(name)
	}
	return schemas
}

func (s *parameterSchemas) read(files *source.Set, dir string) {
	entries, err := files.FS().ReadDir(dir)
	if err != nil {
		return // The app has no such folder.
	}
	load := func(name string) (*source.File, error) {
		s.files = append(s.files, name)
		return files.Load(name)
	}
	for _, e := range entries {
		name, isSchema := strings.CutSuffix(e.Name(), app.SchemaSuffix)
		if !isSchema {
			continue
		}
		at := path.Join(dir, e.Name())
		file, err := load(at)
		if err != nil {
			s.found.Add(diag.CannotRead(at, err))
			continue
		}
		schema, found := jsonschema.Load(file, load)
		s.found.Add(found...)
		s.names, s.byName[name] = append(s.names, name), schema
	}
}

// wantsComponent tells whether the environment has a component, and -c does not leave it
// out.
func (c *compilation) wantsComponent(name string) bool {
	named := func(names []string) bool { return len(names) == 0 || slices.Contains(names, name) }
	return (c.env.Targets == nil || named(c.env.Targets)) && named(c.opts.Components)
}

// checkParameters holds the parameters of components that have a schema against it, before
// anything else is evaluated. An app without schemas pays nothing for it.
func (c *compilation) checkParameters(ctx context.Context) bool {
	engine, ok := c.opts.engine().(partialEngine)
	if !ok || c.env.Components == "" {
		return true
	}
	schemas := c.schemasOfParameters()
	c.found.Add(inEnvironment(schemas.found, c.env)...)
	if schemas.found.HasErrors() {
		return false
	}
	var found []parameters.Finding
	check := func(m *eval.Machine, root eval.Value) {
		entry := parameters.Entry{Machine: m, Root: root}
		found = entry.Unknown()
		for _, name := range schemas.names {
			if c.wantsComponent(name) {
				found = append(found, entry.Check(name, schemas.byName[name])...)
			}
		}
	}
	if len(schemas.names) == 0 || engine.Run(ctx, c.quietly(), check).HasErrors() || len(found) == 0 {
		return true
	}
	c.found.Add(c.traceParameters(ctx, false, check, &found)...)
	return !c.found.HasErrors()
}

// explainParameters adds to an evaluation that failed what is wrong with the parameters, in
// place of what the failure itself could say about it.
func (c *compilation) explainParameters(ctx context.Context) {
	if _, ok := c.opts.engine().(tracingEngine); !ok || c.env.Components == "" {
		return
	}
	var found []parameters.Finding
	reasons := c.traceParameters(ctx, false, func(m *eval.Machine, root eval.Value) {
		entry := parameters.Entry{Machine: m, Root: root}
		found = append(entry.Unknown(), entry.Unset()...)
	}, &found)
	c.found = slices.DeleteFunc(c.found, func(d diag.Diagnostic) bool {
		replaced := false
		for i := range reasons {
			if d.Code == diag.EvalError && isReason(reasons[i], d) {
				reasons[i].Severity, replaced = diag.Error, true
			}
		}
		return replaced
	})
	c.found.Add(reasons...)
}

// isReason tells whether a finding about parameters says better what made an evaluation
// fail: app.libsonnet does so for an unknown parameter, and the machine where one that is
// not there is read.
func isReason(reason, d diag.Diagnostic) bool {
	if reason.Code == diag.ParameterUnset {
		return reason.Span.File == d.Span.File && reason.Span.Start == d.Span.Start
	}
	return isInAppLibrary(d.Span) || slices.ContainsFunc(d.Related, func(r diag.Related) bool { return isInAppLibrary(r.Span) })
}

func isInAppLibrary(span source.Span) bool {
	return span.File != nil && strings.HasSuffix(span.File.Name(), "couplet/app.libsonnet")
}

// useOfParameters tells which parameters that are set are not read, and which that are read
// are not set, by an evaluation of everything.
func (c *compilation) useOfParameters(ctx context.Context) *bundle.Parameters {
	if _, ok := c.opts.engine().(tracingEngine); !ok || c.env.Components == "" || dataForm(c.env.Entry) != "" {
		return nil
	}
	use := &bundle.Parameters{}
	var found []parameters.Finding
	use.Found = c.traceParameters(ctx, true, func(m *eval.Machine, root eval.Value) {
		entry := parameters.Entry{Machine: m, Root: root}
		if entry.HasLayers() {
			m.Manifest(root)
			found, use.Read = entry.Unread(m.TakeReads(), c.wantsComponent)
		}
		found = append(found, entry.Unset()...)
	}, &found)
	return use
}

// Unused gives the warnings about parameters of environments that were compiled with
// Options.Parameters. What several environments share is unread where none of them reads
// it. Code outside an environment's own folder may have readers in environments that were
// not compiled, unless these are all.
func Unused(results []Result, all bool) diag.List {
	read := map[source.Span]bool{}
	for _, r := range results {
		if r.Bundle != nil && r.Bundle.Parameters != nil {
			for _, span := range r.Bundle.Parameters.Read {
				read[span] = true
			}
		}
	}
	var found diag.List
	for _, r := range results {
		if r.Bundle == nil || r.Bundle.Parameters == nil {
			continue
		}
		for _, d := range r.Bundle.Parameters.Found {
			isShared := d.Span.File == nil || !strings.HasPrefix(d.Span.File.Name(), r.Environment.Dir+"/")
			if d.Code != diag.ParameterUnread || !read[d.Span] && (all || !isShared) {
				found.Add(allowed(r.Environment, diag.List{d})...)
			}
		}
	}
	return found
}

// quietly is the program for an evaluation beside the one that counts.
func (c *compilation) quietly() *eval.Program {
	p := c.program()
	p.Trace, p.Profile = nil, nil
	return p
}

// traceParameters looks at the parameters with provenance, and gives what is found its
// places.
func (c *compilation) traceParameters(ctx context.Context, reads bool, use func(m *eval.Machine, root eval.Value), found *[]parameters.Finding) diag.List {
	engine, ok := c.opts.engine().(tracingEngine)
	if !ok {
		return nil
	}
	p := c.quietly()
	p.Reads = reads
	*found = nil
	src := c.source()
	src.Provenance, _ = engine.RunTracked(ctx, p, use)
	var list diag.List
	for _, f := range *found {
		d := f.Diagnostic
		switch {
		case d.Span.HasPlace():
		case f.Name:
			d.Span, d.Related = src.NamePlace(f.Origin)
		default:
			d.Span, d.Related = src.Place(f.Origin)
		}
		list.Add(d)
	}
	return inEnvironment(list, c.env)
}
