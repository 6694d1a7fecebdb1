package resolve

import (
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// maxErrors is how many errors one file reports.
const maxErrors = 50

// maxSuggestions is among how many variables in scope a misspelt one is looked for.
const maxSuggestions = 10_000

// reporter collects the errors of a tree.
type reporter struct {
	tree     *syntax.Tree
	list     diag.List
	overflow bool
	skipped  []bool // per name, whether the parser passed over it; nil until needed
}

func (r *reporter) add(span source.Span, message, hint string) {
	if !r.full() {
		r.list.Add(diag.Diagnostic{Code: diag.JsonnetStatic, Span: span, Message: message, Hint: hint})
	}
}

func (r *reporter) full() bool { return len(r.list) >= maxErrors }

// unknown reports a variable that nothing defines. One whose definition may stand in
// text that did not parse is no error of its own.
func (r *resolver) unknown(id syntax.NodeID) {
	name := r.tree.Nodes[id].A
	if r.full() || r.wasSkipped(name) {
		return
	}
	word := r.tree.Names[name]
	r.add(r.tree.Span(id), "unknown variable `"+word+"`", r.suggest(word))
}

func (r *reporter) wasSkipped(name uint32) bool {
	if len(r.tree.Skipped) == 0 {
		return false
	}
	if r.skipped == nil {
		r.skipped = make([]bool, len(r.tree.Names))
		for _, id := range r.tree.Skipped {
			r.skipped[id] = true
		}
	}
	return r.skipped[name]
}

// suggest is a hint for a misspelt variable: the nearest one in scope, and where it is
// defined.
func (r *resolver) suggest(word string) string {
	if len(word) < 2 || len(r.bindings) > maxSuggestions {
		return ""
	}
	known := []string{"std"}
	if r.object >= 0 {
		known = append(known, "self", "super")
	}
	at := map[string]syntax.NodeID{}
	for _, b := range r.bindings {
		name := r.tree.Names[b.name]
		known = append(known, name)
		at[name] = b.node
	}
	near := diag.Suggest(word, known)
	if near == "" {
		return ""
	}
	hint := "did you mean `" + near + "`?"
	if id, ok := at[near]; ok {
		hint += " (" + diag.Location(r.tree.Span(id)) + ")"
	}
	return hint
}

// outside reports self, super or $ where there is no object.
func (r *reporter) outside(id syntax.NodeID, word string) {
	hint := "it stands for the object that it is written in"
	switch word {
	case "super":
		hint = "it stands for the object on the left of `+`, and is written in the one on the right"
	case "$":
		hint = "it stands for the outermost object that it is written in"
	}
	r.add(r.tree.Span(id), "`"+word+"` outside an object", hint)
}

// tooMany reports a program beyond what a Ref can say.
func (r *reporter) tooMany(id syntax.NodeID) {
	if r.overflow {
		return
	}
	r.overflow = true
	r.add(r.tree.Span(id), "too many variables, or functions and objects nested too deeply", "move parts of the file to files of their own")
}
