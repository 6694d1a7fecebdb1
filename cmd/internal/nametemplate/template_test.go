package nametemplate

import (
	"encoding/json"
	"strings"
	"testing"
	"text/template"
)

// object is what the templates of TestLikeTheLibrary see.
const object = `{
	"kind": "Deployment", "apiVersion": "apps/v1", "empty": "", "none": null, "yes": true, "no": false,
	"metadata": {"name": "web", "labels": {"app": "x", "b": "<y>"}, "annotations": {}},
	"spec": {"replicas": 3, "half": 0.5, "ports": [80, 443], "names": ["a", "b", "c"], "nothing": []}
}`

// TestLikeTheLibrary gives templates to text/template too: the texts must be the same,
// and what it refuses must be refused.
func TestLikeTheLibrary(t *testing.T) {
	var data any
	if err := json.Unmarshal([]byte(object), &data); err != nil {
		t.Fatal(err)
	}
	failures := 0
	for _, text := range strings.Split(strings.TrimSpace(templates), "\n") {
		want, wantErr := library(text, data)
		got, err := ours(text, data)
		if got != want || (err != nil) != (wantErr != nil) {
			t.Errorf("%s: %q, %v\n\twant %q, %v", text, got, err, want, wantErr)
		}
		if err != nil {
			failures++
		}
	}
	if failures < 20 {
		t.Errorf("only %d templates fail", failures)
	}
}

func library(text string, data any) (string, error) {
	lower := func(s string) string { return strings.ToLower(s) }
	t, err := template.New("x").Option("missingkey=zero").Funcs(template.FuncMap{"lower": lower}).Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", err
	}
	return b.String(), nil
}

func ours(text string, data any) (string, error) {
	t, err := Parse("x", text, "lower")
	if err != nil {
		return "", err
	}
	return t.Execute(data, map[string]Function{"lower": Text(strings.ToLower)})
}

// TestNumbersCompare shows the difference from the library.
func TestNumbersCompare(t *testing.T) {
	const text = `{{if eq .n 3}}three{{end}}{{if lt .n 3.5}} less{{end}}`
	data := map[string]any{"n": 3.0}
	if got, err := ours(text, data); got != "three less" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := library(text, data); err == nil {
		t.Error("the library compares them too")
	}
}

// TestRecursion has a template call itself without end.
func TestRecursion(t *testing.T) {
	_, err := ours(`{{define "a"}}{{template "a"}}{{end}}{{template "a"}}`, nil)
	if err == nil || !strings.Contains(err.Error(), "1000 deep") {
		t.Error(err)
	}
}

// TestRecord asks for members that a record does and does not have.
func TestRecord(t *testing.T) {
	env := map[string]Function{"env": func([]any) (any, error) { return Record{"Name": "prod"}, nil }}
	for text, want := range map[string]string{"{{env.Name}}": "prod", "{{env.Nmae}}": "there is no field Nmae; there are Name"} {
		parsed, err := Parse("x", text, "env")
		if err != nil {
			t.Fatal(err)
		}
		got, err := parsed.Execute(nil, env)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}

const templates = `
plain
{{.kind}}-{{.metadata.name}}
{{.metadata.missing}}
{{.metadata.missing.deeper}}
{{.kind.deeper}}
{{.none}}{{.none.x}}
{{.}}
{{.metadata}}{{.spec.ports}}{{.spec.half}}{{.yes}}
{{.spec.replicas}}
{{if .empty}}a{{else if .yes}}b{{else}}c{{end}}
{{if .metadata.annotations}}a{{else}}b{{end}}{{if .spec.nothing}}a{{else}}b{{end}}{{if .no}}a{{end}}{{if .none}}a{{end}}
{{with .metadata}}{{.name}}{{end}}{{with .empty}}x{{else}}{{.kind}}{{end}}
{{with .empty}}x{{else with .kind}}{{.}}{{end}}
{{with $x := .metadata.name}}{{$x}}{{$.kind}}{{end}}
{{$x := .kind}}{{$x = .apiVersion}}{{$x}}
{{$x := 1}}{{if .yes}}{{$x = 2}}{{end}}{{$x}}
{{$x := 1}}{{if .yes}}{{$x := 2}}{{$x}}{{end}}{{$x}}
{{$m := .metadata}}{{$m.name}}{{$m.labels.app}}
{{range .spec.ports}}{{.}},{{end}}
{{range $i, $p := .spec.ports}}{{$i}}={{$p}} {{end}}
{{range $k, $v := .metadata.labels}}{{$k}}={{$v}} {{end}}
{{range $p := .spec.names}}{{$p}}{{$.kind}}{{end}}
{{range .spec.nothing}}x{{else}}none{{end}}{{range .none}}x{{else}}none{{end}}
{{range .spec.names}}{{if eq . "b"}}{{continue}}{{end}}{{.}}{{end}}
{{range .spec.names}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}}|
{{range .spec.names}}{{range $.spec.ports}}{{break}}{{end}}{{.}}{{end}}
{{range 3}}{{.}}{{end}}{{range $i := 2}}{{$i}}{{end}}
{{range .spec.replicas}}x{{end}}
{{range .yes}}x{{end}}
{{define "t"}}<{{.}}>{{end}}{{template "t" .kind}}{{template "t"}}
{{block "b" .metadata}}{{.name}}{{$}}{{end}}
{{template "absent"}}
{{lower .kind}}{{.kind | lower}}{{.kind | lower | printf "%s-%s" "a"}}
{{lower .yes}}
{{lower}}
{{lower .kind .kind}}
{{and .yes .kind}}{{and .no .kind}}{{or .empty .kind}}{{or .no .empty}}{{not .no}}
{{and}}
{{or .kind (index .spec.ports 9)}}
{{.kind | and .yes}}{{.kind | or .no}}
{{len .kind}}{{len .spec.ports}}{{len .metadata.labels}}
{{len .yes}}
{{len .none}}
{{len}}
{{index .spec.ports 1}}{{index .metadata "name"}}{{index . "metadata" "labels" "app"}}{{index .kind 0}}
{{index .metadata "missing"}}
{{index .spec.ports 2}}
{{index .spec.ports "a"}}
{{index .metadata 1}}
{{index .none 1}}
{{index .kind}}
{{index}}
{{slice .kind 1 3}}{{slice .kind 2}}{{slice .spec.ports 1}}{{slice .kind}}
{{slice .kind 3 1}}
{{slice .kind 1 99}}
{{slice .metadata 1}}
{{print 1 2 "a" "b" .yes .none}}{{println .kind}}{{printf "%s %v %q %5.2f" .kind .yes .kind .spec.half}}
{{printf "%d" .spec.replicas}}
{{printf}}
{{printf 1}}
{{html .metadata.labels.b}}{{js .metadata.labels.b}}{{urlquery .metadata.labels.b}}
{{eq .kind "Deployment"}}{{eq .kind "a" "Deployment"}}{{ne .kind "a"}}{{eq .yes true}}{{eq .yes false}}{{eq 1 1}}
{{eq .none .none}}{{eq .none "a"}}{{ne .missing ""}}{{eq .kind .missing}}
{{eq .kind 1}}
{{eq .kind .yes}}
{{eq .kind "Deployment" 1}}
{{eq .metadata .metadata}}
{{eq .kind}}
{{ne .kind "a" "b"}}
{{lt "a" "b"}}{{le 1 1}}{{gt 2 1}}{{ge "a" "b"}}{{lt .spec.half 1.5}}
{{lt .kind 1}}
{{lt .yes .no}}
{{lt .none 1}}
{{.kind "x"}}
{{"text" | .kind}}
{{nil}}
{{print nil}}
{{(index .spec.names 0)}}{{(.metadata).name}}{{(index . "metadata").name}}
{{1}}{{-1}}{{1.5}}{{true}}{{"a\tb"}}{{'a'}}{{0x10}}{{1e3}}
{{- .kind -}}  x
{{/* a comment */}}{{.kind}}
{{absent .kind}}
{{.kind
{{end}}
{{$absent}}
{{if ne (or .metadata.namespace "") "shop"}}other{{end}}
`
