package syntax

import "strings"

// textBlock reads a text between ||| and |||, of which each line starts with the
// white space of the first. |||- drops the last line end.
func (l *lexer) textBlock(start int) {
	i := start + 3
	chomp := l.at(i) == '-'
	if chomp {
		i++
	}
	for c := l.at(i); c == ' ' || c == '\t' || c == '\r'; c = l.at(i) {
		i++
	}
	if l.at(i) != '\n' {
		l.badBlock(start, i, "expected a new line after `|||`", "")
		return
	}
	first := blankLines(l.text, i+1)
	indent := l.text[first:indentEnd(l.text, first)]
	if indent == "" {
		l.badBlock(start, first, "the first line of a text block must start with white space", "indent the text")
		return
	}
	end, ok := blockEnd(l.text, first, indent)
	if !ok {
		l.badBlock(start, end, "the text block does not end",
			"close it with a line of `|||`; each line of the text must start with the white space of the first")
		return
	}
	l.kind, l.end = tokString, indentEnd(l.text, end)+3
	l.blockValue(l.text[i+1:end], indent, chomp)
}

// blockEnd finds the end of the last line of a text block.
func blockEnd(text string, i int, indent string) (int, bool) {
	for strings.HasPrefix(text[i:], indent) {
		n := strings.IndexByte(text[i:], '\n')
		if n < 0 {
			return len(text), false
		}
		i = blankLines(text, i+n+1)
	}
	return i, strings.HasPrefix(text[indentEnd(text, i):], "|||")
}

// blockValue makes the lines of a text block, without their indent, the current
// token's value.
func (l *lexer) blockValue(lines, indent string, chomp bool) {
	if chomp {
		lines = lines[:len(lines)-1]
	}
	l.begin(len(lines))
	for line := range strings.Lines(lines) {
		l.write(strings.TrimPrefix(line, indent))
	}
	l.finish(Block)
}

// blankLines passes over empty lines.
func blankLines(text string, i int) int {
	for i < len(text) && text[i] == '\n' {
		i++
	}
	return i
}

func indentEnd(text string, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
		i++
	}
	return i
}

// badBlock reports a text block, and passes over its text to the end mark after end.
func (l *lexer) badBlock(start, end int, message, hint string) {
	l.errors.add(start, start+3, message, hint)
	l.kind, l.end = tokBad, len(l.text)
	if n := strings.Index(l.text[end:], "|||"); n >= 0 {
		l.end = end + n + 3
	}
}
