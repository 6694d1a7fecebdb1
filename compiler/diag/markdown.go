package diag

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes findings, merged, as a section of GitHub-flavoured markdown, for the
// comment on a pull request.
func WriteMarkdown(w io.Writer, list List) error {
	var b strings.Builder
	report := NewReport(list)
	merged := list.Merged()
	fmt.Fprintf(&b, "### couplet: %s, %s\n", counted(merged.Count(Error), "error"), counted(merged.Count(Warning), "warning"))
	if len(report.Diagnostics) > 0 {
		b.WriteString("\n| | code | place | finding | object | environments |\n|---|---|---|---|---|---|\n")
	}
	for _, d := range report.Diagnostics {
		place := ""
		if p := d.Place; p != nil {
			place = "`" + p.File + "`"
			if p.Line > 0 {
				place = fmt.Sprintf("`%s:%d:%d`", p.File, p.Line, p.Column)
			}
		}
		environments := d.Environment
		if len(d.Also) > 0 {
			environments = manyNames(d.Environment, d.Also)
		}
		message := d.Message
		if d.Hint != "" {
			message += "; " + d.Hint
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", d.Severity, d.Code, markdownCell.Replace(place),
			markdownCell.Replace(Printable(message)), markdownCell.Replace(Printable(d.Object)), markdownCell.Replace(environments))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var markdownCell = strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ", "<", "&lt;", "*", `\*`, "_", `\_`)

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
