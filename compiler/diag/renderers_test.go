package diag

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// findings are some of every sort: with and without places, in one and in many
// environments, with characters that the forms treat differently.
func findings() List {
	file := source.NewFile("lib/a b%.jsonnet", "{\n  replicas: '3',\n}\n")
	at := source.Span{File: file, Start: 14, End: 17}
	other := source.NewFile("couplet.yaml", "kind: App\n")
	return List{
		{Code: WrongType, Span: at, Message: "spec.replicas: want an integer, found the string \"3\"", Hint: "leave the quotes out: 100%,\nreally",
			Object: "Deployment.apps shop/web", Path: "web.spec.replicas", Environment: "dev", Related: []Related{{Span: source.Span{File: file, Start: 2, End: 4}, Message: "the field is defined here"}}},
		{Code: WrongType, Span: at, Message: "spec.replicas: want an integer, found the string \"3\"", Hint: "leave the quotes out: 100%,\nreally",
			Object: "Deployment.apps shop/web", Path: "web.spec.replicas", Environment: "prod"},
		{Code: ReferenceMissing, Severity: Warning, Span: other.Whole(), Message: "a | b <c> \x1b[31m", Object: "Pod x", Environment: "dev"},
		{Code: RulesMissing, Severity: Warning, Message: "not installed"},
	}
}

func TestSARIF(t *testing.T) {
	var out bytes.Buffer
	if err := WriteSARIF(&out, findings(), "1.2.3"); err != nil {
		t.Fatal(err)
	}
	report, err := sarif.FromBytes(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if report.Version != "2.1.0" || len(report.Runs) != 1 {
		t.Fatalf("version %s, %d runs", report.Version, len(report.Runs))
	}
	run := report.Runs[0]
	if run.Tool.Driver.Name != "couplet" || *run.Tool.Driver.Version != "1.2.3" || len(run.Tool.Driver.Rules) != 3 || len(run.Results) != 3 {
		t.Fatalf("%d rules and %d results of %s", len(run.Tool.Driver.Rules), len(run.Results), run.Tool.Driver.Name)
	}
	for _, r := range run.Results {
		if rule := run.Tool.Driver.Rules[*r.RuleIndex]; rule.ID != *r.RuleID {
			t.Errorf("a result of %s has the rule %s", *r.RuleID, rule.ID)
		}
	}
	first := run.Results[0]
	region := first.Locations[0].PhysicalLocation.Region
	if *region.StartLine != 2 || *region.StartColumn != 13 || *region.EndColumn != 16 {
		t.Errorf("the region is %d:%d to %d", *region.StartLine, *region.StartColumn, *region.EndColumn)
	}
	if got := *first.Locations[0].PhysicalLocation.ArtifactLocation.URI; got != "lib/a%20b%25.jsonnet" {
		t.Errorf("the file is %s", got)
	}
	if *first.Level != "error" || *run.Results[1].Level != "warning" || len(first.RelatedLocations) != 1 {
		t.Errorf("levels %s and %s, %d related", *first.Level, *run.Results[1].Level, len(first.RelatedLocations))
	}
	if !strings.Contains(out.String(), `"environments": [
              "dev",
              "prod"
            ]`) {
		t.Errorf("the environments are not named:\n%s", out.String())
	}
}

func TestEmptySARIF(t *testing.T) {
	var out bytes.Buffer
	if err := WriteSARIF(&out, nil, ""); err != nil {
		t.Fatal(err)
	}
	if report, err := sarif.FromBytes(out.Bytes()); err != nil || report.Runs[0].Results == nil {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestGitHub(t *testing.T) {
	var out strings.Builder
	if err := WriteGitHub(&out, findings()); err != nil {
		t.Fatal(err)
	}
	want := `::error file=lib/a b%25.jsonnet,line=2,col=13,endLine=2,endColumn=16,title=CP5005 Deployment.apps shop/web in dev%2C prod::spec.replicas: want an integer, found the string "3"%0Aleave the quotes out: 100%25,%0Areally
::warning file=couplet.yaml,title=CP7001 Pod x in dev::a | b <c> \x1b[31m
::warning title=CP6006::not installed
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestMarkdown(t *testing.T) {
	var out strings.Builder
	if err := WriteMarkdown(&out, findings()); err != nil {
		t.Fatal(err)
	}
	want := "### couplet: 1 error, 2 warnings\n\n| | code | place | finding | object | environments |\n|---|---|---|---|---|---|\n" +
		"| error | CP5005 | `lib/a b%.jsonnet:2:13` | spec.replicas: want an integer, found the string \"3\"; leave the quotes out: 100%, really | Deployment.apps shop/web | dev, prod |\n" +
		"| warning | CP7001 | `couplet.yaml` | a \\| b &lt;c> \\x1b[31m | Pod x | dev |\n" +
		"| warning | CP6006 |  | not installed |  |  |\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
	out.Reset()
	if err := WriteMarkdown(&out, nil); err != nil || out.String() != "### couplet: 0 errors, 0 warnings\n" {
		t.Errorf("of nothing: %q, %v", out.String(), err)
	}
}

func TestJUnit(t *testing.T) {
	var out bytes.Buffer
	suites := []Suite{{Name: "dev", Objects: []string{"Deployment.apps shop/web", "Pod x", "Service s"}}, {Name: "prod", Objects: []string{"Deployment.apps shop/web"}}}
	list := append(findings(), Diagnostic{Code: EvalError, Message: "no", Environment: "prod"})
	if err := WriteJUnit(&out, list, suites); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Name    string `xml:"name,attr"`
				File    string `xml:"file,attr"`
				Failure *struct {
					Type string `xml:"type,attr"`
				} `xml:"failure"`
				Out string `xml:"system-out"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 6 || got.Failures != 3 || len(got.Suites) != 3 {
		t.Fatalf("%d tests, %d failures, %d suites:\n%s", got.Tests, got.Failures, len(got.Suites), out.String())
	}
	dev, prod := got.Suites[0], got.Suites[1]
	if c := dev.Cases[0]; c.Failure == nil || c.Failure.Type != "CP5005" || c.File != "lib/a b%.jsonnet" {
		t.Errorf("the Deployment of dev: %+v", c)
	}
	if c := dev.Cases[1]; c.Failure != nil || !strings.Contains(c.Out, "CP7001") {
		t.Errorf("the Pod of dev: %+v", c)
	}
	if c := dev.Cases[2]; c.Failure != nil || c.Out != "" {
		t.Errorf("the Service of dev: %+v", c)
	}
	if c := prod.Cases[1]; c.Failure == nil || c.Name != string(EvalError) {
		t.Errorf("the error of prod: %+v", c)
	}
}
