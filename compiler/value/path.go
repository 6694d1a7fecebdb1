package value

import (
	"strconv"
	"strings"
)

// Path leads from a value to one inside it. It is a linked list from the inside out,
// so that a walk extends it without copying. The nil Path is the value itself.
type Path struct {
	outer *Path
	name  string
	index int // -1 for a member
}

// Member extends the path by a member's name.
func (p *Path) Member(name string) *Path { return &Path{outer: p, name: name, index: -1} }

// Item extends the path by an element's index, counted from 0.
func (p *Path) Item(index int) *Path { return &Path{outer: p, index: index} }

// String writes the path as jsonnet would: web.deployment.spec["a-b"].items[0];
// "" for the nil path.
func (p *Path) String() string {
	var b strings.Builder
	p.write(&b)
	return b.String()
}

func (p *Path) write(b *strings.Builder) {
	if p == nil {
		return
	}
	p.outer.write(b)
	switch {
	case p.index >= 0:
		b.WriteString("[" + strconv.Itoa(p.index) + "]")
	case IsIdentifier(p.name):
		if p.outer != nil {
			b.WriteByte('.')
		}
		b.WriteString(p.name)
	default:
		b.WriteString("[" + strconv.Quote(p.name) + "]")
	}
}

// IsIdentifier tells whether a name can stand after a dot: letters, digits and _,
// not starting with a digit.
func IsIdentifier(name string) bool {
	for i := range len(name) {
		c := name[i]
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}
