package diff

import (
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Step leads from a value to one inside it: to a member of an object, or to an element
// of an array.
type Step struct {
	// Name is the member's name; it counts where Index is -1.
	Name string
	// Index is the element's position: in the new array for an added element, in the
	// old array for any other; -1 for a member.
	Index int
	// Key are the fields that an element is known by; nil where it is known by its
	// position only.
	Key []value.Field
}

// Path leads from an object to a value inside it.
type Path []Step

func (p Path) member(name string) Path {
	return append(p[:len(p):len(p)], Step{Name: name, Index: -1})
}

func (p Path) item(index int, key []value.Field) Path {
	return append(p[:len(p):len(p)], Step{Index: index, Key: key})
}

// String writes the path as people say it:
// spec.template.spec.containers[name=web].args[0], metadata.labels["a/b"].
func (p Path) String() string {
	var b strings.Builder
	for i, step := range p {
		switch {
		case step.Key != nil:
			b.WriteString("[" + step.keyText() + "]")
		case step.Index >= 0:
			b.WriteString("[" + strconv.Itoa(step.Index) + "]")
		case !value.IsIdentifier(step.Name):
			b.WriteString("[" + compact(value.String(step.Name)) + "]")
		default:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step.Name)
		}
	}
	return b.String()
}

func (s Step) keyText() string {
	var parts []string
	for _, f := range s.Key {
		text := compact(f.Value)
		if bare := f.Value.Str(); bare != "" && strings.Trim(bare, bareLetters) == "" {
			text = bare
		}
		parts = append(parts, f.Name+"="+text)
	}
	return strings.Join(parts, ",")
}

const bareLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@*"

// compact is a value as JSON on one line, which tells values apart.
func compact(v value.Value) string { return string(emit.AppendJSON(nil, v, emit.Compact)) }
