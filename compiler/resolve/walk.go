package resolve

import "github.com/couplet-k8s/couplet/compiler/syntax"

// walk resolves an expression in the current frame. Plain data has no names.
func (r *resolver) walk(id syntax.NodeID) {
	n := &r.tree.Nodes[id]
	if n.Flags&syntax.Data != 0 {
		return
	}
	switch n.Kind {
	case syntax.Var:
		r.variable(id)
	case syntax.Self:
		r.inObject(id, "self")
	case syntax.Dollar:
		if r.inObject(id, "$") {
			r.info.Slot[id] = uint32(r.ref(id, len(r.frames)-r.object, 0))
		}
	case syntax.SuperMember:
		r.inObject(id, "super")
	case syntax.SuperIndex, syntax.InSuper:
		r.inObject(id, "super")
		r.walk(syntax.NodeID(n.A))
	case syntax.Member, syntax.Unary, syntax.Parens, syntax.Error:
		r.walk(syntax.NodeID(n.A))
	case syntax.Index, syntax.Binary, syntax.ApplyBrace:
		r.walk(syntax.NodeID(n.A))
		r.walk(syntax.NodeID(n.B))
	case syntax.If, syntax.Assert:
		r.walk(syntax.NodeID(n.A))
		r.walk(syntax.NodeID(n.B))
		r.walk(syntax.NodeID(n.C))
	case syntax.Slice:
		r.walk(syntax.NodeID(n.A))
		r.walkAll(n.B, 3)
	case syntax.Array:
		r.walkAll(n.A, n.B)
	case syntax.Apply:
		r.walk(syntax.NodeID(n.A))
		r.walkAll(n.B, n.C)
	case syntax.NamedArg:
		r.walk(syntax.NodeID(n.B))
	case syntax.Local:
		r.local(n)
	case syntax.Function:
		r.function(id, n)
	case syntax.Object:
		r.objectLiteral(id, n)
	case syntax.ArrayComp:
		r.arrayComp(n)
	case syntax.ObjectComp:
		r.objectComp(id, n)
	}
}

func (r *resolver) walkAll(start, n uint32) {
	for _, id := range r.tree.List(start, n) {
		r.walk(id)
	}
}

// local resolves local a = 1, b = 2; body. The variables see each other.
func (r *resolver) local(n *syntax.Node) {
	mark := len(r.bindings)
	binds := r.tree.List(n.A, n.B)
	for _, id := range binds {
		r.bind(id)
	}
	for _, id := range binds {
		r.walk(syntax.NodeID(r.tree.Nodes[id].B))
	}
	r.walk(syntax.NodeID(n.C))
	r.forget(mark)
}

// function resolves a function in the frame of its call. Default arguments see all
// parameters.
func (r *resolver) function(id syntax.NodeID, n *syntax.Node) {
	mark := len(r.bindings)
	r.enter()
	params := r.tree.List(n.A, n.B)
	for _, param := range params {
		r.bind(param)
	}
	for _, param := range params {
		r.walk(syntax.NodeID(r.tree.Nodes[param].B))
	}
	r.walk(syntax.NodeID(n.C))
	r.forget(mark)
	r.info.Slot[id] = r.leave()
}

// objectLiteral resolves an object. The names of its fields belong to what is around.
func (r *resolver) objectLiteral(id syntax.NodeID, n *syntax.Node) {
	members := r.tree.List(n.A, n.B)
	r.fieldNames(members)
	r.info.Slot[id] = r.members(members)
}

func (r *resolver) fieldNames(members []syntax.NodeID) {
	for _, id := range members {
		if n := &r.tree.Nodes[id]; n.Kind == syntax.Field && n.Flags&syntax.Computed != 0 {
			r.walk(syntax.NodeID(n.A))
		}
	}
}

// members resolves what is inside an object, and gives the slots of its frame.
func (r *resolver) members(members []syntax.NodeID) uint32 {
	mark, object := len(r.bindings), r.object
	r.enter()
	if r.object < 0 {
		r.object = len(r.frames)
	}
	for _, id := range members {
		if r.tree.Nodes[id].Kind == syntax.Bind {
			r.bind(id)
		}
	}
	for _, id := range members {
		r.member(id)
	}
	r.forget(mark)
	r.object = object
	return r.leave()
}

// member resolves a field's value, a local's, or an assert: in a frame of its own if
// it binds variables, else in the object's.
func (r *resolver) member(id syntax.NodeID) {
	n := &r.tree.Nodes[id]
	own := n.Kind != syntax.Bind && n.Flags&syntax.Locals != 0
	if own {
		r.enter()
	}
	switch n.Kind {
	case syntax.Field, syntax.Bind:
		r.walk(syntax.NodeID(n.B))
	case syntax.Assert:
		r.walk(syntax.NodeID(n.A))
		r.walk(syntax.NodeID(n.B))
	}
	if own {
		r.info.Slot[id] = r.leave()
	}
}

func (r *resolver) arrayComp(n *syntax.Node) {
	mark := len(r.bindings)
	rounds := r.tree.List(n.B, n.C)
	r.rounds(rounds)
	r.walk(syntax.NodeID(n.A))
	r.leaveRounds(rounds)
	r.forget(mark)
}

func (r *resolver) objectComp(id syntax.NodeID, n *syntax.Node) {
	mark := len(r.bindings)
	members, rounds := r.tree.List(n.A, n.B), r.tree.List(n.A+n.B, n.C)
	r.rounds(rounds)
	r.fieldNames(members)
	r.info.Slot[id] = r.members(members)
	r.leaveRounds(rounds)
	r.forget(mark)
}

// rounds resolves the fors and ifs of a comprehension. Each for starts a frame, in
// which the rest stands.
func (r *resolver) rounds(rounds []syntax.NodeID) {
	for _, id := range rounds {
		n := &r.tree.Nodes[id]
		if n.Kind == syntax.If {
			r.walk(syntax.NodeID(n.A))
			continue
		}
		r.walk(syntax.NodeID(n.B))
		r.enter()
		r.bind(id)
	}
}

// leaveRounds ends the frames of a comprehension, the innermost first.
func (r *resolver) leaveRounds(rounds []syntax.NodeID) {
	for i := len(rounds) - 1; i >= 0; i-- {
		if r.tree.Nodes[rounds[i]].Kind != syntax.For {
			continue
		}
		if r.info.Size == nil {
			r.info.Size = map[syntax.NodeID]uint32{}
		}
		r.info.Size[rounds[i]] = r.leave()
	}
}
