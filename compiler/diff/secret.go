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

// masked is the difference as it may be shown: without the data of Secrets.
func (o ObjectDiff) masked() ObjectDiff {
	if !isSecret(o.Old) && !isSecret(o.New) {
		return o
	}
	changes := make([]Change, len(o.Changes))
	for i, c := range o.Changes {
		changes[i] = c.masked()
	}
	o.Old, o.New, o.Changes = maskAt(nil, o.Old, ""), maskAt(nil, o.New, ""), changes
	return o
}

func (c Change) masked() Change {
	mark := ""
	if c.Op == Replace {
		mark = ", changed"
	}
	c.Old, c.New = maskAt(c.Path, c.Old, ""), maskAt(c.Path, c.New, mark)
	return c
}

// maskAt masks whatever of a value at a path in a Secret is secret.
func maskAt(path Path, v value.Value, mark string) value.Value {
	switch {
	case isSecretPath(path):
		return mask(v, isEncoded(path), mark)
	case v.Kind() != value.KindObject || len(path) > 2:
		return v
	}
	fields := make([]value.Field, 0, len(v.Fields()))
	for _, f := range v.Fields() {
		f.Value = maskAt(path.member(f.Name), f.Value, mark)
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

// mask replaces every scalar but null, at whatever depth it stands.
func mask(v value.Value, encoded bool, mark string) value.Value {
	switch v.Kind() {
	case value.KindNull:
		return v
	case value.KindObject:
		fields := make([]value.Field, 0, len(v.Fields()))
		for _, f := range v.Fields() {
			f.Value = mask(f.Value, encoded, mark)
			fields = append(fields, f)
		}
		return value.Object(fields...)
	case value.KindArray:
		items := make([]value.Value, 0, len(v.Items()))
		for _, item := range v.Items() {
			items = append(items, mask(item, encoded, mark))
		}
		return value.Array(items...)
	case value.KindString:
		size := len(v.Str())
		if data, err := base64.StdEncoding.DecodeString(v.Str()); encoded && err == nil {
			size = len(data)
		}
		return value.String(fmt.Sprintf("(secret, %d bytes%s)", size, mark))
	}
	return value.String("(secret" + mark + ")")
}
