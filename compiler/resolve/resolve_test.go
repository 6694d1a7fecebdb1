package resolve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/resolve"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

// dump writes what Resolve found, node by node in the order of the text: a variable
// with its slot as x:0, a use of one as x>depth.slot, a frame by its kind and size.
func dump(text string) string {
	tree := syntax.Parse(source.NewFile("f", text))
	info := resolve.Resolve(tree)
	if found := append(tree.Errors, info.Errors...); len(found) > 0 {
		return found.Error()
	}
	d := dumper{info: info}
	d.node(tree.Root)
	return fmt.Sprintf("root %d%s", info.RootSlots, d.out.String())
}

type dumper struct {
	info *resolve.Info
	out  strings.Builder
}

// frames names the kinds that may have a frame.
var frames = map[syntax.Kind]string{
	syntax.Function: "function", syntax.Object: "object", syntax.ObjectComp: "objects", syntax.Field: "field",
	syntax.Assert: "assert",
}

func (d *dumper) node(id syntax.NodeID) {
	n, slot := d.info.Tree.Node(id), d.info.Slot[id]
	name := func() string { return d.info.Tree.Names[n.A] }
	switch n.Kind {
	case syntax.Bind, syntax.Param:
		fmt.Fprintf(&d.out, " %s:%d", name(), slot)
	case syntax.For:
		fmt.Fprintf(&d.out, " for(%d) %s:%d", d.info.Size[id], name(), slot)
	case syntax.Var:
		fmt.Fprintf(&d.out, " %s>%s", name(), ref(slot))
	case syntax.Dollar:
		fmt.Fprintf(&d.out, " $>%s", ref(slot))
	case syntax.Field, syntax.Assert:
		if n.Flags&syntax.Locals != 0 {
			fmt.Fprintf(&d.out, " %s(%d)", frames[n.Kind], slot)
		}
	case syntax.Function, syntax.Object, syntax.ObjectComp:
		fmt.Fprintf(&d.out, " %s(%d)", frames[n.Kind], slot)
	}
	d.info.Tree.Children(n, d.node)
}

func ref(slot uint32) string {
	r := resolve.Ref(slot)
	if r == resolve.Std {
		return "std"
	}
	return fmt.Sprintf("%d.%d", r.Depth(), r.Slot())
}

var slots = []struct{ text, want string }{
	{`std`,
		`root 0 std>std`},
	{`local std = 1; std`,
		`root 1 std:0 std>0.0`},
	{`[(local a = 1; a), (local b = 2, c = b; c)]`,
		`root 3 a:0 a>0.0 b:1 c:2 b>0.1 c>0.2`},
	{`local a = b, b = a; a`,
		`root 2 a:0 b>0.1 b:1 a>0.0 a>0.0`},
	{`local a = 1; local a = a; a`,
		`root 2 a:0 a:1 a>0.1 a>0.1`},
	{`local a = 1; [local a = 2; a, a]`,
		`root 2 a:0 a:1 a>0.1 a>0.0`},
	{`local a = 1; (local a = 2; a) + a`,
		`root 2 a:0 a:1 a>0.1 a>0.0`},
	{`function(x, y=z, z=x) (local l = y; l + x)`,
		`root 0 function(4) x:0 y:1 z>0.2 z:2 x>0.0 l:3 y>0.1 l>0.3 x>0.0`},
	{`function(x, y=(local l = x; l)) y`,
		`root 0 function(3) x:0 y:1 l:2 x>0.0 l>0.2 y>0.1`},
	{`function(x, x) x`,
		`root 0 function(2) x:0 x:1 x>0.1`},
	{`local f(x) = x + f(x); function(y) f(y)`,
		`root 1 f:0 function(1) x:0 x>0.0 f>1.0 x>0.0 function(1) y:0 f>1.0 y>0.0`},
	{`local a = 1; { local b = a, local c = (local d = b; d), e: b, f: c + a }`,
		`root 1 a:0 object(3) b:0 a>1.0 c:1 d:2 b>0.0 d>0.2 b>0.0 c>0.1 a>1.0`},
	{`{ local a = 1, b: local c = a; c + a }`,
		`root 0 object(1) a:0 field(1) c:0 a>1.0 c>0.0 a>1.0`},
	{`{ local a = 1, b(x): local c = a; c + x }`,
		`root 0 object(1) a:0 function(2) x:0 c:1 a>1.0 c>0.1 x>0.0`},
	{`{ local a = 1, assert (local c = a; c), assert a : a }`,
		`root 0 object(1) a:0 assert(1) c:0 a>1.0 c>0.0 a>0.0 a>0.0`},
	{`local a = 1; { local a = 2, [a + (local b = a; b)]: a }`,
		`root 2 a:0 object(1) a:0 a>0.0 b:1 a>0.0 b>0.1 a>0.0`},
	{`{ a: $.b, b: { c: $.a, d: function() $ } }`,
		`root 0 object(0) $>0.0 object(0) $>1.0 function(0) $>2.0`},
	{`{ a: local x = $; x, b: { c: local y = $; y } }`,
		`root 0 object(0) field(1) x:0 $>1.0 x>0.0 object(0) field(1) y:0 $>2.0 y>0.0`},
	{`function() { a: $ }`,
		`root 0 function(0) object(0) $>0.0`},
	{`{ a: { [$.b]: 1 }, local c = $, assert $ == c }`,
		`root 0 object(1) object(0) $>0.0 c:0 $>0.0 $>0.0 c>0.0`},
	{`{ [{ a: $ }.a]: $ }`,
		`root 0 object(0) object(0) $>0.0 $>0.0`},
	{`local a = []; [x + a for x in a]`,
		`root 1 a:0 x>0.0 a>1.0 for(1) x:0 a>0.0`},
	{`[x for x in (local l = []; l) if (local m = x; m) for y in (local n = x; n) if y if (local o = y; o)]`,
		`root 1 x>1.0 for(3) x:0 l:0 l>0.0 m:1 x>0.0 m>0.1 for(2) y:0 n:2 x>0.0 n>0.2 y>0.0 o:1 y>0.0 o>0.1`},
	{`[(local l = x; l) for x in []]`,
		`root 0 l:1 x>0.0 l>0.1 for(2) x:0`},
	{`[x for x in [] for x in [x]]`,
		`root 0 x>0.0 for(1) x:0 for(1) x:0 x>0.0`},
	{`{ [x + (local n = x; n)]: x + $.a for x in [] }`,
		`root 0 objects(0) x>0.0 n:1 x>0.0 n>0.1 x>1.0 $>0.0 for(2) x:0`},
	{`{ local a = x + (local m = y; m), [x]: a + $.b, for x in [] for y in [x] }`,
		`root 0 objects(2) a:0 x>2.0 m:1 y>1.0 m>0.1 x>1.0 a>0.0 $>0.0 for(1) x:0 for(1) y:0 x>0.0`},
	{`{ [x]: local l = x; l + $.a for x in [] }`,
		`root 0 objects(0) field(1) x>0.0 l:0 x>2.0 l>0.0 $>1.0 for(1) x:0`},
	{`{ [x]: { a: $ } for x in [] }`,
		`root 0 objects(0) x>0.0 object(0) $>1.0 for(1) x:0`},
	{`{ a: [{ b: $ + x } for x in $.c] }`,
		`root 0 object(0) object(0) $>2.0 x>1.0 for(1) x:0 $>0.0`},
	{`{ a: super.a, b: super[self.c], c: "a" in super }`,
		`root 0 object(0)`},
	{`{ a+: { [self.b]: 1 } }`,
		`root 0 object(0) object(0)`},
	{`local x = 1; local f(x, y) = x; f(x=x, y=std.z)`,
		`root 2 x:0 f:1 function(2) x:0 y:1 x>0.0 f>0.1 x>0.0 std>std`},
}

func TestSlots(t *testing.T) {
	for _, c := range slots {
		if got := dump(c.text); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestDeepFrames: a Ref reaches so many frames far, and no program is misread that
// needs more.
func TestDeepFrames(t *testing.T) {
	for depth, want := range map[int]int{4_095: 0, 4_096: 1} {
		text := strings.Repeat("{ a: ", depth) + "[$, $]" + strings.Repeat("}", depth)
		found := resolve.Resolve(syntax.Parse(source.NewFile("f", text))).Errors
		if len(found) != want {
			t.Errorf("%d objects in one another: %d errors, want %d: %v", depth, len(found), want, found)
		}
	}
}
