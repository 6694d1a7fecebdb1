package parameters

import (
	"slices"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// Unset finds the expressions in the code of components that read a parameter which is
// there in no layer and has no default. Of names that the code tests first, by `in` or
// std.objectHas, there are none.
func (e Entry) Unset() []Finding {
	var found []Finding
	for _, c := range e.components() {
		known := e.Machine.Names(c.params, true)
		for _, literal := range e.Machine.Literals(c.object) {
			w := readWalk{tree: literal.Tree, holds: map[uint32]bool{}, tested: map[string]bool{}}
			w.object(literal.ID)
			for _, r := range w.reads {
				if slices.Contains(known, r.name) || w.tested[r.name] {
					continue
				}
				found = append(found, Finding{Diagnostic: diag.Diagnostic{
					Code: diag.ParameterUnset, Severity: diag.Warning, Span: literal.Tree.Span(r.at), Path: c.name + "." + r.name,
					Message: "component " + c.name + " reads the parameter `" + r.name + "`, which is set nowhere",
					Hint:    diag.DidYouMean(r.name, known),
				}})
			}
		}
	}
	return found
}

// readWalk looks through the literal of a component for what reads its parameters.
type readWalk struct {
	tree *syntax.Tree
	// holds are the names of variables that hold the parameters.
	holds map[uint32]bool
	// dollar is set where $ is the component.
	dollar bool
	reads  []read
	tested map[string]bool
}

type read struct {
	name string
	at   syntax.NodeID
}

// selfIs is what self means in an expression.
type selfIs uint8

const (
	another selfIs = iota
	theComponent
	theParams
)

// object walks a component. A local of it that holds its parameters is known under its
// name; where another variable has that name too, nothing is known.
func (w *readWalk) object(id syntax.NodeID) {
	n := w.tree.Node(id)
	w.dollar = w.isOutermost(n)
	bound := map[uint32]int{}
	w.count(id, bound)
	for _, member := range w.tree.List(n.A, n.B) {
		m := w.tree.Node(member)
		if m.Kind == syntax.Bind && bound[m.A] == 1 && w.isParams(syntax.NodeID(m.B), theComponent) {
			w.holds[m.A] = true
		}
	}
	for _, member := range w.tree.List(n.A, n.B) {
		self := theComponent
		m := w.tree.Node(member)
		if m.Kind == syntax.Field && m.Flags&syntax.Computed == 0 && w.tree.Names[m.A] == "params" {
			self = theParams
		}
		w.member(member, self)
	}
}

// isOutermost tells whether no object stands around an object.
func (w *readWalk) isOutermost(o *syntax.Node) bool {
	for i := range w.tree.Nodes {
		n := &w.tree.Nodes[i]
		isObject := n.Kind == syntax.Object || n.Kind == syntax.ObjectComp
		if isObject && n != o && n.Start <= o.Start && o.End <= n.End {
			return false
		}
	}
	return true
}

// member walks a member of the component. The literals that are the value of `params` have
// the parameters for their self; nested ones have another.
func (w *readWalk) member(id syntax.NodeID, self selfIs) {
	if self == theParams {
		w.tree.Children(w.tree.Node(id), func(child syntax.NodeID) { w.params(child) })
		return
	}
	w.tree.Children(w.tree.Node(id), func(child syntax.NodeID) { w.expr(child, self) })
}

// params walks what the parameters are put together of.
func (w *readWalk) params(id syntax.NodeID) {
	n := w.tree.Node(id)
	switch n.Kind {
	case syntax.Object:
		w.tree.Children(n, func(member syntax.NodeID) {
			w.tree.Children(w.tree.Node(member), func(child syntax.NodeID) { w.expr(child, theParams) })
		})
	case syntax.Binary, syntax.ApplyBrace, syntax.Parens:
		w.tree.Children(n, w.params)
	default:
		w.expr(id, theComponent)
	}
}

// count counts how often each name is bound in an expression.
func (w *readWalk) count(id syntax.NodeID, bound map[uint32]int) {
	n := w.tree.Node(id)
	switch n.Kind {
	case syntax.Bind, syntax.Param, syntax.For:
		bound[n.A]++
	}
	w.tree.Children(n, func(child syntax.NodeID) { w.count(child, bound) })
}

func (w *readWalk) expr(id syntax.NodeID, self selfIs) {
	n := w.tree.Node(id)
	switch n.Kind {
	case syntax.Object, syntax.ObjectComp:
		self = another
	case syntax.Member:
		if w.isParams(syntax.NodeID(n.A), self) {
			w.reads = append(w.reads, read{w.tree.Names[n.B], id})
		}
	case syntax.Index:
		if at := w.tree.Node(syntax.NodeID(n.B)); at.Kind == syntax.String && w.isParams(syntax.NodeID(n.A), self) {
			w.reads = append(w.reads, read{w.tree.StringValue(at), id})
		}
	case syntax.Binary:
		if left := w.tree.Node(syntax.NodeID(n.A)); n.Op == syntax.In && left.Kind == syntax.String && w.isParams(syntax.NodeID(n.B), self) {
			w.tested[w.tree.StringValue(left)] = true
		}
	case syntax.Apply:
		w.call(id, n, self)
	}
	w.tree.Children(n, func(child syntax.NodeID) { w.expr(child, self) })
}

// call looks at std.get, std.objectHas and their like, of the parameters.
func (w *readWalk) call(id syntax.NodeID, n *syntax.Node, self selfIs) {
	target, args := w.tree.Node(syntax.NodeID(n.A)), w.tree.List(n.B, n.C)
	if target.Kind != syntax.Member || len(args) < 2 || !w.isParams(args[0], self) {
		return
	}
	name := w.tree.Node(args[1])
	if std := w.tree.Node(syntax.NodeID(target.A)); std.Kind != syntax.Var || w.tree.Names[std.A] != "std" || name.Kind != syntax.String {
		return
	}
	switch w.tree.Names[target.B] {
	case "get":
		w.reads = append(w.reads, read{w.tree.StringValue(name), id})
	case "objectHas", "objectHasAll", "objectHasEx":
		w.tested[w.tree.StringValue(name)] = true
	}
}

// isParams tells whether an expression is the component's parameters.
func (w *readWalk) isParams(id syntax.NodeID, self selfIs) bool {
	n := w.tree.Node(id)
	switch n.Kind {
	case syntax.Parens:
		return w.isParams(syntax.NodeID(n.A), self)
	case syntax.Self:
		return self == theParams
	case syntax.Var:
		return w.holds[n.A]
	case syntax.Member:
		of := w.tree.Node(syntax.NodeID(n.A)).Kind
		return w.tree.Names[n.B] == "params" && (of == syntax.Self && self == theComponent || of == syntax.Dollar && w.dollar)
	}
	return false
}
