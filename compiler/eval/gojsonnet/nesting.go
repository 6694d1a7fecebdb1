package gojsonnet

import (
	"strings"

	"github.com/google/go-jsonnet/ast"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// go-jsonnet parses, desugars and checks by recursion, and a Go stack that overflows
// ends the process. It overflows at 512 MiB, to which a level of brackets adds about
// 53 KB and any other level 5 KB at most. Half of that stays free. Real programs use
// less than a hundredth of it.
const (
	maxNesting  = 50_000
	bracketCost = 10
	// The linter takes time that grows with the square of the depth.
	maxLintNesting = 5_000
)

// nestingError has the form of go-jsonnet's static errors.
type nestingError struct{ loc ast.LocationRange }

func (e nestingError) Loc() ast.LocationRange { return e.loc }

func (e nestingError) Error() string { return e.loc.String() + " expressions are nested too deep" }

// checkNesting refuses a text whose expressions nest deeper than a limit. What it
// measures is an upper bound.
func checkNesting(f *source.File, limit int) error {
	text := f.Text()
	if len(text)*bracketCost < limit {
		return nil
	}
	var n nesting
	for at := 0; at < len(text); {
		end := token(text, at)
		n.step(text[at:end])
		if n.depth > limit {
			return nestingErrorAt(f, at)
		}
		at = end
	}
	return nil
}

func nestingErrorAt(f *source.File, at int) error {
	line := f.Position(at).Line
	place := ast.Location{Line: line, Column: at - f.Offset(source.Position{Line: line, Column: 1}) + 1}
	lines := &ast.Source{DiagnosticFileName: ast.DiagnosticFileName(f.Name())}
	return nestingError{ast.MakeLocationRange(f.Name(), lines, place, place)}
}

// nesting measures how deep the expression lies that the tokens so far lead to. Each
// operator and each keyword adds a level to what follows, up to the end of the bracket
// or statement, or its next comma.
type nesting struct {
	depth int
	open  []level
	last  string // the token before, other than white space and comments
}

// level is an open bracket, or a local or assert whose semicolon has not come.
type level struct {
	opener string
	base   int // depth before it
}

func (l level) inside() int {
	if l.opener == ";" {
		return l.base + 1
	}
	return l.base + bracketCost
}

func (n *nesting) step(token string) {
	if isSpace(token) {
		return
	}
	switch token {
	case "(", "[", "{":
		if isOperand(n.last) {
			n.depth++
		}
		n.push(token)
	case ")", "]", "}":
		n.pop()
	case ",":
		n.depth = 0
		if len(n.open) > 0 {
			n.depth = n.top().inside()
		}
	case ";":
		if n.top().opener == ";" {
			n.depth = n.top().inside()
			n.open = n.open[:len(n.open)-1]
		}
	case "local", "assert":
		if n.top().opener == "{" && (n.last == "{" || n.last == ",") {
			n.depth++ // A member of an object, which ends with a comma.
		} else {
			n.push(";")
		}
	case "function", "if", "then", "else", "error", "import", "in", "for":
		n.depth++
	default:
		if strings.Contains("+-*/%&|^!~<>=:.", token) {
			n.depth++
		}
	}
	n.last = token
}

func (n *nesting) top() level {
	if len(n.open) == 0 {
		return level{}
	}
	return n.open[len(n.open)-1]
}

func (n *nesting) push(opener string) {
	n.open = append(n.open, level{opener, n.depth})
	n.depth = n.top().inside()
}

// pop closes the innermost bracket and what is unfinished in it.
func (n *nesting) pop() {
	for len(n.open) > 0 {
		last := n.top()
		n.open = n.open[:len(n.open)-1]
		n.depth = last.base
		if last.opener != ";" {
			return
		}
	}
}

// isOperand tells whether a bracket after this token applies to a value.
func isOperand(token string) bool {
	return token != "" && (isWord(token[0]) || strings.IndexByte(`)]}'"@|`, token[0]) >= 0)
}

func isSpace(token string) bool {
	return strings.IndexByte(" \t\r\n#", token[0]) >= 0 || strings.HasPrefix(token, "//") || strings.HasPrefix(token, "/*")
}

// token gives the end of the token, comment or white space that starts at a place.
// Operators are single characters here.
func token(text string, at int) int {
	rest := text[at:]
	switch c := text[at]; {
	case strings.HasPrefix(rest, "//") || c == '#':
		return at + through(rest, 1, "\n")
	case strings.HasPrefix(rest, "/*"):
		return at + through(rest, 2, "*/")
	case strings.HasPrefix(rest, "|||"):
		return at + textBlock(rest)
	case strings.HasPrefix(rest, "@'") || strings.HasPrefix(rest, `@"`):
		return at + verbatim(rest)
	case c == '\'' || c == '"':
		return at + quoted(rest)
	case isWord(c):
		end := at + 1
		for end < len(text) && isWord(text[end]) {
			end++
		}
		return end
	}
	return at + 1
}

func through(rest string, from int, end string) int {
	i := strings.Index(rest[from:], end)
	if i < 0 {
		return len(rest)
	}
	return from + i + len(end)
}

func quoted(rest string) int {
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case rest[0]:
			return i + 1
		}
	}
	return len(rest)
}

// verbatim reads @'...', in which a quote is written twice.
func verbatim(rest string) int {
	for i := 2; i < len(rest); i++ {
		if rest[i] != rest[1] {
			continue
		}
		if i+1 == len(rest) || rest[i+1] != rest[1] {
			return i + 1
		}
		i++
	}
	return len(rest)
}

// textBlock reads |||, which lasts to the first line that is indented less than the
// first one and not empty.
func textBlock(rest string) int {
	at := through(rest, 3, "\n")
	for at < len(rest) && rest[at] == '\n' {
		at++
	}
	indent := at
	for indent < len(rest) && (rest[indent] == ' ' || rest[indent] == '\t') {
		indent++
	}
	prefix := rest[at:indent]
	for prefix != "" && strings.HasPrefix(rest[at:], prefix) {
		at += through(rest[at:], 0, "\n")
		for at < len(rest) && rest[at] == '\n' {
			at++
		}
	}
	return at + through(rest[at:], 0, "|||")
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
