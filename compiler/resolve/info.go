package resolve

import (
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// Info is what resolving a Tree gives. It never changes.
type Info struct {
	Tree *syntax.Tree
	// Slot has one entry per node of the tree; what it means depends on the kind:
	//
	//	Var          a Ref
	//	Dollar       a Ref: Depth leads to the frame of the outermost object, Slot is 0
	//	Param, For   the slot of the variable in its frame
	//	Bind         the slot of the variable in its frame
	//	Function     how many slots a call's frame has
	//	For          its own slot is 0; the number of slots of its frame is in Size
	//	Object       how many slots the object's frame has
	//	ObjectComp   how many slots the frame of one of its fields' objects has
	//	Field,       with the flag Locals, how many slots the frame of its value or
	//	Assert       condition has
	Slot []uint32
	// Size gives, per For node, how many slots the frame of one round has.
	Size map[syntax.NodeID]uint32
	// RootSlots is how many slots the file's own frame has.
	RootSlots uint32
	Errors    diag.List
}

// Ref leads from a use of a variable to its slot: Depth frames up, then Slot.
type Ref uint32

// Std is the Ref of the variable std where nothing shadows it.
const Std Ref = 1<<32 - 1

const (
	slotBits = 20
	maxSlot  = 1<<slotBits - 1
	maxDepth = 1<<(32-slotBits) - 2
)

// Depth is how many frames up the variable lives.
func (r Ref) Depth() int { return int(r >> slotBits) }

// Slot is the variable's place in its frame.
func (r Ref) Slot() int { return int(r & maxSlot) }
