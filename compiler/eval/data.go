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

// part is an element or a field's value.
func (b *dataBuilder) part(id syntax.NodeID) Value {
	v := b.build(id)
	if !b.tracked {
		return v
	}
	return withOrigin(v, dataOrigin(b.unit.Tree.Span(id)))
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
		elems := make([]Value, n.B)
		for i, id := range t.List(n.A, n.B) {
			elems[i] = b.part(id)
		}
		return NewArray(elems)
	case syntax.Object:
		return b.object(n)
	}
	return Null
}

func (b *dataBuilder) object(n *syntax.Node) Value {
	u := b.unit
	names, hashes := make([]string, n.B), make([]uint32, n.B)
	values := make([]Value, n.B)
	for i, id := range u.Tree.List(n.A, n.B) {
		field := u.Tree.Node(id)
		names[i], hashes[i] = u.Name(field.A)
		values[i] = b.part(syntax.NodeID(field.B))
	}
	return objectValue(&Object{shape: ir.NewShape(names, hashes), cache: unsafe.SliceData(values), state: made})
}
