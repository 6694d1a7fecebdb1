package generate

import (
	"slices"
	"strconv"
	"strings"
)

// Program is files by path. The first one is evaluated.
type Program struct {
	Files []File
}

// File is one text.
type File struct{ Path, Text string }

// Main is the file that is evaluated.
func (p Program) Main() File { return p.Files[0] }

// With is the program with another text in one of its files.
func (p Program) With(i int, text string) Program {
	files := append([]File(nil), p.Files...)
	files[i].Text = text
	return Program{files}
}

// String shows all files.
func (p Program) String() string {
	if len(p.Files) == 1 {
		return p.Files[0].Text
	}
	var b strings.Builder
	for _, f := range p.Files {
		b.WriteString("-- " + f.Path + " --\n" + strings.TrimRight(f.Text, "\n") + "\n")
	}
	return b.String()
}

// variable is a name in scope.
type variable struct {
	name string
	t    *typ
}

// frame is an enclosing object.
type frame struct {
	self  []field // that may be used now
	super []field
	in    bool            // there is a super
	names map[string]bool // of its locals
}

// module is a file that can be imported.
type module struct {
	path string
	t    *typ // nil for a text
}

type generator struct {
	*Choices
	left    int // how many more expressions there may be
	depth   int
	vars    []variable
	objects []frame
	modules []module
	loose   bool // some types are wrong on purpose
}

// Generate makes a program.
func Generate(c *Choices) Program {
	g := &generator{Choices: c}
	g.loose = g.Chance(1, 9)
	var files []File
	for n := g.Below(16); n > 11 && len(g.modules) < 3; n-- {
		files = append(files, g.module())
	}
	g.left = 20 + 15*g.Below(12)
	main := File{"main.jsonnet", g.main()}
	return Program{append([]File{main}, files...)}
}

// module makes a file to import.
func (g *generator) module() File {
	n := strconv.Itoa(len(g.modules))
	if g.Chance(1, 6) {
		path := "text" + n + ".txt"
		g.modules = append(g.modules, module{path: path})
		return File{path, g.word()}
	}
	g.left = 25
	t := g.anyType(2)
	if g.Chance(2, 5) {
		t = g.functionType()
	}
	path := pick(g.Choices, []string{"", "lib/", "lib/deep/"}) + "module" + n + ".libsonnet"
	file := File{path, g.inside(path, func() string { return g.open(t) + "\n" })}
	g.modules = append(g.modules, module{path, t})
	return file
}

// inside makes a text that sees the modules from its own folder.
func (g *generator) inside(path string, text func() string) string {
	dir := path[:strings.LastIndex(path, "/")+1]
	kept := g.modules
	g.modules = nil
	for _, m := range kept {
		if up := strings.Count(dir, "/"); up > 0 {
			m.path = strings.Repeat("../", up) + m.path
		}
		g.modules = append(g.modules, m)
	}
	out := text()
	g.modules = kept
	return out
}

func (g *generator) main() string {
	var b strings.Builder
	for range g.Below(5) {
		b.WriteString("local " + g.binds(1+g.Below(3)) + ";\n")
	}
	n := 1 + g.Below(5)
	switch g.Below(8) {
	case 0:
		b.WriteString(g.open(g.anyType(2)))
	case 1, 2, 3:
		b.WriteString("[\n" + g.list(n, "", func() string { return "  " + g.open(g.anyType(2)) + ",\n" }) + "]")
	case 4:
		b.WriteString("function(x=" + g.open(num) + ") " + g.open(g.anyType(3)))
	default:
		b.WriteString(g.open(g.objectType(3, n)))
	}
	return b.String() + "\n"
}

// objectLocal makes a local of the innermost object, in which a name stands only once.
func (g *generator) objectLocal() string {
	top := len(g.objects) - 1
	if g.objects[top].names == nil {
		g.objects[top].names = map[string]bool{}
	}
	used := g.objects[top].names
	if !used["even"] && g.Chance(1, 12) {
		used["even"] = true
		return strings.Replace(g.mutual(), ", odd(n) =", ", local odd(n) =", 1)
	}
	name := g.variableName()
	for used[name] {
		name += "_"
	}
	used[name] = true
	return g.bind([]string{name})
}

// binds makes the bindings of one local and leaves their variables in scope.
func (g *generator) binds(n int) string {
	if g.Chance(1, 12) {
		return g.mutual()
	}
	var names []string
	for range n {
		if name := g.variableName(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return g.bind(names)
}

func (g *generator) bind(names []string) string {
	// The names hide outer ones from the start; their own types come one by one.
	first := len(g.vars)
	for _, name := range names {
		g.vars = append(g.vars, variable{name, nil})
	}
	last := len(g.vars)
	var parts []string
	for i := first; i < last; i++ {
		text, t := g.bound(g.vars[i].name)
		g.vars[i].t = t
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

var variableNames = []string{"x", "y", "z", "f", "g", "h", "acc", "n", "k", "v", "obj", "arr", "i", "_t", "X9"}

func (g *generator) variableName() string { return variableNames[g.Below(len(variableNames))] }

// bound makes one binding.
func (g *generator) bound(name string) (string, *typ) {
	switch g.Below(8) {
	case 0, 1:
		t := g.anyType(2)
		return name + " = " + g.open(t), t
	case 2, 3:
		t := g.functionType()
		if g.Chance(1, 3) {
			return name + " = " + g.function(t), t
		}
		params, body := g.lambda(t)
		return name + params + " = " + body, t
	case 4:
		return g.recursive(name)
	case 5, 6:
		t := g.objectType(2, 1+g.Below(4))
		return name + " = " + g.open(t), t
	}
	t := g.arrayType(1)
	return name + " = " + g.open(t), t
}

// recursive makes a function that calls itself with a smaller number.
func (g *generator) recursive(name string) (string, *typ) {
	acc := g.simpleType()
	t := &typ{kind: functionKind, result: acc, params: []param{{name: "n", t: num, small: true}, {name: "acc", t: acc}}}
	if name == "n" || name == "acc" {
		return name + " = 1", num
	}
	kept := len(g.vars)
	g.vars = append(g.vars, variable{"n", num}, variable{"acc", acc})
	step := g.open(acc)
	end := "acc"
	if g.Chance(1, 4) {
		end = g.open(acc)
	}
	g.vars = g.vars[:kept]
	strict := ""
	if g.Chance(1, 3) {
		strict = " tailstrict"
	}
	call := name + "(n - 1, " + step + ")" + strict
	switch {
	case acc == num && g.Chance(1, 4):
		call = name + "(n - 1, 1) + " + call
	case acc == str && g.Chance(1, 4):
		call = "'<' + " + call + " + '>'"
	case g.Chance(1, 6):
		call = name + "(acc=" + step + ", n=n - 1)" + strict
	}
	return name + "(n, acc=" + g.leaf(acc) + ") = if n <= 0 then " + end + " else " + call, t
}

// mutual makes two functions that call each other.
func (g *generator) mutual() string {
	t := &typ{kind: functionKind, result: boolean, params: []param{{name: "n", t: num, small: true}}}
	g.vars = append(g.vars, variable{"even", t}, variable{"odd", t})
	strict := ""
	if g.Chance(1, 3) {
		strict = " tailstrict"
	}
	return "even(n) = if n <= 0 then n == 0 else odd(n - 1)" + strict + ", odd(n) = if n <= 0 then false else even(n - 1)" + strict
}

// visible are the variables that are not hidden by later ones.
func (g *generator) visible(use func(v variable) bool) []variable {
	var out []variable
	seen := map[string]bool{}
	for i := len(g.vars) - 1; i >= 0; i-- {
		v := g.vars[i]
		if !seen[v.name] && v.t != nil && use(v) {
			out = append(out, v)
		}
		seen[v.name] = true
	}
	return out
}

func (g *generator) simpleType() *typ {
	return []*typ{num, str, boolean, null, anyData, nums, strs}[g.Below(7)]
}

func (g *generator) anyType(depth int) *typ {
	switch n := g.Below(12); {
	case n <= 2:
		return num
	case n <= 5:
		return str
	case n == 6:
		return boolean
	case n == 7:
		return anyData
	case depth <= 0:
		return null
	case n <= 9:
		return g.arrayType(depth - 1)
	}
	return g.objectType(depth-1, 1+g.Below(4))
}

func (g *generator) arrayType(depth int) *typ {
	return &typ{kind: arrayKind, elem: g.anyType(depth), least: g.Below(4)}
}

func (g *generator) objectType(depth, n int) *typ {
	t := &typ{kind: objectKind}
	for rank := 0; rank < len(names) && len(t.fields) < n; rank++ {
		if g.Below(3) > 0 && rank < len(names)-n {
			if g.Chance(1, 8) {
				rank += g.Below(12)
			}
			continue
		}
		var f *typ
		if g.Chance(1, 6) {
			f = g.functionType()
		} else {
			f = g.anyType(depth)
		}
		if rank < len(names) {
			t.fields = append(t.fields, field{rank, f})
		}
	}
	return t
}

func (g *generator) functionType() *typ {
	t := &typ{kind: functionKind, result: g.anyType(1)}
	names := []string{"x", "y", "z", "k"}
	for i := range g.Below(4) {
		t.params = append(t.params, param{name: names[i], t: g.anyType(1), optional: g.Chance(1, 3)})
	}
	return t
}
