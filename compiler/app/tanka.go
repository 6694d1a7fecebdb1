package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// The names that make a Tanka tree. Rules: Tanka, pkg/jsonnet/jpath and
// pkg/spec/v1alpha1.
const (
	tankaRootFile   = "tkrc.yaml"
	bundlerFile     = "jsonnetfile.json"
	tankaEntry      = "main.jsonnet"
	tankaSpec       = "spec.json"
	tankaExtVar     = "tanka.dev/environment"
	tankaAPIVersion = "tanka.dev/v1alpha1"
	tankaKind       = "Environment"
)

// tankaRoot is the nearest folder upward with a tkrc.yaml, or else with a
// jsonnetfile.json.
func (f Finder) tankaRoot(dir string) (string, bool) {
	for _, name := range []string{tankaRootFile, bundlerFile} {
		if root, ok := f.above(dir, name); ok {
			return root, true
		}
	}
	return "", false
}

// tanka describes the Tanka environment or jsonnetfile.json tree's file at entry, an
// absolute path below the absolute root.
func (f Finder) tanka(root, entry string) (*Environment, diag.List) {
	base := f.tankaBase(root, entry)
	env := &Environment{
		Layout: Tanka,
		Name:   relative(root, path.Dir(entry)),
		Dir:    f.show(path.Dir(entry)),
		Entry:  f.show(entry),
		CRDs:   []string{f.show(path.Join(root, DefinitionsDir))},
		SearchPath: []string{
			f.show(base), f.show(path.Join(root, "lib")), f.show(path.Join(base, "vendor")), f.show(path.Join(root, "vendor")), LibraryDir,
		},
		Virtual: map[string]*source.File{
			"tk": source.NewFile("<tk>", `{ env: std.extVar("`+tankaExtVar+`") }`),
		},
	}
	spec := f.show(path.Join(base, tankaSpec))
	if !source.IsFile(f.Files.FS(), spec) {
		env.MaybeInline = true
		env.Name = relative(root, entry)
		env.Span = source.NewFile(env.Entry, "").Whole()
		env.ExtVars = []eval.Binding{{
			Name: tankaExtVar, Kind: eval.BindCode,
			Text: "error 'tanka.dev/environment is known only in environments with a spec.json'",
		}}
		return env, nil
	}
	file, err := f.Files.Load(spec)
	if err != nil {
		return nil, diag.List{diag.CannotRead(spec, err)}
	}
	doc, found := decode.JSON(file)
	if found.HasErrors() {
		return nil, found
	}
	found.Add(env.readSpec(file, doc, relative(root, base), relative(root, entry))...)
	return env, found
}

// tankaBase is the nearest folder, from the entry's up to root, that holds the entry's
// file name.
func (f Finder) tankaBase(root, entry string) string {
	for dir := path.Dir(entry); ; dir = path.Dir(dir) {
		if source.IsFile(f.Files.FS(), f.show(path.Join(dir, path.Base(entry)))) {
			return dir
		}
		if dir == root || dir == path.Dir(dir) {
			return path.Dir(entry)
		}
	}
}

// readSpec takes over a spec.json. Tanka ignores the name and namespace written there
// and derives them from the paths.
func (env *Environment) readSpec(file *source.File, doc value.Value, name, namespace string) diag.List {
	env.Span = file.Whole()
	for _, old := range []struct{ from, to string }{{"namespace", "namespace"}, {"server", "apiServer"}} {
		if v, ok := doc.Field(old.from); ok && doc.Get("spec", old.to).IsNull() {
			doc = doc.With("spec", doc.Get("spec").With(old.to, v.Value))
		}
	}
	if team, ok := doc.Field("team"); ok {
		metadata := doc.Get("metadata")
		doc = doc.With("metadata", metadata.With("labels", metadata.Get("labels").With("team", team.Value)))
	}
	metadata := doc.Get("metadata").With("name", value.String(name)).With("namespace", value.String(namespace))
	doc = doc.With("metadata", metadata)
	env.Name = name
	found := env.readEnvironment(file.Whole(), &doc)
	env.ExtVars = []eval.Binding{{
		Name: tankaExtVar, Kind: eval.BindCode, Text: string(emit.AppendJSON(nil, doc.Without("data"), emit.Compact)),
	}}
	return found
}

// readEnvironment takes over an Environment object, and completes it in place with
// Tanka's defaults.
func (env *Environment) readEnvironment(span source.Span, doc *value.Value) diag.List {
	invalid := func(format string, args ...any) diag.List {
		return diag.List{{Code: diag.TankaInvalid, Span: span, Environment: env.Name, Message: fmt.Sprintf(format, args...)}}
	}
	switch v := doc.Get("apiVersion").Str(); v {
	case tankaAPIVersion:
	case "", "v1alpha1":
		*doc = doc.With("apiVersion", value.String(tankaAPIVersion))
	default:
		return invalid("apiVersion must be %s, found %q", tankaAPIVersion, v)
	}
	if kind := doc.Get("kind").Str(); kind != "" && kind != tankaKind {
		return invalid("kind must be %s, found %q", tankaKind, kind)
	}
	spec := doc.Get("spec")
	if spec.Get("namespace").Str() == "" {
		spec = spec.With("namespace", value.String("default"))
	}
	if server := spec.Get("apiServer").Str(); server != "" && !strings.Contains(server, "://") {
		spec = spec.With("apiServer", value.String("https://"+server))
	}
	*doc = doc.With("kind", value.String(tankaKind)).With("spec", spec)
	env.Destination = Destination{Server: spec.Get("apiServer").Str(), Namespace: spec.Get("namespace").Str()}
	for _, c := range spec.Get("contextNames").Items() {
		env.Destination.Contexts = append(env.Destination.Contexts, c.Str())
	}
	env.Annotations = stringMap(spec.Get("resourceDefaults", "annotations"))
	env.DefaultLabels = stringMap(spec.Get("resourceDefaults", "labels"))
	return env.injectLabels(*doc, invalid)
}

// injectLabels adds the label by which Tanka finds an environment's objects.
func (env *Environment) injectLabels(doc value.Value, invalid func(string, ...any) diag.List) diag.List {
	if !doc.Get("spec", "injectLabels").Bool() {
		return nil
	}
	fields := []string{".metadata.name", ".metadata.namespace"}
	if given := doc.Get("spec", "tankaEnvLabelFromFields").Items(); len(given) > 0 {
		fields = nil
		for _, f := range given {
			fields = append(fields, f.Str())
		}
	}
	var parts []string
	for _, field := range fields {
		v := doc.Get(strings.Split(strings.TrimPrefix(field, "."), ".")...)
		if v.Kind() != value.KindString {
			return invalid("tankaEnvLabelFromFields names `%s`, which is not a string", field)
		}
		parts = append(parts, v.Str())
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, ":")))
	env.Labels = map[string]string{"tanka.dev/environment": hex.EncodeToString(sum[:])[:48]}
	return nil
}

// IsInline tells whether a value is an inline Tanka environment.
func IsInline(v value.Value) bool {
	api := v.Get("apiVersion").Str()
	return v.Get("kind").Str() == tankaKind && (api == tankaAPIVersion || api == "v1alpha1")
}

// InlineEnvironment describes one inline environment that an entry's value holds.
func (env *Environment) InlineEnvironment(object value.Value) (*Environment, diag.List) {
	inline := *env
	inline.MaybeInline, inline.Inline, inline.Data = false, true, object.Get("data")
	inline.Name = object.Get("metadata", "name").Str()
	if inline.Name == "" {
		return nil, diag.List{{
			Code: diag.TankaInvalid, Span: env.Span,
			Message: "an inline Environment has no metadata.name",
		}}
	}
	doc := object.With("metadata", object.Get("metadata").With("namespace", value.String(env.Entry)))
	return &inline, inline.readEnvironment(env.Span, &doc)
}
