package diff

import (
	"encoding/base64"
	"fmt"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// lastApplied is the annotation in which kubectl keeps a copy of the whole object.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

func isSecret(v value.Value) bool {
	return v.Get("kind").Str() == "Secret" && v.Get("apiVersion").Str() == "v1"
}

// masker takes secret values out of what is shown. With a fingerprint two values can be told
// apart.
type masker struct{ fingerprint func(data []byte) string }

// object is a difference as it may be shown: without the data of Secrets.
func (m masker) object(o ObjectDiff) ObjectDiff {
	if !isSecret(o.Old) && !isSecret(o.New) {
		return o
	}
	changes := make([]Change, len(o.Changes))
	for i, c := range o.Changes {
		changes[i] = m.change(c)
	}
	o.Old, o.New, o.Changes = m.at(nil, o.Old, ""), m.at(nil, o.New, ""), changes
	return o
}

func (m masker) change(c Change) Change {
	mark := ""
	if c.Op == Replace {
		mark = ", changed"
	}
	c.Old, c.New = m.at(c.Path, c.Old, ""), m.at(c.Path, c.New, mark)
	return c
}

// at masks whatever of a value at a path in a Secret is secret.
func (m masker) at(path Path, v value.Value, mark string) value.Value {
	switch {
	case isSecretPath(path):
		return m.value(v, isEncoded(path), mark)
	case v.Kind() != value.KindObject || len(path) > 2:
		return v
	}
	fields := make([]value.Field, 0, len(v.Fields()))
	for _, f := range v.Fields() {
		f.Value = m.at(path.member(f.Name), f.Value, mark)
		fields = append(fields, f)
	}
	return value.Object(fields...).WithOrigin(v.Origin())
}

func isSecretPath(path Path) bool {
	if len(path) > 0 && (path[0].Name == "data" || path[0].Name == "stringData") {
		return true
	}
	return len(path) > 2 && path[0].Name == "metadata" && path[1].Name == "annotations" && path[2].Name == lastApplied
}

func isEncoded(path Path) bool { return path[0].Name == "data" }

// value replaces every scalar but null, at whatever depth it stands.
func (m masker) value(v value.Value, encoded bool, mark string) value.Value {
	switch v.Kind() {
	case value.KindNull:
		return v
	case value.KindObject:
		fields := make([]value.Field, 0, len(v.Fields()))
		for _, f := range v.Fields() {
			f.Value = m.value(f.Value, encoded, mark)
			fields = append(fields, f)
		}
		return value.Object(fields...)
	case value.KindArray:
		items := make([]value.Value, 0, len(v.Items()))
		for _, item := range v.Items() {
			items = append(items, m.value(item, encoded, mark))
		}
		return value.Array(items...)
	case value.KindString:
		text := []byte(v.Str())
		if data, err := base64.StdEncoding.DecodeString(v.Str()); encoded && err == nil {
			text = data
		}
		if m.fingerprint != nil {
			mark = ", " + m.fingerprint(text) + mark
		}
		return value.String(fmt.Sprintf("(secret, %d bytes%s)", len(text), mark))
	}
	return value.String("(secret" + mark + ")")
}
