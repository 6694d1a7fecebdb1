package syntax

// object reads { members } or an object comprehension.
func (p *parser) object() NodeID {
	b, mark, locals, odd, height := p.enter(), len(p.stack), p.locals, p.odd, 0
	for comma := true; p.kind != tokBraceR && p.kind != tokFor; {
		if comma || p.missingComma() {
			p.push(p.member())
			height = max(height, p.height)
		}
		if p.failed && !p.sync(tokBraceR) {
			break
		}
		if comma = p.kind == tokComma; comma {
			p.next()
		}
	}
	flags := p.checkMembers(p.stack[mark:], p.odd != odd)
	if p.kind == tokFor && !p.failed {
		return p.objectComp(b, mark, locals, height)
	}
	from, n := p.list(mark)
	p.height = height + 1
	end := p.leave(b, tokBraceR)
	return p.add(Node{Kind: Object, Flags: flags, Start: uint32(b.at), End: end, A: from, B: n})
}

// missingComma reports that a comma is missing before the current token. It tells
// whether a member starts here nevertheless, as is likely on a new line.
func (p *parser) missingComma() bool {
	hint := ""
	if p.startsMember() && p.onNewLine() {
		hint = "put a comma at the end of the field before"
	}
	p.failHint("`,` or `}` after a field", hint)
	if hint != "" {
		p.failed = false
	}
	return !p.failed
}

func (p *parser) startsMember() bool {
	switch p.kind {
	case tokIdent, tokString, tokBracketL, tokLocal, tokAssert:
		return true
	}
	return false
}

// objectComp reads the rest of { [name]: value for x in xs }.
func (p *parser) objectComp(b bracket, mark, locals, height int) NodeID {
	p.checkComprehension(p.stack[mark:])
	members := uint32(len(p.stack) - mark)
	p.locals, p.height = locals, height
	p.rounds()
	p.above(0)
	end := p.leave(b, tokBraceR)
	from, n := p.list(mark)
	return p.add(Node{Kind: ObjectComp, Start: uint32(b.at), End: end, A: from, B: members, C: n - members})
}

// checkComprehension reports what an object comprehension cannot have.
func (p *parser) checkComprehension(members []NodeID) {
	asserts, fields, last := 0, 0, Node{}
	for _, id := range members {
		switch n := p.nodes[id]; n.Kind {
		case Assert:
			asserts++
		case Field:
			fields++
			last = n
		}
	}
	switch {
	case asserts > 0:
		p.errors.add(p.start, p.end, "an object comprehension cannot have asserts", "")
	case fields != 1:
		p.errors.add(p.start, p.end, "an object comprehension has exactly one field", "write { [name]: value for x in xs }")
	case last.Flags&(Hidden|Visible) != 0:
		p.errors.add(p.start, p.end, "the field of an object comprehension takes `:`", "")
	case last.Flags&Computed == 0:
		p.errors.add(p.start, p.end, "the name of an object comprehension's field must be computed", "write { [name]: value for x in xs }")
	}
}

// member reads a field, a local or an assert.
func (p *parser) member() NodeID {
	start := p.start
	switch p.kind {
	case tokIdent, tokString, tokBracketL:
		return p.field()
	case tokLocal:
		p.next()
		locals := p.locals
		id := p.bind()
		p.locals = locals
		return id
	case tokAssert:
		locals := p.locals
		p.locals = 0
		p.next()
		n := p.assertion(start)
		if p.locals > 0 {
			n.Flags |= Locals
		}
		p.locals = locals
		return p.add(n)
	}
	p.failMember()
	return p.bad(start)
}

// failMember reports what is no member of an object.
func (p *parser) failMember() {
	if p.isKeyword() && !p.failed {
		word := p.text[p.start:p.end]
		p.failAt(p.start, p.end, "`"+word+"` is a word of the language", "as a field's name it stands in quotes: '"+word+"'")
		return
	}
	p.fail("a field")
}

// field reads name: value, name(params): value or [name]: value.
func (p *parser) field() NodeID {
	n := Node{Kind: Field, Start: uint32(p.start)}
	p.fieldName(&n)
	n.End = uint32(p.last)
	locals := p.locals
	p.locals = 0
	value := p.fieldValue(&n)
	if p.locals > 0 {
		n.Flags |= Locals
	}
	p.locals = locals
	n.B, n.End = uint32(value), p.endOf(value)
	return p.add(n)
}

// fieldName reads the name of a field.
func (p *parser) fieldName(n *Node) {
	p.height = 1
	switch p.kind {
	case tokIdent:
		n.A = uint32(p.name)
		p.next()
	case tokString:
		n.A, n.Flags = uint32(p.names.intern(p.stringValue())), Escaped
		if p.str.flags&Escaped != 0 {
			p.odd++
		}
		p.next()
	case tokBracketL:
		b := p.enter()
		n.A, n.Flags = uint32(p.expr()), Computed
		p.leave(b, tokBracketR)
	}
}

func (p *parser) stringValue() string {
	if p.str.flags&Escaped != 0 {
		return p.values[p.str.from]
	}
	return p.text[p.str.from:p.str.to]
}

// fieldValue reads the rest of a field, of which n holds the name.
func (p *parser) fieldValue(n *Node) NodeID {
	if p.kind == tokParenL && !p.failed {
		return p.method(n)
	}
	n.Flags |= p.fieldSign()
	if p.failed {
		return p.bad(p.start)
	}
	h := p.height
	value := p.expr()
	p.above(h)
	return value
}

// method reads the rest of a field with parameters.
func (p *parser) method(n *Node) NodeID {
	locals := p.locals
	mark, h := p.params()
	n.Flags |= p.fieldSign()
	if n.Flags&Plus != 0 {
		p.errors.add(int(n.Start), int(n.End), "a method cannot have `+:`", "write `:` and use `super` in its body")
	}
	var body NodeID
	if p.failed {
		body = p.bad(p.start)
	} else {
		body = p.expr()
	}
	p.above(h)
	p.locals = locals
	return p.closure(int(n.Start), mark, body)
}

// fieldSign reads the colons of a field.
func (p *parser) fieldSign() Flags {
	var flags Flags
	switch p.kind {
	case tokColon:
	case tokColon2:
		flags = Hidden
	case tokColon3:
		flags = Visible
	case tokPlus1:
		flags = Plus
	case tokPlus2:
		flags = Plus | Hidden
	case tokPlus3:
		flags = Plus | Visible
	default:
		p.failHint("`:` after a field's name", "a field is written name: value")
		return 0
	}
	p.next()
	return flags
}
