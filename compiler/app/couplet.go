package app

import (
	"cmp"
	_ "embed" // the schema
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/xeipuuv/gojsonschema"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Schema is the JSON Schema (draft 7) of couplet.yaml.
//
//go:embed schema.json
var Schema string

var compiledSchema = sync.OnceValues(func() (*gojsonschema.Schema, error) {
	return gojsonschema.NewSchema(gojsonschema.NewStringLoader(Schema))
})

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
	found.Add(validate(file, doc)...)
	if found.HasErrors() {
		return nil, found
	}
	a := &App{Layout: Couplet, Root: path.Dir(file.Name()), Name: doc.Get("name").Str(), File: file}
	for _, f := range inOrder(doc.Get("environments").Fields()) {
		env, problems := a.environment(f)
		found.Add(problems...)
		a.Environments = append(a.Environments, env)
	}
	if found.HasErrors() {
		return nil, found
	}
	return a, found
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

// validate checks a couplet.yaml against its schema.
func validate(file *source.File, doc value.Value) diag.List {
	schema, err := compiledSchema()
	if err != nil {
		panic("the embedded schema of couplet.yaml does not compile: " + err.Error())
	}
	result, err := schema.Validate(gojsonschema.NewGoLoader(doc.ToGo()))
	if err != nil {
		return diag.List{{Code: diag.AppInvalid, Span: file.Whole(), Message: err.Error()}}
	}
	var found diag.List
	for _, e := range result.Errors() {
		found.Add(schemaFinding(file, doc, e))
	}
	return found.Sorted()
}

func schemaFinding(file *source.File, doc value.Value, e gojsonschema.ResultError) diag.Diagnostic {
	const separator = "\x00"
	names := strings.Split(e.Context().String(separator), separator)[1:]
	d := diag.Diagnostic{Code: diag.AppInvalid, Path: strings.Join(names, ".")}
	where := d.Path
	if where == "" {
		where = FileName
	}
	property, _ := e.Details()["property"].(string)
	switch e.Type() {
	case "additional_property_not_allowed":
		d.Span = locate(file, doc, append(names, property))
		d.Message = fmt.Sprintf("unknown key `%s` in %s", property, where)
		d.Hint = unknownKeyHint(names, property)
		return d
	case "required":
		d.Message = fmt.Sprintf("%s lacks `%s`", where, property)
	default:
		d.Message = fmt.Sprintf("%s: %s", where, describe(e))
		switch {
		case e.Type() == "invalid_type" && e.Details()["expected"] == "string":
			d.Hint = "put the value in quotes"
		case e.Type() == "pattern":
			d.Hint = schemaAt(names).Get("description").Str()
		}
	}
	d.Span = locate(file, doc, names)
	return d
}

// unknownKeyHint says what may stand where an unknown key stands.
func unknownKeyHint(names []string, property string) string {
	switch {
	case len(names) == 1 && names[0] == "environments":
		return "an environment's name has letters, digits, `-`, `_`, `.`, and `/` between its parts"
	case len(names) == 3 && names[2] == "labels":
		return "a label's key is a name of letters, digits, `-`, `_` and `.`, after an optional DNS prefix and `/`"
	}
	return diag.DidYouMean(property, knownKeys(names))
}

// knownKeys lists the keys that the schema has at a place in couplet.yaml.
func knownKeys(names []string) []string {
	var keys []string
	for _, f := range schemaAt(names).Get("properties").Fields() {
		keys = append(keys, f.Name)
	}
	return keys
}

// schemaAt is the schema of a place in couplet.yaml; null where only a pattern has one.
func schemaAt(names []string) value.Value {
	at := decodeSchema()
	if len(names) >= 2 {
		at = at.Get("definitions", "environment")
		names = names[2:]
	}
	for _, name := range names {
		at = at.Get("properties", name)
	}
	return at
}

var decodeSchema = sync.OnceValue(func() value.Value {
	v, _ := decode.JSON(source.NewFile("schema.json", Schema))
	return v
})

// describe says what the schema wants, in our words for what users meet most.
func describe(e gojsonschema.ResultError) string {
	details := e.Details()
	switch e.Type() {
	case "invalid_type":
		return fmt.Sprintf("want %v, found %v", details["expected"], details["given"])
	case "const":
		return fmt.Sprintf("must be %v", details["allowed"])
	case "pattern":
		return fmt.Sprintf("%v does not have the form %v", quoteValue(e.Value()), details["pattern"])
	}
	text := e.Description()
	if text != "" {
		text = strings.ToLower(text[:1]) + text[1:]
	}
	return text
}

func quoteValue(v any) string { return fmt.Sprintf("%q", v) }

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
		},
		SearchPath: []string{path.Join(a.Root, "lib"), path.Join(a.Root, "vendor"), LibraryDir},
	}
	if context := v.Get("destination", "context").Str(); context != "" {
		env.Destination.Contexts = []string{context}
	}
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
