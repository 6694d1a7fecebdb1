package cluster

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// lastApplied is the annotation in which kubectl keeps a copy of the object.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// volatile are the members of metadata that the server alone writes.
var volatile = []string{"managedFields", "resourceVersion", "generation", "creationTimestamp", "selfLink", "uid", "deletionTimestamp", "deletionGracePeriodSeconds"}

// comparable is what an apply can change of an object.
func comparable(v value.Value) value.Value {
	if v.IsNull() {
		return v
	}
	metadata := v.Get("metadata")
	for _, name := range volatile {
		if metadata.Has(name) {
			metadata = metadata.Without(name)
		}
	}
	if annotations := metadata.Get("annotations"); annotations.Has(lastApplied) {
		annotations = annotations.Without(lastApplied)
		if len(annotations.Fields()) > 0 {
			metadata = metadata.With("annotations", annotations)
		} else {
			metadata = metadata.Without("annotations")
		}
	}
	if v.Has("status") {
		v = v.Without("status")
	}
	return v.With("metadata", metadata)
}

// encodedSecret gives a Secret whose stringData is in data, where the server would put it.
func encodedSecret(v value.Value) value.Value {
	plain := v.Get("stringData")
	if !v.Has("stringData") {
		return v
	}
	data := v.Get("data")
	for _, f := range plain.Fields() {
		data = data.With(f.Name, value.String(base64.StdEncoding.EncodeToString([]byte(f.Value.Str()))).WithOrigin(f.Value.Origin()))
	}
	v = v.Without("stringData")
	if len(data.Fields()) > 0 {
		v = v.With("data", data)
	}
	return v
}

func asError(err error, e **Error) bool { return errors.As(err, e) }

// isWebhookError tells whether an admission webhook could not be asked, which concerns the
// objects that it is about.
func isWebhookError(err error) bool {
	var e *Error
	return errors.As(err, &e) && strings.Contains(e.Message, "failed calling webhook")
}
