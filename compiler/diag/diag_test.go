package diag_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

func text(t *testing.T, list diag.List, opts diag.TextOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := diag.WriteText(&b, list, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteText(t *testing.T) {
	f := source.NewFile("web.jsonnet", "{\n\tweb: deploy.new('wéb'),\n}\n")
	at := func(part string) source.Span {
		start := strings.Index(f.Text(), part)
		return source.Span{File: f, Start: start, End: start + len(part)}
	}
	list := diag.List{
		{
			Code: diag.JsonnetStatic, Span: at("deploy"), Message: "unknown variable `deploy`", Hint: "did you mean `deployment`?",
			Object: "Deployment.apps web", Path: "web", Environment: "prod",
			Related: []diag.Related{{Span: at("'wéb'"), Message: "used here"}},
			Trace:   []diag.Frame{{Span: at("web"), Name: "object <anonymous>"}, {Span: at("{"), Name: "$"}, {Span: at("}")}},
		},
		{Code: diag.NoApp, Severity: diag.Warning, Message: "line\x1b[31m one\r\nerror[CP0000]: faked", Span: source.NewFile("x", "").Whole()},
	}
	want := "error[CP2002]: unknown variable `deploy`\n" +
		"  web.jsonnet:2:7\n" +
		"2 | \tweb: deploy.new('wéb'),\n" +
		"  | \t     ^^^^^^\n" +
		"  object: Deployment.apps web\n" +
		"  at: web\n" +
		"  environment: prod\n" +
		"note: used here\n" +
		"  web.jsonnet:2:18\n" +
		"2 | \tweb: deploy.new('wéb'),\n" +
		"  | \t                ^^^^^\n" +
		"  from web.jsonnet:2:2 object <anonymous>\n" +
		"  from web.jsonnet:1:1 $\n" +
		"  ... 1 more frames\n" +
		"hint: did you mean `deployment`?\n" +
		"\n" +
		"warning[CP1003]: line\\x1b[31m one\\r\n" +
		"error[CP0000]: faked\n" +
		"  x\n"
	if diff := cmp.Diff(want, text(t, list, diag.TextOptions{Frames: 2})); diff != "" {
		t.Error(diff)
	}
	if colored := text(t, list, diag.TextOptions{Color: true}); !strings.Contains(colored, "\x1b[1;31merror[CP2002]\x1b[0m") {
		t.Errorf("no colours in %q", colored)
	}
}

// TestLongLine cuts a line down to what surrounds the place.
func TestLongLine(t *testing.T) {
	f := source.NewFile("one.json", strings.Repeat("x", 5000)+"HERE"+strings.Repeat("y", 5000))
	out := text(t, diag.List{{Code: diag.BadJSON, Span: source.Span{File: f, Start: 5000, End: 5004}, Message: "m"}}, diag.TextOptions{})
	lines := strings.Split(out, "\n")
	if len(lines[2]) > 130 || strings.Index(lines[2], "HERE") != strings.Index(lines[3], "^^^^") || strings.Count(lines[3], "^") != 4 {
		t.Errorf("got\n%s", out)
	}
}

func TestNewReport(t *testing.T) {
	f := source.NewFile("a", "one\ntwo")
	report := diag.NewReport(diag.List{
		{Code: diag.BadYAML, Span: source.Span{File: f, Start: 4, End: 7}, Message: "m", Related: []diag.Related{{Span: f.Whole(), Message: "r"}}},
	})
	want := diag.ReportEntry{
		Code: diag.BadYAML, Severity: "error", Message: "m",
		Place:   &diag.ReportPlace{File: "a", Line: 2, Column: 1, EndLine: 2, EndColumn: 4},
		Related: []diag.ReportRelated{{Message: "r", Place: &diag.ReportPlace{File: "a"}}},
	}
	if diff := cmp.Diff([]diag.ReportEntry{want}, report.Diagnostics); diff != "" {
		t.Error(diff)
	}
	if none, err := json.Marshal(diag.NewReport(nil)); err != nil || string(none) != `{"diagnostics":[]}` {
		t.Errorf("%s %v", none, err)
	}
}

func TestList(t *testing.T) {
	f := source.NewFile("a", "abc")
	list := diag.List{
		{Code: diag.EvalError, Span: f.At(2), Message: "late"},
		{Code: diag.EvalError, Span: f.At(0), Message: "early", Severity: diag.Warning},
		{Code: diag.EvalError, Span: f.At(2), Message: "late"},
	}
	if sorted := list.Sorted(); len(sorted) != 2 || sorted[0].Message != "early" {
		t.Errorf("%v", sorted)
	}
	if list.Count(diag.Error) != 2 || !list.HasErrors() || list.Err() == nil || list[1:2].Err() != nil || diag.List(nil).Err() != nil {
		t.Error("errors are not told from warnings")
	}
	if got := diag.AsList(fmt.Errorf("around: %w", list)); len(got) != 3 || diag.AsList(errors.New("other")) != nil {
		t.Error("a list is not found in an error")
	}
}

func TestSuggest(t *testing.T) {
	known := []string{"deployment", "service", "statefulset", "prod", "dev"}
	for name, want := range map[string]string{
		"deploymnet": "deployment", "Deployment": "deployment", "servce": "service", "prd": "prod", "dve": "dev", "x": "", "ingress": "", "": "",
	} {
		if got := diag.Suggest(name, known); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if hint := diag.DidYouMean("zzz", known); hint != "known: deployment, dev, prod, service, statefulset" {
		t.Error(hint)
	}
	if hint := diag.DidYouMean("zzz", nil); hint != "" {
		t.Error(hint)
	}
}
