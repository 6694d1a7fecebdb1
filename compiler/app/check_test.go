package app

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/xeipuuv/gojsonschema"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// full has everything that a couplet.yaml can have.
const full = `
apiVersion: couplet/v1
kind: App
name: shop
environments:
  dev:
  eu/prod-1:
    path: somewhere/else
    kubernetes: "1.37"
    destination: { server: "https://prod:6443", namespace: shop }
    labels: { team: shop, example.com/tier: "", a.b_c: A-1 }
    stage: 2
    targets: [web, db]
    apis: [storage.k8s.io/v1alpha1]
    allow: [{ code: CP7001, because: it is so }]
  other:
    destination: { context: other }
external: [Secret/tls, Secret/shop/*]
allow: [{ code: CP7003, object: pod/.*, because: it is so }]
`

// TestSchemaIsTheJudge holds what is found in couplet.yaml files, and in what single changes make
// of them, against what gojsonschema finds with the schema: at the same places.
func TestSchemaIsTheJudge(t *testing.T) {
	schema, err := gojsonschema.NewSchema(gojsonschema.NewStringLoader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	valid, compared := 0, 0
	for _, text := range append(appFiles(t), full) {
		docs, found := decode.YAML(source.NewFile(FileName, text))
		if found.HasErrors() || len(docs) != 1 || docs[0].Kind() != value.KindObject {
			continue // It does not get as far as the schema.
		}
		for _, doc := range append(changed(docs[0]), docs[0]) {
			if doc.Kind() != value.KindObject {
				continue
			}
			compared++
			if compareWithSchema(t, schema, doc) {
				valid++
			}
		}
	}
	if valid < 100 || compared-valid < 1000 {
		t.Errorf("only %d documents were valid and %d not", valid, compared-valid)
	}
}

func compareWithSchema(t *testing.T, schema *gojsonschema.Schema, doc value.Value) bool {
	t.Helper()
	result, err := schema.Validate(gojsonschema.NewGoLoader(doc.ToGo()))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, e := range result.Errors() {
		path, inList := (*value.Path)(nil), false
		for _, name := range strings.Split(e.Context().String("\x00"), "\x00")[1:] {
			if i, err := strconv.Atoi(name); err == nil && inList {
				path = path.Item(i)
			} else {
				path = path.Member(name)
			}
			inList = slices.Contains([]string{"targets", "apis", "external", "allow", "crds"}, name)
		}
		want[path.String()] = true
	}
	got := map[string]bool{}
	for _, d := range checkSchema(source.NewFile(FileName, ""), doc) {
		got[d.Path] = true
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("%s\nthe schema (-) and couplet (+): %s", emit.AppendYAML(nil, doc), diff)
	}
	return result.Valid()
}

// appFiles are the texts of all couplet.yaml files of this repository, those in scripts included.
func appFiles(t *testing.T) []string {
	t.Helper()
	var texts []string
	scripts, err := filepath.Glob("../../testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatal(err)
	}
	for _, name := range scripts {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, FileName) {
				texts = append(texts, string(f.Data))
			}
		}
	}
	ours, err := os.ReadFile("../../" + FileName)
	if err != nil {
		t.Fatal(err)
	}
	return append(texts, string(ours))
}

// changed are a value's versions with one change each: a part replaced, left out or added.
func changed(v value.Value) []value.Value {
	all := []value.Value{
		value.Null, value.Bool(true), value.Number(0), value.Number(-1), value.Number(1.5), value.Number(3),
		value.String(""), value.String("x"), value.String("Not a name!"), value.String("1.36"), value.String(strings.Repeat("ä", 64)), value.String(strings.Repeat("a", 63)),
		value.Array(), value.Array(value.String("a")), value.Array(value.String("a"), value.String("b"), value.String("a")), value.Array(value.Number(1), value.String("")),
		value.Object(), value.Object(value.Field{Name: "x", Value: value.String("y")}), value.Object(value.Field{Name: "a b", Value: value.Null}),
	}
	for i, item := range v.Items() {
		for _, other := range changed(item) {
			items := slices.Clone(v.Items())
			items[i] = other
			all = append(all, value.Array(items...))
		}
	}
	for _, f := range v.Fields() {
		all = append(all, v.Without(f.Name))
		for _, other := range changed(f.Value) {
			all = append(all, v.With(f.Name, other))
		}
	}
	if v.Kind() == value.KindObject {
		for _, name := range []string{"unknown", "a b", "/", "a/b", "-", "x.y"} {
			all = append(all, v.With(name, value.String("x")), v.With(name, value.Null))
		}
	}
	return all
}
