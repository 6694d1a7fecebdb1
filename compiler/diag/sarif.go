package diag

import (
	"encoding/json"
	"io"
	"strings"
)

// The parts of SARIF 2.1.0 that are written. See the OASIS standard "Static Analysis
// Results Interchange Format (SARIF) Version 2.1.0"; the numbers are its sections.
type sarifLog struct { // 3.13
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct { // 3.14
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"` // 3.14.17
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct { // 3.19
	Name           string      `json:"name"`
	Version        string      `json:"version,omitempty"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct { // 3.49
	ID               string    `json:"id"`
	ShortDescription sarifText `json:"shortDescription"`
	FullDescription  sarifText `json:"fullDescription"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct { // 3.27
	RuleID           string          `json:"ruleId"`
	RuleIndex        int             `json:"ruleIndex"`
	Level            string          `json:"level"`
	Message          sarifText       `json:"message"`
	Locations        []sarifLocation `json:"locations,omitempty"`
	RelatedLocations []sarifLocation `json:"relatedLocations,omitempty"`
	Properties       map[string]any  `json:"properties,omitempty"`
}

type sarifLocation struct { // 3.28
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	Message  *sarifText     `json:"message,omitempty"`
}

type sarifPhysical struct { // 3.29
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct { // 3.30; columns start at 1, the end is exclusive
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
	EndLine     int `json:"endLine,omitempty"`
	EndColumn   int `json:"endColumn,omitempty"`
}

type sarifLogical struct { // 3.33
	FullyQualifiedName string `json:"fullyQualifiedName"`
}

// informationURI is where couplet is explained.
const informationURI = "https://github.com/couplet-k8s/couplet"

// WriteSARIF writes findings, merged, as a SARIF log of one run of a version of couplet.
// The rules are the codes of the findings.
func WriteSARIF(w io.Writer, list List, version string) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "couplet", Version: version, InformationURI: informationURI, Rules: []sarifRule{}}
	index := map[Code]int{}
	report := NewReport(list)
	for _, info := range Codes() {
		for _, d := range report.Diagnostics {
			if _, there := index[info.Code]; d.Code == info.Code && !there {
				index[info.Code] = len(run.Tool.Driver.Rules)
				run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
					ID: string(info.Code), ShortDescription: sarifText{info.Title}, FullDescription: sarifText{info.Explain},
				})
			}
		}
	}
	for _, d := range report.Diagnostics {
		run.Results = append(run.Results, sarifResultOf(d, index[d.Code]))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func sarifResultOf(d ReportEntry, rule int) sarifResult {
	r := sarifResult{RuleID: string(d.Code), RuleIndex: rule, Level: d.Severity, Message: sarifText{d.Message}}
	if d.Hint != "" {
		r.Message.Text += "\n" + d.Hint
	}
	at := sarifLocation{Physical: sarifPlace(d.Place)}
	if d.Path != "" {
		at.Logical = []sarifLogical{{FullyQualifiedName: d.Path}}
	}
	if at.Physical != nil || at.Logical != nil {
		r.Locations = []sarifLocation{at}
	}
	for _, related := range d.Related {
		if place := sarifPlace(related.Place); place != nil {
			r.RelatedLocations = append(r.RelatedLocations, sarifLocation{Physical: place, Message: &sarifText{related.Message}})
		}
	}
	properties := map[string]any{}
	if d.Object != "" {
		properties["object"] = d.Object
	}
	if d.Environment != "" {
		properties["environments"] = append([]string{d.Environment}, d.Also...)
	}
	if len(properties) > 0 {
		r.Properties = properties
	}
	return r
}

func sarifPlace(p *ReportPlace) *sarifPhysical {
	if p == nil {
		return nil
	}
	place := &sarifPhysical{Artifact: sarifArtifact{URI: uri(p.File)}}
	if p.Line > 0 {
		place.Region = &sarifRegion{StartLine: p.Line, StartColumn: p.Column, EndLine: p.EndLine, EndColumn: p.EndColumn}
	}
	return place
}

// uri writes a path as a relative reference of RFC 3986.
func uri(path string) string {
	var b strings.Builder
	for i := range len(path) {
		c := path[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~/!$&'()*+,;=@", c) >= 0:
			b.WriteByte(c)
		default:
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}
