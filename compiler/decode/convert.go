package decode

import (
	"go.yaml.in/yaml/v3"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// converter makes a value of one document's nodes. It walks as sigs.k8s.io/yaml does,
// through the aliases, and counts as it does.
type converter struct {
	*reporter
	places *places
	root   *yaml.Node

	// anchors are the nodes of this document that an alias may stand for; nil until
	// the first alias.
	anchors map[*yaml.Node]bool
	// aliases are those being resolved.
	aliases map[*yaml.Node]bool

	depth   int
	visits  int // of nodes
	copies  int // of them, those below an alias
	stopped bool
}

func (c *converter) document() (value.Value, bool) {
	c.visits++
	return c.node(c.root)
}

// node converts a node; false where there was an error, which is reported.
func (c *converter) node(n *yaml.Node) (value.Value, bool) {
	if !c.visit(n) {
		return value.Null, false
	}
	switch n.Kind {
	case yaml.AliasNode:
		return c.alias(n)
	case yaml.ScalarNode:
		return c.scalar(n)
	}
	leave, ok := c.descend(n)
	if !ok {
		return value.Null, false
	}
	defer leave()
	if n.Kind == yaml.SequenceNode {
		return c.sequence(n)
	}
	m := c.members(len(n.Content) / 2)
	ok = m.fill(n)
	return value.Object(m.fields...).WithOrigin(c.origin(n)), ok
}

// firsthand tells whether the walk is at the place where a value is written, and not at
// an alias of it: findings about its text are reported there, once.
func (c *converter) firsthand() bool { return len(c.aliases) == 0 }

// descend enters a container; leave leaves it.
func (c *converter) descend(n *yaml.Node) (leave func(), ok bool) {
	if c.depth == deepest {
		c.stopped = true
		c.tooDeep(c.place(n))
		return nil, false
	}
	c.depth++
	return func() { c.depth-- }, true
}

// visit counts a node, and tells whether the walk may go on.
func (c *converter) visit(n *yaml.Node) bool {
	if c.stopped {
		return false
	}
	c.visits++
	if len(c.aliases) > 0 {
		c.copies++
	}
	if c.copies > 100 && c.visits > 1000 && float64(c.copies)/float64(c.visits) > allowedCopies(c.visits) {
		c.stopped = true
		c.fail(diag.BadAlias, c.place(n), "write the repeated values out, or in jsonnet as functions",
			"aliases make the document too large")
		return false
	}
	return true
}

// allowedCopies is the part of all visits that may come from aliases: nearly all in a
// small document, a tenth in a large one, as in sigs.k8s.io/yaml.
func allowedCopies(visits int) float64 {
	const low, high = 400_000, 4_000_000
	switch {
	case visits <= low:
		return 0.99
	case visits >= high:
		return 0.10
	}
	return 0.99 - 0.89*(float64(visits-low)/(high-low))
}

func (c *converter) alias(n *yaml.Node) (value.Value, bool) {
	leave, ok := c.enter(n)
	if !ok {
		return value.Null, false
	}
	defer leave()
	return c.node(n.Alias)
}

// enter checks an alias before its target is walked; leave ends that walk.
func (c *converter) enter(n *yaml.Node) (leave func(), ok bool) {
	if c.anchors == nil {
		c.anchors = map[*yaml.Node]bool{}
		collectAnchors(c.root, c.anchors)
	}
	if !c.anchors[n.Alias] {
		c.fail(diag.BadAlias, c.place(n), unknownAnchorHint, "unknown anchor '%s' referenced", n.Value)
		return nil, false
	}
	if c.aliases[n] {
		c.fail(diag.BadAlias, c.place(n), "", "the value of the anchor '%s' contains itself", n.Value)
		return nil, false
	}
	c.aliases[n] = true
	return func() { delete(c.aliases, n) }, true
}

func collectAnchors(n *yaml.Node, into map[*yaml.Node]bool) {
	if n.Anchor != "" {
		into[n] = true
	}
	for _, child := range n.Content {
		collectAnchors(child, into)
	}
}

func (c *converter) sequence(n *yaml.Node) (value.Value, bool) {
	items := make([]value.Value, 0, len(n.Content))
	all := true
	for _, child := range n.Content {
		item, ok := c.node(child)
		all = all && ok
		items = append(items, item)
	}
	return value.Array(items...).WithOrigin(c.origin(n)), all
}

func (c *converter) scalar(n *yaml.Node) (value.Value, bool) {
	got, problem := resolve(n)
	v, ok := value.Null, problem == ""
	if ok {
		if v, ok = got.value(); !ok {
			problem = "JSON has no number for " + n.Value
		}
	}
	if c.firsthand() {
		if problem != "" {
			c.fail(diag.NoJSONValue, c.place(n), "a text needs quotes", "%s", problem)
		}
		c.inexact(v, c.place(n))
	}
	return v.WithOrigin(c.origin(n)), ok
}

// origin is the place of a node as values note it.
func (c *converter) origin(n *yaml.Node) uint32 {
	return uint32(c.places.offset(n.Line, n.Column)) + 1
}

// place is the span of a node: its text where it is written as it is read, else its
// first character.
func (c *converter) place(n *yaml.Node) source.Span {
	start := c.places.offset(n.Line, n.Column)
	rest := c.places.text[start:]
	for _, written := range []string{n.Value, "*" + n.Value, `"` + n.Value + `"`, "'" + n.Value + "'"} {
		if written != "" && len(written) <= len(rest) && rest[:len(written)] == written {
			return c.span(start, start+len(written))
		}
	}
	return c.span(start, min(start+1, len(c.places.text)))
}
