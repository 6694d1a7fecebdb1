package eval

import (
	"cmp"
	"slices"

	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// scope is a part of a file that gives the frames in it their name.
type scope struct {
	start, end int
	name       string
	outer      int // the next larger one; -1 for none
}

// scopes are those of a file, outer ones first.
type scopes []scope

func scopesOf(u *ir.Unit) scopes {
	t := u.Tree
	var all scopes
	for i := range t.Nodes {
		n := &t.Nodes[i]
		if name := frameName(t, n); name != "" {
			of := named(t, n)
			all = append(all, scope{start: int(of.Start), end: int(of.End), name: name})
		}
	}
	// Of two with one extent the later one stands: it gives a function its name.
	slices.SortStableFunc(all, func(a, b scope) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	open := -1
	for i := range all {
		for open >= 0 && all[open].end <= all[i].start {
			open = all[open].outer
		}
		all[i].outer = open
		open = i
	}
	return all
}

// around finds the smallest scope that holds an expression and is not the expression
// itself; nil for none.
func (s scopes) around(start, end int) *scope {
	i, _ := slices.BinarySearchFunc(s, start+1, func(s scope, at int) int { return cmp.Compare(s.start, at) })
	for i--; i >= 0 && (s[i].end < end || s[i].start == start && s[i].end == end); {
		i = s[i].outer
	}
	if i < 0 {
		return nil
	}
	return &s[i]
}

// scopeCache has the scopes of files.
type scopeCache map[*ir.Unit]scopes

// around gives the scope that a node is in; nil where it is in none or has no place.
func (c scopeCache) around(store *ir.Store, n *ir.Node) *scope {
	u, at := store.Locate(n.Start)
	if u == nil {
		return nil
	}
	s, ok := c[u]
	if !ok {
		s = scopesOf(u)
		c[u] = s
	}
	return s.around(at, at+int(n.End-n.Start))
}

// named gives the function that a field or local names, and any other node as it is.
func named(t *syntax.Tree, n *syntax.Node) *syntax.Node {
	if n.Kind == syntax.Bind || n.Kind == syntax.Field {
		if value := t.Node(syntax.NodeID(n.B)); value.Kind == syntax.Function {
			return value
		}
	}
	return n
}

func frameName(t *syntax.Tree, n *syntax.Node) string {
	switch n.Kind {
	case syntax.Bind:
		if t.Node(syntax.NodeID(n.B)).Kind == syntax.Function {
			return "function <" + t.Names[n.A] + ">"
		}
		return "thunk <" + t.Names[n.A] + ">"
	case syntax.Field:
		if n.Flags&syntax.Computed == 0 && t.Node(syntax.NodeID(n.B)).Kind == syntax.Function {
			return "function <" + t.Names[n.A] + ">"
		}
	case syntax.Function:
		return "function <anonymous>"
	case syntax.Object, syntax.ObjectComp:
		return "object <anonymous>"
	}
	return ""
}
