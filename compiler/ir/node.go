package ir

import (
	"slices"

	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// Op tells what a Node does.
type Op uint16

// The operations. X, Y and Z are operands; what else a node uses is said beside it.
const (
	OpBad         Op = iota // a place that holds no expression
	OpNull                  //
	OpTrue                  //
	OpFalse                 //
	OpNumber                // Num
	OpOverflow              // a number too large for a float64
	OpString                // Str
	OpProfileData           // OpProfiled of one of the operations up to OpData, which need no frame
	OpData                  // Ref *Data
	OpVar0                  // Slot of the frame itself
	OpVar1                  // Slot of the frame above
	OpVar                   // Slot, Depth frames up
	OpSelf                  //
	OpDollar                // Depth frames up
	OpStd                   //
	OpStdMember             // Slot a builtin: std.name
	OpMember                // X.Str, its hash in Hash
	OpSelfMember            // self.Str
	OpIndex                 // X[Y]
	OpSuperMember           // super.Str
	OpSuperIndex            // super[X]
	OpInSuper               // X in super
	OpArray                 // Ref *List
	OpArrayComp             // Ref *Comp
	OpObject                // Ref *Object
	OpObjectComp            // Ref *Comp
	OpFunction              // Ref *Function
	OpCall                  // X(...), Ref *Call
	OpTailCall              // the same, tailstrict and last in a function's body
	OpCallStd               // Slot a builtin, Ref *Call with positional arguments only
	OpLocal                 // Ref *Locals, X the body
	OpIf                    // if X then Y else Z
	OpError                 // error X
	OpAssertFail            // the error of an assert whose message is not given
	OpImport                // Str
	OpImportStr             // Str
	OpImportBin             // Str
	OpNot                   //
	OpBitNot                //
	OpPos                   //
	OpNeg                   //
	OpMul                   // X * Y, and so on
	OpDiv                   //
	OpMod                   //
	OpAdd                   //
	OpSub                   //
	OpShiftL                //
	OpShiftR                //
	OpGreater               //
	OpGreaterEq             //
	OpLess                  //
	OpLessEq                //
	OpIn                    //
	OpEqual                 //
	OpUnequal               //
	OpBitAnd                //
	OpBitXor                //
	OpBitOr                 //
	OpAnd                   //
	OpOr                    //
	OpApplyNative           // made by the machine: calls a Go function
	OpGiven                 // made by the machine: a value that is there
	OpProfiled              // X, whose costs are told apart from those of what it stands in; Slot 1 where its runs are counted
	NumOps                  // how many there are
)

// Tracked marks the operations of code that is lowered for provenance. It is a bit
// above all operations.
const Tracked Op = 64

// Node is one operation. It is immutable once its body is lowered.
type Node struct {
	Op      Op
	Depth   uint16
	Slot    uint32
	Start   Pos
	End     Pos
	X, Y, Z *Node
	Str     string
	Num     float64
	Hash    uint32
	Ref     any
}

// Pos is a byte of a file, in the space of all units of a Store.
type Pos uint32

// List is the elements of an array.
type List struct{ Items []*Node }

// Data is an expression that is plain data. Built is for the machine, which keeps
// there what it made of it.
type Data struct {
	Unit    *Unit
	ID      syntax.NodeID
	Built   Once
	Tracked Once // the same with provenance
}

// Call is the arguments of a call: positional ones, then named ones.
type Call struct {
	Args       []*Node
	Names      []string // of the last len(Names) arguments
	TailStrict bool
	Trims      bool // the caller's frame no longer counts where its own call was tailstrict
}

// Locals are variables and what each is bound to in its frame.
type Locals struct{ Binds []Bind }

// Bind gives a slot its expression.
type Bind struct {
	Slot  uint32
	Value *Node
}

// Function is a function's code.
type Function struct {
	Signature Signature
	Defaults  []*Node // of the parameters, nil where an argument must be given
	Slots     int     // of a call's frame, parameters first
	Body      Body
	Name      string // where it is bound to one; "" otherwise
}

// Signature is a function's parameters as its callers see them.
type Signature struct {
	Names    []string
	Optional []bool
	Repeats  bool // a name stands twice
}

// Add adds a parameter.
func (s *Signature) Add(name string, optional bool) {
	s.Repeats = s.Repeats || slices.Contains(s.Names, name)
	s.Names, s.Optional = append(s.Names, name), append(s.Optional, optional)
}

// Required is how many arguments a call must have.
func (s *Signature) Required() int {
	n := 0
	for _, optional := range s.Optional {
		if !optional {
			n++
		}
	}
	return n
}

// Comp is a comprehension.
type Comp struct {
	Rounds []Round
	Body   *Node   // of an array
	Object *Object // of an object, with one Field
}

// Round is one for with the conditions that follow it.
type Round struct {
	Over  *Node
	Slots int
	Ifs   []*Node
}

// Visibility is how a field's colons are written.
type Visibility uint8

// The three forms: ":", "::" and ":::".
const (
	Inherit Visibility = iota
	Hidden
	Visible
)

// Object is an object literal.
type Object struct {
	Fields  []Field
	Shape   *Shape // nil where a name is computed
	Slots   int    // of the object's frame
	Locals  []Bind
	Asserts []Field // Body is the whole check
	Start   Pos
}

// Field is one field of an object literal.
type Field struct {
	Name       string
	Hash       uint32
	NameExpr   *Node // where the name is computed
	Visibility Visibility
	Plus       bool
	Slots      int // of the frame of its value; -1 where that is the object's own
	Body       Body
}
