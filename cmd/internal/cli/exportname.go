package cli

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"

	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/object"
)

// defaultNameTemplate gives every identity a name of its own.
const defaultNameTemplate = `{{if ne (or .metadata.namespace "") env.Namespace}}{{with .metadata.namespace}}{{.}}/{{end}}{{end}}{{.apiVersion}}.{{.kind}}-{{or .metadata.name .metadata.generateName}}`

// namer makes file names from a template.
type namer struct {
	template  *template.Template
	extension string
}

// templateEnvironment is what {{env}} gives in a name template.
type templateEnvironment struct{ Name, Namespace string }

func newNamer(text, extension string) (*namer, error) {
	t := template.New("--name-template").Option("missingkey=zero").Funcs(template.FuncMap{
		"env":   func() templateEnvironment { return templateEnvironment{} },
		"lower": strings.ToLower,
	})
	t, err := t.Parse(separated(text))
	if err != nil {
		return nil, usagef("%s", strings.TrimPrefix(err.Error(), "template: "))
	}
	return &namer{template: t, extension: extension}, nil
}

// folderMark stands for a / of the template's own text while those of values are
// replaced.
const folderMark = "\x00"

// comments are the template's own.
var comments = regexp.MustCompile(`\{\{-?\s*/\*(?s:.*?)\*/\s*-?\}\}`)

// separated marks each / of the template, in its text and in strings within {{ }}.
func separated(text string) string {
	return strings.ReplaceAll(comments.ReplaceAllString(text, ""), "/", folderMark)
}

// name is the path of an object's file, slash-separated, below the export's folder.
func (n *namer) name(env *app.Environment, o object.Object) (string, diag.List) {
	fail := func(format string, args ...any) (string, diag.List) {
		return "", diag.List{{
			Code: diag.ExportConflict, Object: o.Identity().String(), Environment: env.Name,
			Message: fmt.Sprintf(format, args...), Hint: "choose another --name-template",
		}}
	}
	t, err := n.template.Clone()
	if err != nil {
		return fail("the file name cannot be made: %s", err)
	}
	t.Funcs(template.FuncMap{"env": func() templateEnvironment {
		return templateEnvironment{Name: env.Name, Namespace: env.Destination.Namespace}
	}})
	var b strings.Builder
	if err := t.Execute(&b, o.Value.ToGo()); err != nil {
		return fail("the file name cannot be made: %s", strings.TrimPrefix(err.Error(), "template: "))
	}
	name := strings.NewReplacer("/", "-", `\`, "-", ":", "-", folderMark, "/").Replace(b.String())
	name = strings.ReplaceAll(name, "<no value>", "")
	clean := path.Clean(name)
	if name == "" || strings.HasSuffix(name, "/") || strings.ContainsAny(name, "\n\r\t*?\"<>|") || !filepath.IsLocal(filepath.FromSlash(clean)) {
		return fail("%q cannot be a file name", name)
	}
	return clean + "." + n.extension, nil
}
