package syntax

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// lexer reads one token at a time. Its fields describe the current token.
type lexer struct {
	text       string
	kind       token
	start, end int    // the token's bytes
	last       int    // where the token before it ended
	run        int    // where the last run of symbols ended, of which more tokens may come
	cut        bool   // the text ends within a comment
	name       NameID // of tokIdent
	str        literal
	names      names
	comments   []Comment
	values     []string // Tree.Strings
	buffer     strings.Builder
	from       int // where the string that is being made starts in the buffer
	errors     reporter
}

// literal is the value of a tokString: the bytes from..to of the text, or an entry of
// the lexer's values.
type literal struct {
	flags    Flags
	from, to uint32
}

// next reads the next token.
func (l *lexer) next() {
	l.last = l.end
	i := l.skipBlank(l.end)
	l.start = i
	if i >= len(l.text) {
		l.kind, l.end = tokEOF, i
		return
	}
	c := l.text[i]
	switch classes[c] {
	case classWord:
		l.word(i)
	case classPunct:
		l.kind, l.end = punctuation[c], i+1
	case classQuote:
		l.quoted(i, c)
	case classSymbol:
		l.symbols(i)
	case classDigit:
		l.number(i)
	case classAt:
		l.verbatim(i)
	default:
		l.stray(i)
	}
}

// skipBlank finds the start of the next token, and notes the comments on the way.
func (l *lexer) skipBlank(i int) int {
	text := l.text
	for i < len(text) {
		switch text[i] {
		case '\n':
			i = skipIndent(text, i+1)
		case ' ', '\t', '\r':
			i++
		case '#':
			i = l.lineComment(i)
		case '/':
			end := l.comment(i)
			if end == i {
				return i
			}
			i = end
		default:
			return i
		}
	}
	return i
}

// skipIndent skips spaces, of which a line usually starts with many.
func skipIndent(text string, i int) int {
	for i+8 <= len(text) {
		w := load8(text, i) ^ spaces
		if w != 0 {
			return i + bits.TrailingZeros64(w)/8
		}
		i += 8
	}
	return i
}

func (l *lexer) lineComment(i int) int {
	end := len(l.text)
	if n := strings.IndexByte(l.text[i:], '\n'); n >= 0 {
		end = i + n
	}
	l.comments = append(l.comments, Comment{uint32(i), uint32(end)})
	return end
}

// comment skips a comment that starts with a slash; a slash that starts none stays.
func (l *lexer) comment(i int) int {
	if strings.HasPrefix(l.text[i:], "//") {
		return l.lineComment(i)
	}
	if !strings.HasPrefix(l.text[i:], "/*") {
		return i
	}
	end := len(l.text)
	if n := strings.Index(l.text[i+2:], "*/"); n >= 0 {
		end = i + 2 + n + 2
	} else {
		l.cut = true
		l.errors.add(i, i+2, "the comment does not end", "close it with `*/`")
	}
	l.comments = append(l.comments, Comment{uint32(i), uint32(end)})
	return end
}

func (l *lexer) word(i int) {
	end := i + 1
	for end < len(l.text) && (classes[l.text[end]] == classWord || classes[l.text[end]] == classDigit) {
		end++
	}
	word := l.text[i:end]
	l.end, l.kind = end, tokIdent
	if len(word) <= len("tailstrict") && word[0] >= 'a' {
		l.kind = keyword(word)
	}
	if l.kind == tokIdent {
		l.name = l.names.intern(word)
	}
}

// symbols reads an operator, or a text block. An operator is as many symbols as there
// are, except that one that ends in a sign is only its first symbol: jsonnet reads
// "a:-1" as a, ":", "-", 1. That "a==-1" becomes a, "=", "=", "-", 1 is an oddity of
// go-jsonnet, kept so that both accept the same programs.
func (l *lexer) symbols(i int) {
	text := l.text
	if strings.HasPrefix(text[i:], "|||") {
		l.textBlock(i)
		return
	}
	if i >= l.run {
		l.run = symbolsEnd(text, i)
	}
	end := l.run
	switch text[end-1] {
	case '+', '-', '~', '!', '$':
		end = i + 1
	}
	l.kind, l.end = operator(text[i:end]), end
}

// symbolsEnd finds the end of the symbols that may be one operator.
func symbolsEnd(text string, i int) int {
	end := i + 1
	for end < len(text) && classes[text[end]] == classSymbol && text[end] != '/' &&
		!strings.HasPrefix(text[end:], "||") {
		end++
	}
	return end
}

// stray reports a character that starts no token.
func (l *lexer) stray(i int) {
	r, size := utf8.DecodeRuneInString(l.text[i:])
	l.kind, l.end = tokBad, i+size
	switch {
	case l.errors.full(): // A file that is no text has millions of them.
	case r == 0xFEFF:
		l.errors.add(i, l.end, "a byte order mark", "save the file as UTF-8 without it")
	case r == utf8.RuneError && size <= 1:
		l.errors.add(i, l.end, "the file is not UTF-8 here", "")
	default:
		l.errors.add(i, l.end, "unexpected character "+show(r), strayHint(r))
	}
}

// number reads digits, a fraction and an exponent. Digits may be separated by single
// underscores.
func (l *lexer) number(i int) {
	l.kind = tokNumber
	if l.text[i] == '0' {
		i++
		if l.at(i) == '_' {
			l.junk(i, "a number cannot start with `0_`", "")
			return
		}
	} else if i = l.digits(i); i < 0 {
		return
	}
	if l.at(i) == '.' {
		if i = l.digits(i + 1); i < 0 {
			return
		}
	}
	if l.at(i)|0x20 == 'e' {
		i++
		if l.at(i) == '+' || l.at(i) == '-' {
			i++
		}
		if i = l.digits(i); i < 0 {
			return
		}
	}
	l.end = i
}

// at is the byte at a place, 0 at the end of the text.
func (l *lexer) at(i int) byte {
	if i < len(l.text) {
		return l.text[i]
	}
	return 0
}

// digits reads one digit or more; -1 after an error.
func (l *lexer) digits(i int) int {
	for {
		if classes[l.at(i)] != classDigit {
			l.junk(i, "expected a digit, found ", l.showAt(i))
			return -1
		}
		for classes[l.at(i)] == classDigit {
			i++
		}
		if l.at(i) != '_' {
			return i
		}
		i++
	}
}

// junk ends a number with an error. What follows without a space belongs to it.
func (l *lexer) junk(i int, message, found string) {
	l.errors.add(i, i, message+found, "")
	for c := classes[l.at(i)]; c == classWord || c == classDigit; c = classes[l.at(i)] {
		i++
	}
	l.kind, l.end = tokBad, i
}
