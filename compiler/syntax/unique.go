package syntax

import (
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
)

// checkMembers reports names that stand twice in an object, and gives the object's
// flags. odd tells that names of fields are written other than they are read.
func (p *parser) checkMembers(members []NodeID, odd bool) Flags {
	flags := Data
	p.newStamp()
	for i, id := range members {
		n := &p.nodes[id]
		switch {
		case n.Kind != Field:
			flags &^= Data
		case n.Flags&Computed != 0:
			flags = Computed
		default:
			if n.Flags&(Plus|Hidden|Visible) != 0 {
				flags &^= Data
			}
			flags &= p.nodes[n.B].Flags | ^Data
			if p.stamped(n.A) {
				flags = Computed
				if !odd {
					p.duplicate("field", members[:i], id)
				}
			}
		}
	}
	if flags&Data == 0 {
		p.uniqueBinds(members)
	}
	if odd {
		p.uniqueSpellings(members)
	}
	return flags
}

// uniqueBinds reports variables that stand twice in a list.
func (p *parser) uniqueBinds(list []NodeID) {
	p.newStamp()
	for i, id := range list {
		n := &p.nodes[id]
		if n.Kind == Bind && p.stamped(n.A) {
			p.duplicate("variable", list[:i], id)
		}
	}
}

// newStamp starts a list of different names.
func (p *parser) newStamp() {
	p.stamp++
	for len(p.stamps) < len(p.names.list) {
		p.stamps = append(p.stamps, 0)
	}
}

// stamped tells whether a name stood in the list before.
func (p *parser) stamped(name uint32) bool {
	was := p.stamps[name] == p.stamp
	p.stamps[name] = p.stamp
	return was
}

// uniqueSpellings reports fields that go-jsonnet takes for doubles: it compares what
// stands between the quotes. So "a" and "\u0061" are no doubles here, but when the
// object is evaluated, and "\n" and @"\n" are doubles though they are different names.
func (p *parser) uniqueSpellings(members []NodeID) {
	seen := map[string]bool{}
	for i, id := range members {
		n := &p.nodes[id]
		if n.Kind != Field || n.Flags&Computed != 0 {
			continue
		}
		spelling := p.spelling(n)
		if seen[spelling] {
			p.duplicate("field", members[:i], id)
		}
		seen[spelling] = true
	}
}

// spelling is the name of a field before its escapes are read.
func (p *parser) spelling(n *Node) string {
	if quote := p.text[n.Start]; quote == '"' || quote == '\'' {
		return p.text[n.Start+1 : p.nameEnd(n)-1]
	}
	return p.names.list[n.A]
}

// duplicate reports the second of two equal names.
func (p *parser) duplicate(what string, before []NodeID, id NodeID) {
	if p.errors.full() {
		return
	}
	n := &p.nodes[id]
	d := diag.Diagnostic{
		Code: diag.JsonnetStatic, Span: p.errors.span(int(n.Start), p.nameEnd(n)),
		Message: "the " + what + " `" + strings.TrimSpace(p.names.list[n.A]) + "` is defined twice",
	}
	for _, other := range before {
		if o := &p.nodes[other]; o.Kind == n.Kind && o.A == n.A && o.Flags&Computed == 0 {
			d.Related = []diag.Related{{Span: p.errors.span(int(o.Start), p.nameEnd(o)), Message: "the first one"}}
			break
		}
	}
	p.errors.put(d)
}

// nameEnd finds the end of the name with which a Field or Bind starts.
func (p *parser) nameEnd(n *Node) int {
	l := lexer{text: p.text, end: int(n.Start)}
	l.names.init(1)
	l.next()
	return l.end
}
