package syntax_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/resolve"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// How many of go-jsonnet's programs there are at least, and how many of them fail
// before their evaluation: a guard against a run that finds nothing to compare.
const (
	oracleMin    = 780
	oracleErrors = 20
)

// oracleFiles lists go-jsonnet's own test programs.
func oracleFiles(t testing.TB) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/google/go-jsonnet").Output()
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, pattern := range []string{"testdata/*.jsonnet", "linter/testdata/*.jsonnet", "testdata/*.libsonnet"} {
		found, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), pattern))
		files = append(files, found...)
	}
	return files
}

// TestOracle compares with go-jsonnet which programs are accepted, and where the error
// is in the others.
func TestOracle(t *testing.T) {
	files, failures := oracleFiles(t), 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, err = jsonnet.SnippetToAST("f", string(text))
		if err != nil {
			failures++
		}
		if fault := compareWithOracle(string(text), err); fault != "" {
			t.Errorf("%s: %s", filepath.Base(name), fault)
		}
	}
	if len(files) < oracleMin || failures < oracleErrors {
		t.Errorf("%d programs, %d with errors; want %d and %d or more", len(files), failures, oracleMin, oracleErrors)
	}
}

// early are the errors that go-jsonnet finds before others that we find first: those
// of its lexer, which reads the whole text before its parser sees anything, and
// doubles, which we look for at the end of a list.
var early = regexp.MustCompile(`Unterminated String|Could(n't| not) lex|Text block|Multi-line comment|Unexpected EOF|Duplicate`)

// compareWithOracle says what differs from go-jsonnet's judgement of a program; ""
// where nothing does.
func compareWithOracle(text string, failure error) string {
	tree := syntax.Parse(source.NewFile("f", text))
	found := append(diag.List(nil), tree.Errors...)
	found = append(found, resolve.Resolve(tree).Errors...)
	if (failure != nil) != (len(found) > 0) {
		return fmt.Sprintf("go-jsonnet says %v, we say %v", failure, found)
	}
	var static interface{ Loc() ast.LocationRange }
	if failure == nil || !errors.As(failure, &static) {
		return ""
	}
	want := fmt.Sprintf("%d:%d", static.Loc().Begin.Line, static.Loc().Begin.Column)
	if places := places(text, found, early.MatchString(failure.Error())); !slices.Contains(places, want) {
		return fmt.Sprintf("go-jsonnet's error is at %s (%v), ours at %s: %v", want, failure, places, found)
	}
	return ""
}

// places lists where go-jsonnet may see its only error: at the first syntax error that
// we found, or at the first in the text; where there is none, or go-jsonnet finds some
// earlier than we do, at any error.
func places(text string, found diag.List, any bool) []string {
	var all, first []string
	least := len(text)
	for _, d := range found {
		place := bytePlace(text, d.Span.Start)
		all = append(all, place)
		if d.Code == diag.JsonnetSyntax && (first == nil || d.Span.Start < least) {
			first = append(first, place)
			least = min(least, d.Span.Start)
		}
	}
	if first == nil || any {
		return all
	}
	return []string{first[0], first[len(first)-1]}
}

// bytePlace is a place as go-jsonnet counts: in bytes of the line.
func bytePlace(text string, offset int) string {
	before := text[:offset]
	return fmt.Sprintf("%d:%d", 1+strings.Count(before, "\n"), offset-strings.LastIndexByte(before, '\n'))
}

// quotedColon finds strings that are just colons: go-jsonnet takes them for the colons
// of a slice.
var quotedColon = regexp.MustCompile(`["'\s]::?["'\s|]`)

// FuzzParse holds the parser to: no panic, a sound tree, and go-jsonnet's judgement of
// the program.
func FuzzParse(f *testing.F) {
	for _, name := range oracleFiles(f) {
		if text, err := os.ReadFile(name); err == nil && len(text) < 2000 {
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree := syntax.Parse(source.NewFile("f", text))
		if fault := unsound(tree); fault != "" {
			t.Error(fault)
		}
		if quotedColon.MatchString(text) || len(tree.Errors) > 40 {
			return
		}
		_, failure := jsonnet.SnippetToAST("f", text)
		if fault := compareWithOracle(text, failure); fault != "" {
			t.Error(fault)
		}
	})
}

// unsound says what is wrong with the form of a tree: a child must stand before its
// parent and inside of it.
func unsound(t *syntax.Tree) string {
	fault := ""
	for id := range t.Nodes {
		parent := &t.Nodes[id]
		if parent.Start > parent.End || int(parent.End) > len(t.File.Text()) {
			return fmt.Sprintf("node %d: %v", id, *parent)
		}
		t.Children(parent, func(child syntax.NodeID) {
			c := t.Nodes[child]
			if child == 0 || int(child) >= id || c.Start < parent.Start || c.End > parent.End {
				fault = fmt.Sprintf("node %d %v has the child %d %v", id, *parent, child, c)
			}
		})
	}
	return fault
}
