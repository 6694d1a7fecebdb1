package generate

import "strings"

// object makes an object with at least the fields of t: a literal, or layers of them.
func (g *generator) object(t *typ) string {
	switch g.Below(10) {
	case 0, 1, 2:
		return g.layer(t, nil)
	case 3, 4, 5, 6:
		return g.layers(t)
	case 7:
		return g.objectComprehension(t)
	case 8:
		return "std.mergePatch(" + g.open(t) + ", {})"
	}
	if len(t.fields) == 0 {
		return g.std("O")
	}
	return g.layer(t, nil)
}

// layers makes a sum. The fields of t are dealt out to the layers, and later layers
// override some.
func (g *generator) layers(t *typ) string {
	n := 2 + g.Below(3)
	parts := make([]*typ, n)
	for i := range parts {
		parts[i] = &typ{kind: objectKind}
	}
	for _, f := range t.fields {
		at := g.Below(n)
		parts[at].fields = append(parts[at].fields, f)
		for i := at + 1; i < n; i++ {
			if g.Chance(1, 3) {
				parts[i].fields = append(parts[i].fields, f)
			}
		}
	}
	out := ""
	var below []field
	for i, p := range parts {
		text := g.layer(p, below)
		switch {
		case i == 0:
			out = text
		case g.Chance(1, 3):
			out += " " + text
		case g.Chance(1, 8):
			out = "(" + out + ") + " + text
		default:
			out += " + " + text
		}
		below = union(below, p.fields)
	}
	return out
}

// union adds fields, in the order of ranks.
func union(a, b []field) []field {
	var out []field
	for rank := range names {
		for _, f := range append(append([]field(nil), a...), b...) {
			if f.rank == rank {
				out = append(out, f)
				break
			}
		}
	}
	return out
}

// layer makes an object literal that stands above others with the fields below.
func (g *generator) layer(t *typ, below []field) string {
	kept := len(g.vars)
	g.objects = append(g.objects, frame{in: below != nil})
	top := len(g.objects) - 1
	var parts []string
	if g.Chance(1, 6) {
		parts = append(parts, "local "+g.objectLocal())
	}
	all := union(below, t.fields)
	for _, f := range t.fields {
		g.objects[top].self, g.objects[top].super = lower(all, f.rank), lower(below, f.rank+1)
		parts = append(parts, g.field(f, inside(below, f.rank)))
		if g.Chance(1, 10) {
			parts = append(parts, "local "+g.objectLocal())
		}
	}
	g.objects[top].self, g.objects[top].super = all, below
	if g.Chance(1, 12) {
		parts = append(parts, "assert "+g.truth()+g.message())
	}
	g.objects = g.objects[:top]
	g.vars = g.vars[:kept]
	if len(parts) > 1 && g.Chance(1, 3) {
		parts[0], parts[len(parts)-1] = parts[len(parts)-1], parts[0]
	}
	if len(parts) == 0 {
		return "{}"
	}
	if len(parts) > 1 && g.Chance(1, 2) {
		indent := "\n" + strings.Repeat("  ", g.depth)
		return "{" + indent + "  " + strings.Join(parts, ","+indent+"  ") + "," + indent + "}"
	}
	return "{ " + strings.Join(parts, ", ") + " }"
}

func (g *generator) message() string {
	if g.Chance(1, 2) {
		return ""
	}
	return " : " + g.open(str)
}

func lower(fields []field, rank int) []field {
	var out []field
	for _, f := range fields {
		if f.rank < rank {
			out = append(out, f)
		}
	}
	return out
}

func inside(fields []field, rank int) bool {
	for _, f := range fields {
		if f.rank == rank {
			return true
		}
	}
	return false
}

// field makes the definition of a field.
func (g *generator) field(f field, overrides bool) string {
	name := g.fieldName(f.rank)
	if g.Chance(1, 8) {
		// The name is computed around the object, which cannot be seen from there.
		kept := g.objects
		g.objects = g.objects[:len(g.objects)-1]
		name = "[" + g.computedName(f.rank) + "]"
		g.objects = kept
	}
	sign := ":"
	switch {
	case f.t.kind == functionKind:
		sign = "::"
		if !strings.HasPrefix(name, "[") && g.Chance(1, 2) {
			params, body := g.lambda(f.t)
			return name + params + ":: " + body
		}
	case g.Chance(1, 6):
		sign = []string{"::", ":::"}[g.Below(2)]
	}
	if f.t.canExtend() && (overrides && g.Chance(1, 2) || g.Chance(1, 12)) {
		sign = "+" + sign
	}
	return name + sign + " " + g.open(f.t)
}

func (t *typ) canExtend() bool {
	return t.kind == numKind || t.kind == strKind || t.kind == arrayKind || t.kind == objectKind
}

func (g *generator) computedName(rank int) string {
	name := g.literal(names[rank])
	switch g.Below(4) {
	case 0:
		return "std.toString(" + name + ")"
	case 1:
		return name + " + ''"
	case 2:
		return "if " + g.truth() + " then " + name
	}
	return name
}

// objectComprehension makes one whose names are those of t's fields, which it takes
// from a literal.
func (g *generator) objectComprehension(t *typ) string {
	for _, f := range t.fields {
		if f.t.kind == functionKind {
			return g.layer(t, nil)
		}
	}
	if len(t.fields) == 0 {
		return g.scoped(func() string {
			clauses := " for k in " + g.open(&typ{kind: arrayKind, elem: str, least: 1})
			g.vars = append(g.vars, variable{"k", str})
			g.objects = append(g.objects, frame{})
			body := g.open(g.simpleType())
			g.objects = g.objects[:len(g.objects)-1]
			return "{ [k" + []string{"", " + std.length(k)"}[g.Below(2)] + "]: " + body + clauses + " }"
		})
	}
	return g.scoped(func() string {
		var pairs []string
		for _, f := range t.fields {
			pairs = append(pairs, "["+g.literal(names[f.rank])+", "+g.open(f.t)+"]")
		}
		g.vars = append(g.vars, variable{"pair", nil})
		local := ""
		if g.Chance(1, 4) {
			g.objects = append(g.objects, frame{})
			local = "local " + g.objectLocal() + ", "
			g.objects = g.objects[:len(g.objects)-1]
		}
		sign := []string{":", ":", "+:", "::", ":::"}[g.Below(5)]
		if sign == "::" || sign == ":::" {
			sign = ":"
		}
		filter := ""
		if g.Chance(1, 3) {
			filter = " if " + g.truth()
		}
		return "{ " + local + "[pair[0]]" + sign + " pair[1] for pair in [" + strings.Join(pairs, ", ") + "]" + filter + " }"
	})
}
