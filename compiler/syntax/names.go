package syntax

import "hash/maphash"

// names numbers the different names of a file in the order of their appearance, by a
// hash table with open addressing.
type names struct {
	list  []string
	table []uint32 // a NameID + 1, or 0
	mask  uint64
}

// seed is the same for all files, for the order of a table never shows.
var seed = maphash.MakeSeed()

func (n *names) init(expected int) {
	size := 16
	for size < expected*2 {
		size *= 2
	}
	n.list = make([]string, 0, expected)
	n.table = make([]uint32, size)
	n.mask = uint64(size - 1)
}

// intern gives the number of a name.
func (n *names) intern(name string) NameID {
	at := maphash.String(seed, name) & n.mask
	for n.table[at] != 0 {
		if id := n.table[at] - 1; n.list[id] == name {
			return NameID(id)
		}
		at = (at + 1) & n.mask
	}
	return n.add(name, at)
}

func (n *names) add(name string, at uint64) NameID {
	n.list = append(n.list, name)
	n.table[at] = uint32(len(n.list))
	if len(n.list)*2 > len(n.table) {
		n.grow()
	}
	return NameID(len(n.list) - 1)
}

func (n *names) grow() {
	n.table = make([]uint32, 2*len(n.table))
	n.mask = uint64(len(n.table) - 1)
	for id, name := range n.list {
		at := maphash.String(seed, name) & n.mask
		for n.table[at] != 0 {
			at = (at + 1) & n.mask
		}
		n.table[at] = uint32(id + 1)
	}
}
