package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/cmd/internal/cli"
)

const architecture = "docs/architecture.md"

// words in backquotes that name neither a file, nor Go code, nor a command.
var words = []string{"main", "targets", "-c", "-t", "validate"}

func readRoot(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// outsideBlocks is a page without its fenced blocks.
func outsideBlocks(text string) string {
	return regexp.MustCompile("(?ms)^(```+).*?^(```+)$").ReplaceAllString(text, "")
}

var (
	inBackquotes = regexp.MustCompile("`([^`\n]+)`")
	goName       = regexp.MustCompile(`^([a-z0-9]+)\.([A-Z]\w*)(?:\.([A-Z]\w*))?$`)
)

// TestArchitectureNames wants that everything in backquotes in docs/architecture.md is
// there: files, exported Go names, commands.
func TestArchitectureNames(t *testing.T) {
	names, packages := exported(t)
	commands := map[string]bool{}
	for page := range commandPages(cli.NewRoot(&cli.Process{Out: io.Discard, Err: io.Discard})) {
		commands[strings.ReplaceAll(strings.TrimSuffix(path.Base(page), ".md"), "-", " ")] = true
	}
	targets := readRoot(t, "Makefile")
	seen := 0
	for _, m := range inBackquotes.FindAllStringSubmatch(outsideBlocks(readRoot(t, architecture)), -1) {
		name := m[1]
		seen++
		command, _, _ := strings.Cut(name, " -")
		target, isTarget := strings.CutPrefix(name, "make ")
		switch {
		case slices.Contains(words, name):
		case goName.MatchString(name):
			if !names[name] {
				t.Errorf("%s: there is no exported `%s`", architecture, name)
			}
		case strings.HasPrefix(name, "couplet "):
			if !commands[command] {
				t.Errorf("%s: there is no command `%s`", architecture, command)
			}
		case isTarget:
			if !strings.Contains(targets, "\n"+target+":") {
				t.Errorf("%s: there is no target `%s` in Makefile", architecture, name)
			}
		default:
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err != nil {
				t.Errorf("%s: `%s` is neither a file nor a name that this test knows", architecture, name)
			}
		}
	}
	if seen < 50 || len(names) < 100 {
		t.Errorf("only %d names on the page and %d in the code", seen, len(names))
	}
	for _, dir := range packages {
		if !strings.Contains(readRoot(t, architecture), "`"+dir+"`") {
			t.Errorf("%s does not mention `%s`", architecture, dir)
		}
	}
}

// exported collects what the packages of the repository export, as package.Name and
// package.Type.Member, and the packages' folders.
func exported(t *testing.T) (names map[string]bool, packages []string) {
	t.Helper()
	names = map[string]bool{}
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "testdata" || len(e.Name()) > 2 && e.Name()[0] == '.'):
			return fs.SkipDir
		case e.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(name))
		if dir = filepath.ToSlash(dir); !slices.Contains(packages, dir) {
			packages = append(packages, dir)
		}
		for _, decl := range file.Decls {
			declared(decl, func(name string) { names[file.Name.Name+"."+name] = true })
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names, packages
}

func declared(decl ast.Decl, add func(name string)) {
	if f, ok := decl.(*ast.FuncDecl); ok {
		if f.Recv == nil {
			add(f.Name.Name)
			return
		}
		receiver := f.Recv.List[0].Type
		if star, ok := receiver.(*ast.StarExpr); ok {
			receiver = star.X
		}
		if name, ok := receiver.(*ast.Ident); ok {
			add(name.Name + "." + f.Name.Name)
		}
		return
	}
	for _, spec := range decl.(*ast.GenDecl).Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				add(name.Name)
			}
		case *ast.TypeSpec:
			add(spec.Name.Name)
			members(spec, add)
		}
	}
}

// members adds the fields of a struct and the methods of an interface.
func members(spec *ast.TypeSpec, add func(name string)) {
	var fields *ast.FieldList
	switch typ := spec.Type.(type) {
	case *ast.StructType:
		fields = typ.Fields
	case *ast.InterfaceType:
		fields = typ.Methods
	default:
		return
	}
	for _, field := range fields.List {
		for _, name := range field.Names {
			add(spec.Name.Name + "." + name.Name)
		}
	}
}

// TestLayersCopy compares the layers on the page with those of the test.
func TestLayersCopy(t *testing.T) {
	_, block, ok := strings.Cut(readRoot(t, architecture), "```text layers\n")
	block, _, _ = strings.Cut(block, "\n```")
	var page [][]string
	for line := range strings.SplitSeq(block, "\n") {
		fields := strings.Fields(line)
		if n, err := strconv.Atoi(fields[0]); err != nil || n != strings.Count(block, "\n")-len(page) {
			t.Errorf("%s: line %q has another number than its place", architecture, line)
		}
		page = append(page, fields[1:])
	}
	slices.Reverse(page)
	if want := layersOf(t); !ok || !slices.EqualFunc(page, want, slices.Equal) {
		t.Errorf("%s has the layers\n%v, and compiler/layers_test.go\n%v", architecture, page, want)
	}
}

func layersOf(t *testing.T) (layers [][]string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "compiler", "layers_test.go"), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != "layers" {
			return true
		}
		for _, line := range spec.Values[0].(*ast.CompositeLit).Elts {
			var names []string
			for _, name := range line.(*ast.CompositeLit).Elts {
				text, err := strconv.Unquote(name.(*ast.BasicLit).Value)
				if err != nil {
					t.Error(err)
				}
				names = append(names, text)
			}
			layers = append(layers, names)
		}
		return false
	})
	return layers
}
