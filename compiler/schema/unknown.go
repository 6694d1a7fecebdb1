package schema

import (
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
	"github.com/couplet-k8s/couplet/schemas"
)

// unknown reports a member that the schema does not have. The walk stands at it.
func (w *walker) unknown(s *schemas.Schema, f value.Field) {
	holder := s.Name()
	if holder == "" {
		holder = "the schema"
	}
	at := value.Null.WithOrigin(f.Origin)
	w.add(diag.FieldUnknown, at, holder+" has no field of this name", w.whereTo(s, f.Name))
}

// whereTo says what an unknown field may have been meant to be: a known one with
// another spelling, or one that belongs further out or further in.
func (w *walker) whereTo(s *schemas.Schema, name string) string {
	if near := diag.Suggest(name, s.Names()); near != "" {
		return "did you mean `" + near + "`?"
	}
	for i := len(w.steps) - 2; i >= 0; i-- {
		if holder := w.steps[i].holder; holder != nil && holder.Property(name) != nil {
			outer := walker{steps: w.steps[:i]}
			return placed(name, outer.path().String())
		}
	}
	if inner := further(s, name); inner != "" {
		path := walker{steps: w.steps[:len(w.steps)-1]}
		return placed(name, joinPath(path.path().String(), inner))
	}
	return diag.DidYouMean(name, s.Names())
}

func placed(name, path string) string {
	if path == "" {
		return "`" + name + "` belongs to the object itself"
	}
	return "`" + name + "` belongs in `" + path + "`"
}

// further finds the one nearest place inside a schema that has a field, at most a few
// levels down: "template.spec.containers[]". It gives "" where there is none or more
// than one.
func further(s *schemas.Schema, name string) string {
	const levels = 3
	type place struct {
		path string
		s    *schemas.Schema
	}
	level := []place{{"", s}}
	for range levels {
		var next []place
		var hits []string
		for _, p := range level {
			for _, inner := range p.s.Names() {
				child, suffix := p.s.Property(inner), ""
				if child.Type == schemas.Array && child.Elem != nil {
					child, suffix = child.Elem.Resolve(), "[]"
				}
				at := place{joinPath(p.path, inner) + suffix, child}
				if child.Property(name) != nil {
					hits = append(hits, at.path)
				}
				next = append(next, at)
			}
		}
		if len(hits) > 0 {
			return onlyOne(hits)
		}
		level = next
	}
	return ""
}

// onlyOne is the one hit, or, where status has the same field, the other.
func onlyOne(hits []string) string {
	var out []string
	for _, hit := range hits {
		if hit != "status" && !strings.HasPrefix(hit, "status.") {
			out = append(out, hit)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return ""
}
