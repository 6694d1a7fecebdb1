package emit

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// Line is a line of a YAML text on which a value begins. Of the values that begin on
// one line it is for the innermost: for the port in "- port: 80". The lines of a literal
// block but its first, and a long key's own, begin none.
type Line struct {
	// End is where the line ends, as an index into the text. A comment can stand there.
	End int
	// Value is what begins on the line, and Path the way to it.
	Value value.Value
	Path  *value.Path
}

// AppendYAMLLines is AppendYAML, and tells of each line in order.
func AppendYAMLLines(dst []byte, v value.Value, each func(Line)) []byte {
	return appendDocument(dst, v, &marks{each: each, paths: true})
}

// marks tells of lines; the nil one does not, at no cost.
type marks struct {
	each  func(Line)
	path  *value.Path
	paths bool // path is kept
}

// member, item and end are small enough to be inlined, for the nil one.
func (l *marks) member(name string) *marks {
	if l == nil {
		return nil
	}
	return l.into(name, -1)
}

func (l *marks) item(i int) *marks {
	if l == nil {
		return nil
	}
	return l.into("", i)
}

func (l *marks) end(at int, v value.Value) {
	if l != nil {
		l.tell(at, v)
	}
}

func (l *marks) into(name string, i int) *marks {
	switch {
	case !l.paths:
		return l
	case i >= 0:
		return &marks{l.each, l.path.Item(i), true}
	}
	return &marks{l.each, l.path.Member(name), true}
}

func (l *marks) tell(at int, v value.Value) { l.each(Line{End: at, Value: v, Path: l.path}) }

// endFirst tells of the first line of a scalar that starts at a byte of the text.
func (l *marks) endFirst(text []byte, start int, v value.Value) {
	l.tell(start+bytes.IndexByte(text[start:], '\n'), v)
}

// Commenter writes documents with comments. It keeps its buffers from one to the next.
type Commenter struct {
	text  []byte
	lines []commentLine
}

// commentLine is a line that may have a comment, with how many code points come before it.
type commentLine struct {
	end, width int
	value      value.Value
}

// widest is how far to the right comments stand at most.
const widest = 80

// AppendYAML is AppendYAML with a comment at the end of each line on which a value begins
// and for which comment appends a text. The comments of a document stand below each other,
// but for those of lines that are much longer than the others.
func (c *Commenter) AppendYAML(dst []byte, v value.Value, comment func([]byte, value.Value) []byte) []byte {
	c.lines = c.lines[:0]
	c.text = appendDocument(c.text[:0], v, &marks{each: func(l Line) {
		c.lines = append(c.lines, commentLine{end: l.End, value: l.Value})
	}})
	column := 0
	for i := range c.lines {
		l := &c.lines[i]
		l.width = width(c.text, l.end) + 2
		if l.width <= widest {
			column = max(column, l.width)
		}
	}
	dst = slices.Grow(dst, len(c.text))
	from := 0
	for _, l := range c.lines {
		dst = append(dst, c.text[from:l.end]...)
		from = l.end
		end := len(dst)
		dst = AppendSpaces(dst, max(1, column-l.width+2))
		dst = append(dst, "# "...)
		note := len(dst)
		if dst = comment(dst, l.value); len(dst) == note {
			dst = dst[:end]
			continue
		}
		dst = oneLine(dst, note)
	}
	return append(dst, c.text[from:]...)
}

// width is how many code points a line has before a byte of the text.
func width(text []byte, end int) int {
	return utf8.RuneCount(text[bytes.LastIndexByte(text[:end], '\n')+1 : end])
}

// oneLine keeps a comment, which starts at a byte of the text, from ending, or from being
// no YAML.
func oneLine(text []byte, start int) []byte {
	for _, b := range text[start:] {
		if b < ' ' || b >= 0x7f {
			return append(text[:start], bytes.Map(printable, text[start:])...)
		}
	}
	return text
}

func printable(r rune) rune {
	if r == utf8.RuneError || !unicode.IsPrint(r) {
		return '?'
	}
	return r
}
