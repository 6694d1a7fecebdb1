package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xeipuuv/gojsonschema"

	"github.com/couplet-k8s/couplet/cmd/internal/cli"
	"github.com/couplet-k8s/couplet/compiler/bundle"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/diff"
	"github.com/couplet-k8s/couplet/compiler/profile"
)

// outputs are the Go types behind the published JSON Schemas.
var outputs = map[string]any{
	"cache":          cli.CacheReport{},
	"component-list": []cli.ComponentReport{},
	"diagnostics":    diag.Report{},
	"diff":           diff.Document{},
	"env-describe":   cli.EnvDescribeReport{},
	"env-list":       []cli.EnvReport{},
	"export-index":   cli.ExportIndex{},
	"history":        []cli.HistoryReport{},
	"plan":           cli.PlanReport{},
	"profile":        profile.Report{},
	"status":         cli.StatusReport{},
	"schema-list":    []cli.KindReport{},
	"schema-show":    cli.SchemaReport{},
	"source-map":     bundle.SourceMap{},
	"validate":       cli.ValidateReport{},
	"explain":        cli.ExplainReport{},
	"version":        cli.VersionReport{},
	"why":            []cli.WhyReport{},
}

// node is as much of a JSON Schema as the published ones use.
type node struct {
	Schema               string          `json:"$schema"`
	Ref                  string          `json:"$ref"`
	Title                string          `json:"title"`
	Description          string          `json:"description"`
	Type                 string          `json:"type"`
	Const                string          `json:"const"`
	Enum                 []string        `json:"enum"`
	Pattern              string          `json:"pattern"`
	Minimum              *int            `json:"minimum"`
	MinLength            *int            `json:"minLength"`
	MinItems             *int            `json:"minItems"`
	UniqueItems          bool            `json:"uniqueItems"`
	AdditionalProperties json.RawMessage `json:"additionalProperties"`
	Required             []string        `json:"required"`
	Properties           map[string]node `json:"properties"`
	Items                *node           `json:"items"`
	Definitions          map[string]node `json:"definitions"`
}

// TestSchemas holds each JSON Schema in docs/schemas to the Go type whose form it
// describes, and wants it strict and described.
func TestSchemas(t *testing.T) {
	index := readRoot(t, "docs/schemas/README.md")
	files, err := filepath.Glob(filepath.Join(root, "docs", "schemas", "*.json"))
	if err != nil || len(files) != len(outputs) {
		t.Errorf("docs/schemas has %d schemas, want one for each of %d outputs (%v)", len(files), len(outputs), err)
	}
	for _, file := range files {
		base := filepath.Base(file)
		t.Run(base, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := gojsonschema.NewSchema(gojsonschema.NewBytesLoader(text)); err != nil {
				t.Error(err)
			}
			var schema node
			dec := json.NewDecoder(strings.NewReader(string(text)))
			dec.DisallowUnknownFields()
			if err := dec.Decode(&schema); err != nil {
				t.Fatal(err)
			}
			if schema.Schema != "http://json-schema.org/draft-07/schema#" || schema.Title == "" {
				t.Errorf("it is for %q and has the title %q", schema.Schema, schema.Title)
			}
			if !strings.Contains(index, "| ["+base+"]("+base+") |") {
				t.Errorf("docs/schemas/README.md does not list %s", base)
			}
			output, ok := outputs[strings.TrimSuffix(base, ".json")]
			if !ok {
				t.Fatal("it belongs to no output")
			}
			c := conformity{t: t, definitions: schema.Definitions}
			c.check("", schema, reflect.TypeOf(output))
		})
	}
}

// conformity compares a schema with a Go type.
type conformity struct {
	t           *testing.T
	definitions map[string]node
}

var rawMessage = reflect.TypeFor[json.RawMessage]()

func (c conformity) check(at string, schema node, typ reflect.Type) {
	c.t.Helper()
	if name, ok := strings.CutPrefix(schema.Ref, "#/definitions/"); ok {
		schema = c.definitions[name]
	}
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	want := map[reflect.Kind]string{
		reflect.Struct: "object", reflect.Map: "object", reflect.Slice: "array",
		reflect.String: "string", reflect.Int: "integer", reflect.Int64: "integer", reflect.Bool: "boolean",
	}[typ.Kind()]
	if typ == rawMessage || schema.Const != "" {
		want = ""
	}
	if schema.Type != want {
		c.t.Errorf("%s: type %q, want %q", at, schema.Type, want)
		return
	}
	switch {
	case typ == rawMessage:
	case typ.Kind() == reflect.Struct:
		c.object(at, schema, typ)
	case typ.Kind() == reflect.Slice:
		c.check(at+"[]", *schema.Items, typ.Elem())
	case typ.Kind() == reflect.Map:
		var members node
		if err := json.Unmarshal(schema.AdditionalProperties, &members); err != nil {
			c.t.Errorf("%s: %s", at, err)
		}
		c.check(at+".*", members, typ.Elem())
	}
}

func (c conformity) object(at string, schema node, typ reflect.Type) {
	if string(schema.AdditionalProperties) != "false" {
		c.t.Errorf("%s: additionalProperties is not false", at)
	}
	var names, required []string
	for _, f := range reflect.VisibleFields(typ) {
		if f.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
		if options != "omitempty" {
			required = append(required, name)
		}
		property, ok := schema.Properties[name]
		if !ok {
			c.t.Errorf("%s: no property %s", at, name)
			continue
		}
		if property.Description == "" {
			c.t.Errorf("%s.%s has no description", at, name)
		}
		c.check(at+"."+name, property, f.Type)
	}
	for name := range schema.Properties {
		if !slices.Contains(names, name) {
			c.t.Errorf("%s.%s is no member of %s", at, name, typ)
		}
	}
	slices.Sort(required)
	if given := slices.Sorted(slices.Values(schema.Required)); !slices.Equal(given, required) {
		c.t.Errorf("%s: required are %v, want %v", at, given, required)
	}
}
