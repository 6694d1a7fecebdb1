package cluster

import (
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diff"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Who manages which field stands in metadata.managedFields. Its form, FieldsV1, is described
// in k8s.io/apimachinery/pkg/apis/meta/v1: an object whose keys are "f:NAME" for a member,
// "k:KEYS" for the element of a list with these keys, "v:VALUE" for that of a set, "i:INDEX"
// for one by its place, and "." for the thing itself; a key whose object is empty is a leaf.
const itself = "."

// ownFields are the fields of an object that couplet applied; null where there are none.
func ownFields(object value.Value) value.Value {
	for _, entry := range object.Get("metadata", "managedFields").Items() {
		if entry.Get("manager").Str() == Manager && entry.Get("operation").Str() == "Apply" && entry.Get("subresource").Str() == "" {
			return entry.Get("fieldsV1")
		}
	}
	return value.Null
}

// liveDigest is the sum of what the server keeps of the fields that couplet applied: which
// fields they are, and their values. It is the same for as long as nobody changes one of
// them, whatever becomes of the rest of the object.
func liveDigest(object value.Value) string {
	fields := ownFields(object)
	if fields.IsNull() {
		return ""
	}
	sum := sha256.New()
	hashFields(sum, fields, object)
	return digestText(sum)
}

// digestBytes is how much of a SHA-256 sum is kept: enough that no two states of one object
// share it.
const digestBytes = 16

func digestText(sum hash.Hash) string {
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:digestBytes])
}

func digestOf(text []byte) string {
	sum := sha256.New()
	sum.Write(text)
	return digestText(sum)
}

// digest is the sum of a value.
func digest(v value.Value) string {
	return digestOf(emit.AppendJSON(nil, v, emit.Compact))
}

// hashFields walks along managed fields and the value that has them.
func hashFields(sum hash.Hash, fields, v value.Value) {
	if len(fields.Fields()) == 0 {
		sum.Write(emit.AppendJSON(nil, v, emit.Compact))
		return
	}
	for _, f := range fields.Fields() {
		sum.Write([]byte(f.Name))
		sum.Write([]byte{0})
		if f.Name == itself {
			continue
		}
		part, there := follow(v, f.Name)
		if !there {
			sum.Write([]byte{1})
			continue
		}
		hashFields(sum, f.Value, part)
	}
}

// follow goes one step of FieldsV1 into a value.
func follow(v value.Value, step string) (value.Value, bool) {
	kind, rest, _ := strings.Cut(step, ":")
	switch kind {
	case "f":
		f, ok := v.Field(rest)
		return f.Value, ok
	case "k", "v":
		want := parse(rest)
		for _, item := range v.Items() {
			if kind == "v" && value.Equal(item, want) || kind == "k" && hasKeys(item, want) {
				return item, true
			}
		}
	case "i":
		index := int(parse(rest).Float())
		if items := v.Items(); index < len(items) {
			return items[index], true
		}
	}
	return value.Null, false
}

func parse(text string) value.Value {
	v, _ := decode.JSON(source.NewFile("", text))
	return v
}

// hasKeys tells whether a list's element has these keys. A key that the element leaves out
// has its default, which the server knows: such an element is taken to be the one.
func hasKeys(item, keys value.Value) bool {
	for _, key := range keys.Fields() {
		f, there := item.Field(key.Name)
		if there && !value.Equal(f.Value, key.Value) {
			return false
		}
	}
	return item.Kind() == value.KindObject
}

// owns tells whether managed fields have the field that a path of a difference leads to, or
// something in it.
func owns(fields value.Value, path diff.Path) bool {
	for _, step := range path {
		if len(fields.Fields()) == 0 {
			return !fields.IsNull()
		}
		next := value.Null
		for _, f := range fields.Fields() {
			if stepMatches(f.Name, step) {
				next = f.Value
				break
			}
		}
		if next.IsNull() {
			return false
		}
		fields = next
	}
	return true
}

func stepMatches(name string, step diff.Step) bool {
	kind, rest, _ := strings.Cut(name, ":")
	switch {
	case kind == "f":
		return step.Index < 0 && rest == step.Name
	case kind == "k" && step.Key != nil:
		keys := parse(rest)
		for _, f := range step.Key {
			if member, there := keys.Field(f.Name); there && !value.Equal(member.Value, f.Value) {
				return false
			}
		}
		return true
	}
	return step.Index >= 0
}

// otherManagers counts the fields, of what is not status, that others than couplet manage.
func otherManagers(object value.Value) map[string]int {
	out := map[string]int{}
	for _, entry := range object.Get("metadata", "managedFields").Items() {
		manager := entry.Get("manager").Str()
		if manager == Manager && entry.Get("operation").Str() == "Apply" || entry.Get("subresource").Str() != "" {
			continue
		}
		if n := leaves(entry.Get("fieldsV1")); n > 0 {
			out[manager] += n
		}
	}
	return out
}

func leaves(fields value.Value) int {
	n := 0
	for _, f := range fields.Fields() {
		switch {
		case f.Name == itself || f.Name == "f:status":
		case len(f.Value.Fields()) == 0:
			n++
		default:
			n += leaves(f.Value)
		}
	}
	return n
}
