package diag

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// TextOptions choose how findings are written for people.
type TextOptions struct {
	// Color uses ANSI escapes.
	Color bool
	// Frames is the largest number of trace frames shown for one finding; 0 means 6.
	Frames int
}

// WriteText writes findings for people, merged:
//
//	error[CP2001]: unbound variable `deploy`
//	  components/web.jsonnet:4:9
//	4 |   web: deploy.new('web'),
//	  |        ^^^^^^
//	hint: did you mean `deployment`?
func WriteText(w io.Writer, list List, opts TextOptions) error {
	p := printer{opts: opts}
	for i, d := range list.Merged() {
		if i > 0 {
			p.b.WriteByte('\n')
		}
		p.diagnostic(d)
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// Excerpt writes where a span is, and its first line with the range underlined, as
// WriteText does below a finding.
func Excerpt(s source.Span, opts TextOptions) string {
	p := printer{opts: opts}
	p.place(s)
	return p.b.String()
}

// Bold is a text in the style of a finding's message.
func Bold(text string, opts TextOptions) string {
	p := printer{opts: opts}
	return p.styled(styleBold, Printable(text))
}

type printer struct {
	opts TextOptions
	b    strings.Builder
}

const (
	styleBold   = "\x1b[1m"
	styleRed    = "\x1b[1;31m"
	styleYellow = "\x1b[1;33m"
	styleBlue   = "\x1b[1;34m"
	styleDim    = "\x1b[2m"
	styleOff    = "\x1b[0m"
)

func (p *printer) styled(style, text string) string {
	if !p.opts.Color {
		return text
	}
	return style + text + styleOff
}

func (p *printer) linef(format string, args ...any) {
	fmt.Fprintf(&p.b, format, args...)
	p.b.WriteByte('\n')
}

func (p *printer) diagnostic(d Diagnostic) {
	style := styleRed
	if d.Severity == Warning {
		style = styleYellow
	}
	p.linef("%s: %s", p.styled(style, d.Severity.String()+"["+string(d.Code)+"]"), p.styled(styleBold, Printable(d.Message)))
	p.place(d.Span)
	p.facts(d)
	for _, r := range d.Related {
		p.linef("%s %s", p.styled(styleBlue, "note:"), Printable(r.Message))
		p.place(r.Span)
	}
	if len(d.Trace) != 1 || d.Trace[0].Span != d.Span {
		p.trace(d.Trace)
	}
	if d.Hint != "" {
		p.linef("%s %s", p.styled(styleBlue, "hint:"), Printable(d.Hint))
	}
}

func (p *printer) facts(d Diagnostic) {
	if d.Object != "" {
		p.linef("  object: %s", Printable(d.Object))
	}
	if d.Path != "" {
		p.linef("  at: %s", Printable(d.Path))
	}
	switch {
	case d.Environment == "":
	case len(d.Also) == 0:
		p.linef("  environment: %s", Printable(d.Environment))
	default:
		p.linef("  environments: %s", Printable(manyNames(d.Environment, d.Also)))
	}
}

// manyNames lists names, or the first of them with the number of the others.
func manyNames(first string, others []string) string {
	const most = 8
	if len(others) < most {
		return first + ", " + strings.Join(others, ", ")
	}
	return fmt.Sprintf("%s, %s and %d more", first, strings.Join(others[:most-2], ", "), len(others)-most+2)
}

// place writes where a span is, and its first line with the range underlined.
func (p *printer) place(s source.Span) {
	if !s.IsValid() {
		return
	}
	if !s.HasPlace() {
		p.linef("  %s", s.File.Name())
		return
	}
	start := s.File.Position(s.Start)
	p.linef("  %s", Location(s))
	if s.File.Text() == "" {
		return
	}
	line := s.File.Line(start.Line)
	width := 1
	if end := s.File.Position(s.End); end.Line > start.Line {
		width = utf8.RuneCountInString(line) - start.Column + 1
	} else if end.Column > start.Column {
		width = end.Column - start.Column
	}
	excerpt, before, width := window(line, start.Column-1, max(width, 1))
	number := strconv.Itoa(start.Line)
	gutter := strings.Repeat(" ", len(number))
	p.linef("%s %s", p.styled(styleBlue, number+" |"), Printable(excerpt))
	p.linef("%s %s%s", p.styled(styleBlue, gutter+" |"), before, p.styled(styleRed, strings.Repeat("^", width)))
}

// window cuts a long line down to what surrounds the range [at, at+width), counted
// in code points, and gives the white space that leads to the underlining. Tabs
// stay tabs there, so that the marks stand below what they mark.
func window(line string, at, width int) (excerpt, before string, shown int) {
	const limit, lead = 120, 40
	runes := []rune(line)
	at = min(at, len(runes))
	from := 0
	if len(runes) > limit && at > lead {
		from = at - lead
	}
	to := min(len(runes), from+limit)
	shown = max(1, min(width, to-at))
	var b strings.Builder
	for _, r := range runes[from:at] {
		if r == '\t' {
			b.WriteRune('\t')
		} else {
			b.WriteByte(' ')
		}
	}
	return string(runes[from:to]), b.String(), shown
}

// trace writes the innermost frames; a frame that repeats is written once.
func (p *printer) trace(frames []Frame) {
	limit := p.opts.Frames
	if limit == 0 {
		limit = 6
	}
	for shown := 0; len(frames) > 0; shown++ {
		if shown == limit {
			p.linef("  %s", p.styled(styleDim, fmt.Sprintf("... %d more frames", len(frames))))
			return
		}
		f, times := frames[0], 1
		for times < len(frames) && frames[times] == f {
			times++
		}
		frames = frames[times:]
		text := "  from " + Location(f.Span)
		if f.Name != "" {
			text += " " + f.Name
		}
		if times > 1 {
			text += fmt.Sprintf(" (%d times)", times)
		}
		p.linef("%s", p.styled(styleDim, text))
	}
}

// Location writes a span as file:line:column, or as the file alone.
func Location(s source.Span) string {
	switch {
	case !s.IsValid():
		return "<unknown>"
	case !s.HasPlace():
		return s.File.Name()
	}
	at := s.File.Position(s.Start)
	return fmt.Sprintf("%s:%d:%d", s.File.Name(), at.Line, at.Column)
}

// Printable keeps a user's text from moving the cursor, turning its direction or faking
// a line of ours: what is not printable is written as an escape. Line breaks and tabs
// stay.
func Printable(s string) string {
	hidden := func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }
	if strings.IndexFunc(s, hidden) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if hidden(r) {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
