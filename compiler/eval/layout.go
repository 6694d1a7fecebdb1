package eval

import (
	"slices"
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/ir"
)

// layoutNode is a place in the tree of the layouts that the machine has made, by the
// literals of the layers from the oldest on.
type layoutNode struct {
	next   map[*ir.Object]*layoutNode
	layout *layout
}

// fewLayers is how many layers a layout is kept for. Longer stacks come from folds,
// whose next result has another layout.
const fewLayers = 8

func (m *Machine) layoutOf(layers []*Object) *layout {
	at := &m.layouts
	if len(layers) > fewLayers {
		return m.buildLayout(layers)
	}
	for _, layer := range layers {
		if layer.code == nil || layer.ext != nil {
			return m.buildLayout(layers)
		}
		next := at.next[layer.code]
		if next == nil {
			next = &layoutNode{}
			if at.next == nil {
				at.next = map[*ir.Object]*layoutNode{}
			}
			at.next[layer.code] = next
		}
		at = next
	}
	if at.layout == nil {
		at.layout = m.buildLayout(layers)
	}
	return at.layout
}

func (m *Machine) buildLayout(layers []*Object) *layout {
	m.work.Layouts++
	b := &m.builder
	b.gather(layers)
	if layers[len(layers)-1].ext.maskOf() == nil {
		b.unmask(layers)
	}
	return b.layout()
}

// layoutBuilder gathers the fields of layers, the oldest first. It can be used again: the
// layout has copies.
type layoutBuilder struct {
	names  []string
	hashes []uint32
	from   []place
	vis    []ir.Visibility
	table  []uint32 // open addressing, index+1
}

func (b *layoutBuilder) gather(layers []*Object) {
	total := 0
	for _, layer := range layers {
		if layer.shape != nil {
			total += len(layer.shape.Names)
		}
	}
	b.reset(total)
	for l := 0; l < len(layers); l++ {
		// A mask stands above what it covers: what it leaves is added in its place.
		if end, ok := maskOver(layers, l); ok {
			b.addMasked(layers, end)
			l = end
			continue
		}
		b.addLayer(layers[l], int32(l))
	}
}

// unmask points each field at its topmost definition, hidden by a mask or not: a mask
// that is not on top hides only that a name is there.
func (b *layoutBuilder) unmask(layers []*Object) {
	masked := false
	for _, layer := range layers {
		masked = masked || layer.ext.maskOf() != nil
	}
	if !masked {
		return
	}
	for i, name := range b.names {
		b.from[i] = topmost(layers, name, b.hashes[i])
	}
}

// topmost is where a name that is in some layer is defined last.
func topmost(layers []*Object, name string, hash uint32) place {
	for l, layer := range slices.Backward(layers) {
		if layer.shape == nil {
			continue
		}
		if i := layer.shape.Find(name, hash); i >= 0 {
			return place{int32(l), int32(i)}
		}
	}
	panic("no layer has the field " + name)
}

// maskOver finds the widest mask that covers layer l as its first.
func maskOver(layers []*Object, l int) (int, bool) {
	for end := len(layers) - 1; end > l; end-- {
		if ext := layers[end].ext; ext != nil && ext.mask != nil && end-ext.covers == l {
			return end, true
		}
	}
	return 0, false
}

// reset makes room for a number of fields.
func (b *layoutBuilder) reset(total int) {
	size := 8
	for size < 2*total {
		size *= 2
	}
	if size > cap(b.table) {
		b.table = make([]uint32, size)
	}
	b.table = b.table[:size]
	clear(b.table)
	b.names, b.hashes, b.from, b.vis = b.names[:0], b.hashes[:0], b.from[:0], b.vis[:0]
}

func (b *layoutBuilder) addLayer(o *Object, l int32) {
	for i, name := range o.shape.Names {
		b.add(name, o.shape.Hash(i), o.visibility(i), place{l, int32(i)})
	}
}

func (b *layoutBuilder) addMasked(layers []*Object, end int) {
	mask := layers[end].ext.mask
	offset := int32(end - layers[end].ext.covers)
	for i, name := range mask.shape.Names {
		at := mask.from[i]
		at.layer += offset
		b.add(name, mask.shape.Hash(i), mask.vis[i], at)
	}
}

func (b *layoutBuilder) add(name string, hash uint32, vis ir.Visibility, at place) {
	mask := len(b.table) - 1
	slot := int(hash) & mask
	for ; b.table[slot] != 0; slot = (slot + 1) & mask {
		i := b.table[slot] - 1
		if b.hashes[i] == hash && b.names[i] == name {
			b.from[i] = at
			if vis != ir.Inherit {
				b.vis[i] = vis
			}
			return
		}
	}
	b.names, b.hashes = append(b.names, name), append(b.hashes, hash)
	b.from, b.vis = append(b.from, at), append(b.vis, vis)
	b.table[slot] = uint32(len(b.names))
}

func (b *layoutBuilder) layout() *layout {
	return &layout{
		shape: ir.NewShape(slices.Clone(b.names), slices.Clone(b.hashes)),
		from:  slices.Clone(b.from), vis: slices.Clone(b.vis),
	}
}

func (l *layout) visibleFields() []uint32 {
	if l.visible == nil {
		l.visible = visibleOf(l.shape, func(i int) bool { return l.vis[i] != ir.Hidden })
	}
	return l.visible
}

func visibleOf(s *ir.Shape, keep func(i int) bool) []uint32 {
	order := s.Order()
	for k, i := range order {
		if keep(int(i)) {
			continue
		}
		visible := slices.Clone(order[:k])
		for _, i := range order[k:] {
			if keep(int(i)) {
				visible = append(visible, i)
			}
		}
		return visible
	}
	return order
}

// visibility tells how a field of a literal or made object is marked.
func (o *Object) visibility(i int) ir.Visibility {
	if o.state&made != 0 {
		if o.state&hidden != 0 {
			return ir.Hidden
		}
		return ir.Inherit
	}
	if o.ext != nil && o.ext.pick != nil {
		i = int(o.ext.pick[i])
	}
	return o.code.Fields[i].Visibility
}

// fields gives the indexes of the fields in the order of their names.
func (m *Machine) fields(o *Object, all bool) []uint32 {
	m.open(o)
	switch {
	case all:
		return o.shape.Order()
	case o.ext != nil && o.ext.layout != nil:
		return o.ext.layout.visibleFields()
	case o.state&made != 0 && o.state&hidden == 0:
		return o.shape.Order()
	}
	return visibleOf(o.shape, func(i int) bool { return o.visibility(i) != ir.Hidden })
}

// Names gives the names of the fields, sorted; all means the hidden ones too.
func (m *Machine) Names(o *Object, all bool) []string {
	fields := m.fields(o, all)
	names := make([]string, len(fields))
	for k, i := range fields {
		names[k] = o.shape.Names[i]
	}
	return names
}

// FieldCount is how many fields there are.
func (m *Machine) FieldCount(o *Object, all bool) int { return len(m.fields(o, all)) }

// Has tells whether an object has a field, hidden or not.
func (m *Machine) Has(o *Object, name string) bool {
	m.open(o)
	return o.shape.Find(name, ir.Hash(name)) >= 0
}

// HasVisible tells whether an object has a field that is not hidden.
func (m *Machine) HasVisible(o *Object, name string) bool {
	m.open(o)
	i := o.shape.Find(name, ir.Hash(name))
	switch {
	case i < 0:
		return false
	case o.ext != nil && o.ext.layout != nil:
		return o.ext.layout.vis[i] != ir.Hidden
	}
	return o.visibility(i) != ir.Hidden
}

// Index gives the value of a field; it fails where there is none.
func (m *Machine) Index(o *Object, name string) Value {
	return m.member(m.at(), o, name, ir.Hash(name))
}

// FieldLazy gives a field, which must be there, for another place to hold.
func (m *Machine) FieldLazy(o *Object, name string) Value {
	m.open(o)
	if i := o.shape.Find(name, ir.Hash(name)); i >= 0 && o.cache != nil && o.state&(asserting|checked) != asserting {
		if v := *o.value(i); !v.IsAbsent() {
			if m.reads != nil && o.state&made != 0 {
				m.noteRead(o, i)
			}
			return v
		}
	}
	return m.Defer(func(m *Machine) Value { return m.Index(o, name) })
}

// RemoveKey gives an object without one of its fields.
func (m *Machine) RemoveKey(o *Object, name string) Value {
	names := &Object{shape: ir.NewShape([]string{name}, []uint32{ir.Hash(name)}), state: made}
	return objectValue(&Object{state: o.state&asserting | without, ext: &extension{left: o, right: names}})
}

// openWithout makes the layers of an object from which names were removed known: those
// of what it was made of, and a mask. A fold that removes one name after the other makes
// one mask in all.
func (m *Machine) openWithout(o *Object) {
	gone := map[string]bool{}
	base := o
	for ; base.shape == nil && base.state&without != 0; base = base.ext.left {
		gone[base.ext.right.shape.Names[0]] = true
	}
	m.open(base)
	layers := base.layers()
	if layers == nil {
		layers = []*Object{base}
	}
	mask := maskWithout(layers, gone)
	covered := append(slices.Clone(layers), &Object{ext: &extension{mask: mask, covers: len(layers)}})
	*o.ext = extension{layers: covered, owns: make([]*frame, len(covered)), layout: mask}
	o.shape = mask.shape
}

// maskWithout is what a mask on top of layers leaves of them. Masks below it are not on
// top any more.
func maskWithout(layers []*Object, gone map[string]bool) *layout {
	var all, b layoutBuilder
	all.gather(layers)
	if top := layers[len(layers)-1].ext; top.maskOf() == nil || top.covers < len(layers)-1 {
		all.unmask(layers)
	}
	b.reset(len(all.names))
	for i, name := range all.names {
		if !gone[name] {
			b.add(name, all.hashes[i], all.vis[i], all.from[i])
		}
	}
	return b.layout()
}

// sameNames tells whether two objects show the same names.
func (m *Machine) sameNames(a, b *Object) bool {
	x, y := m.fields(a, false), m.fields(b, false)
	if len(x) != len(y) {
		return false
	}
	if a.shape == b.shape && unsafe.SliceData(x) == unsafe.SliceData(y) {
		return true
	}
	for k := range x {
		if a.shape.Names[x[k]] != b.shape.Names[y[k]] {
			return false
		}
	}
	return true
}
