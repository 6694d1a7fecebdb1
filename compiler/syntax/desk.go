package syntax

import (
	"slices"
	"sync"
)

// desk is where a text is parsed: room for what the first 32 KB usually hold, used for one
// file after the other. A short text's lists are copied from it in the size that they turned
// out to have; those of a long one outgrow it, and are guessed from what has been read.
type desk struct {
	nodes []Node
	lists []NodeID
	stack []NodeID
	names []string
	table []uint32
}

var desks = sync.Pool{New: func() any {
	const text = 1 << 15
	return &desk{
		nodes: make([]Node, 0, text/10),
		lists: make([]NodeID, 0, text/20),
		names: make([]string, 0, text/64),
		table: make([]uint32, text/32),
	}
}}

// lend gives the parser the desk.
func (d *desk) lend(p *parser) {
	p.nodes, p.lists, p.stack = append(d.nodes, Node{}), d.lists, d.stack
	p.names.list, p.names.table = d.names, d.table
	p.names.mask = uint64(len(d.table) - 1)
}

// back clears the desk, and leaves the parser lists of its own.
func (d *desk) back(p *parser) {
	d.stack = p.stack[:0]
	p.nodes, p.lists, p.names.list = own(p.nodes, d.nodes), own(p.lists, d.lists), own(p.names.list, d.names)
	clear(d.names[:cap(d.names)])
	clear(d.table)
}

// own gives a list that is not the desk's.
func own[E any](list, desk []E) []E {
	if cap(list) != cap(desk) {
		return list
	}
	return slices.Clip(slices.Clone(list))
}
