package build

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

// enums holds the values of each enumerated property: by definition, then by place:
// the property's name, with [] behind it for the elements of a list or map.
type enums map[string]map[string][]string

// readEnums reads the generated Go file that holds the server's own OpenAPI
// definitions.
func readEnums(file string) (enums, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	functions := map[string]*ast.FuncDecl{}
	for _, d := range tree.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			functions[f.Name.Name] = f
		}
	}
	table := functions["GetOpenAPIDefinitions"]
	if table == nil {
		return nil, fmt.Errorf("%s has no function GetOpenAPIDefinitions", path.Base(file))
	}
	out := enums{}
	for model, function := range definitionTable(table, imports(tree)) {
		if f := functions[function]; f != nil {
			if found := enumsIn(f); len(found) > 0 {
				out[model] = found
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s has no enums", path.Base(file))
	}
	return out, nil
}

// imports gives the import path of each package name.
func imports(tree *ast.File) map[string]string {
	out := map[string]string{}
	for _, spec := range tree.Imports {
		importPath, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(importPath)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		out[name] = importPath
	}
	return out
}

// definitionTable reads the map from Go types to the functions that describe them.
// A key is batchv1.Job{}.OpenAPIModelName() or, in older minors, the string
// "k8s.io/api/batch/v1.Job".
func definitionTable(table *ast.FuncDecl, imported map[string]string) map[string]string {
	out := map[string]string{}
	ast.Inspect(table, func(n ast.Node) bool {
		entry, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		call, ok := entry.Value.(*ast.CallExpr)
		if !ok {
			return true
		}
		if function, ok := call.Fun.(*ast.Ident); ok {
			if goType := typeOf(entry.Key, imported); goType != "" {
				out[definitionName(goType)] = function.Name
			}
		}
		return false
	})
	return out
}

func typeOf(key ast.Expr, imported map[string]string) string {
	if text, ok := literal(key); ok {
		return text
	}
	call, _ := key.(*ast.CallExpr)
	if call == nil {
		return ""
	}
	method, _ := call.Fun.(*ast.SelectorExpr)
	if method == nil {
		return ""
	}
	composite, _ := method.X.(*ast.CompositeLit)
	if composite == nil {
		return ""
	}
	name, _ := composite.Type.(*ast.SelectorExpr)
	if name == nil {
		return ""
	}
	pkg, _ := name.X.(*ast.Ident)
	if pkg == nil {
		return ""
	}
	return imported[pkg.Name] + "." + name.Sel.Name
}

// definitionName turns k8s.io/api/batch/v1.Job into io.k8s.api.batch.v1.Job.
func definitionName(goType string) string {
	host, rest, _ := strings.Cut(goType, "/")
	labels := strings.Split(host, ".")
	slices.Reverse(labels)
	return strings.Join(labels, ".") + "." + strings.ReplaceAll(rest, "/", ".")
}

// enumsIn finds the enums of one definition's properties.
func enumsIn(f *ast.FuncDecl) map[string][]string {
	out := map[string][]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if name, value := field(n); name == "Properties" {
			for _, element := range elements(value) {
				property, ok := element.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				if name, ok := literal(property.Key); ok {
					collectEnums(property.Value, name, out)
				}
			}
			return false
		}
		return true
	})
	return out
}

func collectEnums(schema ast.Node, place string, out map[string][]string) {
	ast.Inspect(schema, func(n ast.Node) bool {
		name, value := field(n)
		switch name {
		case "Enum":
			for _, element := range elements(value) {
				if text, ok := literal(element); ok {
					out[place] = append(out[place], text)
				}
			}
			return false
		case "Items", "AdditionalProperties":
			collectEnums(value, place+"[]", out)
			return false
		}
		return true
	})
}

// field reads one "Name: value" of a composite literal.
func field(n ast.Node) (string, ast.Expr) {
	if kv, ok := n.(*ast.KeyValueExpr); ok {
		if key, ok := kv.Key.(*ast.Ident); ok {
			return key.Name, kv.Value
		}
	}
	return "", nil
}

func elements(value ast.Expr) []ast.Expr {
	if composite, ok := value.(*ast.CompositeLit); ok {
		return composite.Elts
	}
	return nil
}

func literal(e ast.Expr) (string, bool) {
	basic, ok := e.(*ast.BasicLit)
	if !ok || basic.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(basic.Value)
	return text, err == nil
}

// addEnums merges the enums into the definitions.
func (m *minor) addEnums(found enums) {
	for name, places := range found {
		def := m.definitions[name]
		if def == nil {
			continue // not published: configuration files, other programs' types
		}
		for place, values := range places {
			base := strings.TrimRight(place, "[]")
			target := def.Properties[base]
			for range strings.Count(place, "[]") {
				if target != nil {
					target = either(target.Items, target.AdditionalProperties)
				}
			}
			if target != nil {
				target.Enum = slices.Sorted(slices.Values(values))
			}
		}
	}
}

func either(a, b *schema) *schema {
	if a != nil {
		return a
	}
	return b
}
