package ir

import (
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/resolve"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// Store holds the units of a process: each file is parsed, resolved and lowered once.
// It is safe for concurrent use.
type Store struct {
	builtins map[string]uint32 // what std.name stands for
	mark     Op                // of every operation
	profiled bool              // there are OpProfiled
	slabs    sync.Pool         // of *slab, one for each body that is being lowered

	mu    sync.Mutex
	units map[*source.File]*entry
	next  Pos
	bases []*Unit // by Base
}

type entry struct {
	once sync.Once
	unit *Unit
}

// NewStore makes an empty store. builtins numbers the functions of std; mark is 0 or
// Tracked. With profiled the code has operations that a profile needs.
func NewStore(builtins map[string]uint32, mark Op, profiled bool) *Store {
	s := &Store{builtins: builtins, mark: mark, profiled: profiled, units: map[*source.File]*entry{}, next: 1}
	s.slabs.New = func() any { return new(slab) }
	return s
}

// Unit is one file, parsed and resolved.
type Unit struct {
	Tree *syntax.Tree
	Info *resolve.Info
	Base Pos // position of the file's first byte
	// Root is the file's expression; it is run in a frame of Info.RootSlots.
	Root Body

	store  *Store
	hashes []uint32 // of Tree.Names
	trace  bool
}

// Unit gives the unit of a file. Where Tree.Errors or Info.Errors holds an error, it
// must not be run.
func (s *Store) Unit(f *source.File) *Unit {
	s.mu.Lock()
	e, ok := s.units[f]
	if !ok {
		e = &entry{}
		s.units[f] = e
	}
	s.mu.Unlock()
	e.once.Do(func() { e.unit = s.load(f) })
	return e.unit
}

func (s *Store) load(f *source.File) *Unit {
	u := &Unit{Tree: syntax.Parse(f), store: s}
	u.Info = resolve.Resolve(u.Tree)
	u.Root = Body{unit: u, id: u.Tree.Root}
	u.hashes = make([]uint32, len(u.Tree.Names))
	for i, name := range u.Tree.Names {
		u.hashes[i] = Hash(name)
		u.trace = u.trace || name == "trace"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u.Base = s.next
	s.next += Pos(len(f.Text())) + 1
	s.bases = append(s.bases, u)
	return u
}

// Locate gives the unit and the byte that a position names; nil for none.
func (s *Store) Locate(p Pos) (*Unit, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p == 0 {
		return nil, 0
	}
	i := sort.Search(len(s.bases), func(i int) bool { return s.bases[i].Base > p })
	if i == 0 {
		return nil, 0
	}
	u := s.bases[i-1]
	return u, int(p - u.Base)
}

// Span gives the place of a node; the zero Span for a node that no file holds.
func (s *Store) Span(n *Node) source.Span {
	u, start := s.Locate(n.Start)
	if u == nil {
		return source.Span{}
	}
	return source.Span{File: u.Tree.File, Start: start, End: start + int(n.End-n.Start)}
}

// FieldName gives the place of the name of the field whose value is at a place; the zero
// Span where there is no field, or its file is none of the store's. It looks through the
// whole file.
func (s *Store) FieldName(value source.Span) source.Span {
	s.mu.Lock()
	e := s.units[value.File]
	s.mu.Unlock()
	if e == nil || e.unit == nil {
		return source.Span{}
	}
	tree := e.unit.Tree
	for i := range tree.Nodes {
		n := &tree.Nodes[i]
		if n.Kind != syntax.Field || tree.Span(syntax.NodeID(n.B)) != value {
			continue
		}
		name := strings.TrimRight(value.File.Text()[n.Start:value.Start], " \t\r\n+:")
		return source.Span{File: value.File, Start: int(n.Start), End: int(n.Start) + len(name)}
	}
	return source.Span{}
}

// Errors are what keeps the file from being run.
func (u *Unit) Errors() diag.List {
	if u.Tree.Errors.HasErrors() {
		return u.Tree.Errors.Sorted()
	}
	return u.Info.Errors.Sorted()
}

// MentionsTrace tells whether the file can call std.trace.
func (u *Unit) MentionsTrace() bool { return u.trace }

// Name gives a name of the file with its hash.
func (u *Unit) Name(id uint32) (string, uint32) { return u.Tree.Names[id], u.hashes[id] }

// Body is an expression that is lowered when it is first run.
type Body struct {
	code atomic.Pointer[Node]
	unit *Unit
	id   syntax.NodeID
	tail tail // a function's: a tailstrict call at its end need not return here
}

// Span is the place of the expression.
func (b *Body) Span() source.Span { return b.unit.Tree.Span(b.id) }

// Node gives the lowered expression.
func (b *Body) Node() *Node {
	if n := b.code.Load(); n != nil {
		return n
	}
	return b.lower()
}

func (b *Body) lower() *Node {
	slab := b.unit.store.slabs.Get().(*slab)
	defer b.unit.store.slabs.Put(slab)
	l := lowering{unit: b.unit, slab: slab}
	n := l.expr(b.id, b.tail)
	switch {
	case b == &b.unit.Root:
		n = l.profiled(n, 0)
	case b.tail == last || n.Op > OpData:
		n = l.profiled(n, 1)
	}
	if !b.code.CompareAndSwap(nil, n) {
		return b.code.Load()
	}
	return n
}

// slab holds nodes that are made in runs, which cost less than single ones. What one body
// leaves is the next one's: most bodies have two or three nodes.
type slab struct{ free []Node }

// run is how many nodes are made at once: 4 KB, which is a size class of the allocator.
const run = 46

func (s *slab) node() *Node {
	if len(s.free) == 0 {
		s.free = make([]Node, run)
	}
	n := &s.free[0]
	s.free = s.free[1:]
	return n
}
