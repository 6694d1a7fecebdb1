package build

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strings"
)

// A server serves all stable APIs. Of the alpha and beta ones it serves, unless told to,
// only those resources that are on a list from before that was the rule: see KEP-3136.

// betaResources gives the resources of that list, as the last parts of their package and
// their plural: "flowcontrol/v1beta3/flowschemas". Newer minors have no such list.
func betaResources(file string) (map[string]bool, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	imported, out := imports(tree), map[string]bool{}
	var odd error
	ast.Inspect(tree, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != "legacyBetaEnabledByDefaultResources" || len(spec.Values) != 1 {
			return true
		}
		for _, element := range elements(spec.Values[0]) {
			resource := betaResource(element, imported)
			if resource == "" {
				odd = fmt.Errorf("%s: a resource of legacyBetaEnabledByDefaultResources is written in another form", path.Base(file))
			}
			out[resource] = true
		}
		return false
	})
	return out, odd
}

// betaResource reads flowcontrolv1beta3.SchemeGroupVersion.WithResource("flowschemas").
func betaResource(e ast.Expr, imported map[string]string) string {
	call, _ := e.(*ast.CallExpr)
	if call == nil || len(call.Args) != 1 {
		return ""
	}
	plural, ok := literal(call.Args[0])
	method, _ := call.Fun.(*ast.SelectorExpr)
	if !ok || method == nil {
		return ""
	}
	version, _ := method.X.(*ast.SelectorExpr)
	if version == nil {
		return ""
	}
	pkg, _ := version.X.(*ast.Ident)
	if pkg == nil || imported[pkg.Name] == "" {
		return ""
	}
	full := imported[pkg.Name]
	return path.Base(path.Dir(full)) + "/" + path.Base(full) + "/" + plural
}

// markOff marks the kinds that a server does not serve unless told to. A resource of the
// list that no kind has is an error.
func (m *minor) markOff(beta map[string]bool) error {
	found := 0
	for i := range m.kinds {
		k := &m.kinds[i]
		parts := strings.Split(k.definition, ".")
		listed := beta[strings.Join(parts[len(parts)-3:len(parts)-1], "/")+"/"+k.plural]
		if listed {
			found++
		}
		early := strings.Contains(k.version, "alpha") || strings.Contains(k.version, "beta")
		k.off = early && !listed
	}
	if found != len(beta) {
		return fmt.Errorf("of the resources %v only %d have a kind", slices.Sorted(maps.Keys(beta)), found)
	}
	return nil
}
