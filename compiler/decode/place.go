package decode

import (
	"strings"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// places translates the lines and columns of the YAML parser into byte offsets. The
// parser counts lines by YAML's line ends, of which there are more than line feeds,
// and columns in code points.
type places struct {
	text  string
	lines []int
	// wide has, for the lines that are not ASCII, the offset of each code point.
	wide map[int][]int
}

const byteOrderMark = "\ufeff"

func newPlaces(text string) *places {
	p := &places{text: text, wide: map[int][]int{}}
	start := 0
	if strings.HasPrefix(text, byteOrderMark) {
		start = len(byteOrderMark)
	}
	p.lines = append(p.lines, start)
	for i := start; i < len(text); {
		n := lineEnd(text[i:])
		if n == 0 {
			i++
			continue
		}
		i += n
		p.lines = append(p.lines, i)
	}
	return p
}

// lineEnd is the length of the YAML line end at the start of text, 0 where there is
// none: LF, CR, CR LF, NEL, and the line and paragraph separators.
func lineEnd(text string) int {
	switch text[0] {
	case '\n':
		return 1
	case '\r':
		if len(text) > 1 && text[1] == '\n' {
			return 2
		}
		return 1
	case 0xc2:
		if strings.HasPrefix(text, "\u0085") {
			return 2
		}
	case 0xe2:
		if strings.HasPrefix(text, "\u2028") || strings.HasPrefix(text, "\u2029") {
			return 3
		}
	}
	return 0
}

// offset gives the byte at a line and a column, both counted from 1.
func (p *places) offset(line, column int) int {
	if line < 1 || line > len(p.lines) {
		return len(p.text)
	}
	start, end := p.lines[line-1], len(p.text)
	if line < len(p.lines) {
		end = p.lines[line]
	}
	runes, known := p.wide[line]
	if !known {
		runes = runeOffsets(p.text[start:end])
		p.wide[line] = runes
	}
	at := max(column-1, 0)
	if runes != nil {
		if at >= len(runes) {
			return end
		}
		return start + runes[at]
	}
	return min(start+at, end)
}

// runeOffsets gives the offset of each code point of a line; nil for plain ASCII.
func runeOffsets(line string) []int {
	if utf8.RuneCountInString(line) == len(line) {
		return nil
	}
	offsets := make([]int, 0, len(line))
	for i := range line {
		offsets = append(offsets, i)
	}
	return offsets
}

// line is the span of what is visible on a line, counted from 1.
func (p *places) line(file *source.File, n int) source.Span {
	n = max(1, min(n, len(p.lines)))
	start := p.lines[n-1]
	text := p.text[start:]
	if n < len(p.lines) {
		text = p.text[start:p.lines[n]]
	}
	body := strings.TrimLeft(text, " \t")
	start += len(text) - len(body)
	return source.Span{File: file, Start: start, End: start + len(strings.TrimSpace(body))}
}

// firstWrongByte finds the first byte that is not UTF-8, or -1.
func firstWrongByte(text string) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// firstControl finds the first character that YAML does not allow in a text, or -1.
func firstControl(text string) int {
	return strings.IndexFunc(text, func(r rune) bool {
		switch {
		case r == '\t', r == '\n', r == '\r', r == 0x85:
			return false
		}
		return r < ' ' || 0x7f <= r && r < 0xa0 || r == 0xfffe || r == 0xffff
	})
}
