package ir

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync/atomic"
)

var seed = maphash.MakeSeed()

// Hash is the hash of a name by which shapes are searched. It differs between
// processes, and nothing that can be seen depends on it.
func Hash(name string) uint32 { return uint32(maphash.String(seed, name)) }

// Once holds a value that several goroutines may make at once; one of them stands.
type Once struct{ p atomic.Pointer[any] }

// Load gives the value, nil before there is one.
func (o *Once) Load() any {
	if p := o.p.Load(); p != nil {
		return *p
	}
	return nil
}

// Store sets the value where there is none and gives the one that stands.
func (o *Once) Store(v any) any {
	if o.p.CompareAndSwap(nil, &v) {
		return v
	}
	return *o.p.Load()
}

// Shape is the names of an object's fields, each once. It never changes.
type Shape struct {
	Names  []string
	hashes []uint32
	table  []uint32 // open addressing, index+1; nil for few names
	order  atomic.Pointer[[]uint32]
}

// fewNames is how many hashes are searched faster one after the other.
const fewNames = 8

// NewShape makes the shape of names, which it owns from now on, with their hashes.
func NewShape(names []string, hashes []uint32) *Shape {
	s := &Shape{Names: names, hashes: hashes}
	if len(names) <= fewNames {
		return s
	}
	size := 16
	for size < 2*len(names) {
		size *= 2
	}
	s.table = make([]uint32, size)
	for i, h := range hashes {
		at := int(h) & (size - 1)
		for s.table[at] != 0 {
			at = (at + 1) & (size - 1)
		}
		s.table[at] = uint32(i) + 1
	}
	return s
}

// Hash gives the hash of a name by its index.
func (s *Shape) Hash(i int) uint32 { return s.hashes[i] }

// Find gives the index of a name, -1 where the shape does not have it.
func (s *Shape) Find(name string, hash uint32) int {
	if s.table == nil {
		for i, h := range s.hashes {
			if h == hash && s.Names[i] == name {
				return i
			}
		}
		return -1
	}
	mask := len(s.table) - 1
	for at := int(hash) & mask; ; at = (at + 1) & mask {
		i := s.table[at]
		if i == 0 {
			return -1
		}
		if s.hashes[i-1] == hash && s.Names[i-1] == name {
			return int(i - 1)
		}
	}
}

// Order gives the indexes of the names in the order of the names.
func (s *Shape) Order() []uint32 {
	if p := s.order.Load(); p != nil {
		return *p
	}
	order := make([]uint32, len(s.Names))
	sorted := true
	for i := range order {
		order[i] = uint32(i)
		sorted = sorted && (i == 0 || s.Names[i-1] < s.Names[i])
	}
	if !sorted {
		slices.SortFunc(order, func(a, b uint32) int { return strings.Compare(s.Names[a], s.Names[b]) })
	}
	s.order.Store(&order)
	return order
}
