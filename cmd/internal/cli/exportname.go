package cli

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/couplet-k8s/couplet/cmd/internal/nametemplate"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// defaultNameTemplate gives every identity a name of its own.
const defaultNameTemplate = `{{if ne (or .metadata.namespace "") env.Namespace}}{{with .metadata.namespace}}{{.}}/{{end}}{{end}}{{.apiVersion}}.{{.kind}}-{{or .metadata.name .metadata.generateName}}`

// namer makes file names from a template.
type namer struct {
	template  *nametemplate.Template
	isDefault bool
	extension string
}

func newNamer(text, extension string) (*namer, error) {
	t, err := nametemplate.Parse("--name-template", separated(text), "env", "lower")
	if err != nil {
		return nil, usagef("%s", strings.TrimPrefix(err.Error(), "template: "))
	}
	return &namer{template: t, isDefault: text == defaultNameTemplate, extension: extension}, nil
}

// folderMark stands for a / of the template's own text while those of values are
// replaced.
const folderMark = "\x00"

// comments are the template's own.
var comments = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{\{-?\s*/\*(?s:.*?)\*/\s*-?\}\}`) })

// separated marks each / of the template, in its text and in strings within {{ }}.
func separated(text string) string {
	return strings.ReplaceAll(comments().ReplaceAllString(text, ""), "/", folderMark)
}

// in gives what names the objects of one environment: the path of an object's file,
// slash-separated, below the export's folder.
func (n *namer) in(env *app.Environment) func(object.Object) (string, diag.List) {
	functions := map[string]nametemplate.Function{
		"env": func([]any) (any, error) {
			return nametemplate.Record{"Name": env.Name, "Namespace": env.Destination.Namespace}, nil
		},
		"lower": nametemplate.Text(strings.ToLower),
	}
	return func(o object.Object) (string, diag.List) {
		text, err := n.expand(functions, env, o)
		if err != nil {
			return "", refuseName(env, o, "the file name cannot be made: "+err.Error())
		}
		name := unsafeInNames.Replace(text)
		name = strings.ReplaceAll(name, "<no value>", "")
		clean := path.Clean(name)
		if name == "" || strings.HasSuffix(name, "/") || strings.ContainsAny(name, "\n\r\t*?\"<>|") || !filepath.IsLocal(filepath.FromSlash(clean)) {
			return "", refuseName(env, o, fmt.Sprintf("%q cannot be a file name", name))
		}
		return clean + "." + n.extension, nil
	}
}

// unsafeInNames keeps values from making folders.
var unsafeInNames = strings.NewReplacer("/", "-", `\`, "-", ":", "-", folderMark, "/")

func refuseName(env *app.Environment, o object.Object, message string) diag.List {
	return diag.List{{
		Code: diag.ExportConflict, Object: o.Identity().String(), Environment: env.Name,
		Message: message, Hint: "choose another --name-template",
	}}
}

// expand runs the template. The default one, which most exports use, is written out here:
// a template sees an object as maps, and making these costs more than the object's YAML.
func (n *namer) expand(functions map[string]nametemplate.Function, env *app.Environment, o object.Object) (string, error) {
	if name, ok := defaultName(env, o); ok && n.isDefault {
		return name, nil
	}
	return n.template.Execute(o.Value.ToGo(), functions)
}

// defaultName is what defaultNameTemplate gives for an object whose names are strings.
func defaultName(env *app.Environment, o object.Object) (string, bool) {
	metadata := o.Value.Get("metadata")
	var texts [5]string
	for i, v := range []value.Value{
		metadata.Get("namespace"), o.Value.Get("apiVersion"), o.Value.Get("kind"), metadata.Get("name"), metadata.Get("generateName"),
	} {
		if v.Kind() != value.KindString && !v.IsNull() {
			return "", false
		}
		texts[i] = v.Str()
	}
	namespace, apiVersion, kind, name := texts[0], texts[1], texts[2], cmp.Or(texts[3], texts[4])
	if apiVersion == "" || kind == "" || name == "" {
		return "", false
	}
	folder := ""
	if namespace != "" && namespace != env.Destination.Namespace {
		folder = namespace + folderMark
	}
	return folder + apiVersion + "." + kind + "-" + name, true
}
