package eval

import (
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// dataBuilder makes the value of an expression that is plain data. Nothing of it is
// left to be done later, so that machines can share it.
type dataBuilder struct {
	unit    *ir.Unit
	tracked bool
}

// parts are elements or the values of fields, from the nodes that id gives. With
// provenance they keep their places, all of one container in one piece of memory.
func (b *dataBuilder) parts(n uint32, id func(i int) syntax.NodeID) []Value {
	values := make([]Value, n)
	if !b.tracked {
		for i := range values {
			values[i] = b.build(id(i))
		}
		return values
	}
	kept := make([]struct {
		thunk  thunk
		origin origin
	}, n)
	for i := range values {
		k := &kept[i]
		k.thunk.value, k.origin = b.build(id(i)), dataOrigin(b.unit.Tree.Span(id(i)))
		k.thunk.setOrigin(&k.origin)
		values[i] = tagged(kindThunk, unsafe.Pointer(&k.thunk))
	}
	return values
}

func (b *dataBuilder) build(id syntax.NodeID) Value {
	t := b.unit.Tree
	n := t.Node(id)
	switch n.Kind {
	case syntax.True:
		return True
	case syntax.False:
		return False
	case syntax.Number:
		f, _ := ir.ParseNumber(t.File.Text()[n.Start:n.End])
		return Number(f)
	case syntax.String:
		return String(t.StringValue(n))
	case syntax.Parens:
		return b.build(syntax.NodeID(n.A))
	case syntax.Array:
		items := t.List(n.A, n.B)
		return NewArray(b.parts(n.B, func(i int) syntax.NodeID { return items[i] }))
	case syntax.Object:
		return b.object(n)
	}
	return Null
}

func (b *dataBuilder) object(n *syntax.Node) Value {
	u := b.unit
	names, hashes := make([]string, n.B), make([]uint32, n.B)
	fields := u.Tree.List(n.A, n.B)
	for i, id := range fields {
		names[i], hashes[i] = u.Name(u.Tree.Node(id).A)
	}
	values := b.parts(n.B, func(i int) syntax.NodeID { return syntax.NodeID(u.Tree.Node(fields[i]).B) })
	return objectValue(&Object{shape: ir.NewShape(names, hashes), cache: unsafe.SliceData(values), state: made})
}
