package generate

import (
	"slices"
	"strings"
)

// maxMutated bounds the texts that are worth a mutation.
const maxMutated = 6000

// Mutate changes a few tokens of a text.
func Mutate(c *Choices, text string) string {
	if len(text) > maxMutated {
		return text
	}
	tokens := scan(text)
	for range 1 + c.Below(8)/2 {
		if len(tokens) == 0 {
			break
		}
		tokens = mutation(c, tokens)
	}
	return join(tokens)
}

func mutation(c *Choices, tokens []token) []token {
	tokens = slices.Clone(tokens)
	i := c.Wide(len(tokens))
	switch c.Below(40) {
	case 0:
		return slices.Delete(tokens, i, i+1)
	case 1:
		return slices.Insert(tokens, i, tokens[i])
	case 2:
		j := c.Wide(len(tokens))
		tokens[i].text, tokens[j].text = tokens[j].text, tokens[i].text
		return tokens
	case 3:
		j := c.Wide(len(tokens))
		tokens[i].text = tokens[j].text
		return tokens
	case 4:
		if j := group(tokens, i); j > i {
			return slices.Delete(tokens, i, j)
		}
	case 5, 6, 7, 8, 9:
		if j := group(tokens, i); j > i {
			return replaceGroup(c, tokens, i, j)
		}
	case 10:
		return slices.Insert(tokens, i, token{" ", pick(c, inserted), symbolToken})
	}
	replaceAlike(c, tokens, i)
	return tokens
}

var inserted = []string{
	"(", ")", "[", "]", "{", "}", ",", ":", "::", "+", "-", "!", "if", "then", "else", "local", "x", "=", ";", "error", "self", "super", "$", "null", ".", "in", "for", "tailstrict",
	"function(x) x", "[0]", ".a", "assert true;", "local x = 1;", "std", "1", "'a'", "{ a: 1 }", "+:", "/* c */", "# c\n", "import", "[:1]", "(1)", "if true then", "+ {}", "%",
}

// replaceGroup puts another group of the text, or something small, in place of one.
func replaceGroup(c *Choices, tokens []token, i, j int) []token {
	var starts []int
	for k := range tokens {
		if group(tokens, k) > k {
			starts = append(starts, k)
		}
	}
	k := starts[c.Wide(len(starts))]
	other := slices.Clone(tokens[k:group(tokens, k)])
	if c.Chance(1, 3) {
		other = []token{{"", pick(c, []string{"null", "{}", "[]", "''", "0", "(error 'm')", "true"}), wordToken}}
	}
	return slices.Replace(tokens, i, j, other...)
}

var operators = []string{"+", "-", "*", "/", "%", "<", ">", "<=", ">=", "==", "!=", "&&", "||", "&", "|", "^", "<<", ">>", "in"}

var colons = []string{":", "::", ":::", "+:", "+::", "+:::"}

// safeNumbers are those that make no long loops.
var safeNumbers = []string{"0", "1", "2", "3", "10", "0.5", "1e-7", "64", "1e100", "255", "1e20", "100"}

// replaceAlike puts a token of the same sort in place of one.
func replaceAlike(c *Choices, tokens []token, i int) {
	t := &tokens[i]
	switch {
	case slices.Contains(operators, t.text):
		t.text = pick(c, operators)
	case slices.Contains(colons, t.text):
		t.text = pick(c, colons)
	case t.kind == numberToken:
		t.text = pick(c, safeNumbers)
	case t.kind == stringToken:
		t.text = quoted(pick(c, words), '\'', c.Chance(1, 2))
	case t.kind == wordToken && i >= 2 && tokens[i-1].text == "." && tokens[i-2].text == "std":
		t.text = pick(c, stdNames)
	case t.kind == wordToken && keywords[t.text]:
		t.text = pick(c, []string{"self", "super", "true", "false", "null", "local", "if", "error", "for", "in", "function", "assert"})
	case t.kind == wordToken:
		t.text = pick(c, identifiers(tokens))
	case strings.ContainsAny(t.text, "!~"):
		t.text = pick(c, []string{"!", "~", "-", "+"})
	case c.Chance(1, 8):
		t.text = pick(c, []string{",", ";", ":", "=", ".", "(", ")", "[", "]", "{", "}", "$"})
	}
}

func identifiers(tokens []token) []string {
	out := []string{"std"}
	for _, t := range tokens {
		if t.kind == wordToken && !keywords[t.text] {
			out = append(out, t.text)
		}
	}
	return out
}

// stdNames are the functions of the table.
var stdNames = func() []string {
	var out []string
	for _, list := range builtins {
		for _, b := range list {
			out = append(out, b.name)
		}
	}
	out = append(out, "format", "makeArray", "mapWithIndex", "filterMap", "flatMap", "thisFile", "pi")
	slices.Sort(out)
	return slices.Compact(out)
}()
