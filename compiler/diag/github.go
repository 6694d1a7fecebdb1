package diag

import (
	"fmt"
	"io"
	"strings"
)

// WriteGitHub writes findings, merged, as workflow commands of GitHub Actions, which show
// them beside the lines of a pull request. See "Workflow commands for GitHub Actions" in
// GitHub's documentation.
func WriteGitHub(w io.Writer, list List) error {
	var b strings.Builder
	for _, d := range NewReport(list).Diagnostics {
		var properties []string
		set := func(name string, v any) {
			properties = append(properties, fmt.Sprintf("%s=%s", name, githubProperty.Replace(fmt.Sprint(v))))
		}
		if p := d.Place; p != nil {
			set("file", p.File)
			if p.Line > 0 {
				set("line", p.Line)
				set("col", p.Column)
				set("endLine", p.EndLine)
				set("endColumn", p.EndColumn)
			}
		}
		set("title", title(d))
		message := d.Message
		if d.Hint != "" {
			message += "\n" + d.Hint
		}
		fmt.Fprintf(&b, "::%s %s::%s\n", d.Severity, strings.Join(properties, ","), githubText.Replace(Printable(message)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var (
	githubText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// title names a finding in few words: its code, object and environments.
func title(d ReportEntry) string {
	text := string(d.Code)
	if d.Object != "" {
		text += " " + d.Object
	}
	if d.Environment != "" {
		names := d.Environment
		if len(d.Also) > 0 {
			names = manyNames(d.Environment, d.Also)
		}
		text += " in " + names
	}
	return text
}
