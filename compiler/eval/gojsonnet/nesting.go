package gojsonnet

import (
	"fmt"
	"strings"

	"github.com/google/go-jsonnet/ast"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// maxNesting bounds how deep go-jsonnet's parser may recurse: it needs about 5 KB of
// stack a level, and a Go stack that overflows ends the process. Real programs stay
// below a few hundred.
const maxNesting = 50_000

// nestingError has the form of go-jsonnet's static errors.
type nestingError struct{ loc ast.LocationRange }

func (e nestingError) Loc() ast.LocationRange { return e.loc }

func (e nestingError) Error() string {
	return fmt.Sprintf("%v expressions nested more than %d deep", e.loc.String(), maxNesting)
}

// checkNesting refuses a text whose expressions nest too deep. It overestimates: each
// operator and each keyword that opens an expression counts as one level until the
// next comma of the same bracket.
func checkNesting(f *source.File) error {
	text := f.Text()
	if len(text) < maxNesting {
		return nil
	}
	depth, levels := 0, []int{}
	for at := 0; at < len(text); {
		end := token(text, at)
		switch c := text[at]; {
		case c == '(' || c == '[' || c == '{':
			levels = append(levels, depth)
			depth++
		case (c == ')' || c == ']' || c == '}') && len(levels) > 0:
			depth = levels[len(levels)-1]
			levels = levels[:len(levels)-1]
		case c == ',':
			depth = 0
			if len(levels) > 0 {
				depth = levels[len(levels)-1] + 1
			}
		case opens(text[at:end]):
			depth++
		}
		if depth > maxNesting {
			pos := f.Position(at)
			place := ast.Location{Line: pos.Line, Column: at - f.Offset(source.Position{Line: pos.Line, Column: 1}) + 1}
			lines := &ast.Source{DiagnosticFileName: ast.DiagnosticFileName(f.Name())}
			return nestingError{ast.MakeLocationRange(f.Name(), lines, place, place)}
		}
		at = end
	}
	return nil
}

func opens(word string) bool {
	switch word {
	case "local", "function", "if", "else", "then", "assert", "error", "import", "in", "for":
		return true
	}
	return strings.Contains("+-*/%&|^!~<>=:$.", word[:1])
}

// token gives the end of the token, comment or white space that starts at a place.
func token(text string, at int) int {
	rest := text[at:]
	switch c := text[at]; {
	case strings.HasPrefix(rest, "//") || c == '#':
		return at + through(rest, 1, "\n")
	case strings.HasPrefix(rest, "/*"):
		return at + through(rest, 2, "*/")
	case strings.HasPrefix(rest, "|||"):
		return at + through(rest, 3, "|||")
	case strings.HasPrefix(rest, "@'") || strings.HasPrefix(rest, `@"`):
		return at + through(rest, 2, rest[1:2])
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

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
