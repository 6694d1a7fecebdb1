package syntax

// suffixes reads what follows a target: .name, [index], (arguments), {members}.
func (p *parser) suffixes(target NodeID) NodeID {
	for {
		h := p.height
		switch p.kind {
		case tokDot:
			target = p.memberOf(target)
		case tokBracketL:
			target = p.index(target)
		case tokParenL:
			target = p.apply(target)
		case tokBraceL:
			target = p.applyBrace(target)
		default:
			return target
		}
		p.above(h)
	}
}

func (p *parser) memberOf(target NodeID) NodeID {
	p.next()
	name := p.identifier("a field's name")
	p.height = 0
	return p.add(Node{Kind: Member, Start: p.nodes[target].Start, End: uint32(p.last), A: uint32(target), B: uint32(name)})
}

func (p *parser) applyBrace(target NodeID) NodeID {
	object := p.object()
	return p.add(Node{Kind: ApplyBrace, Start: p.nodes[target].Start, End: p.endOf(object), A: uint32(target), B: uint32(object)})
}

// index reads [i], or a slice [from:to:step], of which each part may be missing.
func (p *parser) index(target NodeID) NodeID {
	b := p.enter()
	var parts [3]NodeID
	colons, height := 0, 0
	for ready := true; p.kind != tokBracketR && !p.failed; {
		switch {
		case p.kind == tokColon || p.kind == tokColon2:
			colons += 1 + int(p.kind-tokColon)
			if colons > 2 {
				p.failAt(p.start, p.end, "a slice has at most two colons", "write [from:to:step]")
				continue
			}
			p.next()
			ready = true
		case ready:
			parts[colons] = p.expr()
			height = max(height, p.height)
			ready = false
		default:
			p.fail("`]`")
		}
	}
	if colons == 0 && parts[0] == 0 {
		p.fail("an index")
		parts[0] = p.bad(p.start)
	}
	p.height = height
	n := Node{Kind: Index, Start: p.nodes[target].Start, End: p.leave(b, tokBracketR), A: uint32(target), B: uint32(parts[0])}
	if colons > 0 {
		n.Kind, n.B = Slice, uint32(len(p.lists))
		p.lists = append(p.lists, parts[:]...)
	}
	return p.add(n)
}

// apply reads (arguments), and tailstrict after them.
func (p *parser) apply(target NodeID) NodeID {
	b, mark, height, named := p.enter(), len(p.stack), 0, false
	for p.kind != tokParenR {
		id := p.argument(&named)
		p.push(id)
		height = max(height, p.height)
		if !p.nextItem(tokParenR, "`,` or `)` after an argument") {
			break
		}
	}
	p.height = height
	from, n := p.list(mark)
	call := Node{Kind: Apply, Start: p.nodes[target].Start, End: p.leave(b, tokParenR), A: uint32(target), B: from, C: n}
	if p.kind == tokTailStrict {
		call.Flags = TailStrict
		p.next()
	}
	return p.add(call)
}

// argument reads value or name=value.
func (p *parser) argument(named *bool) NodeID {
	start, end := p.start, p.end
	if p.kind == tokIdent && p.beforeAssign() {
		*named = true
		name := p.name
		p.next()
		p.next()
		value := p.expr()
		return p.add(Node{Kind: NamedArg, Start: uint32(start), End: p.endOf(value), A: uint32(name), B: uint32(value)})
	}
	value := p.expr()
	if *named && !p.failed {
		p.errors.add(start, max(end, p.last), "a positional argument after a named one", "give it its name, or put it before the named ones")
	}
	return value
}

// beforeAssign tells whether the token after the current one is =.
func (p *parser) beforeAssign() bool {
	i := p.end
	for i < len(p.text) && classes[p.text[i]] == classSpace {
		i++
	}
	switch p.at(i) {
	case '=', '/', '#':
		ahead := lexer{text: p.text}
		if i = ahead.skipBlank(i); p.at(i) == '=' {
			ahead.symbols(i)
		}
		return ahead.kind == tokAssign
	}
	return false
}
