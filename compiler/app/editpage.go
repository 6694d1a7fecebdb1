package app

import (
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// page is a YAML text as lines, with the value decoded from it as the map. It serves
// one edit: changed lines are not mapped again. It knows block style well enough to
// find its way, and relies on the editor to find out where that was not enough.
type page struct {
	root value.Value
	// lines have their line ends; the last one has one here even where the file does
	// not end with one (open).
	lines  []string
	starts []int // the byte at which each line starts
	open   bool
	// newline is the line end of new lines.
	newline string
}

func newPage(file *source.File, root value.Value) *page {
	p := &page{root: root, newline: "\n"}
	p.lines = slices.Collect(strings.Lines(file.Text()))
	at := 0
	for _, line := range p.lines {
		p.starts = append(p.starts, at)
		at += len(line)
	}
	if strings.HasSuffix(p.lines[0], "\r\n") {
		p.newline = "\r\n"
	}
	last := len(p.lines) - 1
	if !strings.HasSuffix(p.lines[last], "\n") {
		p.open = true
		p.lines[last] += p.newline
	}
	return p
}

// text is the text as edited.
func (p *page) text() string {
	text := strings.Join(p.lines, "")
	if p.open {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	}
	return text
}

// spot is where a member stands that has its key on a line.
type spot struct {
	field value.Field
	// line and column are those of the key; behind is the place behind its colon.
	line, column, behind int
	// last is the last line of the value; end is the line behind what belongs to it,
	// which the comments are that follow directly and are indented deeper than the key.
	last, end int
}

// find follows a path as far as it leads; spots are those on the way.
func (p *page) find(path []string) (spots []spot) {
	var outer *spot
	for _, name := range path {
		members := p.members(outer)
		i := slices.IndexFunc(members, func(s spot) bool { return s.field.Name == name })
		if i < 0 {
			break
		}
		spots = append(spots, members[i])
		outer = &members[i]
	}
	return spots
}

// members are those of outer, or of the root for nil, in the order of the text, that
// have a line of their own within its lines: not those between braces on one line, and
// not those that an alias or a merge key brings.
func (p *page) members(outer *spot) []spot {
	v, from, to := p.root, 0, len(p.lines)-1
	if outer != nil {
		v, from, to = outer.field.Value, outer.line, outer.last
	}
	var out []spot
	for _, f := range inOrder(v.Fields()) {
		if s := p.spot(f); s.behind >= 0 && from <= s.line && s.line <= to {
			out = append(out, s)
		}
	}
	return out
}

// spot finds where a member stands; behind is -1 where its key does not start a line or
// no colon follows.
func (p *page) spot(f value.Field) spot {
	offset := int(f.Origin) - 1
	next, _ := slices.BinarySearch(p.starts, offset+1)
	s := spot{field: f, line: next - 1, column: offset - p.starts[next-1], behind: -1}
	line := p.lines[s.line]
	if strings.Trim(line[:s.column], " \ufeff") == "" {
		s.behind = behindColon(line, s.column)
	}
	s.last, s.end = p.extent(s)
	return s
}

// extent finds the last line of a member's value, and the line behind the member.
func (p *page) extent(s spot) (last, end int) {
	last, end = s.line, s.line+1
	attached := true
	for i := s.line + 1; i < len(p.lines); i++ {
		text := strings.TrimSpace(p.lines[i])
		deeper := indentation(p.lines[i]) > s.column
		switch {
		case text == "":
			attached = false
		case text[0] == '#' && deeper && attached:
			end = i + 1
		case text[0] == '#':
			attached = false
		case deeper, indentation(p.lines[i]) == s.column && p.isPart(s, i):
			last, end, attached = i, i+1, true
		default:
			return last, end
		}
	}
	return last, end
}

// isPart tells whether a line at the column of a key belongs to its value: an element
// of an array, or a closing bracket.
func (p *page) isPart(s spot, line int) bool {
	c := p.lines[line][s.column]
	return c == '-' && s.field.Value.Kind() == value.KindArray || c == ']' || c == '}'
}

// set gives the member at path a value; objects on the way are made.
func (p *page) set(path []string, to value.Value) bool {
	spots := p.find(path)
	if len(spots) < len(path) {
		return p.insert(spots, path, to)
	}
	s := spots[len(spots)-1]
	if to.Kind() == value.KindArray && p.setItems(s, to.Items()) {
		return true
	}
	p.put(s, inline(to, p.style(s)))
	return true
}

// style is the first character of a member's value, which tells how it is quoted.
func (p *page) style(s spot) byte {
	_, text, _ := splitValue(p.lines[s.line][s.behind:])
	return append([]byte(text), 0)[0]
}

// put replaces the value of a member by a text on the key's line; "" leaves the key
// alone. A comment at the end of that line stays.
func (p *page) put(s spot, text string) {
	p.lines = slices.Delete(p.lines, s.line+1, s.last+1)
	p.putHere(s, text)
}

func (p *page) putHere(s spot, text string) {
	line := p.lines[s.line]
	before, old, after := splitValue(line[s.behind:])
	switch {
	case text == "":
		before = ""
	case old == "":
		before = " "
	}
	p.lines[s.line] = line[:s.behind] + before + text + after
}

// insert adds a member below the innermost of spots, with the objects on the way.
func (p *page) insert(spots []spot, path []string, to value.Value) bool {
	var outer *spot
	if len(spots) > 0 {
		outer = &spots[len(spots)-1]
	}
	siblings, step := p.members(outer), p.step()
	column, at := 0, 0
	switch {
	case len(siblings) > 0:
		column, at = siblings[len(siblings)-1].column, p.after(siblings, path[:len(spots)+1])
		if at < 0 {
			at = outer.line + 1
		}
		if p.wantsBlank(siblings, path[:len(spots)]) {
			p.lines = slices.Insert(p.lines, at, p.newline)
			at++
		}
	case outer == nil || len(outer.field.Value.Fields()) > 0:
		return false
	default:
		p.put(*outer, "")
		column, at = outer.column+step, outer.line+1
	}
	p.lines = slices.Insert(p.lines, at, p.render(path[len(spots):], to, column, step)...)
	return true
}

// render gives the lines of a member at a column; what is inside stands step deeper.
func (p *page) render(path []string, to value.Value, column, step int) []string {
	key := strings.Repeat(" ", column) + scalar(path[0], 0, false) + ":"
	if len(path) == 1 {
		return []string{key + " " + inline(to, 0) + p.newline}
	}
	return append([]string{key + p.newline}, p.render(path[1:], to, column+step, step)...)
}

// after finds the line for a new member: behind the last of its siblings that the
// schema has before it, or behind all of them where the schema has no order; -1 for
// before all.
func (p *page) after(siblings []spot, path []string) int {
	order := schemaOrder(path[:len(path)-1])
	rank := slices.Index(order, path[len(path)-1])
	at := -1
	for _, s := range siblings {
		if rank < 0 || slices.Index(order, s.field.Name) < rank {
			at = s.end
		}
	}
	return at
}

// schemaOrder lists the members that the schema names at a path, in its order.
func schemaOrder(path []string) []string {
	at := appSchema().Root()
	if len(path) >= 2 {
		at = at.Get("definitions", "environment")
		for _, name := range path[2:] {
			at = at.Get("properties", name)
		}
	} else if len(path) == 1 {
		at = value.Null
	}
	var names []string
	for _, f := range inOrder(at.Get("properties").Fields()) {
		names = append(names, f.Name)
	}
	return names
}

// wantsBlank tells whether a blank line goes before a new last member: at the top, and
// between environments as between those that are there.
func (p *page) wantsBlank(siblings []spot, outer []string) bool {
	last := siblings[len(siblings)-1]
	switch {
	case len(outer) == 0:
		return !isBlank(p.lines[last.end-1])
	case len(outer) > 1:
		return false
	case len(siblings) == 1:
		return last.end > last.line+1
	}
	return isBlank(p.lines[p.withComments(last)-1])
}

// step is how much deeper than its environment a member stands in this text, or an
// environment than their key; 2 in a text without any.
func (p *page) step() int {
	step := 2
	for _, environments := range p.find([]string{"environments"}) {
		for i, env := range p.members(&environments) {
			if members := p.members(&env); len(members) > 0 && members[0].line > env.line {
				return members[0].column - env.column
			}
			if i == 0 && env.line > environments.line {
				step = env.column - environments.column
			}
		}
	}
	return step
}

// withComments is the first of the comment lines directly above a member at its
// column, or the line of its key.
func (p *page) withComments(s spot) int {
	line := s.line
	for line > 0 && indentation(p.lines[line-1]) == s.column && strings.HasPrefix(p.lines[line-1][s.column:], "#") {
		line--
	}
	return line
}

// remove takes a member away, with the comments directly above it and the blank lines
// that set it apart. An object that it leaves empty is written as {}.
func (p *page) remove(path []string) bool {
	spots := p.find(path)
	if len(spots) < len(path) || len(path) < 2 {
		return false
	}
	s, outer := spots[len(spots)-1], spots[len(spots)-2]
	siblings := p.members(&outer)
	first, last := siblings[0].line == s.line, siblings[len(siblings)-1].line == s.line
	from := p.withComments(s)
	p.lines = slices.Delete(p.lines, from, s.end)
	if first && last {
		p.putHere(outer, "{}")
	}
	p.closeGap(from, first, last)
	return true
}

// closeGap removes blank lines around the place of a removed member: those above it,
// unless they now set its neighbours apart, or else those below where it was the first.
func (p *page) closeGap(at int, first, last bool) {
	from, to := at, at
	for from > 0 && isBlank(p.lines[from-1]) {
		from--
	}
	for to < len(p.lines) && isBlank(p.lines[to]) {
		to++
	}
	switch {
	case from < at && (to > at || at == len(p.lines) || last && !first):
		p.lines = slices.Delete(p.lines, from, at)
	case from == at && first && !last:
		p.lines = slices.Delete(p.lines, at, to)
	}
}

// rename changes the key of a member and leaves the rest of its line.
func (p *page) rename(path []string, to string) bool {
	spots := p.find(path)
	if len(spots) < len(path) {
		return false
	}
	s := spots[len(spots)-1]
	line := p.lines[s.line]
	p.lines[s.line] = line[:s.column] + to + ":" + line[s.behind:]
	return true
}

// setItems replaces, in an array that has each element on a line with a dash, those
// between the first and the last that differ; false for any other array.
func (p *page) setItems(s spot, to []value.Value) bool {
	items, ok := p.items(s)
	if !ok {
		return false
	}
	old := s.field.Value.Items()
	head, tail := 0, 0
	for head < min(len(old), len(to)) && value.Equal(old[head], to[head]) {
		head++
	}
	for tail < min(len(old), len(to))-head && value.Equal(old[len(old)-1-tail], to[len(to)-1-tail]) {
		tail++
	}
	var lines []string
	for _, item := range to[head : len(to)-tail] {
		dash := p.lines[items[0].line][:items[0].behind]
		lines = append(lines, dash+scalar(item.Str(), 0, false)+p.newline)
	}
	at := s.line + 1
	if head > 0 {
		at = items[head-1].end
	}
	for i := len(old) - tail - 1; i >= head; i-- {
		from := max(at, p.withComments(items[i]))
		p.lines = slices.Delete(p.lines, from, items[i].end)
		at = min(at, from)
	}
	p.lines = slices.Insert(p.lines, at, lines...)
	return true
}

// items finds the elements of an array of texts in block style: behind is the place
// behind the dash and its blanks.
func (p *page) items(s spot) ([]spot, bool) {
	var out []spot
	for _, v := range s.field.Value.Items() {
		offset := int(v.Origin()) - 1
		next, _ := slices.BinarySearch(p.starts, offset+1)
		item := spot{line: next - 1, behind: offset - p.starts[next-1], end: next}
		item.column = indentation(p.lines[item.line])
		dash := strings.TrimSpace(p.lines[item.line][:item.behind])
		if dash != "-" || item.line <= s.line || item.line > s.last {
			return nil, false
		}
		if len(out) > 0 && !p.onlyComments(out[len(out)-1].end, item.line) {
			return nil, false
		}
		out = append(out, item)
	}
	return out, len(out) > 0 && out[len(out)-1].line == s.last
}

func (p *page) onlyComments(from, to int) bool {
	return !slices.ContainsFunc(p.lines[from:max(from, to)], func(line string) bool {
		text := strings.TrimSpace(line)
		return text != "" && text[0] != '#'
	})
}
