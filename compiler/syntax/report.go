package syntax

import (
	"unicode/utf8"

	"fmt"
	"unicode"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// maxErrors is how many errors one file reports: who sees that many has another
// problem, and a hostile file shall not fill the memory with them.
const maxErrors = 50

// reporter collects the errors of a file.
type reporter struct {
	file *source.File
	list diag.List
}

// full tells whether no more errors are taken.
func (r *reporter) full() bool { return len(r.list) >= maxErrors }

// add reports an error in the syntax.
func (r *reporter) add(start, end int, message, hint string) *diag.Diagnostic {
	return r.put(diag.Diagnostic{Code: diag.JsonnetSyntax, Span: r.span(start, end), Message: message, Hint: hint})
}

func (r *reporter) put(d diag.Diagnostic) *diag.Diagnostic {
	if r.full() {
		return &d
	}
	r.list = append(r.list, d)
	return &r.list[len(r.list)-1]
}

func (r *reporter) span(start, end int) source.Span {
	return source.Span{File: r.file, Start: start, End: end}
}

// show writes a character for a message.
func show(r rune) string {
	if unicode.IsPrint(r) {
		return "`" + string(r) + "`"
	}
	return fmt.Sprintf("U+%04X", r)
}

// showAt writes the character at a place of the text for a message.
func (l *lexer) showAt(i int) string {
	if i >= len(l.text) {
		return "the end of the file"
	}
	r, _ := utf8.DecodeRuneInString(l.text[i:])
	if r == '\n' {
		return "the end of the line"
	}
	return show(r)
}

// strayHint says what to write instead of a character that jsonnet does not know.
func strayHint(r rune) string {
	switch r {
	case '“', '”', '„', '‘', '’', '«', '»':
		return "strings stand in straight quotes: \" or '"
	case '\u00a0':
		return "this is a non-breaking space; replace it by a plain one"
	case '`':
		return "strings stand in \" or ', or between ||| for several lines"
	case '?':
		return "a condition is `if a then b else c`"
	}
	return ""
}
