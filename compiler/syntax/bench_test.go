package syntax_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// BenchmarkParse reads texts like those that take long in practice: a generated library
// of setters, a schema that is all data, and code that people write.
func BenchmarkParse(b *testing.B) {
	for _, corpus := range []struct{ name, text string }{
		{"library", repeat("{\n", 5_000, libraryText, "}\n")},
		{"data", repeat("[\n", 5_000, dataText, "]\n")},
		{"code", repeat("[\n", 1_000, codeText, "]\n")},
		{"small", repeat("[\n", 1, codeText, "]\n")},
	} {
		file := source.NewFile(corpus.name, corpus.text)
		if tree := syntax.Parse(file); len(tree.Errors) > 0 {
			b.Fatal(tree.Errors)
		}
		b.Run("corpus="+corpus.name, func(b *testing.B) {
			b.SetBytes(int64(len(corpus.text)))
			b.ReportAllocs()
			for b.Loop() {
				syntax.Parse(file)
			}
		})
	}
}

// repeat writes a piece often, each time with another number.
func repeat(before string, times int, piece, after string) string {
	var out strings.Builder
	out.WriteString(before)
	for i := range times {
		out.WriteString(strings.ReplaceAll(piece, "NUMBER", fmt.Sprint(i)))
	}
	out.WriteString(after)
	return out.String()
}

const libraryText = `        // mixinNUMBER is the number of seconds before the container is started again.
        withMixinNUMBER(seconds):: self + __kindMixin({mixinNUMBER: seconds}),
        mixinNUMBERType:: hidden.core.v1.mixin,
        groupNUMBER:: {
          // Annotations is an unstructured map stored with a resource that may be set by tools.
          withAnnotations(annotations):: self + if std.type(annotations) == "array" then { a: annotations } else { a: [annotations] },
        },
`

const dataText = `  {
    "description": "the number NUMBER of the fields, with \"quotes\" in its text",
    "type": "object", "minimum": 1, "nullable": true,
    "properties": {
      "name": { "type": "string", "maxLength": 253 },
      "items": { "type": "array", "items": { "type": "integer", "format": "int32" } }
    },
    "required": ["name", "items"]
  },
`

const codeText = `  local params = { replicas: 3, image: 'registry/NUMBER:v1' };
  // The deployment of the app.
  {
    deployment: k.deployment.new('app-NUMBER', params.replicas, [c { image: params.image } for c in $.containers if c != null])
                + (if params.replicas > 1 then { spec+: { strategy: { type: 'RollingUpdate' } } } else {}),
    local port(name, number=80) = { name: name, port: number },
    service: k.service.new('app', self.deployment.spec.template.metadata.labels, [port('http'), port('https', 443)]),
    config: |||
      listen = 0.0.0.0:%(port)d
      level = info
    ||| % { port: 8080 },
  },
`
