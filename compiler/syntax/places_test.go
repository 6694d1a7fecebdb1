package syntax_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/formatter"
	"github.com/google/go-jsonnet/toolutils"

	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// placesMin is how many nodes are compared at least.
const placesMin = 6_000

// TestPlaces compares the kind and the place of each node that go-jsonnet's parser
// makes of its test programs with ours.
func TestPlaces(t *testing.T) {
	compared := 0
	for _, name := range oracleFiles(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		theirs, _, err := formatter.SnippetToRawAST("f", string(text))
		if err != nil {
			continue
		}
		ours := nodePlaces(syntax.Parse(source.NewFile("f", string(text))))
		visitNodes(theirs, func(n ast.Node) {
			if !n.Loc().IsSet() {
				return
			}
			compared++
			place := theirPlace(string(text), n)
			if ours[place] == 0 {
				t.Errorf("%s: no %s", filepath.Base(name), place)
			}
			ours[place]--
		})
	}
	if compared < placesMin {
		t.Errorf("%d nodes compared, want %d or more", compared, placesMin)
	}
}

// nodePlaces counts our nodes by kind and place, and by kind and start.
func nodePlaces(t *syntax.Tree) map[string]int {
	places := map[string]int{}
	for id := range t.Nodes {
		n, text := t.Nodes[id], t.File.Text()
		start := kindNames[n.Kind] + " " + bytePlace(text, int(n.Start))
		places[start]++
		places[start+"-"+bytePlace(text, int(n.End))]++
	}
	return places
}

// kindNames are go-jsonnet's names of our kinds.
var kindNames = map[syntax.Kind]string{
	syntax.Null: "LiteralNull", syntax.True: "LiteralBoolean", syntax.False: "LiteralBoolean",
	syntax.Number: "LiteralNumber", syntax.String: "LiteralString", syntax.Self: "Self", syntax.Dollar: "Dollar",
	syntax.Var: "Var", syntax.Array: "Array", syntax.ArrayComp: "ArrayComp", syntax.Object: "Object",
	syntax.ObjectComp: "ObjectComp", syntax.If: "Conditional", syntax.Index: "Index", syntax.Member: "Index",
	syntax.Slice: "Slice", syntax.SuperIndex: "SuperIndex", syntax.SuperMember: "SuperIndex",
	syntax.InSuper: "InSuper", syntax.Apply: "Apply", syntax.ApplyBrace: "ApplyBrace",
	syntax.Function: "Function", syntax.Local: "Local", syntax.Assert: "Assert", syntax.Error: "Error",
	syntax.Import: "Import", syntax.ImportStr: "ImportStr", syntax.ImportBin: "ImportBin",
	syntax.Unary: "Unary", syntax.Binary: "Binary", syntax.Parens: "Parens",
}

// theirPlace is the kind and place of a node of go-jsonnet. What ends with an index of
// super has its end after that word there, which is not to be copied.
func theirPlace(text string, n ast.Node) string {
	l := n.Loc()
	start := fmt.Sprintf("%s %d:%d", strings.TrimPrefix(fmt.Sprintf("%T", n), "*ast."), l.Begin.Line, l.Begin.Column)
	line := strings.Split(text, "\n")[l.End.Line-1]
	if strings.HasSuffix(line[:l.End.Column-1], "super") {
		return start
	}
	return fmt.Sprintf("%s-%d:%d", start, l.End.Line, l.End.Column)
}

// visitNodes visits each node of a tree of go-jsonnet's once, which names the body of an
// array comprehension twice. The names of fields in quotes are no nodes in ours.
func visitNodes(n ast.Node, visit func(ast.Node)) {
	visit(n)
	seen := map[ast.Node]bool{nil: true}
	for _, field := range fieldsOf(n) {
		seen[field.Expr1] = field.Expr1 == nil || field.Kind == ast.ObjectFieldStr
	}
	for _, child := range toolutils.Children(n) {
		if !seen[child] {
			seen[child] = true
			visitNodes(child, visit)
		}
	}
}

func fieldsOf(n ast.Node) ast.ObjectFields {
	switch n := n.(type) {
	case *ast.Object:
		return n.Fields
	case *ast.ObjectComp:
		return n.Fields
	}
	return nil
}
