package schema

import (
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/value"
)

const widgetCRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
  - name: v1alpha1
    served: false
    storage: false
    schema: {openAPIV3Schema: {type: object}}
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        description: Widget is made by the shop.
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata:
            type: object
            properties: {name: {type: string, pattern: '^[a-z]+$'}}
          status:
            type: object
            required: [ready]
            properties: {ready: {type: boolean}}
          spec:
            type: object
            description: Spec says what is wanted. And more.
            required: [size, mode]
            properties:
              size: {type: integer, format: int32, minimum: 1, maximum: 10, exclusiveMaximum: true}
              mode: {type: string, enum: [fast, slow], default: fast}
              host: {type: string, pattern: '^[a-z.]+$', minLength: 2, maxLength: 5}
              tags: {type: array, minItems: 1, maxItems: 2, items: {type: string}}
              labels: {type: object, maxProperties: 1, additionalProperties: {type: string}}
              any: {x-kubernetes-preserve-unknown-fields: true}
              open:
                type: object
                x-kubernetes-preserve-unknown-fields: true
                properties: {known: {type: boolean}}
              closed: {type: object}
              port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
              step: {type: number, multipleOf: 0.1}
              level: {type: integer, enum: [1, 2]}
              maybe: {type: string, nullable: true}
              filled: {type: string, default: x, minLength: 1}
              template: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
              when: {type: string, format: date-time}
              source:
                type: object
                properties: {a: {type: string}, b: {type: string}}
                oneOf: [{required: [a]}, {required: [b]}]
              target:
                type: object
                properties: {c: {type: string}, d: {type: string, default: x}}
                anyOf: [{required: [c]}, {required: [d]}]
                not: {properties: {c: {enum: [bad]}}, required: [c]}
                allOf: [{properties: {c: {maxLength: 3}}}]
`

func widget(spec string) string {
	return object("example.com/v1 Widget", "spec: {size: 1, "+spec+"}")
}

func TestCustomAccepted(t *testing.T) {
	c := newCatalog(t, widgetCRD)
	for _, spec := range []string{
		"", "mode: null", "maybe: null", "host: ab.cd", "tags: [a, b]", "labels: {a: b}",
		"any: {x: [null]}", "any: 1", "open: {x: 1, known: true}", "closed: {}", "port: 80", "port: http", "port: 3000000000",
		"step: 0.3", "level: 2", "filled: null", "when: '2020-01-02t03:04:05.123Z'", "source: {a: x}", "target: {}", "target: {c: abc}",
		"template: {apiVersion: v1, kind: Pod, metadata: {labels: {a: b}}, spec: {}}",
	} {
		if got := lines(c.Check(parse(t, widget(spec)))); got != "" {
			t.Errorf("%s: %s", spec, got)
		}
	}
	loose := object("example.com/v1 Widget", "spec: {size: 1}\nstatus: {}")
	if got := lines(c.Check(parse(t, loose))); got != "" {
		t.Errorf("status: %s", got)
	}
}

func TestCustomRejected(t *testing.T) {
	var tests []checkTest
	for _, test := range []struct{ spec, want string }{
		{"mode: quick", `CP5006 spec.mode: want one of fast, slow; found "quick"`},
		{"mode: ''", `CP5006 spec.mode: want one of fast, slow; found ""`},
		{"host: UP", `CP5010 spec.host: want text that matches ^[a-z.]+$, found "UP"`},
		{"host: a", `CP5010 spec.host: want at least 2 characters, found 1`},
		{"host: abcdef", `CP5010 spec.host: want at most 5 characters, found 6`},
		{"tags: []", `CP5010 spec.tags: want at least 1 element, found 0`},
		{"tags: [a, b, c]", `CP5010 spec.tags: want at most 2 elements, found 3`},
		{"tags: [null]", `CP5009 spec.tags[0]: want a string, found null | leave the element out`},
		{"labels: {a: b, c: d}", `CP5010 spec.labels: want at most 1 field, found 2`},
		{"labels: {a: 1}", `CP5005 spec.labels.a: want a string, found the number 1 | put it in quotes`},
		{"open: {known: 1}", `CP5005 spec.open.known: want a boolean, found the number 1`},
		{"closed: {x: 1}", `CP5003 spec.closed.x: the schema has no field of this name`},
		{"port: true", `CP5005 spec.port: want an integer or a string, found the boolean true`},
		{"port: 1.5", `CP5007 spec.port: want an integer, found 1.5`},
		{"step: 0.35", `CP5010 spec.step: want a multiple of 0.1, found 0.35`},
		{"level: 3", `CP5006 spec.level: want one of the number 1, the number 2; found the number 3`},
		{"filled: ''", `CP5010 spec.filled: want at least 1 character, found 0`},
		{"when: noon", `CP5008 spec.when: want a time such as 2006-01-02T15:04:05Z, found "noon"`},
		{"source: {}", `CP5010 spec.source: want it to match one of several alternatives, found none that fits | spec.source.a: a required field is missing; or spec.source.b: a required field is missing`},
		{"source: {a: x, b: x}", `CP5010 spec.source: want it to match just one of several alternatives, found 2 that fit`},
		{"target: {c: bad}", "CP5010 spec.target: found what the schema excludes (`not`)"},
		{"target: {c: long}", `CP5010 spec.target.c: want at most 3 characters, found 4`},
		{"template: {}", "CP5004 spec.template.apiVersion: a required field is missing\nCP5004 spec.template.kind: a required field is missing"},
		{"template: {apiVersion: v1, kind: A, metadata: {labels: {a: 1}}}", `CP5005 spec.template.metadata.labels.a: want a string, found the number 1 | put it in quotes`},
	} {
		tests = append(tests, checkTest{test.spec, widget(test.spec), test.want + "\n"})
	}
	tests = append(tests,
		checkTest{"size 0", object("example.com/v1 Widget", "spec: {size: 0}"), "CP5010 spec.size: want at least 1, found 0\n"},
		checkTest{"size 10", object("example.com/v1 Widget", "spec: {size: 10}"), "CP5010 spec.size: want less than 10, found 10\n"},
		checkTest{"no size", object("example.com/v1 Widget", "spec: {}"), "CP5004 spec.size: a required field is missing\n"},
		checkTest{"no spec", object("example.com/v1 Widget", ""), "CP5004 spec: a required field is missing\n"},
		checkTest{"status type", object("example.com/v1 Widget", "spec: {size: 1}\nstatus: {ready: 1, more: 1}"), "CP5003 status.more: the schema has no field of this name | known: ready\nCP5005 status.ready: want a boolean, found the number 1\n"},
		checkTest{"metadata", "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: A1, lables: {}}\nspec: {size: 1}", "CP5008 metadata.name: want lower-case letters, digits, '-' and '.', starting and ending with a letter or digit, found \"A1\"\nCP5003 metadata.lables: ObjectMeta has no field of this name | did you mean `labels`?\nCP5010 metadata.name: want text that matches ^[a-z]+$, found \"A1\"\n"},
		checkTest{"root", object("example.com/v1 Widget", "spec: {size: 1}\nspce: {}"), "CP5003 spce: Widget has no field of this name | did you mean `spec`?\n"},
	)
	runChecks(t, newCatalog(t, widgetCRD), tests)
}

// TestAddCRDTakesAnything: whatever is wrong with a definition, nothing is lost but
// its own checks.
func TestAddCRDTakesAnything(t *testing.T) {
	c := newCatalog(t)
	whole := parse(t, widgetCRD)
	for _, obj := range []value.Value{
		value.Null, value.Array(), parse(t, deployment),
		whole.Without("spec"), whole.With("spec", value.String("x")),
		whole.With("spec", whole.Get("spec").With("versions", value.Number(1))),
	} {
		c.AddCRD(obj)
	}
	c.AddCRD(parse(t, strings.Replace(widgetCRD, "openAPIV3Schema:\n", "openAPIV2Schema:\n", 1)))
	got := lines(c.Check(parse(t, widget("x: 1"))))
	if want := "warning CP5002 no schema for Widget of example.com/v1: its CustomResourceDefinition gives none | put its CustomResourceDefinition into the bundle, or into crds/\n"; got != want {
		t.Errorf("got %s", got)
	}
	c.AddCRD(whole)
	if got := lines(c.Check(parse(t, widget("")))); got != "" {
		t.Errorf("the later definition does not count: %s", got)
	}
}

func TestDefinitionItselfIsChecked(t *testing.T) {
	schemaOf := func(text string) string {
		return object("apiextensions.k8s.io/v1 CustomResourceDefinition", `
spec:
  group: example.com
  scope: Namespaced
  names: {kind: A, plural: as}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: `+text+`}}
`)
	}
	const at = "spec.versions[0].schema.openAPIV3Schema."
	runChecks(t, newCatalog(t), []checkTest{
		{"deep", schemaOf("{properties: {a: {items: {properties: {b: {typ: object}}}}}}"),
			"CP5003 " + at + "properties.a.items.properties.b.typ: JSONSchemaProps has no field of this name | did you mean `type`?\n"},
		{"schema or list", schemaOf("{items: 1}"),
			"CP5005 " + at + "items: want a schema or a list of schemas, found the number 1\n"},
		{"list of schemas", schemaOf("{items: [{typ: a}]}"),
			"CP5003 " + at + "items[0].typ: JSONSchemaProps has no field of this name | did you mean `type`?\n"},
		{"schema or boolean", schemaOf("{additionalProperties: a}"),
			"CP5005 " + at + "additionalProperties: want a schema or a boolean, found the string \"a\"\n"},
		{"schema or strings", schemaOf("{dependencies: {a: [b, 1]}}"),
			"CP5005 " + at + "dependencies.a[1]: want a string, found the number 1 | put it in quotes\n"},
		{"any JSON", schemaOf("{default: [null, {a: 1}], enum: [null, 1, a], additionalProperties: true}"), ""},
		{"number", schemaOf("{maxLength: 1.5, minimum: 0.5}"),
			"CP5007 " + at + "maxLength: want an integer, found 1.5\n"},
	})
}
