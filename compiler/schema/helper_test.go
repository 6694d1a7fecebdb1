package schema

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// parse reads one YAML document as plain data.
func parse(t testing.TB, text string) value.Value {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return plain(v)
}

func plain(v any) value.Value {
	switch v := v.(type) {
	case bool:
		return value.Bool(v)
	case string:
		return value.String(v)
	case json.Number:
		f, _ := v.Float64()
		if strconv.FormatFloat(f, 'f', -1, 64) != v.String() && !strings.ContainsAny(v.String(), ".eE") {
			return value.Exact(v.String(), f)
		}
		return value.Number(f)
	case []any:
		items := make([]value.Value, len(v))
		for i, item := range v {
			items[i] = plain(item)
		}
		return value.Array(items...)
	case map[string]any:
		var fields []value.Field
		for name, member := range v {
			fields = append(fields, value.Field{Name: name, Value: plain(member)})
		}
		return value.Object(fields...)
	}
	return value.Null
}

// documents splits a YAML stream.
func documents(t testing.TB, text string) []value.Value {
	t.Helper()
	var out []value.Value
	for doc := range strings.SplitSeq("\n"+text, "\n---") {
		if v := parse(t, doc); !v.IsNull() {
			out = append(out, v)
		}
	}
	return out
}

func newCatalog(t testing.TB, crds ...string) *Catalog {
	t.Helper()
	c, err := New("")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range crds {
		c.AddCRD(parse(t, text))
	}
	return c
}

// lines writes findings one a line: code, message, and hint behind " | ", warnings as such.
func lines(found []Finding) string {
	var b strings.Builder
	for _, f := range found {
		if f.Severity == diag.Warning {
			b.WriteString("warning ")
		}
		b.WriteString(string(f.Code) + " " + f.Message)
		if f.Hint != "" {
			b.WriteString(" | " + f.Hint)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
