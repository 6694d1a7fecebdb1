package eval

import (
	"slices"
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/ir"
)

// Object is an object: a literal, one made of values, or several objects merged by +.
// A merged object is a stack of layers, each an object of one of the first two kinds;
// layer 0 is the oldest. self in any layer is the merged object, super are the layers
// below.
type Object struct {
	shape *ir.Shape  // names of the fields; nil in a merged object that nothing has looked into
	cache *Value     // the fields' values, by shape; nil until one is there
	code  *ir.Object // of a literal
	env   *frame     // around the literal
	own   *frame     // the frame of the literal as an object of its own
	ext   *extension // what few objects have
	state state
}

type state uint8

const (
	asserting state = 1 << iota // there are asserts
	checked                     // which hold, or are being checked
	made                        // of values: all are in cache
	hidden                      // of a made object: all fields are hidden
	without                     // left without the names of right, until something looks into it
)

type extension struct {
	pick []int32  // literal with computed names: which of the code's fields each field is
	envs []*frame // comprehension: the frame of each field's round

	left, right *Object   // merged, until something looks into it
	layers      []*Object // merged
	owns        []*frame  // their frames, as layers of this object
	layout      *layout
	supers      map[place]Value // values of fields that a layer above overrides

	// mask marks a layer that hides names of the layers right below it:
	// std.objectRemoveKey.
	mask   *layout
	covers int // how many layers it hides names of
}

// place is a field of one layer.
type place struct{ layer, field int32 }

// layout is what a stack of layers looks like from above. It is shared by all objects
// whose layers are the same literals.
type layout struct {
	shape   *ir.Shape
	from    []place // the topmost definition of each field
	vis     []ir.Visibility
	visible []uint32 // fields that are not hidden, in the order of their names; nil until asked for
}

func objectValue(o *Object) Value { return tagged(ObjectKind, unsafe.Pointer(o)) }

func runObject(m *Machine, n *ir.Node, f *frame) Value {
	code := n.Ref.(*ir.Object)
	m.work.Objects++
	o := &Object{shape: code.Shape, code: code, env: f.hold()}
	if len(code.Asserts) > 0 {
		o.state = asserting
	}
	if o.shape == nil {
		m.nameFields(n, o, f)
	}
	return objectValue(o)
}

// nameFields evaluates computed names. A field whose name is null is left out.
func (m *Machine) nameFields(n *ir.Node, o *Object, f *frame) {
	names := make([]string, 0, len(o.code.Fields))
	hashes := make([]uint32, 0, len(o.code.Fields))
	pick := make([]int32, 0, len(o.code.Fields))
	for i := range o.code.Fields {
		field := &o.code.Fields[i]
		name, hash := field.Name, field.Hash
		if field.NameExpr != nil {
			v := m.run(field.NameExpr, f)
			if v.IsNull() {
				continue
			}
			name, hash = m.fieldName(n, v)
		}
		names, hashes, pick = append(names, name), append(hashes, hash), append(pick, int32(i))
	}
	o.shape = m.newShape(n, names, hashes)
	o.ext = &extension{pick: pick}
}

func (m *Machine) fieldName(n *ir.Node, v Value) (string, uint32) {
	if !v.IsString() {
		m.fail(n, "the name of a field must be a string or null, not a value of type %s", v.TypeName())
	}
	name := v.Text()
	return name, ir.Hash(name)
}

// newShape makes a shape of names, which must differ.
func (m *Machine) newShape(n *ir.Node, names []string, hashes []uint32) *ir.Shape {
	s := ir.NewShape(names, hashes)
	for i, name := range names {
		if j := s.Find(name, hashes[i]); j != i {
			m.fail(n, "the field `%s` is defined twice", name)
		}
	}
	return s
}

// NewObject makes an object of visible fields. It owns both lists from now on; the
// names must differ, the values may be lazy.
func NewObject(names []string, values []Value) Value {
	hashes := make([]uint32, len(names))
	for i, name := range names {
		hashes[i] = ir.Hash(name)
	}
	return objectValue(&Object{shape: ir.NewShape(names, hashes), cache: unsafe.SliceData(values), state: made})
}

func (m *Machine) merge(a, b *Object) Value {
	m.work.Merges++
	return objectValue(&Object{state: (a.state | b.state) & asserting, ext: &extension{left: a, right: b}})
}

// open makes a merged object's layers known.
func (m *Machine) open(o *Object) {
	if o.shape != nil {
		return
	}
	ext := o.ext
	if o.state&without != 0 {
		m.openWithout(o)
		return
	}
	todo, layers := append(m.todo[:0], o), m.gathered[:0]
	m.todo, m.gathered = nil, nil // one that is opened on the way needs its own
	for len(todo) > 0 {
		top := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if top.state&without != 0 {
			m.open(top)
		}
		if top.ext != nil && top.ext.left != nil {
			todo = append(todo, top.ext.right, top.ext.left)
			continue
		}
		if below := top.layers(); below != nil {
			layers = append(layers, below...)
		} else {
			layers = append(layers, top)
		}
	}
	ext.layers = slices.Clip(slices.Clone(layers))
	clear(layers)
	m.todo, m.gathered = todo, layers
	ext.left, ext.right = nil, nil
	ext.owns = make([]*frame, len(ext.layers))
	ext.layout = m.layoutOf(ext.layers)
	o.shape = ext.layout.shape
}

// layers are those of a merged object that is open; nil for others.
func (o *Object) layers() []*Object {
	if o.ext == nil {
		return nil
	}
	return o.ext.layers
}

// values makes room for the fields' values.
func (o *Object) values() *Value {
	if o.cache == nil {
		o.cache = unsafe.SliceData(make([]Value, len(o.shape.Names)))
	}
	return o.cache
}

func (o *Object) value(i int) *Value {
	return (*Value)(unsafe.Add(unsafe.Pointer(o.values()), uintptr(i)*unsafe.Sizeof(Value{})))
}

// member gives the value of a field by name, for an access at n.
func (m *Machine) member(n *ir.Node, o *Object, name string, hash uint32) Value {
	if o.shape == nil {
		m.open(o)
	}
	if o.state&(asserting|checked) == asserting {
		m.check(n, o)
	}
	i := o.shape.Find(name, hash)
	if i < 0 {
		return m.missing(n, o, name, hash)
	}
	if o.cache != nil {
		if v := *o.value(i); v.ready() && !v.IsAbsent() {
			return v
		}
	}
	return m.field(n, o, i)
}

// missing fails, but for a field that only a mask hides which other layers cover.
func (m *Machine) missing(n *ir.Node, o *Object, name string, hash uint32) Value {
	if layers := o.layers(); len(layers) > 0 && layers[len(layers)-1].ext.maskOf() == nil {
		if at, ok := o.below(len(layers), name, hash); ok {
			return m.super(n, o, at, name)
		}
	}
	m.failMember(n, o, name)
	return Null
}

func (e *extension) maskOf() *layout {
	if e == nil {
		return nil
	}
	return e.mask
}

// field evaluates a field.
func (m *Machine) field(n *ir.Node, o *Object, i int) Value {
	s := o.value(i)
	v := *s
	switch {
	case v.tag() == kindElement:
		if v = m.Force(v); m.tracked {
			return v
		}
	case v.tag() == kindThunk:
		if v = m.forceThunk((*thunk)(v.p), n); m.tracked {
			if m.reads != nil && o.state&made != 0 {
				m.noteRead(o, i)
			}
			return v
		}
	case v.IsAbsent():
		at := place{0, int32(i)}
		layer := o
		if o.ext != nil && o.ext.layout != nil {
			at = o.ext.layout.from[i]
			layer = o.ext.layers[at.layer]
		}
		v = m.define(n, o, layer, at, o.shape.Names[i])
	default:
		return v
	}
	if m.tracked {
		m.origin = m.traces.origin(origin{obj: o, at: int32(i), from: m.origin})
	}
	*s = m.keep(v)
	return v
}

// define runs the definition of a field in one layer.
func (m *Machine) define(n *ir.Node, o, layer *Object, at place, name string) Value {
	if layer.state&made != 0 {
		return m.field(n, layer, int(at.field))
	}
	i := int(at.field)
	if layer.ext != nil && layer.ext.pick != nil {
		i = int(layer.ext.pick[i])
	}
	if m.reads != nil {
		m.noteRead(layer, int(at.field))
	}
	def := &layer.code.Fields[i]
	body := def.Body.Node()
	if !def.Plus && body.Op <= ir.OpData {
		return m.run(body, nil)
	}
	f := m.ownFrame(o, layer, at)
	if def.Slots >= 0 {
		f = m.newFrame(f, def.Slots)
	}
	m.enter(n)
	v := m.run(body, f)
	if def.Plus {
		v = m.extend(o, at, name, body, v)
	}
	m.leave()
	m.release(f)
	return v
}

// extend is the value of a field written with +: what lies below, if anything does,
// plus the value itself, which has been run before.
func (m *Machine) extend(o *Object, at place, name string, body *ir.Node, right Value) Value {
	from := m.origin
	below, ok := o.below(int(at.layer), name, ir.Hash(name))
	if !ok {
		return right
	}
	left := m.super(body, o, below, name)
	if left.IsNumber() && right.IsNumber() {
		right = m.finite(body, left.Float()+right.Float())
	} else {
		right = m.add(body, left, right)
	}
	if m.tracked {
		m.origin = m.traces.computed(body, m.origin, from)
	}
	return right
}

// ownFrame gives the frame in which the fields of a layer run, with the layer's locals.
func (m *Machine) ownFrame(o, layer *Object, at place) *frame {
	if layer.ext != nil && layer.ext.envs != nil {
		return m.objectFrame(o, layer.code, layer.ext.envs[at.field], at.layer)
	}
	own := &o.own
	if o != layer {
		own = &o.ext.owns[at.layer]
	}
	if *own == nil || m.tracing {
		*own = m.objectFrame(o, layer.code, layer.env, at.layer)
	}
	return *own
}

// objectFrame makes a frame that its object holds.
func (m *Machine) objectFrame(o *Object, code *ir.Object, env *frame, layer int32) *frame {
	f := m.newFrame(env, code.Slots)
	f.self, f.level, f.held = o, uint64(layer), true
	for i := range code.Locals {
		*f.slot(code.Locals[i].Slot) = suspended(code.Locals[i].Value)
	}
	return f
}

// below finds the topmost definition of a field below a layer.
func (o *Object) below(level int, name string, hash uint32) (place, bool) {
	layers := o.layers()
	for l := level - 1; l >= 0 && l < len(layers); l-- {
		layer := layers[l]
		if layer.shape == nil {
			// A mask hides names only from a search that starts at it, as in jsonnet.
			if l == level-1 && layer.ext.mask.shape.Find(name, hash) < 0 {
				l -= layer.ext.covers
			}
			continue
		}
		if i := layer.shape.Find(name, hash); i >= 0 {
			return place{int32(l), int32(i)}, true
		}
	}
	return place{}, false
}

// super gives the value of a definition that need not be the topmost one.
func (m *Machine) super(n *ir.Node, o *Object, at place, name string) Value {
	layer := o.ext.layers[at.layer]
	if i := o.shape.Find(name, layer.shape.Hash(int(at.field))); i >= 0 && o.ext.layout.from[i] == at {
		return m.field(n, o, i)
	}
	if v, ok := o.ext.supers[at]; ok {
		return m.Force(v)
	}
	v := m.define(n, o, layer, at, name)
	if o.ext.supers == nil {
		o.ext.supers = map[place]Value{}
	}
	o.ext.supers[at] = m.keep(v)
	return v
}

// check runs an object's asserts, the newest layer's first. While they run, they count
// as true.
func (m *Machine) check(n *ir.Node, o *Object) {
	o.state |= checked
	held := false
	defer func() {
		if !held {
			o.state &^= checked
		}
	}()
	layers := o.layers()
	for l := len(layers) - 1; l >= 0; l-- {
		m.checkLayer(n, o, layers[l], l)
	}
	if layers == nil {
		m.checkLayer(n, o, o, 0)
	}
	held = true
}

func (m *Machine) checkLayer(n *ir.Node, o, layer *Object, l int) {
	if layer.code == nil {
		return
	}
	for i := range layer.code.Asserts {
		a := &layer.code.Asserts[i]
		f := m.ownFrame(o, layer, place{layer: int32(l)})
		if a.Slots >= 0 {
			f = m.newFrame(f, a.Slots)
		}
		m.enter(n)
		m.run(a.Body.Node(), f)
		m.leave()
		m.release(f)
	}
}

// CheckAsserts makes sure that an object's asserts hold.
func (m *Machine) CheckAsserts(o *Object) {
	if o.state&(asserting|checked) == asserting {
		m.open(o)
		m.check(m.at(), o)
	}
}

func runMember(m *Machine, n *ir.Node, f *frame) Value {
	v := m.run(n.X, f)
	if v.tag() != ObjectKind {
		m.failIndex(n, v, n.Str)
	}
	return m.member(n, v.Object(), n.Str, n.Hash)
}

func runSelfMember(m *Machine, n *ir.Node, f *frame) Value {
	return m.member(n, f.self, n.Str, n.Hash)
}

func runIndex(m *Machine, n *ir.Node, f *frame) Value {
	v := m.run(n.X, f)
	i := m.run(n.Y, f)
	switch v.tag() {
	case ObjectKind:
		if !i.IsString() {
			m.failType(n, i, StringKind)
		}
		name := i.Text()
		return m.member(n, v.Object(), name, ir.Hash(name))
	case ArrayKind:
		a := v.Array()
		at := m.offset(n, i, a.n)
		m.stack = append(m.stack, n)
		v = a.At(m, at)
		m.stack = m.stack[:len(m.stack)-1]
		return v
	case stringKind, ropeKind:
		return m.codePoint(n, v, i)
	}
	m.failIndex(n, v, "")
	return Null
}

// offset checks an index into n elements. A fraction is cut off.
func (m *Machine) offset(node *ir.Node, v Value, n int) int {
	f := m.number(node, v)
	at := int(f)
	if at < 0 || at >= n {
		m.fail(node, "the index %s is out of bounds: there are %d elements", formatNumber(f), n)
	}
	return at
}

func (m *Machine) superOf(n *ir.Node, f *frame) *Object {
	o := f.self
	m.open(o)
	if o.state&(asserting|checked) == asserting {
		m.check(n, o)
	}
	if f.level == 0 {
		m.fail(n, "there is no super: nothing lies below this object")
	}
	return o
}

func (m *Machine) superMember(n *ir.Node, f *frame, name string, hash uint32) Value {
	o := m.superOf(n, f)
	at, ok := o.below(int(f.level), name, hash)
	if !ok {
		m.failMember(n, o, name)
	}
	return m.super(n, o, at, name)
}

func runSuperMember(m *Machine, n *ir.Node, f *frame) Value {
	return m.superMember(n, f, n.Str, n.Hash)
}

func runSuperIndex(m *Machine, n *ir.Node, f *frame) Value {
	v := m.run(n.X, f)
	if !v.IsString() {
		m.failType(n, v, StringKind)
	}
	name := v.Text()
	return m.superMember(n, f, name, ir.Hash(name))
}

func runInSuper(m *Machine, n *ir.Node, f *frame) Value {
	v := m.run(n.X, f)
	if !v.IsString() {
		m.failType(n, v, StringKind)
	}
	m.open(f.self)
	name := v.Text()
	_, ok := f.self.below(int(f.level), name, ir.Hash(name))
	return Bool(ok)
}
