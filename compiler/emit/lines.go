package emit

import (
	"bytes"
	"strings"
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

// AppendYAMLComments is AppendYAML with a comment at the end of each line on which a value
// begins for which comment gives a text. The comments of a document stand below each other, but for those
// of lines that are much longer than the others.
func AppendYAMLComments(dst []byte, v value.Value, comment func(value.Value) string) []byte {
	var all []Line
	text := appendDocument(nil, v, &marks{each: func(l Line) { all = append(all, l) }})
	column := commentColumn(text, all)
	from := 0
	for _, l := range all {
		dst = append(dst, text[from:l.End]...)
		from = l.End
		if note := comment(l.Value); note != "" {
			dst = AppendSpaces(dst, max(1, column-width(text, l.End)))
			dst = append(append(dst, "# "...), oneLine(note)...)
		}
	}
	return append(dst, text[from:]...)
}

// widest is how far to the right comments stand at most.
const widest = 80

func commentColumn(text []byte, all []Line) int {
	column := 0
	for _, l := range all {
		if w := width(text, l.End) + 2; w <= widest {
			column = max(column, w)
		}
	}
	return column
}

// width is how many code points a line has before a byte of the text.
func width(text []byte, end int) int {
	return utf8.RuneCount(text[bytes.LastIndexByte(text[:end], '\n')+1 : end])
}

// oneLine keeps a comment from ending, or from being no YAML.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}
