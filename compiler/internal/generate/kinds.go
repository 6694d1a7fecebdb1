package generate

import "strings"

// own makes an expression by what is particular to its type.
func (g *generator) own(t *typ) string {
	switch t.kind {
	case numKind:
		return g.numeric()
	case strKind:
		return g.textual()
	case boolKind:
		return g.logical()
	case arrayKind:
		return g.array(t)
	case objectKind:
		return g.object(t)
	case functionKind:
		return g.function(t)
	case anyKind:
		return g.anything()
	}
	return "null"
}

func (g *generator) anything() string {
	if g.Chance(1, 3) {
		if call := g.std("a"); call != "" {
			return call
		}
	}
	t := []*typ{num, str, boolean, null, nums, strs, anys}[g.Below(7)]
	if g.Chance(1, 4) {
		t = g.objectType(1, 1+g.Below(3))
	}
	return g.open(t)
}

func (g *generator) numeric() string {
	switch g.Below(9) {
	case 0:
		return g.number()
	case 1, 2, 3:
		return g.std("n")
	case 4:
		return "-" + g.atom(num)
	case 5:
		return g.atom(num) + []string{" & ", " | ", " ^ ", " << ", " >> "}[g.Below(5)] + g.small(0, 40)
	case 6:
		return "~" + g.atom(num)
	}
	// A chain without parentheses, for the precedence of operators.
	text := g.atom(num)
	for range 1 + g.Below(3) {
		op := []string{" + ", " - ", " * ", " / ", " % "}[g.Below(5)]
		right := g.atom(num)
		if g.Chance(1, 6) {
			right = "-" + right
		}
		text += op + right
	}
	return text
}

func (g *generator) textual() string {
	switch g.Below(12) {
	case 0:
		return g.stringLiteral()
	case 1, 2, 3, 4:
		return g.std("s")
	case 5, 6:
		return g.format()
	case 7:
		return g.atom(str) + " + " + g.atom(anyData)
	case 8:
		return g.atom(anyData) + " + " + g.atom(str)
	case 9:
		return g.atom(str) + g.slice()
	case 10:
		return g.literal(pick(g.Choices, []string{"abc", "é日本😀", "x"})) + "[" + g.small(0, 2-2*g.Below(2)) + "]"
	}
	text := g.atom(str)
	for range 1 + g.Below(3) {
		text += " + " + g.atom(str)
	}
	return text
}

func (g *generator) slice() string {
	part := func() string {
		if g.Chance(1, 3) {
			return ""
		}
		return g.small(-3, 4)
	}
	switch g.Below(4) {
	case 0:
		return "[" + g.small(0, 3) + ":]"
	case 1:
		return "[:" + g.small(-1, 4) + "]"
	case 2:
		return "[" + part() + ":" + part() + ":" + g.small(1, 3) + "]"
	}
	return "[" + part() + " : " + part() + "]"
}

func (g *generator) logical() string {
	switch g.Below(12) {
	case 0:
		return "true"
	case 1, 2, 3:
		return g.std("b")
	case 4:
		return "!" + g.atom(boolean)
	case 5, 6:
		t := []*typ{num, str, nums, strs, {kind: arrayKind, elem: nums}}[g.Below(5)]
		return g.atom(t) + []string{" < ", " > ", " <= ", " >= "}[g.Below(4)] + g.atom(t)
	case 7, 8:
		t := g.anyType(2)
		return g.atom(t) + []string{" == ", " != "}[g.Below(2)] + g.atom(t)
	case 9:
		return g.atom(anyData) + " == " + g.atom(anyData)
	case 10:
		if len(g.objects) > 0 && g.objects[len(g.objects)-1].in && g.Chance(1, 2) {
			return g.literal(names[g.Below(10)]) + " in super"
		}
		return g.literal(names[g.Below(10)]) + " in " + g.atom(g.objectType(0, 2))
	}
	text := g.atom(boolean)
	for range 1 + g.Below(3) {
		text += []string{" && ", " || ", " == "}[g.Below(3)] + g.atom(boolean)
	}
	return text
}

func (g *generator) array(t *typ) string {
	n := t.least + g.Below(3)
	switch g.Below(12) {
	case 0, 1:
		return "[" + g.list(n, ", ", func() string { return g.open(t.elem) }) + "]"
	case 2, 3:
		return g.comprehension(t)
	case 4:
		if t.least == 0 {
			return g.atom(t) + g.slice()
		}
	case 5:
		return g.atom(t) + " + " + g.atom(&typ{kind: arrayKind, elem: t.elem})
	case 6, 7, 8:
		return g.higher(t)
	}
	if code := arrayCode(t); code != "" && t.least == 0 {
		return g.std(code)
	}
	return "[" + g.list(n, ", ", func() string { return g.open(t.elem) }) + "]"
}

func arrayCode(t *typ) string {
	switch t.elem.kind {
	case numKind:
		return "N"
	case strKind:
		return "S"
	case anyKind:
		return "A"
	}
	return ""
}

// comprehension makes one with at least t.least rounds.
func (g *generator) comprehension(t *typ) string {
	return g.scoped(func() string {
		clauses := g.clauses(t.least)
		return "[" + g.open(t.elem) + clauses + "]"
	})
}

// clauses makes the for and if of a comprehension.
func (g *generator) clauses(least int) string {
	var b strings.Builder
	for i := range 1 + g.Below(5)/2 {
		source := &typ{kind: arrayKind, elem: g.simpleType(), least: max(least, 1)}
		if least == 0 && g.Chance(1, 2) {
			source.least = 0
		}
		if i > 0 {
			source.elem = num
		}
		name := g.variableName()
		text := g.open(source)
		g.vars = append(g.vars, variable{name, source.elem})
		b.WriteString(" for " + name + " in " + text)
		if least == 0 && g.Chance(1, 3) {
			b.WriteString(" if " + g.open(boolean))
		}
	}
	return b.String()
}

// higher makes an array by functions that take functions.
func (g *generator) higher(t *typ) string {
	from := &typ{kind: arrayKind, elem: g.simpleType(), least: t.least}
	fn := func(result *typ, params ...*typ) string {
		f := &typ{kind: functionKind, result: result}
		for i, p := range params {
			f.params = append(f.params, param{name: []string{"x", "y"}[i], t: p})
		}
		return g.function(f)
	}
	switch g.Below(8) {
	case 0, 1:
		return "std.map(" + fn(t.elem, from.elem) + ", " + g.open(from) + ")"
	case 2:
		return "std.mapWithIndex(" + fn(t.elem, num, from.elem) + ", " + g.open(from) + ")"
	case 3:
		return "std.makeArray(" + g.small(t.least, 5) + ", " + fn(t.elem, num) + ")"
	case 4:
		return "std.reverse(" + g.open(t) + ")"
	case 5:
		if t.least == 0 {
			return "std.filterMap(" + fn(boolean, from.elem) + ", " + fn(t.elem, from.elem) + ", " + g.open(from) + ")"
		}
	case 6:
		if t.least == 0 {
			return "std.flatMap(" + fn(t, from.elem) + ", " + g.open(from) + ")"
		}
	case 7:
		if t.least == 0 {
			return "std.filter(" + fn(boolean, t.elem) + ", " + g.open(t) + ")"
		}
	}
	return "std.foldl(" + fn(t, t, from.elem) + ", " + g.open(from) + ", " + g.open(t) + ")"
}
