package jsonschema

import (
	"github.com/couplet-k8s/couplet/compiler/value"
)

// checkForms checks the keywords that put schemas together.
func (c *checker) checkForms(n node, at Place, v value.Value) {
	for _, part := range n.Get("allOf").Items() {
		c.check(node{n.in, part}, at, v)
	}
	if any := n.get("anyOf"); !any.IsNull() {
		c.checkOne("anyOf", any, at, v)
	}
	if one := n.get("oneOf"); !one.IsNull() && c.checkOne("oneOf", one, at, v) > 1 {
		c.add(at, "oneOf", "", "%s: fits more than one of the forms that the schema has for it, of which one is wanted")
	}
	if not := n.get("not"); !not.IsNull() && len(c.try(not, at, v)) == 0 {
		c.add(at, "not", not.Get("description").Str(), "%s: %s is what the schema excludes", show(v))
	}
	if cond := n.get("if"); !cond.IsNull() {
		then := n.get("then")
		if len(c.try(cond, at, v)) > 0 {
			then = n.get("else")
		}
		c.checkPart(then, at, v)
	}
}

// checkOne gives how many of several schemas take a value. Where none does, it reports
// what keeps the value from the one that it was most likely meant for.
func (c *checker) checkOne(keyword string, forms node, at Place, v value.Value) int {
	fit, best, alike := 0, []Finding(nil), 0
	for _, form := range forms.Items() {
		found := c.try(node{forms.in, form}, at, v)
		switch {
		case len(found) == 0:
			fit++
		case found[0].Path == at.Path && isOfKind(found[0].Keyword):
		default:
			best, alike = found, alike+1
		}
	}
	switch {
	case fit > 0:
	case alike == 1:
		c.found = append(c.found, best...)
	default:
		c.add(at, keyword, "", "%s: %s has none of the %d forms that the schema allows", show(v), len(forms.Items()))
	}
	return fit
}

// isOfKind tells whether a value that violates a keyword is another kind of thing than what
// the schema is about.
func isOfKind(keyword string) bool {
	return keyword == "type" || keyword == "const" || keyword == "enum" || keyword == "false"
}
