package diff

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/diag"
)

// MarkdownOptions choose how a report is written for a pull request.
type MarkdownOptions struct {
	// Limit is the greatest length in bytes; 0 means GitHub's limit for a comment.
	Limit int
}

// CommentLimit is how long a comment on GitHub may be.
const CommentLimit = 65_536

// WriteMarkdown writes the report as a comment on a pull request: the numbers as a
// table, and a folded block for each difference. What does not fit is left out, with a
// note that says so.
func (r Report) WriteMarkdown(w io.Writer, opts MarkdownOptions) error {
	limit := opts.Limit
	if limit <= 0 {
		limit = CommentLimit
	}
	_, err := io.WriteString(w, r.markdown(limit))
	return err
}

func (r Report) markdown(limit int) string {
	p := page{limit: limit - noteSize}
	p.always("### couplet diff: " + code(r.From) + " → " + code(r.To) + "\n\n")
	if r.IsEmpty() {
		p.always("No differences.\n")
		return p.String()
	}
	p.always(r.counts().String() + "\n\n")
	r.table(&p)
	left := 0
	for _, g := range r.groups {
		if !p.fits(r.block(g, p.room())) {
			left++
		}
	}
	if left > 0 {
		p.always(fmt.Sprintf("%d of %d differences are left out: a comment has at most %d characters. "+
			"`couplet diff` shows all.\n", left, len(r.groups), limit))
	}
	return p.String()
}

// noteSize is kept free for the notes about what was left out.
const noteSize = 600

// page is a text that grows up to a limit.
type page struct {
	strings.Builder
	limit int
}

func (p *page) room() int { return p.limit - p.Len() }

func (p *page) always(text string) { p.WriteString(text) }

// fits adds a text unless it is "" or too long.
func (p *page) fits(text string) bool {
	if text == "" || len(text) > p.room() {
		return false
	}
	p.WriteString(text)
	return true
}

// table lists the environments that have differences with their numbers; nothing where
// two environments are compared with each other.
func (r Report) table(p *page) {
	if len(r.Environments) == 1 && r.Environments[0].Name == "" {
		return
	}
	p.always("| environment | added | removed | changed |\n|---|---:|---:|---:|\n")
	same, left := 0, 0
	for _, env := range r.Environments {
		n := env.counts()
		row := fmt.Sprintf("| %s | %d | %d | %d |\n", code(env.Name), n.added, n.removed, n.changed)
		switch {
		case n == counts{}:
			same++
		case p.room() < p.limit/2 || !p.fits(row):
			left++
		}
	}
	p.always("\n")
	if same > 0 {
		p.always(fmt.Sprintf("No differences in %d of %d environments.\n\n", same, len(r.Environments)))
	}
	if left > 0 {
		p.always(fmt.Sprintf("More environments with differences: %d.\n\n", left))
	}
}

// block writes one difference, folded. Where it is too long for the room, or would take
// most of it from the others, it is cut.
func (r Report) block(g Group, room int) string {
	title := code(string(g.sign())+" "+g.Title) + r.codes(g)
	lines := g.Object.lines()
	if len(lines) == 0 {
		return title + "\n\n"
	}
	fence := fenceFor(lines)
	head := "<details><summary>" + title + "</summary>\n\n" + fence + "diff\n"
	tail := fence + "\n\n</details>\n\n"
	body, left := cut(lines, max(room/2, minimalBlock)-len(head)-len(tail))
	if left > 0 {
		tail = fence + "\n\n" + fmt.Sprintf("%d more lines are left out.\n\n</details>\n\n", left)
	}
	return head + body + tail
}

// minimalBlock is a size up to which a difference is not cut, if there is room at all.
const minimalBlock = 1000

// cut writes as many lines as fit, and counts the others.
func cut(lines []line, room int) (body string, left int) {
	var b strings.Builder
	for i, l := range lines {
		text := strings.TrimRight(string(l.mark)+" "+l.text, " ") + "\n"
		if b.Len()+len(text) > room {
			return b.String(), len(lines) - i
		}
		b.WriteString(text)
	}
	return b.String(), 0
}

// fenceFor is a fence longer than any run of backticks inside.
func fenceFor(lines []line) string {
	longest := 2
	for _, l := range lines {
		longest = max(longest, longestRun(l.text))
	}
	return strings.Repeat("`", longest+1)
}

func longestRun(text string) int {
	longest, run := 0, 0
	for i := range len(text) {
		if text[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// longestName is how much of a name is shown.
const longestName = 200

// code writes a name so that neither markdown nor GitHub takes anything in it for
// markup: whatever is not a letter, a digit or harmless becomes an entity.
func code(name string) string {
	var b strings.Builder
	b.WriteString("<code>")
	for i, r := range diag.Printable(name) {
		switch {
		case i >= longestName:
			b.WriteString("…</code>")
			return b.String()
		case r < utf8.RuneSelf && !strings.ContainsRune(harmless, r):
			fmt.Fprintf(&b, "&#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteString("</code>")
	return b.String()
}

const harmless = " -+./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// codes names the environments of a group.
func (r Report) codes(g Group) string {
	switch {
	case g.isNameless():
		return ""
	case r.isEverywhere(g):
		return " in " + r.where(g)
	}
	names := make([]string, len(g.Environments))
	for i, name := range g.Environments {
		names[i] = code(name)
	}
	return " in " + strings.Join(names, ", ")
}
