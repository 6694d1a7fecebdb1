package generate

import "strings"

// token is a piece of a text with the blanks and comments before it.
type token struct {
	gap, text string
	kind      tokenKind
}

type tokenKind uint8

const (
	symbolToken tokenKind = iota
	wordToken
	numberToken
	stringToken
)

// scan cuts a text into tokens. What is no jsonnet is cut somehow: the pieces always
// make up the text, but for the blanks at its end.
func scan(text string) []token {
	var out []token
	for at := 0; ; {
		start := skipBlanks(text, at)
		if start >= len(text) {
			return out
		}
		end, kind := tokenEnd(text, start)
		out = append(out, token{text[at:start], text[start:end], kind})
		at = end
	}
}

func skipBlanks(text string, at int) int {
	for at < len(text) {
		rest := text[at:]
		switch {
		case strings.ContainsRune(" \t\r\n", rune(rest[0])):
			at++
		case rest[0] == '#' || strings.HasPrefix(rest, "//"):
			at += strings.IndexByte(rest+"\n", '\n')
		case strings.HasPrefix(rest, "/*") && strings.Contains(rest[2:], "*/"):
			at += strings.Index(rest[2:], "*/") + 4
		default:
			return at
		}
	}
	return at
}

func tokenEnd(text string, at int) (int, tokenKind) {
	c := text[at]
	switch {
	case strings.HasPrefix(text[at:], "|||"):
		if i := strings.Index(text[at+3:], "|||"); i >= 0 {
			return at + 3 + i + 3, stringToken
		}
		return at + 3, symbolToken
	case c == '@' && at+1 < len(text) && (text[at+1] == '"' || text[at+1] == '\''):
		return verbatimEnd(text, at+1), stringToken
	case c == '"' || c == '\'':
		return quotedEnd(text, at), stringToken
	case c >= '0' && c <= '9':
		return numberEnd(text, at), numberToken
	case isWord(c):
		for at < len(text) && isWord(text[at]) {
			at++
		}
		return at, wordToken
	}
	for _, s := range symbols {
		if strings.HasPrefix(text[at:], s) {
			return at + len(s), symbolToken
		}
	}
	at++
	for at < len(text) && text[at]&0xc0 == 0x80 {
		at++
	}
	return at, symbolToken
}

var symbols = []string{"+:::", "+::", "+:", ":::", "::", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||"}

func verbatimEnd(text string, at int) int {
	quote := text[at]
	for at++; at < len(text); at++ {
		if text[at] == quote {
			if at+1 >= len(text) || text[at+1] != quote {
				return at + 1
			}
			at++
		}
	}
	return at
}

func quotedEnd(text string, at int) int {
	quote := text[at]
	for at++; at < len(text); at++ {
		switch text[at] {
		case '\\':
			at++
		case quote:
			return at + 1
		}
	}
	return min(at, len(text))
}

func numberEnd(text string, at int) int {
	for at < len(text) {
		c := text[at]
		signed := (c == '+' || c == '-') && (text[at-1] == 'e' || text[at-1] == 'E')
		if !isWord(c) && c != '.' && !signed {
			break
		}
		at++
	}
	return at
}

// join writes tokens down again, with a blank where two would grow together.
func join(tokens []token) string {
	var b strings.Builder
	last := byte(' ')
	for _, t := range tokens {
		if t.text == "" {
			continue
		}
		gap := t.gap
		if gap == "" && (isWord(last) && isWord(t.text[0]) || isOperator(last) && isOperator(t.text[0])) {
			gap = " "
		}
		b.WriteString(gap + t.text)
		last = t.text[len(t.text)-1]
	}
	return b.String() + "\n"
}

func isOperator(c byte) bool { return strings.IndexByte("+-*/%<>=!&|^:~@", c) >= 0 }

// group gives the end of the bracketed group that starts at i; i itself where none does.
func group(tokens []token, i int) int {
	depth := 0
	for j := i; j < len(tokens); j++ {
		if tokens[j].kind == symbolToken {
			switch tokens[j].text {
			case "(", "[", "{":
				depth++
			case ")", "]", "}":
				depth--
			}
		}
		if depth <= 0 {
			if j == i {
				return i
			}
			return j + 1
		}
	}
	return i
}
