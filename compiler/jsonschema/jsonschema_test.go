package jsonschema

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xeipuuv/gojsonschema"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

func load(t *testing.T, schema value.Value) (*Schema, bool) {
	t.Helper()
	text := string(emit.AppendJSON(nil, schema, emit.Compact))
	s, found := Load(source.NewFile("schema.json", text), func(name string) (*source.File, error) { return nil, errors.New("there is none") })
	return s, !found.HasErrors()
}

// gaps are the cases of the JSON Schema Test Suite that are judged otherwise, with reasons.
// One that passes fails the test.
var gaps = map[string]string{
	"definitions.json": "its schemas refer to the metaschema on another host",
	"refRemote.json":   "its schemas refer to another host",
	"ref.json: remote ref, containing refs itself":                                    "refers to the metaschema on another host",
	"ref.json: Recursive references between schemas":                                  "refers to a $id other than the file's own",
	"optional/content.json: validation of string-encoded content based on media type": "annotations only",
	"optional/content.json: validation of binary string-encoding":                     "annotations only",
	"optional/content.json: validation of binary-encoded media type documents":        "annotations only",
}

// TestSuite runs the JSON Schema Test Suite, which gojsonschema's module carries.
func TestSuite(t *testing.T) {
	passed, missed := 0, map[string]bool{}
	for _, name := range suiteFiles(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		groups, found := decode.JSON(source.NewFile(name, string(text)))
		if found.HasErrors() {
			t.Fatal(found)
		}
		short := strings.TrimPrefix(filepath.ToSlash(name[strings.Index(name, "draft7"):]), "draft7/")
		for _, group := range groups.Items() {
			full := short + ": " + group.Get("description").Str()
			gap := slices.ContainsFunc([]string{short, full}, func(key string) bool { return gaps[key] != "" })
			s, usable := load(t, group.Get("schema"))
			for _, test := range group.Get("tests").Items() {
				ok := usable && (len(s.Check(test.Get("data"), "it", nil)) == 0) == test.Get("valid").Bool()
				switch {
				case ok:
					passed++
				case gap:
					missed[short], missed[full] = true, true
				default:
					t.Errorf("%s: %s (usable: %v)", full, test.Get("description").Str(), usable)
				}
			}
		}
	}
	for key := range gaps {
		if !missed[key] {
			t.Errorf("%s is no gap: take it off the list", key)
		}
	}
	if passed < 400 {
		t.Errorf("only %d cases passed", passed)
	}
}

func suiteFiles(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/xeipuuv/gojsonschema").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "testdata", "draft7")
	names, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	optional, _ := filepath.Glob(filepath.Join(dir, "optional", "*.json"))
	if len(names) < 30 {
		t.Fatalf("the suite is not in %s", dir)
	}
	return append(names, optional...)
}

// parameters is a schema as one writes them for parameters, with every keyword.
const parameters = `{
  "type": "object",
  "additionalProperties": false,
  "required": ["image", "replicas"],
  "minProperties": 2, "maxProperties": 12,
  "propertyNames": { "pattern": "^[a-z]" },
  "properties": {
    "image": { "type": "string", "pattern": "^registry\\.", "minLength": 3, "maxLength": 40 },
    "replicas": { "type": "integer", "minimum": 1, "maximum": 10 },
    "share": { "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "multipleOf": 0.1 },
    "host": { "anyOf": [{ "type": "null" }, { "type": "string", "format": "hostname" }] },
    "port": { "oneOf": [{ "type": "integer" }, { "type": "number", "multipleOf": 2.5 }, { "enum": ["http"] }] },
    "stage": { "enum": ["test", "live", null] },
    "version": { "const": 2 },
    "labels": { "type": "object", "patternProperties": { "^app": { "$ref": "#/definitions/name" } }, "additionalProperties": { "type": "string" } },
    "hosts": { "type": "array", "items": { "$ref": "#/definitions/name" }, "minItems": 1, "maxItems": 3, "uniqueItems": true, "contains": { "const": "a" } },
    "pair": { "items": [{ "type": "string" }, { "type": "integer" }], "additionalItems": false },
    "tls": { "type": "boolean" }
  },
  "definitions": { "name": { "type": "string", "not": { "const": "x" }, "allOf": [{ "minLength": 1 }] } },
  "dependencies": { "tls": ["host"], "share": { "required": ["stage"] } },
  "if": { "properties": { "stage": { "const": "live" } }, "required": ["stage"] },
  "then": { "properties": { "replicas": { "minimum": 2 } } },
  "else": { "properties": { "replicas": { "maximum": 5 } } }
}`

const someParameters = `{
  "image": "registry.example.com/web", "replicas": 3, "share": 0.3, "host": "example.com", "port": "http", "stage": "live", "version": 2,
  "labels": { "app": "web", "x": "y" }, "hosts": ["a", "b"], "pair": ["a", 1], "tls": true
}`

// TestSameVerdicts holds the verdicts on many values against those of gojsonschema.
func TestSameVerdicts(t *testing.T) {
	judge, err := gojsonschema.NewSchema(gojsonschema.NewStringLoader(parameters))
	if err != nil {
		t.Fatal(err)
	}
	s, found := Load(source.NewFile("schema.json", parameters), nil)
	if len(found) > 0 {
		t.Fatal(found)
	}
	doc, _ := decode.JSON(source.NewFile("parameters.json", someParameters))
	valid := 0
	all := changed(doc)
	for _, v := range all {
		result, err := judge.Validate(gojsonschema.NewGoLoader(v.ToGo()))
		if err != nil {
			t.Fatal(err)
		}
		got := s.Check(v, "it", nil)
		if (len(got) == 0) != result.Valid() {
			t.Errorf("%s\ngojsonschema: %v\ncouplet: %v", emit.AppendJSON(nil, v, emit.Compact), result.Errors(), got)
		}
		if result.Valid() {
			valid++
		}
	}
	if valid < 20 || len(all)-valid < 200 {
		t.Errorf("%d of %d values were valid", valid, len(all))
	}
}

// changed is a value, and its versions with one part replaced, left out or added.
func changed(v value.Value) []value.Value {
	all := []value.Value{
		v, value.Null, value.Bool(false), value.Number(0), value.Number(1), value.Number(0.5), value.Number(7.5), value.Number(11), value.String(""), value.String("x"),
		value.String("a b"), value.String("test"), value.String(strings.Repeat("ä", 50)), value.Array(), value.Array(value.String("a"), value.String("a")),
		value.Array(value.String("a"), value.Number(1), value.Null), value.Object(), value.Object(value.Field{Name: "app", Value: value.String("x")}),
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
		all = append(all, v.With("Other", value.String("x")), v.With("other", value.Number(1)))
	}
	return all
}

// TestProblems: what is wrong with a schema itself.
func TestProblems(t *testing.T) {
	for _, c := range []struct{ schema, want string }{
		{`[]`, "2:1: a schema is an object, true or false, not an array"},
		{`{"type": "text"}`, "2:10: `type` of a schema wants the name of a type, or a list of them"},
		{`{"properties": {"a": {"minimum": "1"}}}`, "2:34: `minimum` of a schema wants a number"},
		{`{"pattern": "(?=a)"}`, "2:13: \"(?=a)\" is no regular expression: error parsing regexp: invalid or unsupported Perl syntax: `(?=`"},
		{`{"patternProperties": {"(": {}}}`, "2:23: \"(\" is no regular expression: error parsing regexp: missing closing ): `(`"},
		{`{"$ref": "#/definitions/a"}`, "2:10: the reference `#/definitions/a` leads nowhere: there is no `definitions`"},
		{`{"items": [{"$ref": "https://example.com/a.json"}]}`, "2:21: the reference `https://example.com/a.json` leads to another host"},
		{`{"$ref": "//example.com/a.json"}`, "2:10: the reference `//example.com/a.json` leads to another host"},
		{`{"$ref": "/etc/passwd"}`, "2:10: the reference `/etc/passwd` leads to another host"},
		{`{"$ref": "none.json"}`, "2:10: the reference `none.json` leads to a file that cannot be read: there is none"},
		{`{"requried": []}`, "2:2: `requried` is no keyword of JSON Schema draft 7, and checks nothing"},
		{`{"$ref": "other.json#/definitions/bad"}`, "other.json:1:34: `type` of a schema wants the name of a type, or a list of them"},
		{`{"definitions": {"a": {"$ref": "other.json#/definitions/good"}}, "x-note": 1}`, ""},
	} {
		_, found := Load(source.NewFile("dir/schema.json", "\n"+c.schema), func(name string) (*source.File, error) {
			if name != "dir/other.json" {
				return nil, errors.New("there is none")
			}
			return source.NewFile("other.json", `{"definitions": {"bad": {"type": 1}, "good": {}}}`), nil
		})
		got := ""
		if len(found) > 0 {
			at := found[0].Span.File.Position(found[0].Span.Start)
			got = fmt.Sprintf("%s:%d:%d: %s", found[0].Span.File.Name(), at.Line, at.Column, found[0].Message)
			got = strings.TrimPrefix(got, "dir/schema.json:")
		}
		if got != c.want && !(c.want == "" && strings.Contains(c.schema, "good")) {
			t.Errorf("%s\n got %s\nwant %s", c.schema, got, c.want)
		}
	}
}

// TestEndless: a schema that refers to itself says so, and does not hang.
func TestEndless(t *testing.T) {
	for _, schema := range []string{`{"$ref": "#"}`, `{"allOf": [{"$ref": "#"}]}`, `{"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}, "$ref": "#/definitions/a"}`, `{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}`, `{"allOf": [{"not": {"$ref": "#"}}, {"$ref": "#"}]}`} {
		s, found := Load(source.NewFile("schema.json", schema), nil)
		if len(found) > 0 {
			t.Fatal(found)
		}
		got := s.Check(value.Object(), "it", nil)
		if len(got) != 1 || got[0].Message != "it: the schema refers to itself without end" {
			t.Errorf("%s: %v", schema, got)
		}
	}
}

// TestMessages: what is said, and where.
func TestMessages(t *testing.T) {
	s, _ := Load(source.NewFile("schema.json", parameters), nil)
	doc, _ := decode.JSON(source.NewFile("parameters.json", `{"image": "web", "replicas": "3", "hostt": 1, "stage": "tst", "labels": {"app": 3}, "hosts": ["b", "b"], "host": "a b", "port": true, "share": 2}`))
	var got []string
	for _, f := range s.Check(doc, "web", (*value.Path)(nil).Member("web")) {
		got = append(got, strings.TrimSpace(f.Message+" "+f.Hint))
	}
	want := []string{
		"web.host: \"a b\" does not have the format hostname",
		"web.hosts has \"b\" twice",
		"web.hosts: no element is what the schema wants one to be",
		"unknown key `hostt` in web did you mean `host`?",
		"web.image: \"web\" does not have the form ^registry\\.",
		"web.labels.app: want string, found integer put the value in quotes",
		"web.port: true has none of the 3 forms that the schema allows",
		"web.replicas: want integer, found string leave the quotes out",
		"web.share: want less than 1, found 2",
		"web.stage: \"tst\" is none of \"test\", \"live\", null did you mean \"test\"?",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// FuzzCheck: no schema and no value make it panic, hang or find nothing where a schema is
// unusable.
func FuzzCheck(f *testing.F) {
	f.Add(parameters, someParameters)
	f.Add(`{"$ref": "#/definitions/%25~1"}`, `[1]`)
	f.Fuzz(func(t *testing.T, schema, data string) {
		s, found := Load(source.NewFile("schema.json", schema), nil)
		doc, _ := decode.JSON(source.NewFile("data.json", data))
		if !found.HasErrors() {
			s.Check(doc, "it", nil)
		}
	})
}
