package app

import (
	"cmp"
	_ "embed" // the schema
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Schema is the JSON Schema (draft 7) of couplet.yaml.
//
//go:embed schema.json
var Schema string

// load reads root's couplet.yaml.
func load(files *source.Set, root string) (*App, diag.List) {
	name := path.Join(root, FileName)
	file, err := files.Load(name)
	if err != nil {
		return nil, diag.List{diag.CannotRead(name, err)}
	}
	return Parse(file)
}

// Parse reads the text of a couplet.yaml; paths start at the file's folder.
func Parse(file *source.File) (*App, diag.List) {
	doc, found := decodeOne(file)
	if found.HasErrors() {
		return nil, found
	}
	found.Add(checkSchema(file, doc)...)
	if found.HasErrors() {
		return nil, found
	}
	a := &App{Layout: Couplet, Root: path.Dir(file.Name()), Name: doc.Get("name").Str(), File: file}
	for _, f := range inOrder(doc.Get("environments").Fields()) {
		env, problems := a.environment(f)
		found.Add(problems...)
		for _, name := range append(texts(f.Value.Get("crds")), texts(doc.Get("crds"))...) {
			env.CRDs = append(env.CRDs, path.Join(a.Root, strings.ReplaceAll(name, `\`, "/")))
		}
		env.CRDs = append(env.CRDs, path.Join(a.Root, DefinitionsDir))
		env.Components = path.Join(a.Root, ComponentsDir)
		env.External = append(texts(doc.Get("external")), texts(f.Value.Get("external"))...)
		env.Allow = append(a.allows(doc.Get("allow"), &found), a.allows(f.Value.Get("allow"), &found)...)
		a.Environments = append(a.Environments, env)
	}
	if found.HasErrors() {
		return nil, found
	}
	return a, found
}

func texts(list value.Value) []string {
	var out []string
	for _, v := range list.Items() {
		out = append(out, v.Str())
	}
	return out
}

func (a *App) allows(list value.Value, found *diag.List) []Allow {
	var out []Allow
	for _, v := range list.Items() {
		pattern := v.Get("object")
		if _, err := regexp.Compile(pattern.Str()); err != nil {
			found.Add(diag.Diagnostic{
				Code: diag.AppInvalid, Span: spanOf(a.File, pattern.Origin()),
				Message: fmt.Sprintf("%q is no regular expression: %v", pattern.Str(), err), Hint: "it is for kind/name, as with -t: deployment/web.*",
			})
			continue
		}
		out = append(out, Allow{Code: v.Get("code").Str(), Object: pattern.Str(), Because: v.Get("because").Str()})
	}
	return out
}

func decodeOne(file *source.File) (value.Value, diag.List) {
	docs, found := decode.YAML(file)
	if found.HasErrors() {
		return value.Null, found
	}
	if len(docs) != 1 || docs[0].Kind() != value.KindObject {
		found.Add(diag.Diagnostic{
			Code: diag.AppInvalid, Span: file.Whole(),
			Message: fmt.Sprintf("%s must hold one YAML mapping", FileName),
			Hint:    "`couplet init NAME` writes an example; `couplet schema app` prints the schema",
		})
		return value.Null, found
	}
	return docs[0], found
}

// inOrder sorts fields by their place in the file.
func inOrder(fields []value.Field) []value.Field {
	return slices.SortedFunc(slices.Values(fields), func(a, b value.Field) int {
		return cmp.Compare(a.Origin, b.Origin)
	})
}

func (a *App) environment(f value.Field) (*Environment, diag.List) {
	v := f.Value
	env := &Environment{
		Name:       f.Name,
		Layout:     Couplet,
		Span:       keySpan(a.File, f),
		Kubernetes: v.Get("kubernetes").Str(),
		Stage:      int(v.Get("stage").Float()),
		Labels:     stringMap(v.Get("labels")),
		Destination: Destination{
			Server:    v.Get("destination", "server").Str(),
			Namespace: v.Get("destination", "namespace").Str(),
			Cluster:   v.Get("destination", "cluster").Str(),
			Inventory: v.Get("destination", "inventory").Str(),
		},
		SearchPath: []string{path.Join(a.Root, "lib"), path.Join(a.Root, "vendor"), LibraryDir},
	}
	if context := v.Get("destination", "context").Str(); context != "" {
		env.Destination.Contexts = []string{context}
	}
	env.APIs = texts(v.Get("apis"))
	for _, target := range v.Get("targets").Items() {
		env.Targets = append(env.Targets, target.Str())
		env.TargetSpans = append(env.TargetSpans, spanOf(a.File, target.Origin()))
	}
	found := a.checkDestination(env, v)
	dir, problems := a.environmentDir(f)
	found.Add(problems...)
	env.Dir, env.Entry = dir, path.Join(dir, "main.jsonnet")
	return env, found
}

func (a *App) checkDestination(env *Environment, v value.Value) diag.List {
	if env.Destination.Server == "" || len(env.Destination.Contexts) == 0 {
		return nil
	}
	return diag.List{{
		Code:    diag.AppInvalid,
		Span:    locate(a.File, v, []string{"destination", "context"}),
		Message: fmt.Sprintf("environment %s has both a server and a context", env.Name),
		Hint:    "keep the one that names the cluster; the other would be ignored",
	}}
}

func (a *App) environmentDir(f value.Field) (string, diag.List) {
	dir := path.Join("environments", f.Name)
	if given, ok := f.Value.Field("path"); ok {
		dir = path.Clean(strings.ReplaceAll(given.Value.Str(), `\`, "/"))
		if path.IsAbs(dir) || dir == ".." || strings.HasPrefix(dir, "../") || strings.Contains(dir, ":") {
			return dir, diag.List{{
				Code:    diag.PathOutside,
				Span:    spanOf(a.File, given.Value.Origin()),
				Message: fmt.Sprintf("the path of environment %s leaves the app: `%s`", f.Name, given.Value.Str()),
				Hint:    "a path is relative to " + FileName + " and stays inside its folder",
			}}
		}
	}
	return path.Join(a.Root, dir), nil
}

func stringMap(v value.Value) map[string]string {
	if len(v.Fields()) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, f := range v.Fields() {
		out[f.Name] = f.Value.Str()
	}
	return out
}
