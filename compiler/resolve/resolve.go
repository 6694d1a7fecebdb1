package resolve

import (
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// resolver walks a tree once.
type resolver struct {
	reporter
	info      *Info
	innermost []uint32  // per name, 1 + its innermost binding
	bindings  []binding // the variables in scope, the outermost first
	frames    []uint32  // how many slots the frames around the current one have so far
	slots     uint32    // how many the current one has
	object    int       // how many frames are around that of the outermost object; -1 outside
}

// binding is one variable in scope.
type binding struct {
	name   uint32
	hidden uint32 // what innermost was: the binding that this one shadows
	frame  int32  // how many frames are around that of the variable
	slot   uint32
	node   syntax.NodeID // the Bind, Param or For
}

// Resolve finds what each name of a tree means.
func Resolve(t *syntax.Tree) *Info {
	r := &resolver{
		info:      &Info{Tree: t, Slot: make([]uint32, len(t.Nodes))},
		innermost: make([]uint32, len(t.Names)),
		object:    -1,
	}
	r.tree = t
	r.walk(t.Root)
	r.info.RootSlots = r.slots
	r.info.Errors = r.list
	return r.info
}

// enter starts a frame inside the current one.
func (r *resolver) enter() {
	r.frames = append(r.frames, r.slots)
	r.slots = 0
}

// leave ends the current frame, and gives how many slots it has.
func (r *resolver) leave() uint32 {
	last := len(r.frames) - 1
	slots := r.slots
	r.slots = r.frames[last]
	r.frames = r.frames[:last]
	return slots
}

// bind gives a variable a slot in the current frame and brings it into scope.
func (r *resolver) bind(id syntax.NodeID) {
	if r.slots > maxSlot {
		r.tooMany(id)
		r.slots--
	}
	name := r.tree.Nodes[id].A
	r.info.Slot[id] = r.slots
	r.bindings = append(r.bindings, binding{
		name: name, hidden: r.innermost[name], frame: int32(len(r.frames)), slot: r.slots, node: id,
	})
	r.innermost[name] = uint32(len(r.bindings))
	r.slots++
}

// forget takes the variables that came into scope since mark out of it.
func (r *resolver) forget(mark int) {
	for i := len(r.bindings) - 1; i >= mark; i-- {
		r.innermost[r.bindings[i].name] = r.bindings[i].hidden
	}
	r.bindings = r.bindings[:mark]
}

// variable resolves a use of a variable.
func (r *resolver) variable(id syntax.NodeID) {
	name := r.tree.Nodes[id].A
	if at := r.innermost[name]; at != 0 {
		b := &r.bindings[at-1]
		r.info.Slot[id] = uint32(r.ref(id, len(r.frames)-int(b.frame), b.slot))
		return
	}
	if r.tree.Names[name] == "std" {
		r.info.Slot[id] = uint32(Std)
		return
	}
	r.unknown(id)
}

func (r *resolver) ref(id syntax.NodeID, depth int, slot uint32) Ref {
	if depth > maxDepth {
		r.tooMany(id)
		depth = 0
	}
	return Ref(uint32(depth)<<slotBits | slot)
}

// inObject reports a use of self, super or $ outside an object.
func (r *resolver) inObject(id syntax.NodeID, word string) bool {
	if r.object < 0 {
		r.outside(id, word)
	}
	return r.object >= 0
}
