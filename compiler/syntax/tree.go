package syntax

import (
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// NodeID names a node of one Tree. 0 stands for a child that is not there.
type NodeID uint32

// NameID names an entry of a Tree's Names.
type NameID uint32

// Node is one construct. What A, B and C mean depends on the kind; see the table at
// Kind. A list is a run of NodeIDs in the Tree's Lists.
type Node struct {
	Kind       Kind
	Flags      Flags
	Op         Op     // of Unary and Binary
	Start, End uint32 // bytes of the file
	A, B, C    uint32
}

// Kind tells what a Node is.
type Kind uint8

// The kinds. "list, n" is the start of a list and its length.
const (
	Bad         Kind = iota // text that could not be parsed
	Null                    //
	True                    //
	False                   //
	Number                  // the span is its text
	String                  // Escaped: A index in Strings; else A, B the bytes of the content, from and to
	Self                    //
	Dollar                  //
	Var                     // A name
	Array                   // A, B list, n of elements
	ArrayComp               // A body; B, C list, n of For and If
	Object                  // A, B list, n of members: Field, Bind, Assert without rest
	ObjectComp              // A list of members and then of For and If; B how many members; C how many For and If
	Field                   // A name (Computed: its expression); B value, a Function for a method
	Bind                    // A name, B value, a Function for the sugar f(x) = y
	For                     // A name, B what it runs over
	If                      // A condition, B then, C else or 0; in a comprehension A only
	Index                   // A target, B index
	Member                  // A target, B name
	Slice                   // A target, B list of three: from, to and step, each or 0
	SuperIndex              // A index
	SuperMember             // A name
	InSuper                 // A what is looked for
	Apply                   // A target; B, C list, n of arguments: any expression, then NamedArg
	NamedArg                // A name, B value
	ApplyBrace              // A left, B object
	Function                // A, B list, n of Param; C body
	Param                   // A name, B default or 0
	Local                   // A, B list, n of Bind; C body
	Assert                  // A condition, B message or 0, C rest; in an object A and B only
	Error                   // A message
	Import                  // A a String
	ImportStr               // A a String
	ImportBin               // A a String
	Unary                   // A operand
	Binary                  // A left, B right
	Parens                  // A what stands in them
)

// Flags are marks of a Node.
type Flags uint8

// The flags; each belongs to the kinds named.
const (
	Escaped    Flags = 1 << iota // String: its value is in Strings. Field: its name is a quoted string
	Block                        // String: a text block
	Computed                     // Field: the name is an expression. Object: its names may turn out equal when it is evaluated
	Plus                         // Field: +:
	Hidden                       // Field: ::
	Visible                      // Field: :::
	TailStrict                   // Apply
	Locals                       // Field, Assert in an object: binds locals in a frame of its own; see package resolve
)

// Data marks an expression that is plain data: null, a boolean, number or string, an
// array of such, or an object all of whose members are fields with fixed names, ":"
// and such values. It stands beside Locals, which only members carry.
const Data = Locals

// Op is the operator of a Unary or a Binary.
type Op uint8

// The operators.
const (
	Not    Op = iota // !
	BitNot           // ~
	Pos              // unary +
	Neg              // unary -
	Mul
	Div
	Mod
	Add
	Sub
	ShiftL
	ShiftR
	Greater
	GreaterEq
	Less
	LessEq
	In
	Equal
	Unequal
	BitAnd
	BitXor
	BitOr
	And
	Or
)

// Tree is one parsed file. It never changes.
type Tree struct {
	File     *source.File
	Nodes    []Node   // children stand before their parents; Nodes[0] is no node
	Lists    []NodeID // the lists of children
	Names    []string // identifiers and fixed field names, each once
	Strings  []string // values of strings that do not stand in the text as they are
	Comments []Comment
	Root     NodeID
	Skipped  []NameID // identifiers in text that could not be parsed: they may have been variables
	Errors   diag.List
}

// Comment is one comment, its markers included.
type Comment struct{ Start, End uint32 }

// Node gives a node by its ID.
func (t *Tree) Node(id NodeID) *Node { return &t.Nodes[id] }

// List gives n IDs of a list.
func (t *Tree) List(start, n uint32) []NodeID { return t.Lists[start : start+n] }

// Span gives the place of a node.
func (t *Tree) Span(id NodeID) source.Span {
	n := &t.Nodes[id]
	return source.Span{File: t.File, Start: int(n.Start), End: int(n.End)}
}

// StringValue gives the value of a String.
func (t *Tree) StringValue(n *Node) string {
	if n.Flags&Escaped != 0 {
		return t.Strings[n.A]
	}
	return t.File.Text()[n.A:n.B]
}
