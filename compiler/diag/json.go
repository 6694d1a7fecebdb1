package diag

import "github.com/couplet-k8s/couplet/compiler/source"

// Report is the JSON form of findings; its schema is docs/schemas/diagnostics.json.
type Report struct {
	Diagnostics []ReportEntry `json:"diagnostics"`
}

// ReportEntry is one finding; empty members are left out.
type ReportEntry struct {
	Code        Code            `json:"code"`
	Severity    string          `json:"severity"`
	Message     string          `json:"message"`
	Hint        string          `json:"hint,omitempty"`
	Place       *ReportPlace    `json:"place,omitempty"`
	Path        string          `json:"path,omitempty"`
	Object      string          `json:"object,omitempty"`
	Environment string          `json:"environment,omitempty"`
	Also        []string        `json:"also,omitempty"`
	Related     []ReportRelated `json:"related,omitempty"`
	Trace       []ReportFrame   `json:"trace,omitempty"`
}

// ReportPlace is a range in a file. Lines and columns start at 1, columns count
// code points, and the end is exclusive; a place that is a whole file has no numbers.
type ReportPlace struct {
	File      string `json:"file"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
}

// ReportRelated is a further place.
type ReportRelated struct {
	Message string       `json:"message"`
	Place   *ReportPlace `json:"place,omitempty"`
}

// ReportFrame is one step of an evaluation.
type ReportFrame struct {
	Name  string       `json:"name,omitempty"`
	Place *ReportPlace `json:"place,omitempty"`
}

// NewReport makes the JSON form of findings, merged.
func NewReport(list List) Report {
	report := Report{Diagnostics: make([]ReportEntry, 0, len(list))}
	for _, d := range list.Merged() {
		entry := ReportEntry{
			Code: d.Code, Severity: d.Severity.String(), Message: d.Message, Hint: d.Hint,
			Place: NewPlace(d.Span), Path: d.Path, Object: d.Object, Environment: d.Environment, Also: d.Also,
		}
		for _, r := range d.Related {
			entry.Related = append(entry.Related, ReportRelated{Message: r.Message, Place: NewPlace(r.Span)})
		}
		for _, f := range d.Trace {
			entry.Trace = append(entry.Trace, ReportFrame{Name: f.Name, Place: NewPlace(f.Span)})
		}
		report.Diagnostics = append(report.Diagnostics, entry)
	}
	return report
}

// NewPlace makes the JSON form of a span; nil for the zero Span.
func NewPlace(s source.Span) *ReportPlace {
	switch {
	case !s.IsValid():
		return nil
	case !s.HasPlace():
		return &ReportPlace{File: s.File.Name()}
	}
	start, end := s.File.Position(s.Start), s.File.Position(s.End)
	return &ReportPlace{
		File: s.File.Name(),
		Line: start.Line, Column: start.Column, EndLine: end.Line, EndColumn: end.Column,
	}
}
