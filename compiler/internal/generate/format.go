package generate

import "strings"

// format makes a string with conversions and what they convert.
func (g *generator) format() string {
	if g.Chance(1, 3) {
		return g.formatByName()
	}
	var text strings.Builder
	var args []string
	for range 1 + g.Below(4) {
		text.WriteString(pick(g.Choices, []string{"", " ", "a", "é", ": ", "%%", "\n", "%5%"}))
		spec, more := g.conversion("")
		text.WriteString(spec)
		args = append(args, more...)
	}
	if g.loose && g.Chance(1, 10) {
		args = append(args, "1")
	}
	values := "[" + strings.Join(args, ", ") + "]"
	if len(args) == 1 && g.Chance(1, 2) {
		values = "(" + args[0] + ")"
	}
	if g.Chance(1, 5) {
		return "std.format(" + g.literal(text.String()) + ", " + values + ")"
	}
	return g.literal(text.String()) + " % " + values
}

func (g *generator) formatByName() string {
	var text strings.Builder
	var fields []string
	for i := range 1 + g.Below(3) {
		name := []string{"a", "b c", "é"}[i]
		spec, args := g.conversion("(" + name + ")")
		text.WriteString(spec + " ")
		fields = append(fields, g.literal(name)+":"+strings.Repeat(":", g.Below(2))+" "+args[len(args)-1])
	}
	kept := g.objects
	g.objects = append(g.objects, frame{})
	fields = append(fields, "z: "+g.open(num))
	g.objects = kept
	return g.literal(text.String()) + " % { " + strings.Join(fields, ", ") + " }"
}

// conversion makes one, and the expressions that it takes.
func (g *generator) conversion(name string) (string, []string) {
	var args []string
	text := "%" + name
	for _, flag := range "#0- +" {
		if g.Chance(1, 6) {
			text += string(flag)
		}
	}
	width := func() string {
		if name == "" && g.Chance(1, 4) {
			args = append(args, g.small(0, 12))
			return "*"
		}
		return g.small(0, 12)
	}
	if g.Chance(1, 3) {
		text += width()
	}
	if g.Chance(1, 3) {
		text += "."
		if !g.Chance(1, 6) {
			text += width()
		}
	}
	text += []string{"", "", "", "", "", "h", "l", "L"}[g.Below(8)]
	c := "sdiuoxXeEfFgGc"[g.Below(14)]
	kept := g.objects
	if name != "" {
		g.objects = append(g.objects, frame{})
	}
	switch c {
	case 's':
		args = append(args, g.open(anyData))
	case 'c':
		args = append(args, pick(g.Choices, []string{"'x'", "65", "'é'", "128512", "'😀'"}))
	default:
		args = append(args, g.formatNumber())
	}
	g.objects = kept
	return text + string(c), args
}

func (g *generator) formatNumber() string {
	if g.Chance(1, 2) {
		return pick(g.Choices, numbers)
	}
	return g.open(num)
}
