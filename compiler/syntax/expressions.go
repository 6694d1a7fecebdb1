package syntax

import "cmp"

// conditional reads if c then a else b.
func (p *parser) conditional() NodeID {
	start := p.start
	p.next()
	condition := p.expr()
	h := p.height
	if !p.expect(tokThen) {
		return p.add(Node{Kind: If, Start: uint32(start), End: uint32(p.last), A: uint32(condition), B: uint32(p.bad(p.start))})
	}
	then := p.expr()
	p.above(h)
	n := Node{Kind: If, Start: uint32(start), End: p.endOf(then), A: uint32(condition), B: uint32(then)}
	if p.kind == tokElse {
		h = p.height
		p.next()
		otherwise := p.expr()
		p.above(h)
		n.C, n.End = uint32(otherwise), p.endOf(otherwise)
	}
	return p.add(n)
}

// raise reads error e.
func (p *parser) raise() NodeID {
	start := p.start
	p.next()
	message := p.expr()
	p.above(0)
	return p.add(Node{Kind: Error, Start: uint32(start), End: p.endOf(message), A: uint32(message)})
}

// assert reads assert c : m; rest.
func (p *parser) assert() NodeID {
	start := p.start
	p.next()
	p.binds++
	n := p.assertion(start)
	p.binds--
	h := p.height
	rest := p.afterSemicolon("`;` after an assert", "")
	p.above(h)
	n.C, n.End = uint32(rest), p.endOf(rest)
	return p.add(n)
}

// assertion reads a condition and its message.
func (p *parser) assertion(start int) Node {
	condition := p.expr()
	n := Node{Kind: Assert, Start: uint32(start), End: p.endOf(condition), A: uint32(condition)}
	if p.kind == tokColon {
		h := p.height
		p.next()
		message := p.expr()
		p.height = max(p.height, h)
		n.B, n.End = uint32(message), p.endOf(message)
	}
	return n
}

// afterSemicolon reads a semicolon and the expression behind it. A forgotten one is
// clear where another statement follows.
func (p *parser) afterSemicolon(what, hint string) NodeID {
	if p.failed {
		p.binds++
		p.skip()
		p.binds--
		p.failed = p.kind != tokSemicolon
	}
	if p.kind == tokSemicolon {
		p.next()
		return p.expr()
	}
	wasFailed := p.failed
	p.failHint(what, cmp.Or(p.hint(), hint))
	if !wasFailed && (p.kind == tokLocal || p.kind == tokAssert) {
		p.failed = false
		return p.expr()
	}
	return p.bad(p.start)
}

// imported reads import 'file' and its kin.
func (p *parser) imported(kind Kind) NodeID {
	start := p.start
	p.next()
	file := p.expr()
	p.above(0)
	n := p.nodes[file]
	switch {
	case n.Kind == Bad || p.failed:
	case n.Kind != String:
		p.errors.add(int(n.Start), int(n.End), "the file of an import must be a plain string",
			"jsonnet finds all imports before it evaluates; put parentheses around the import if its value is meant")
	case n.Flags&Block != 0:
		p.errors.add(int(n.Start), int(n.End), "the file of an import cannot be a text block", "write it in quotes")
	}
	return p.add(Node{Kind: kind, Start: uint32(start), End: n.End, A: uint32(file)})
}

// function reads function(params) body.
func (p *parser) function() NodeID {
	start := p.start
	p.next()
	if p.kind != tokParenL {
		p.fail("`(`")
		return p.bad(start)
	}
	locals := p.locals
	mark, h := p.params()
	body := p.expr()
	p.above(h)
	p.locals = locals
	return p.closure(start, mark, body)
}

// closure makes a Function of the params on the stack.
func (p *parser) closure(start, mark int, body NodeID) NodeID {
	from, n := p.list(mark)
	return p.add(Node{Kind: Function, Start: uint32(start), End: p.endOf(body), A: from, B: n, C: uint32(body)})
}

// params reads parameters in parentheses onto the stack. It gives where they start
// there, and their height.
func (p *parser) params() (mark, height int) {
	mark = len(p.stack)
	b := p.enter()
	for p.kind != tokParenR {
		p.push(p.param())
		height = max(height, p.height)
		if !p.nextItem(tokParenR, "`,` or `)` after a parameter") {
			break
		}
	}
	p.leave(b, tokParenR)
	return mark, height
}

// nextItem reads the comma between items. It tells whether the list goes on.
func (p *parser) nextItem(closer token, what string) bool {
	if p.kind != tokComma && p.kind != closer {
		p.fail(what)
	}
	if p.failed && !p.sync(closer) {
		return false
	}
	if p.kind == tokComma {
		p.next()
	}
	return true
}

func (p *parser) param() NodeID {
	start := p.start
	name := p.identifier("a parameter's name")
	n := Node{Kind: Param, Start: uint32(min(start, p.last)), End: uint32(p.last), A: uint32(name)}
	p.height = 1
	if p.kind == tokAssign && !p.failed {
		p.next()
		value := p.expr()
		n.B, n.End = uint32(value), p.endOf(value)
	}
	return p.add(n)
}

// local reads local a = 1, f(x) = 2; body.
func (p *parser) local() NodeID {
	start, mark, height := p.start, len(p.stack), 0
	p.next()
	p.binds++
	for {
		p.push(p.bind())
		p.locals++
		height = max(height, p.height)
		if p.failed {
			p.skip()
			p.failed = p.kind != tokSemicolon // A comma may belong to a list around.
		}
		if p.kind != tokComma {
			break
		}
		p.next()
		p.failed = p.failed && (p.kind != tokIdent || !p.beforeAssign())
	}
	p.binds--
	if len(p.stack) > mark+1 {
		p.uniqueBinds(p.stack[mark:])
	}
	from, n := p.list(mark)
	body := p.afterSemicolon("`,` or `;` after a variable", "a local ends with `;`, before the expression that uses it")
	p.above(height)
	return p.add(Node{Kind: Local, Start: uint32(start), End: p.endOf(body), A: from, B: n, C: uint32(body)})
}

// bind reads a = value or f(params) = value.
func (p *parser) bind() NodeID {
	start := p.start
	name := p.identifier("a variable's name")
	start = min(start, p.last)
	var value NodeID
	if p.kind == tokParenL && !p.failed {
		locals := p.locals
		mark, h := p.params()
		body := p.bound()
		p.above(h)
		p.locals = locals
		value = p.closure(start, mark, body)
	} else {
		value = p.bound()
	}
	return p.add(Node{Kind: Bind, Start: uint32(start), End: p.endOf(value), A: uint32(name), B: uint32(value)})
}

// bound reads = value.
func (p *parser) bound() NodeID {
	if p.failed || !p.expect(tokAssign) {
		return p.bad(p.start)
	}
	return p.expr()
}
