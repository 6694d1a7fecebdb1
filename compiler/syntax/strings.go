package syntax

import (
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted reads a string in quotes. Most strings stand in the text as they are.
func (l *lexer) quoted(i int, quote byte) {
	from := i + 1
	end, plain := from, true
	for {
		end = plainEnd(l.text, end, quote)
		if end >= len(l.text) {
			l.unterminated(i, string(quote))
			return
		}
		c := l.text[end]
		if c == quote {
			break
		}
		plain = false
		end++
		if c == '\\' && end < len(l.text) {
			end++ // A byte of a longer character is never a quote.
		}
	}
	l.kind, l.end = tokString, end+1
	l.str = literal{0, uint32(from), uint32(end)}
	if !plain {
		l.unescape(i, l.text[from:end])
	}
}

// plainEnd finds the next quote, backslash or byte that is not ASCII.
func plainEnd(text string, i int, quote byte) int {
	quotes := uint64(quote) * each
	for i+8 <= len(text) {
		w := load8(text, i)
		if found := zeros(w^quotes) | zeros(w^('\\'*each)) | w&highest; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
		i += 8
	}
	for i < len(text) && text[i] != quote && text[i] != '\\' && text[i] < utf8.RuneSelf {
		i++
	}
	return i
}

func (l *lexer) unterminated(i int, quote string) {
	l.errors.add(i, i+1, "the string does not end", "close it with `"+quote+"`")
	l.kind, l.start, l.end = tokBad, i, len(l.text)
}

// chunk is how many bytes of strings that do not stand in the text share memory.
const chunk = 4096

// begin starts such a string of about n bytes in the buffer.
func (l *lexer) begin(n int) {
	if l.buffer.Cap()-l.buffer.Len() < n {
		l.buffer = strings.Builder{}
		l.buffer.Grow(max(n, min(len(l.text)/16, chunk)))
	}
	l.from = l.buffer.Len()
}

// finish makes what was written to the buffer the current token's value.
func (l *lexer) finish(flags Flags) {
	l.str = literal{flags: flags | Escaped, from: uint32(len(l.values))}
	l.values = append(l.values, l.buffer.String()[l.from:])
}

// write adds text to the buffer. Bytes that are not UTF-8 become U+FFFD, each.
func (l *lexer) write(text string) {
	if utf8.ValidString(text) {
		l.buffer.WriteString(text)
		return
	}
	for _, r := range text {
		l.buffer.WriteRune(r)
	}
}

// unescape gives the current token the value of a string with escapes, or with bytes
// that may not be UTF-8.
func (l *lexer) unescape(start int, raw string) {
	next := strings.IndexByte(raw, '\\')
	if next < 0 && utf8.ValidString(raw) {
		return
	}
	l.begin(len(raw))
	for ; next >= 0; next = strings.IndexByte(raw, '\\') {
		l.write(raw[:next])
		r, size := l.escape(start, raw[next:])
		l.buffer.WriteRune(r)
		raw = raw[next+size:]
	}
	l.write(raw)
	l.finish(0)
}

// escape reads one escape: its character and its length.
func (l *lexer) escape(start int, raw string) (rune, int) {
	if len(raw) < 2 {
		l.badString(start, "the string ends within an escape", "")
		return utf8.RuneError, len(raw)
	}
	switch raw[1] {
	case '"', '\'', '\\', '/':
		return rune(raw[1]), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		return l.unicodeEscape(start, raw)
	}
	r, size := utf8.DecodeRuneInString(raw[1:])
	l.badString(start, "unknown escape `\\"+string(r)+"` in a string",
		"write `\\\\` for a backslash, or a verbatim string: @'...'")
	return r, 1 + size
}

// unicodeEscape reads \uXXXX. A surrogate must be followed by a second such escape;
// together they are one character, or U+FFFD if they are no pair.
func (l *lexer) unicodeEscape(start int, raw string) (rune, int) {
	high, ok := hex4(raw[2:])
	if !ok {
		l.badString(start, "`\\u` without four hexadecimal digits in a string", "")
		return utf8.RuneError, 2
	}
	if !utf16.IsSurrogate(high) {
		return high, 6
	}
	if !strings.HasPrefix(raw[6:], "\\u") {
		l.badString(start, "half of a surrogate pair in a string", "write the character itself, or both halves: `\\ud83d\\ude00`")
		return utf8.RuneError, 6
	}
	low, ok := hex4(raw[8:])
	if !ok {
		l.badString(start, "`\\u` without four hexadecimal digits in a string", "")
		return utf8.RuneError, 8
	}
	return utf16.DecodeRune(high, low), 12
}

// hex4 reads four hexadecimal digits.
func hex4(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[:4]) {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// badString reports an escape, at the start of its string as go-jsonnet does. The
// string counts as well-formed, for it is clear where it ends.
func (l *lexer) badString(start int, message, hint string) {
	l.errors.add(start, start+1, message, hint)
}

// verbatim reads @"..." or @'...', in which a doubled quote stands for one.
func (l *lexer) verbatim(i int) {
	quote := l.at(i + 1)
	if quote != '"' && quote != '\'' {
		l.errors.add(i, i+1, "expected a quote after `@`, found "+l.showAt(i+1), "a verbatim string is @'...' or @\"...\"")
		l.kind, l.end = tokBad, i+1
		return
	}
	from, end, doubled := i+2, i+2, false
	for {
		n := strings.IndexByte(l.text[end:], quote)
		if n < 0 {
			l.unterminated(i, string(quote))
			return
		}
		end += n + 1
		if l.at(end) != quote {
			break
		}
		doubled = true
		end++
	}
	raw := l.text[from : end-1]
	l.kind, l.end = tokString, end
	l.str = literal{0, uint32(from), uint32(end - 1)}
	if doubled || !utf8.ValidString(raw) {
		one := string(quote)
		l.begin(len(raw))
		l.write(strings.ReplaceAll(raw, one+one, one))
		l.finish(0)
	}
}
