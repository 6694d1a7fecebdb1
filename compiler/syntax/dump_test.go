package syntax_test

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// dump writes an expression of a tree in one line, each node in brackets. Data is
// marked by ', a value with variables of its own by ^.
type dump struct{ *syntax.Tree }

var operators = map[syntax.Op]string{
	syntax.Not: "!", syntax.BitNot: "~", syntax.Pos: "+", syntax.Neg: "-", syntax.Mul: "*", syntax.Div: "/",
	syntax.Mod: "%", syntax.Add: "+", syntax.Sub: "-", syntax.ShiftL: "<<", syntax.ShiftR: ">>",
	syntax.Greater: ">", syntax.GreaterEq: ">=", syntax.Less: "<", syntax.LessEq: "<=", syntax.In: "in",
	syntax.Equal: "==", syntax.Unequal: "!=", syntax.BitAnd: "&", syntax.BitXor: "^", syntax.BitOr: "|",
	syntax.And: "&&", syntax.Or: "||",
}

// words are the kinds that are dumped as a word and their children.
var words = map[syntax.Kind]string{
	syntax.If: "if", syntax.Assert: "assert", syntax.Error: "error", syntax.Import: "import",
	syntax.ImportStr: "importstr", syntax.ImportBin: "importbin", syntax.Index: "index", syntax.Slice: "slice",
	syntax.SuperIndex: "super", syntax.InSuper: "insuper", syntax.Apply: "apply", syntax.ApplyBrace: "brace",
	syntax.Function: "function", syntax.Local: "local", syntax.Parens: "parens", syntax.ArrayComp: "arraycomp",
	syntax.ObjectComp: "objectcomp",
}

func (t dump) node(id syntax.NodeID) string {
	n := t.Node(id)
	switch n.Kind {
	case syntax.Bad:
		return "BAD"
	case syntax.Null, syntax.True, syntax.False, syntax.Self, syntax.Dollar, syntax.Number:
		return t.File.Text()[n.Start:n.End] + t.data(n)
	case syntax.String:
		return t.str(n)
	case syntax.Var:
		return t.Names[n.A]
	case syntax.Array:
		return "[" + t.list(n) + "]" + t.data(n)
	case syntax.Object:
		return "{" + t.list(n) + "}" + t.data(n) + t.mark(n, syntax.Computed, "?")
	case syntax.Unary, syntax.Binary:
		return "(" + operators[n.Op] + " " + t.list(n) + ")"
	case syntax.Member:
		return "(. " + t.list(n) + " " + t.Names[n.B] + ")"
	case syntax.SuperMember:
		return "(super " + t.Names[n.A] + ")"
	case syntax.Field:
		return t.field(n)
	case syntax.Bind, syntax.NamedArg, syntax.Param, syntax.For:
		return t.named(n)
	}
	return "(" + words[n.Kind] + t.mark(n, syntax.TailStrict, "!") + t.local(n) + t.slice(n) + ")"
}

func (t dump) list(n *syntax.Node) string {
	var parts []string
	t.Children(n, func(id syntax.NodeID) { parts = append(parts, t.node(id)) })
	return strings.Join(parts, " ")
}

// slice dumps the children of a node, where the missing parts of a slice show.
func (t dump) slice(n *syntax.Node) string {
	if n.Kind != syntax.Slice {
		return " " + t.list(n)
	}
	out := " " + t.node(syntax.NodeID(n.A))
	for _, id := range t.List(n.B, 3) {
		if id == 0 {
			out += " _"
		} else {
			out += " " + t.node(id)
		}
	}
	return out
}

func (t dump) mark(n *syntax.Node, flag syntax.Flags, mark string) string {
	if n.Flags&flag != 0 {
		return mark
	}
	return ""
}

// data marks plain data.
func (t dump) data(n *syntax.Node) string { return t.mark(n, syntax.Data, "'") }

func (t dump) local(n *syntax.Node) string {
	if n.Kind == syntax.Assert {
		return t.mark(n, syntax.Locals, "^")
	}
	return ""
}

func (t dump) str(n *syntax.Node) string {
	return t.mark(n, syntax.Block, "|") + t.mark(n, syntax.Escaped, "\\") + strconv.Quote(t.StringValue(n)) + t.data(n)
}

func (t dump) field(n *syntax.Node) string {
	sign := t.mark(n, syntax.Plus, "+") + ":" + t.mark(n, syntax.Hidden, ":") + t.mark(n, syntax.Visible, "::")
	name := t.mark(n, syntax.Escaped, "'")
	if n.Flags&syntax.Computed != 0 {
		name += "[" + t.node(syntax.NodeID(n.A)) + "]"
	} else {
		name += t.Names[n.A]
	}
	return "(" + name + sign + t.mark(n, syntax.Locals, "^") + " " + t.node(syntax.NodeID(n.B)) + ")"
}

func (t dump) named(n *syntax.Node) string {
	sign := map[syntax.Kind]string{syntax.Bind: "=", syntax.NamedArg: "=", syntax.Param: "=", syntax.For: " in "}[n.Kind]
	if n.B == 0 {
		return t.Names[n.A]
	}
	return fmt.Sprintf("(%s%s%s)", t.Names[n.A], sign, t.node(syntax.NodeID(n.B)))
}
