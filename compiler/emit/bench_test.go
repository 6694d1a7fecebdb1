package emit

import (
	"fmt"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// sample is a list of objects as an application has them.
func sample() value.Value {
	str := value.String
	obj := func(pairs ...any) value.Value {
		var fields []value.Field
		for i := 0; i < len(pairs); i += 2 {
			fields = append(fields, value.Field{Name: pairs[i].(string), Value: pairs[i+1].(value.Value)})
		}
		return value.Object(fields...)
	}
	var items []value.Value
	for i := range 50 {
		name := str(fmt.Sprintf("web-%d", i))
		labels := obj("app.kubernetes.io/name", name, "app.kubernetes.io/version", str("1.25"), "tier", str("front"))
		container := obj(
			"name", name, "image", str("registry.example.com/shop/web:1.25.3"),
			"args", value.Array(str("--port=8080"), str("--log-level=info"), str("--config=/etc/web/config.yaml")),
			"ports", value.Array(obj("name", str("http"), "containerPort", value.Number(8080), "protocol", str("TCP"))),
			"resources", obj("limits", obj("cpu", str("500m"), "memory", str("256Mi")), "requests", obj("cpu", str("0.1"), "memory", str("64Mi"))),
			"env", value.Array(obj("name", str("MODE"), "value", str("yes")), obj("name", str("NOTE"), "value", str("a: b # c"))),
			"readinessProbe", obj("httpGet", obj("path", str("/healthz"), "port", str("http")), "periodSeconds", value.Number(10)),
		)
		items = append(items, obj("apiVersion", str("apps/v1"), "kind", str("Deployment"),
			"metadata", obj("name", name, "namespace", str("shop"), "labels", labels, "annotations", obj("checksum", str("3f2e9ab04c"))),
			"spec", obj("replicas", value.Number(3), "selector", obj("matchLabels", labels), "paused", value.Bool(false),
				"template", obj("metadata", obj("labels", labels), "spec", obj("containers", value.Array(container), "nodeSelector", obj())))))
		items = append(items, obj("apiVersion", str("v1"), "kind", str("ConfigMap"), "metadata", obj("name", name),
			"data", obj("config.yaml", str("server:\n  port: 8080\n  workers: 4\n\nlog:\n\tlevel: info\n  format: json\n"), "motd", str("Grüße, and welcome"))))
	}
	return value.Array(items...)
}

func BenchmarkYAML(b *testing.B) {
	v := sample()
	buf := AppendYAML(nil, v)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendYAML(buf[:0], v)
	}
}

func BenchmarkJSON(b *testing.B) {
	v := sample()
	for i, name := range []string{"compact", "pretty", "jsonnet"} {
		style := JSONStyle(i)
		b.Run("style="+name, func(b *testing.B) {
			buf := AppendJSON(nil, v, style)
			b.SetBytes(int64(len(buf)))
			b.ReportAllocs()
			for b.Loop() {
				buf = AppendJSON(buf[:0], v, style)
			}
		})
	}
}
