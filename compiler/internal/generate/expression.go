package generate

import (
	"strconv"
	"strings"
)

// maxDepth bounds how deep expressions nest.
const maxDepth = 24

// open makes an expression for a place that ends by itself: an element, an argument,
// the inside of parentheses.
func (g *generator) open(t *typ) string {
	if g.enough() {
		return g.leaf(t)
	}
	defer g.nest()()
	if g.loose && g.Chance(1, 40) {
		t = g.otherType()
	}
	switch g.Below(16) {
	case 0, 1:
		return g.leaf(t)
	case 2:
		return g.conditional(t)
	case 3:
		return g.scoped(func() string { return "local " + g.binds(1+g.Below(2)) + "; " + g.open(t) })
	case 4:
		return g.strange(t)
	case 5, 6:
		return g.reach(t)
	}
	return g.own(t)
}

// atom makes an expression that can be an operand.
func (g *generator) atom(t *typ) string {
	if g.enough() || g.Chance(1, 2) {
		if v := g.known(t); v != "" && g.Chance(2, 3) {
			return v
		}
		return g.operand(g.leaf(t))
	}
	return "(" + g.open(t) + ")"
}

// operand puts parentheses around what is not safe without.
func (g *generator) operand(text string) string {
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "function") {
		return "(" + text + ")"
	}
	if c := text[len(text)-1]; c >= '0' && c <= '9' {
		return "(" + text + ")"
	}
	return text
}

func (g *generator) enough() bool {
	g.left--
	return g.left < 0 || g.depth >= maxDepth
}

func (g *generator) nest() func() {
	g.depth++
	return func() { g.depth-- }
}

// scoped forgets the variables that text brings in.
func (g *generator) scoped(text func() string) string {
	kept := len(g.vars)
	out := text()
	g.vars = g.vars[:kept]
	return out
}

func (g *generator) otherType() *typ {
	if g.Chance(1, 6) {
		return g.functionType()
	}
	return []*typ{num, str, boolean, null, nums, record}[g.Below(6)]
}

// known is a variable, a field or nothing: whatever already has the type.
func (g *generator) known(t *typ) string {
	var found []string
	for _, v := range g.visible(func(v variable) bool { return v.t.fits(t) }) {
		found = append(found, v.name)
	}
	for _, v := range g.visible(func(v variable) bool { return v.t.kind == objectKind }) {
		for _, f := range v.t.fields {
			if f.t.fits(t) {
				found = append(found, v.name+g.access(f.rank))
			}
		}
	}
	found = append(found, g.members(t)...)
	if len(found) == 0 {
		return ""
	}
	return pick(g.Choices, found)
}

// members are fields of the objects around.
func (g *generator) members(t *typ) []string {
	if len(g.objects) == 0 {
		return nil
	}
	var found []string
	add := func(of string, fields []field) {
		for _, f := range fields {
			if f.t.fits(t) {
				found = append(found, of+g.access(f.rank))
			}
		}
	}
	top := g.objects[len(g.objects)-1]
	add("self", top.self)
	add("super", top.super)
	add("$", g.objects[0].self)
	return found
}

// leaf is the simplest expression.
func (g *generator) leaf(t *typ) string {
	if g.Chance(1, 2) {
		if v := g.known(t); v != "" {
			return v
		}
	}
	switch t.kind {
	case numKind:
		return g.number()
	case strKind:
		return g.stringLiteral()
	case boolKind:
		return []string{"true", "false"}[g.Below(2)]
	case nullKind:
		return "null"
	case arrayKind:
		return "[" + g.list(t.least, ", ", func() string { return g.leaf(t.elem) }) + "]"
	case objectKind:
		return g.plainObject(t)
	case functionKind:
		return g.function(t)
	}
	return g.anyLeaf()
}

func (g *generator) anyLeaf() string {
	return []string{"1", "'s'", "null", "true", "[]", "{}", "[1, 'x', null]", "{ a: 1, b: [2], c:: 3 }", "-0.5", "[[], {}]", "{ 'é': 'ü' }"}[g.Below(11)]
}

func (g *generator) plainObject(t *typ) string {
	if len(t.fields) == 0 {
		return "{}"
	}
	// The object has a frame of its own even though its fields do not use it.
	g.objects = append(g.objects, frame{})
	var parts []string
	for _, f := range t.fields {
		sign := ": "
		if f.t.kind == functionKind {
			sign = ":: "
		}
		parts = append(parts, g.fieldName(f.rank)+sign+g.leaf(f.t))
	}
	g.objects = g.objects[:len(g.objects)-1]
	return "{ " + strings.Join(parts, ", ") + " }"
}

func (g *generator) conditional(t *typ) string {
	if t.kind == anyKind && g.Chance(1, 4) {
		return "if " + g.open(boolean) + " then " + g.open(t)
	}
	return "if " + g.open(boolean) + " then " + g.open(t) + " else " + g.open(t)
}

// function makes a function literal.
func (g *generator) function(t *typ) string {
	params, body := g.lambda(t)
	return "function" + params + " " + body
}

// lambda makes a function's parameters and body.
func (g *generator) lambda(t *typ) (params, body string) {
	kept := len(g.vars)
	var parts []string
	for _, p := range t.params {
		g.vars = append(g.vars, variable{p.name, nil})
	}
	for i, p := range t.params {
		text := p.name
		if p.optional {
			text += "=" + g.open(p.t)
		}
		g.vars[kept+i].t = p.t
		parts = append(parts, text)
	}
	body = g.open(t.result)
	g.vars = g.vars[:kept]
	return "(" + strings.Join(parts, ", ") + ")", body
}

// arguments makes those of a call.
func (g *generator) arguments(t *typ) string {
	named := g.Chance(1, 4)
	from := g.Below(len(t.params) + 1)
	if !named {
		from = len(t.params)
	}
	var positional, byName []string
	for i, p := range t.params {
		text := ""
		switch {
		case p.small:
			text = g.small(0, 6)
			if g.loose && g.Chance(1, 20) {
				text = strconv.Itoa(40 * (1 + g.Below(16)))
			}
		default:
			text = g.open(p.t)
		}
		switch {
		case i < from && !(p.optional && i == len(t.params)-1 && g.Chance(1, 2)):
			positional = append(positional, text)
		case i >= from && !(p.optional && g.Chance(1, 2)):
			byName = append(byName, p.name+"="+text)
		}
	}
	if len(byName) > 1 && g.Chance(1, 2) {
		byName[0], byName[1] = byName[1], byName[0]
	}
	out := "(" + strings.Join(append(positional, byName...), ", ") + ")"
	if g.Chance(1, 10) {
		out += " tailstrict"
	}
	return out
}

// reach makes an expression that leads to a value of the type by a detour.
func (g *generator) reach(t *typ) string {
	if v := g.known(t); v != "" && g.Chance(1, 3) {
		return v
	}
	switch g.Below(10) {
	case 0, 1, 2:
		if call := g.call(t); call != "" {
			return call
		}
	case 3:
		if t.kind != functionKind {
			return g.imported(t)
		}
	case 4:
		f := g.functionType()
		f = &typ{kind: functionKind, params: f.params, result: t}
		return "(" + g.function(f) + ")" + g.arguments(f)
	case 5:
		a := &typ{kind: arrayKind, elem: t, least: 1 + g.Below(3)}
		return g.atom(a) + "[" + g.index(a) + "]"
	case 6, 7:
		o := g.objectType(1, 1+g.Below(3))
		rank := g.Below(len(names))
		return g.atom(o.with(field{rank, t})) + g.access(rank)
	}
	if v := g.known(t); v != "" {
		return v
	}
	return g.own(t)
}

func (g *generator) index(a *typ) string {
	if g.Chance(1, 4) {
		return "std.length(" + g.list(1, "", func() string { return g.stringLiteral() }) + ") % " + strconv.Itoa(a.least)
	}
	return strconv.Itoa(g.Below(a.least))
}

// call uses a function that is there.
func (g *generator) call(t *typ) string {
	var found []string
	var types []*typ
	for _, v := range g.visible(func(v variable) bool { return v.t.kind == functionKind && v.t.result.fits(t) }) {
		found, types = append(found, v.name), append(types, v.t)
	}
	for _, v := range g.visible(func(v variable) bool { return v.t.kind == objectKind }) {
		for _, f := range v.t.fields {
			if f.t.kind == functionKind && f.t.result.fits(t) {
				found, types = append(found, v.name+g.access(f.rank)), append(types, f.t)
			}
		}
	}
	if len(g.objects) > 0 {
		for _, f := range g.objects[len(g.objects)-1].self {
			if f.t.kind == functionKind && f.t.result.fits(t) {
				found, types = append(found, "self"+g.access(f.rank)), append(types, f.t)
			}
		}
	}
	for _, m := range g.modules {
		if m.t != nil && m.t.kind == functionKind && m.t.result.fits(t) {
			found, types = append(found, "(import '"+m.path+"')"), append(types, m.t)
		}
	}
	if len(found) == 0 {
		return ""
	}
	i := g.Below(len(found))
	return found[i] + g.arguments(types[i])
}

func (g *generator) imported(t *typ) string {
	var found []string
	for _, m := range g.modules {
		switch {
		case m.t == nil && t == str:
			found = append(found, "importstr '"+m.path+"'")
		case m.t == nil && t == nums:
			found = append(found, "importbin '"+m.path+"'")
		case m.t != nil && m.t.fits(t):
			found = append(found, "import '"+m.path+"'")
		case m.t != nil && m.t.kind == objectKind:
			for _, f := range m.t.fields {
				if f.t.fits(t) {
					found = append(found, "(import '"+m.path+"')"+g.access(f.rank))
				}
			}
		}
	}
	if len(found) == 0 {
		return g.own(t)
	}
	return pick(g.Choices, found)
}

// strange makes expressions with something that must not be evaluated, must be
// evaluated in a certain order, or leaves a trace.
func (g *generator) strange(t *typ) string {
	trap := g.trap()
	switch g.Below(14) {
	case 0:
		return "std.trace(" + g.open(str) + ", " + g.open(t) + ")"
	case 1:
		return "[" + trap + ", " + g.open(t) + "][1]"
	case 2:
		return "({ a:: " + trap + ", x: " + g.open(t) + " }).x"
	case 3:
		return "local unused = " + trap + "; " + g.open(t)
	case 4:
		return "(function(x, y=" + trap + ") " + g.open(t) + ")(" + trap + ")"
	case 5:
		return "if true || " + trap + " then " + g.open(t) + " else " + trap
	case 6:
		return "if false && " + trap + " then " + trap + " else " + g.open(t)
	case 7:
		return "assert " + g.truth() + "; " + g.open(t)
	case 8:
		return "assert " + g.truth() + " : " + trap + "; " + g.open(t)
	case 9:
		return "({ local l = " + trap + ", a: l } + { a: " + g.open(t) + " }).a"
	case 10:
		return "local once = std.trace('once', " + g.open(t) + "); [once, once][" + g.small(0, 1) + "]"
	case 11:
		return "({ x: std.trace('field', " + g.open(t) + "), y: [self.x, self.x][1] }).y"
	case 12:
		if g.loose {
			return trap
		}
	}
	return "{ assert " + g.truth() + ", x: " + g.open(t) + " }.x"
}

// trap is an expression that fails, if only it is evaluated.
func (g *generator) trap() string {
	return []string{
		"error 'trap'", "error { a: 1 }", "(1 / 0)", "{}.missing", "[][0]", "std.length(1)", "(1 + true)", "null.x", "std.parseInt('x')", "(function(x) x)()", "{ assert false }.a",
		"self_", "std.nothing", "'a'[7]", "(local l = l; l)", "import 'missing.libsonnet'", "std.foldl(1, [], 2)", "(null)(1)", "error (error 'inner')", "{ [1]: 2 }.x", "(-'x')", "std.extVar('no')",
	}[g.trapIndex()]
}

// trapIndex leaves the unknown variable, an error before evaluation, to loose programs.
func (g *generator) trapIndex() int {
	if i := g.Below(22); i != 11 || g.loose && g.Chance(1, 4) {
		return i
	}
	return 0
}

// truth is a condition that holds.
func (g *generator) truth() string {
	if g.loose && g.Chance(1, 8) {
		return g.open(boolean)
	}
	switch g.Below(4) {
	case 0:
		return "true"
	case 1:
		return "std.isString(" + g.open(str) + ")"
	case 2:
		return "std.type(" + g.open(num) + ") == 'number'"
	}
	return "!std.isNull(" + g.open(nums) + ")"
}
