package decode

import (
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// Most YAML is machines' YAML, or looks like it: block mappings and sequences, scalars of
// one line, literal blocks. The quick reader knows no more than that, and makes values of
// the text at once; whatever else it meets, an error above all, it leaves to the parser,
// for the whole file. Where it gives values, they are the parser's, places included: a
// test and a fuzz target hold the two against each other.

// quickDocuments reads a file; not ok where it is for the parser.
func quickDocuments(text string) (docs []value.Value, ok bool) {
	if !isQuick(text) {
		return nil, false
	}
	parts, ok := splitDocuments(text)
	if !ok {
		return nil, false
	}
	read := make([]value.Value, len(parts))
	there := make([]bool, len(parts))
	all := true
	var mu sync.Mutex
	var wait sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), len(parts)/16+1)
	for w := range workers {
		wait.Go(func() {
			for i := w * len(parts) / workers; i < (w+1)*len(parts)/workers; i++ {
				q := quick{text: text[:parts[i].end], at: parts[i].start}
				var ok bool
				if read[i], there[i], ok = q.document(); !ok {
					mu.Lock()
					all = false
					mu.Unlock()
					return
				}
			}
		})
	}
	wait.Wait()
	if !all {
		return nil, false
	}
	for i, doc := range read {
		if there[i] {
			docs = append(docs, doc)
		}
	}
	return docs, true
}

// isQuick tells whether a text has only such characters as the quick reader knows: line
// feeds for line ends, no tabs.
func isQuick(text string) bool {
	if strings.IndexByte(text, '\t') >= 0 || strings.IndexByte(text, '\r') >= 0 || strings.HasPrefix(text, byteOrderMark) {
		return false
	}
	return !strings.Contains(text, "\u0085") && !strings.Contains(text, "\u2028") && !strings.Contains(text, "\u2029") && !strings.Contains(text, byteOrderMark)
}

type part struct{ start, end int }

// splitDocuments cuts a text at its lines of three hyphens, of which each starts a
// document wherever it stands. Lines that end documents, directives, and markers with
// something behind them are for the parser.
func splitDocuments(text string) ([]part, bool) {
	var parts []part
	start := 0
	for at := 0; at < len(text); {
		end := at + strings.IndexByte(text[at:], '\n')
		if end < at {
			end = len(text)
		}
		switch line := text[at:end]; {
		case strings.HasPrefix(line, "---") && strings.TrimRight(line, " ") == "---":
			parts = append(parts, part{start, at})
			start = min(end+1, len(text))
		case strings.HasPrefix(line, "---") && (len(line) == 3 || line[3] == ' '), strings.HasPrefix(line, "..."), strings.HasPrefix(line, "%"):
			return nil, false
		}
		at = end + 1
	}
	return append(parts, part{start, len(text)}), true
}

// quick reads one document.
type quick struct {
	text  string // up to the document's end
	at    int    // the next line
	depth int
	// The line that is looked at: the first that is neither blank nor a comment.
	start, end int // of what is on it, without trailing spaces
	indent     int
	done       bool
}

// quickest is how deep the quick reader goes.
const quickest = 100

func (q *quick) document() (v value.Value, there, ok bool) {
	q.next()
	if q.done {
		return value.Null, false, true
	}
	if v, ok = q.block(); !ok || !q.done {
		return value.Null, false, false
	}
	return v, true, true
}

// next goes to the next line that says something.
func (q *quick) next() {
	for q.at < len(q.text) {
		end := strings.IndexByte(q.text[q.at:], '\n')
		if end < 0 {
			end = len(q.text)
		} else {
			end += q.at
		}
		start := q.at
		for start < end && q.text[start] == ' ' {
			start++
		}
		q.indent = start - q.at
		q.at = min(end+1, len(q.text))
		if start == end || q.text[start] == '#' {
			continue
		}
		for q.text[end-1] == ' ' {
			end--
		}
		q.start, q.end = start, end
		return
	}
	q.done = true
}

// block reads the mapping or sequence that starts on the line; scalars that stand alone
// are for the parser.
func (q *quick) block() (value.Value, bool) {
	if q.depth == quickest {
		return value.Null, false
	}
	q.depth++
	defer func() { q.depth-- }()
	if q.isItem() {
		return q.sequence()
	}
	return q.mapping()
}

func (q *quick) isItem() bool {
	return q.text[q.start] == '-' && (q.start+1 == q.end || q.text[q.start+1] == ' ')
}

func (q *quick) sequence() (value.Value, bool) {
	indent, first := q.indent, q.start
	var items []value.Value
	for !q.done && q.indent == indent && q.isItem() {
		at := q.start + 1
		for at < q.end && q.text[at] == ' ' {
			at++
		}
		var item value.Value
		var ok bool
		switch {
		case at == q.end || q.text[at] == '#':
			// The parser says where a missing value stands.
			if q.next(); q.done || q.indent <= indent {
				return value.Null, false
			}
			item, ok = q.block()
		case q.startsBlock(at):
			// What stands behind the dash is a line of its own, indented as far.
			q.indent += at - q.start
			q.start = at
			item, ok = q.block()
		default:
			item, ok = q.scalar(at, indent)
		}
		if !ok {
			return value.Null, false
		}
		items = append(items, item)
	}
	if !q.done && q.indent > indent {
		return value.Null, false
	}
	return value.Array(items...).WithOrigin(uint32(first) + 1), true
}

// startsBlock tells whether what stands behind a dash is an item or a member.
func (q *quick) startsBlock(at int) bool {
	if q.text[at] == '-' && (at+1 == q.end || q.text[at+1] == ' ') {
		return true
	}
	_, _, ok := q.key(at)
	return ok
}

func (q *quick) mapping() (value.Value, bool) {
	indent, first := q.indent, q.start
	fields := make([]value.Field, 0, 8)
	for !q.done && q.indent == indent {
		if q.isItem() {
			break
		}
		name, at, ok := q.key(q.start)
		if !ok || name == "<<" {
			return value.Null, false
		}
		f := value.Field{Name: name, Origin: uint32(q.start) + 1}
		if f.Value, ok = q.member(at, indent); !ok {
			return value.Null, false
		}
		fields = append(fields, f)
	}
	if !q.done && q.indent > indent {
		return value.Null, false
	}
	slices.SortStableFunc(fields, func(a, b value.Field) int { return strings.Compare(a.Name, b.Name) })
	for i := 1; i < len(fields); i++ {
		if fields[i].Name == fields[i-1].Name {
			return value.Null, false
		}
	}
	return value.Object(fields...).WithOrigin(uint32(first) + 1), true
}

// member reads the value behind a colon, which may be on the lines below.
func (q *quick) member(at, indent int) (value.Value, bool) {
	for at < q.end && q.text[at] == ' ' {
		at++
	}
	if at < q.end && q.text[at] != '#' {
		return q.scalar(at, indent)
	}
	q.next()
	if !q.done && (q.indent > indent || q.indent == indent && q.isItem()) {
		return q.block()
	}
	return value.Null, false // The parser says where a missing value stands.
}

// key reads a field's name at a place of the line, up to behind its colon.
func (q *quick) key(start int) (name string, after int, ok bool) {
	switch c := q.text[start]; c {
	case '"', '\'':
		name, end, ok := q.quoted(start)
		if !ok || end >= q.end || q.text[end] != ':' || end+1 < q.end && q.text[end+1] != ' ' || end-start > 1000 {
			return "", 0, false
		}
		return name, end + 1, true
	default:
		if isIndicator(c) || (c == '-' || c == '?' || c == ':') && (start+1 == q.end || q.text[start+1] == ' ') {
			return "", 0, false
		}
	}
	line := q.text[start:q.end]
	colon := strings.IndexByte(line, ':')
	for colon >= 0 && colon+1 < len(line) && line[colon+1] != ' ' {
		next := strings.IndexByte(line[colon+1:], ':')
		if next < 0 {
			return "", 0, false
		}
		colon += 1 + next
	}
	if colon <= 0 || colon > 1000 || line[colon-1] == ' ' {
		return "", 0, false
	}
	name = line[:colon]
	if strings.Contains(name, " #") || plain(name).tag != "!!str" {
		return "", 0, false
	}
	return name, start + colon + 1, true
}

// isIndicator tells whether a plain scalar cannot start with a byte.
func isIndicator(c byte) bool { return strings.IndexByte(",[]{}#&*!|>'\"%@`", c) >= 0 }

// scalar reads a scalar at a place of the line, and goes to the next line, which must not
// continue it. Indent is that of the mapping or sequence around it.
func (q *quick) scalar(at, indent int) (value.Value, bool) {
	origin := uint32(at) + 1
	switch q.text[at] {
	case '"', '\'':
		text, end, ok := q.quoted(at)
		if !ok || !q.endsAt(end) {
			return value.Null, false
		}
		q.next()
		return value.String(text).WithOrigin(origin), q.done || q.indent <= indent
	case '|':
		text, ok := q.literal(at, indent)
		return value.String(text).WithOrigin(origin), ok
	case '{', '[':
		return q.empty(at, indent)
	}
	line := q.text[at:q.end]
	if comment := strings.Index(line, " #"); comment >= 0 {
		line = strings.TrimRight(line[:comment], " ")
	}
	c := line[0]
	if isIndicator(c) || (c == '-' || c == '?' || c == ':') && (len(line) == 1 || line[1] == ' ') ||
		line[len(line)-1] == ':' || strings.Contains(line, ": ") {
		return value.Null, false
	}
	v, ok := quickPlain(line)
	if !ok {
		return value.Null, false
	}
	q.next()
	return v.WithOrigin(origin), q.done || q.indent <= indent
}

// quickPlain resolves a plain scalar; long numbers may lose digits, which is for the
// parser to say.
func quickPlain(text string) (value.Value, bool) {
	got := plain(text)
	if got.tag == "!!str" {
		return value.String(text), true
	}
	if len(text) > 15 {
		return value.Null, false
	}
	s, problem := resolvePlain("", text)
	if problem != "" {
		return value.Null, false
	}
	return s.value()
}

// empty reads a mapping or sequence without anything in it.
func (q *quick) empty(at, indent int) (value.Value, bool) {
	if at+2 > q.end || q.text[at+1] != q.text[at]+2 || !q.endsAt(at+2) {
		return value.Null, false
	}
	v := value.Object()
	if q.text[at] == '[' {
		v = value.Array()
	}
	q.next()
	return v.WithOrigin(uint32(at) + 1), q.done || q.indent <= indent
}

// endsAt tells whether the line has nothing more from a place on but a comment.
func (q *quick) endsAt(at int) bool {
	rest := strings.TrimLeft(q.text[at:q.end], " ")
	return rest == "" || rest[0] == '#' && rest != q.text[at:q.end]
}

// quoted reads a text in quotes that ends on its line.
func (q *quick) quoted(start int) (text string, end int, ok bool) {
	line := q.text[start+1 : q.end]
	if q.text[start] == '\'' {
		var b strings.Builder
		for from := 0; ; {
			quote := strings.IndexByte(line[from:], '\'')
			if quote < 0 {
				return "", 0, false
			}
			quote += from
			if quote+1 == len(line) || line[quote+1] != '\'' {
				if b.Len() == 0 {
					return line[from:quote], start + 1 + quote + 1, true
				}
				b.WriteString(line[from:quote])
				return b.String(), start + 1 + quote + 1, true
			}
			b.WriteString(line[from : quote+1])
			from = quote + 2
		}
	}
	special := strings.IndexAny(line, `"\`)
	if special >= 0 && line[special] == '"' {
		return line[:special], start + 1 + special + 1, true
	}
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case '"':
			return b.String(), start + 1 + i + 1, true
		case '\\':
			if i++; i == len(line) {
				return "", 0, false
			}
			plain := strings.IndexByte(`"\/nt`, line[i])
			if plain < 0 {
				return "", 0, false
			}
			b.WriteByte("\"\\/\n\t"[plain])
		default:
			b.WriteByte(c)
		}
	}
	return "", 0, false
}

// literal reads the lines of a literal block, whose header stands at a place of the line.
func (q *quick) literal(at, indent int) (string, bool) {
	header := q.text[at:q.end]
	if header != "|" && header != "|-" && header != "|+" {
		return "", false
	}
	inner := -1
	var b strings.Builder
	blank := 0
	for q.at < len(q.text) {
		end := strings.IndexByte(q.text[q.at:], '\n')
		if end < 0 {
			return "", false // The parser knows what the missing line end means.
		}
		end += q.at
		line := q.text[q.at:end]
		body := strings.TrimLeft(line, " ")
		spaces := len(line) - len(body)
		if body == "" && (inner < 0 || spaces <= inner) {
			if inner < 0 && spaces > 0 {
				return "", false
			}
			blank++
			q.at = end + 1
			continue
		}
		if inner < 0 {
			if inner = spaces; inner <= indent {
				return "", false // It is empty.
			}
		}
		if spaces < inner {
			break
		}
		for ; blank > 0; blank-- {
			b.WriteByte('\n')
		}
		b.WriteString(line[inner:])
		b.WriteByte('\n')
		q.at = end + 1
	}
	if inner < 0 {
		return "", false
	}
	text := b.String()
	switch header {
	case "|-":
		text = strings.TrimSuffix(text, "\n")
	case "|+":
		text += strings.Repeat("\n", blank)
	}
	q.next()
	return text, q.done || q.indent <= indent
}
