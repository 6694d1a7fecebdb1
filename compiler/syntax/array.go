package syntax

// array reads [elements] or an array comprehension.
func (p *parser) array() NodeID {
	b, mark, locals, height := p.enter(), len(p.stack), p.locals, 0
	flags := Data
	for p.kind != tokBracketR {
		id := p.expr()
		p.push(id)
		flags &= p.nodes[id].Flags
		height = max(height, p.height)
		if p.kind == tokFor && len(p.stack) == mark+1 {
			return p.arrayComp(b, mark, locals)
		}
		if !p.nextItem(tokBracketR, "`,` or `]` after an element") {
			break
		}
		if p.kind == tokFor && len(p.stack) == mark+1 {
			return p.arrayComp(b, mark, locals)
		}
	}
	p.height = height + 1
	from, n := p.list(mark)
	end := p.leave(b, tokBracketR)
	return p.add(Node{Kind: Array, Flags: flags & Data, Start: uint32(b.at), End: end, A: from, B: n})
}

// arrayComp reads the rest of [body for x in xs if c].
func (p *parser) arrayComp(b bracket, mark, locals int) NodeID {
	body := p.stack[mark]
	p.stack = p.stack[:mark]
	p.locals = locals
	p.rounds()
	p.above(0)
	end := p.leave(b, tokBracketR)
	from, n := p.list(mark)
	return p.add(Node{Kind: ArrayComp, Start: uint32(b.at), End: end, A: uint32(body), B: from, C: n})
}

// rounds reads the fors and ifs of a comprehension onto the stack. What the first for
// runs over belongs to the frame around, all else to the frames of the rounds.
func (p *parser) rounds() {
	height := p.height
	p.push(p.round())
	height = max(height, p.height)
	locals := p.locals
	for p.kind == tokFor || p.kind == tokIf {
		if p.kind == tokFor {
			p.push(p.round())
		} else {
			p.push(p.condition())
		}
		height = max(height, p.height)
	}
	p.locals, p.height = locals, height
	if p.kind != tokBraceR && p.kind != tokBracketR {
		p.fail("`for`, `if` or the end of the comprehension")
	}
}

// round reads for x in xs.
func (p *parser) round() NodeID {
	p.next()
	start := p.start
	name := p.identifier("a variable's name")
	start = min(start, p.last)
	var over NodeID
	if !p.failed && p.expect(tokIn) {
		over = p.expr()
	} else {
		over = p.bad(p.start)
	}
	return p.add(Node{Kind: For, Start: uint32(start), End: p.endOf(over), A: uint32(name), B: uint32(over)})
}

// condition reads if c.
func (p *parser) condition() NodeID {
	start := p.start
	p.next()
	c := p.expr()
	return p.add(Node{Kind: If, Start: uint32(start), End: p.endOf(c), A: uint32(c)})
}
