package bundle

import (
	"fmt"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Explanation tells where a value of an object came from.
type Explanation struct {
	Object object.Object
	Path   *value.Path
	Value  value.Value
	// Steps are the expressions on the value's way, oldest first.
	Steps []Step
	// Members are those of an object or array.
	Members []Member
}

// Step is one expression on a value's way.
type Step struct {
	// Kind is a word of a fixed set: made, operand, overridden, defined, added.
	Kind string
	// Text says in a few words what the expression did.
	Text  string
	Span  source.Span
	Field string // that it defines; "" for none
	Layer int    // of a field: how many literals lie below it in the object
}

// Member is a member or element of a value, and the place that made it.
type Member struct {
	Path  *value.Path
	Value value.Value
	Span  source.Span
}

// Explain follows a path in an object and tells where what is there came from. Where the
// path leads nowhere, an error says how far it leads.
func Explain(o object.Object, path *value.Path) (Explanation, diag.List) {
	v, at, whole := o.Value.Follow(path)
	if !whole {
		return Explanation{}, diag.List{missing(o, path, at, v)}
	}
	e := Explanation{Object: o, Path: path, Value: v, Steps: steps(o.Source, v.Origin())}
	for _, f := range v.Fields() {
		e.Members = append(e.Members, Member{path.Member(f.Name), f.Value, o.Source.Span(f.Value.Origin())})
	}
	for i, item := range v.Items() {
		e.Members = append(e.Members, Member{path.Item(i), item, o.Source.Span(item.Origin())})
	}
	return e, nil
}

func steps(src object.Source, origin uint32) []Step {
	if added := object.Added(origin); added != "" {
		return []Step{{Kind: "added", Text: "set by couplet: " + added, Span: src.Declared}}
	}
	var out []Step
	verb, made := "made", false
	for _, s := range src.Chain(origin) {
		step := Step{Kind: s.Kind.String(), Span: s.Span, Field: s.Field, Layer: s.Layer}
		switch {
		case s.Kind == eval.Operand:
			verb = "computed"
			step.Text = "taken from here"
		case s.Kind == eval.Overridden:
			step.Text = fmt.Sprintf("overridden: an earlier definition of `%s`", s.Field)
		case s.Kind == eval.Made:
			step.Text, made = verb+" here", true
		case made:
			step.Text = fmt.Sprintf("given to the field `%s`", s.Field)
		default:
			step.Text, made = fmt.Sprintf("%s here for the field `%s`", verb, s.Field), true
		}
		out = append(out, step)
	}
	return out
}

// missing is the error of a path that leads no further than at, where v is.
func missing(o object.Object, path, at *value.Path, v value.Value) diag.Diagnostic {
	rest := path.Steps()[len(at.Steps()):]
	d := diag.Diagnostic{Code: diag.PathMissing, Span: o.Span, Object: o.Identity().String()}
	where := "it"
	if at != nil {
		where = "`" + at.String() + "`"
	}
	switch {
	case rest[0].Index >= 0 && v.Kind() == value.KindArray:
		d.Message = fmt.Sprintf("there is no `%s`: %s has %s", path, where, counted(len(v.Items()), "element"))
	case v.Kind() != value.KindObject:
		d.Message = fmt.Sprintf("there is no `%s`: %s is a %s", path, where, v.Kind())
	case rest[0].Index >= 0:
		d.Message = fmt.Sprintf("there is no `%s`: %s is an object, which has no elements", path, where)
	default:
		d.Message = fmt.Sprintf("there is no `%s`: %s has no field `%s`", path, where, rest[0].Name)
		d.Hint = memberHint(v, at, rest)
	}
	return d
}

// memberHint finds a member that may have been meant: also one with dots in its name,
// which were taken for steps.
func memberHint(v value.Value, at *value.Path, rest []value.Step) string {
	var known []string
	for _, f := range v.Fields() {
		known = append(known, f.Name)
	}
	name := ""
	for _, s := range rest {
		name = strings.TrimPrefix(name+"."+s.Name, ".")
		if v.Has(name) {
			return "did you mean `" + at.Member(name).String() + "`?"
		}
	}
	if near := diag.Suggest(rest[0].Name, known); near != "" {
		return "did you mean `" + at.Member(near).String() + "`?"
	}
	return diag.DidYouMean(rest[0].Name, known)
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
