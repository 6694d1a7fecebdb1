package gojsonnet

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"sync"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/formatter"
	"github.com/google/go-jsonnet/linter"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// Format gives a file's text in the canonical form of go-jsonnet's formatter.
func Format(f *source.File) (string, diag.List) {
	if err := checkNesting(f, maxNesting); err != nil {
		return "", forFile(f, nil).diagnose(err)
	}
	text, err := formatter.Format(f.Name(), f.Text(), formatter.DefaultOptions())
	if err != nil {
		return "", forFile(f, nil).diagnose(err)
	}
	return text, nil
}

// Lint gives the remarks of go-jsonnet's linter on one file. Of the program, the files
// and the search path count.
func Lint(f *source.File, p *eval.Program) (found diag.List) {
	r := forFile(f, p)
	if err := checkNesting(f, maxLintNesting); err != nil {
		return r.diagnose(err)
	}
	if _, err := jsonnet.SnippetToAST(f.Name(), f.Text()); err != nil {
		return r.diagnose(err)
	}
	defer func() {
		if recover() != nil {
			found = diag.List{{
				Code: diag.LintFinding, Span: f.Whole(),
				Message: "go-jsonnet's linter crashed on this file", Hint: "the file may still be right: `couplet eval` tells",
			}}
		}
	}()
	var out bytes.Buffer
	bad := linter.LintSnippet(r.vm, &out, []linter.Snippet{{FileName: f.Name(), Code: f.Text()}})
	found = remarks(f, out.String())
	if bad && len(found) == 0 {
		// It is about a file that this one imports.
		found = diag.List{{Code: diag.LintFinding, Span: f.Whole(), Message: firstLine(out.String())}}
	}
	return found
}

// forFile is a run in which only locations and imports count.
func forFile(f *source.File, p *eval.Program) *run {
	if p == nil {
		p = &eval.Program{Files: source.NewSet(source.Disk{})}
	}
	program := *p
	program.Snippet = f
	r := newRun(&program)
	r.texts[f.Name()] = f
	return r
}

// remark is the first line of each thing that the linter prints: a location in one of
// go-jsonnet's forms, and a message.
var remark = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(\d+):(\d+)(?:-(\d+))?|\((\d+):(\d+)\)-\((\d+):(\d+)\)) (.+)$`)
})

func remarks(f *source.File, text string) diag.List {
	var found diag.List
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), f.Name()+":")
		m := remark().FindStringSubmatch(rest)
		if !ok || m == nil {
			continue
		}
		found.Add(diag.Diagnostic{Code: diag.LintFinding, Span: remarkSpan(f, m[1:8]), Message: sentence(m[8])})
	}
	return found
}

// remarkSpan reads the numbers of a location: line, column and last column on one
// line, or two lines and columns.
func remarkSpan(f *source.File, m []string) source.Span {
	n := make([]int, len(m))
	for i, text := range m {
		n[i], _ = strconv.Atoi(text)
	}
	begin, end := ast.Location{Line: n[0], Column: n[1]}, ast.Location{Line: n[0], Column: max(n[1], n[2])}
	if m[3] != "" {
		begin, end = ast.Location{Line: n[3], Column: n[4]}, ast.Location{Line: n[5], Column: n[6]}
	}
	return source.Span{File: f, Start: offset(f, begin), End: offset(f, end)}
}
