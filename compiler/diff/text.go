package diff

import (
	"io"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
)

// TextOptions choose how a report is written for a terminal.
type TextOptions struct {
	// Color uses ANSI escapes.
	Color bool
}

// WriteText writes the report for people: the objects with a sign before them, +, - or
// ~, below each its lines, with the sign in the first column, and the numbers at the end.
//
//	~ Deployment.apps shop/web (dev, prod)
//	-   spec.replicas: 2
//	+   spec.replicas: 3
//
//	0 added, 0 removed, 1 changed
func (r Report) WriteText(w io.Writer, opts TextOptions) error {
	if err := r.WriteObjects(w, opts); err != nil {
		return err
	}
	line := "no differences"
	if !r.IsEmpty() {
		line = r.counts().String()
	}
	_, err := io.WriteString(w, line+"\n")
	return err
}

// WriteObjects is WriteText without the numbers.
func (r Report) WriteObjects(w io.Writer, opts TextOptions) error {
	p := textPrinter{color: opts.Color}
	for _, g := range r.groups {
		title := string(g.sign()) + " " + diag.Printable(g.Title)
		if where := r.where(g); where != "" {
			title += " (" + diag.Printable(where) + ")"
		}
		p.line(styles[g.sign()]+styleBold, title)
		for _, l := range g.Object.lines() {
			p.line(styles[l.mark], string(l.mark)+"   "+l.text)
		}
		p.line("", "")
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

const (
	styleBold = "\x1b[1m"
	styleOff  = "\x1b[0m"
)

var styles = map[byte]string{'+': "\x1b[32m", '-': "\x1b[31m", '~': "\x1b[33m"}

type textPrinter struct {
	color bool
	b     strings.Builder
}

func (p *textPrinter) line(style, text string) {
	text = strings.TrimRight(text, " ")
	if p.color && style != "" {
		text = style + text + styleOff
	}
	p.b.WriteString(text + "\n")
}
