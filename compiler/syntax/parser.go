package syntax

import (
	"math"
	"slices"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// The limits of nesting. The parser, and whoever walks a tree, recurses: beyond these
// it would be the Go stack that ends the program.
const (
	maxDepth  = 10_000 // expressions in one another as the parser meets them
	maxHeight = 50_000 // levels of the tree, to which a chain such as a + b + c adds one per step
)

// parser builds a Tree in one pass.
type parser struct {
	lexer
	nodes []Node
	lists []NodeID
	stack []NodeID // children of the lists that are being read

	depth  int // how many expressions are being read
	height int // the levels of the last finished expression
	locals int // variables bound by local so far in the current frame
	odd    int // names in quotes so far whose text differs from their value

	stamps []uint32 // per name, the last list of names that holds it
	stamp  uint32

	failed  bool     // an error was reported, and nothing is clear until the next sync
	open    [3]int   // how many brackets are open: { [ (
	opener  int      // where the innermost open bracket stands, or -1
	binds   int      // how many local and assert wait for their ;
	skipped []NameID // Tree.Skipped
	tooDeep bool
	// unbalanced: some bracket was not closed, so that what follows the expression of
	// the file says nothing new.
	unbalanced bool
}

// Parse reads a text. It always gives a tree: where the text is wrong the tree holds
// Bad nodes, and Errors says why.
func Parse(f *source.File) *Tree {
	p := &parser{opener: -1}
	p.text = f.Text()
	p.errors.file = f
	if uint64(len(p.text)) >= math.MaxUint32 {
		p.errors.add(0, 0, "the file is larger than 4 GB", "split it")
		p.text = ""
	}
	desk := desks.Get().(*desk)
	defer desks.Put(desk)
	desk.lend(p)
	p.next()
	root := p.file()
	desk.back(p)
	return &Tree{
		File: f, Nodes: p.nodes, Lists: p.lists, Names: p.names.list, Strings: p.values,
		Comments: p.comments, Root: root, Skipped: p.skipped, Errors: p.errors.list,
	}
}

// room gives a full list room for what the rest of the text will add if it is like the
// part that was read.
func room[E any](list []E, more, read, length int) []E {
	most := uint64(len(list)+more) * uint64(length) / uint64(max(read, 1))
	expected := int(most+most/8) - len(list)
	return slices.Grow(list, max(more, len(list)/4, min(expected, 8*len(list)))+16)
}

// file reads one expression and the end of the file.
func (p *parser) file() NodeID {
	root := p.expr()
	if p.kind != tokEOF {
		p.failed = p.failed || p.unbalanced
		p.fail("the end of the file")
		for p.kind != tokEOF {
			p.skipToken()
		}
	}
	if p.tooDeep {
		return p.bad(p.start)
	}
	return root
}

func (p *parser) add(n Node) NodeID {
	if len(p.nodes) == cap(p.nodes) {
		p.nodes = room(p.nodes, 1, p.start, len(p.text))
	}
	p.nodes = append(p.nodes, n)
	return NodeID(len(p.nodes) - 1)
}

// token makes a node of the current token and goes on to the next.
func (p *parser) token(kind Kind, flags Flags) NodeID {
	id := p.add(Node{Kind: kind, Flags: flags, Start: uint32(p.start), End: uint32(p.end)})
	p.height = 1
	p.next()
	return id
}

// bad makes a node for text that is no expression, from start to the current token,
// which is empty where that is the first of the text.
func (p *parser) bad(start int) NodeID {
	p.height = 1
	return p.add(Node{Kind: Bad, Start: uint32(min(start, p.last)), End: uint32(p.last)})
}

// list ends the list of the stack's entries from mark on.
func (p *parser) list(mark int) (start, n uint32) {
	start, n = uint32(len(p.lists)), uint32(len(p.stack)-mark)
	if len(p.lists)+int(n) > cap(p.lists) {
		p.lists = room(p.lists, int(n), p.start, len(p.text))
	}
	p.lists = append(p.lists, p.stack[mark:]...)
	p.stack = p.stack[:mark]
	return start, n
}

func (p *parser) push(id NodeID) { p.stack = append(p.stack, id) }

// above sets the height of a node above the last finished expression and another of
// height h.
func (p *parser) above(h int) {
	p.height = max(p.height, h) + 1
	if p.height > maxHeight {
		p.nestedTooDeep()
	}
}

func (p *parser) nestedTooDeep() {
	if !p.tooDeep {
		p.tooDeep = true
		p.errors.add(p.start, p.end, "expressions are nested too deeply", "name parts of it with local")
	}
}

// endOf gives the end of a node.
func (p *parser) endOf(id NodeID) uint32 { return p.nodes[id].End }

// expr reads an expression.
func (p *parser) expr() NodeID { return p.binary(1) }

// binary reads operands and the operators between them that bind at least so tightly.
// Each binds at most as tightly as the one before it, for what binds tighter was part of
// that one's right operand. Only "x in super" has none: "x in super + y" is an error.
func (p *parser) binary(least uint8) NodeID {
	left := p.operand()
	most := uint8(math.MaxUint8)
	for t := tightness[p.kind]; t >= least && t <= most; t = tightness[p.kind] {
		left = p.operation(left)
		most = t
	}
	if p.kind >= tokNot && p.kind < tokMul {
		p.fail("an operator")
	}
	return left
}

// operation reads a binary operator and its right operand.
func (p *parser) operation(left NodeID) NodeID {
	operator, h := p.kind, p.height
	p.next()
	n := Node{Kind: Binary, Op: operator.op(), Start: p.nodes[left].Start, A: uint32(left)}
	if operator == tokIn && p.kind == tokSuper {
		n.Kind, n.Op, n.End = InSuper, 0, uint32(p.end)
		p.next()
	} else {
		right := p.binary(tightness[operator] + 1)
		n.B, n.End = uint32(right), p.endOf(right)
	}
	p.above(h)
	return p.add(n)
}

// operand reads what an operator can stand before or after.
func (p *parser) operand() NodeID {
	p.depth++
	if p.depth > maxDepth {
		p.nestedTooDeep()
		p.failed = true
	}
	id := p.prefixed()
	p.depth--
	return id
}

func (p *parser) prefixed() NodeID {
	if p.depth > maxDepth {
		return p.bad(p.start)
	}
	switch p.kind {
	case tokIf:
		return p.conditional()
	case tokLocal:
		return p.local()
	case tokFunction:
		return p.function()
	case tokImport:
		return p.imported(Import)
	case tokImportStr:
		return p.imported(ImportStr)
	case tokImportBin:
		return p.imported(ImportBin)
	case tokError:
		return p.raise()
	case tokAssert:
		return p.assert()
	case tokNot, tokBitNot, tokAdd, tokSub:
		return p.unary()
	}
	return p.suffixes(p.primary())
}

// unary reads a prefix operator and its operand.
func (p *parser) unary() NodeID {
	start := p.start
	op, _ := p.kind.unary()
	p.next()
	operand := p.operand()
	p.above(0)
	return p.add(Node{Kind: Unary, Op: op, Start: uint32(start), End: p.endOf(operand), A: uint32(operand)})
}

// primary reads an expression that is a token, or starts with a bracket.
func (p *parser) primary() NodeID {
	switch p.kind {
	case tokIdent:
		return p.named(Var)
	case tokString:
		return p.stringLiteral()
	case tokNumber:
		return p.numberLiteral()
	case tokBraceL:
		return p.object()
	case tokBracketL:
		return p.array()
	case tokParenL:
		return p.parens()
	case tokNull:
		return p.token(Null, Data)
	case tokTrue:
		return p.token(True, Data)
	case tokFalse:
		return p.token(False, Data)
	case tokSelf:
		return p.token(Self, 0)
	case tokDollar:
		return p.token(Dollar, 0)
	case tokSuper:
		return p.super()
	}
	p.fail("an expression")
	start := p.start
	if p.kind == tokBad {
		p.next()
	}
	return p.bad(start)
}

// named makes a node of the current token, an identifier.
func (p *parser) named(kind Kind) NodeID {
	name := p.name
	id := p.token(kind, 0)
	p.nodes[id].A = uint32(name)
	return id
}

func (p *parser) stringLiteral() NodeID {
	s := p.str
	id := p.token(String, s.flags|Data)
	p.nodes[id].A, p.nodes[id].B = s.from, s.to
	return id
}

// longNumber is how many bytes a number may have that is surely finite, if it has no
// exponent: the largest double has 309 digits.
const longNumber = 300

// numberLiteral reads a number. One that may overflow is no data, for its evaluation
// may fail.
func (p *parser) numberLiteral() NodeID {
	text := p.text[p.start:p.end]
	flags := Data
	if len(text) > longNumber {
		flags = 0
	}
	for i := 0; i < len(text); i++ {
		if text[i]|0x20 == 'e' {
			flags = 0
		}
	}
	return p.token(Number, flags)
}

func (p *parser) parens() NodeID {
	start := p.enter()
	inner := p.expr()
	p.above(0)
	end := p.leave(start, tokParenR)
	return p.add(Node{Kind: Parens, Start: uint32(start.at), End: end, A: uint32(inner)})
}

// super reads super.name or super[index].
func (p *parser) super() NodeID {
	start, end := p.start, p.end
	p.next()
	switch p.kind {
	case tokDot:
		p.next()
		name := p.identifier("a field's name")
		p.height = 1
		return p.add(Node{Kind: SuperMember, Start: uint32(start), End: uint32(p.last), A: uint32(name)})
	case tokBracketL:
		bracket := p.enter()
		index := p.expr()
		p.above(0)
		last := p.leave(bracket, tokBracketR)
		return p.add(Node{Kind: SuperIndex, Start: uint32(start), End: last, A: uint32(index)})
	}
	p.failAt(start, end, "expected `.` or `[` after `super`", "super stands for the object on the left of `+`: write `super.name`")
	return p.bad(start)
}

// identifier reads a name that is required; what says its part.
func (p *parser) identifier(what string) NameID {
	if p.kind != tokIdent {
		p.fail(what)
		return p.names.intern("")
	}
	name := p.name
	p.next()
	return name
}
