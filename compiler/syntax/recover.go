package syntax

import (
	"cmp"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
)

// bracket is an open bracket, and the one around it.
type bracket struct{ at, outer int }

// enter reads an opening bracket.
func (p *parser) enter() bracket {
	b := bracket{at: p.start, outer: p.opener}
	p.opener = p.start
	p.open[(p.kind-tokBraceL)/2]++
	p.next()
	return b
}

// leave reads the bracket that closes, and gives where it ends.
func (p *parser) leave(b bracket, closer token) uint32 {
	if p.failed {
		p.skip()
		p.failed = p.kind != closer
	}
	p.open[(closer-tokBraceR)/2]--
	if p.kind == closer {
		p.next()
	} else {
		p.fail(shown[closer])
		p.unbalanced = true
	}
	p.opener = b.outer
	return uint32(p.last)
}

// sync passes over what follows an error in an item of a list. It tells whether the
// list goes on: its end or the comma before its next item is the current token.
func (p *parser) sync(closer token) bool {
	p.skip()
	p.failed = p.kind != closer && p.kind != tokComma
	return !p.failed
}

// skip passes over tokens to a comma, a semicolon that something waits for, or a
// closing bracket whose opening one is open. Brackets on the way are passed as one.
func (p *parser) skip() {
	for nested := 0; ; p.skipToken() {
		switch p.kind {
		case tokEOF:
			return
		case tokBraceL, tokBracketL, tokParenL:
			nested++
		case tokBraceR, tokBracketR, tokParenR:
			if nested > 0 {
				nested--
			} else if p.open[(p.kind-tokBraceR)/2] > 0 {
				return
			}
		case tokComma:
			if nested == 0 {
				return
			}
		case tokSemicolon:
			if nested == 0 && p.binds > 0 {
				return
			}
		}
	}
}

// skipToken passes over a token. A variable that is bound there is not known to the
// tree, which shall not lead to further errors.
func (p *parser) skipToken() {
	if p.kind == tokIdent {
		p.skipped = append(p.skipped, p.name)
	}
	p.next()
}

// fail reports that something else is expected than the current token.
func (p *parser) fail(what string) { p.failHint(what, "") }

// failHint does so with a hint; without one, what is there may tell what was meant.
func (p *parser) failHint(what, hint string) {
	if p.failed {
		return
	}
	if p.kind == tokBad || p.cut || p.errors.full() {
		p.failed = true
		return
	}
	d := p.failAt(p.start, p.end, "expected "+what+", found "+p.found(), cmp.Or(hint, p.hint()))
	if p.opener >= 0 && !p.closes(p.text[p.opener]) {
		d.Related = []diag.Related{{
			Span: p.errors.span(p.opener, p.opener+1), Message: "`" + p.text[p.opener:p.opener+1] + "` is not closed",
		}}
	}
}

// closes tells whether the current token is neither a closing bracket other than the
// one for an open one, nor the end of the file.
func (p *parser) closes(opener byte) bool {
	switch p.kind {
	case tokEOF:
		return false
	case tokBraceR, tokBracketR, tokParenR:
		return punctuation[opener] == p.kind-1
	}
	return true
}

// failAt reports an error after which it is unclear what the next tokens are.
func (p *parser) failAt(start, end int, message, hint string) *diag.Diagnostic {
	if p.failed {
		return &diag.Diagnostic{}
	}
	p.failed = true
	return p.errors.add(start, end, message, hint)
}

// found shows the current token.
func (p *parser) found() string {
	if p.kind == tokEOF {
		return "the end of the file"
	}
	const most = 30
	text, _, more := strings.Cut(p.text[p.start:p.end], "\n")
	if len(text) > most {
		return "a string"
	}
	if more {
		return "`" + text + "`..."
	}
	return "`" + text + "`"
}

// shown names the tokens that may be expected.
var shown = [tokCount]string{
	tokBraceR: "`}`", tokBracketR: "`]`", tokParenR: "`)`", tokSemicolon: "`;`",
	tokAssign: "`=`", tokThen: "`then`", tokIn: "`in`", tokParenL: "`(`",
}

// expect reads a token that must stand here.
func (p *parser) expect(k token) bool {
	if p.kind != k {
		p.fail(shown[k])
		return false
	}
	p.next()
	return true
}

// hint says what to write instead of the current token, where a habit from another
// language is likely.
func (p *parser) hint() string {
	word := p.text[p.start:p.end]
	if run := p.symbolRun(); p.kind != tokEOF && len(run) > p.end-p.start {
		operator := strings.TrimRight(run, "+-~!$")
		if operator != "" && operator != run {
			return "put a space between `" + operator + "` and `" + run[len(operator):] + "`"
		}
	}
	switch word {
	case "=", "===":
		return "`==` compares"
	case "!==":
		return "`!=` compares"
	case "and":
		return "write `&&`"
	case "or":
		return "write `||`"
	case "not":
		return "write `!`"
	}
	return ""
}

// symbolRun gives the symbols from the current token on.
func (p *parser) symbolRun() string {
	end := p.start
	for end < len(p.text) && classes[p.text[end]] == classSymbol {
		end++
	}
	return p.text[p.start:end]
}

// isKeyword tells whether the current token is a word of the language.
func (p *parser) isKeyword() bool {
	return p.kind == tokIn || p.kind >= tokAssert && p.kind <= tokTrue
}

// onNewLine tells whether the current token is the first of its line.
func (p *parser) onNewLine() bool { return strings.IndexByte(p.text[p.last:p.start], '\n') >= 0 }
