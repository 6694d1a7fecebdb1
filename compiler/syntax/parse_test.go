package syntax_test

import (
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/syntax"
)

var parses = []struct{ text, want string }{
	{`1`, `1'`},
	{`null`, `null'`},
	{`-1`, `(- 1')`},
	{`12_3.4_5e+6_7`, `12_3.4_5e+6_7`},
	{`1e400`, `1e400`},
	{`0.5`, `0.5'`},
	{`"a"`, `"a"'`},
	{`'it"s'`, `"it\"s"'`},
	{`'it\'s'`, `\"it's"'`},
	{`"\"\\\/\b\f\n\r\t\u0041"`, `\"\"\\/\b\f\n\r\tA"'`},
	{`"\ud83d\ude00|\ude00\ud83d|\ud83d\u0041"`, `\"😀|�|�"'`},
	{`@'it''s'`, `\"it's"'`},
	{`@"a\n"`, `"a\\n"'`},
	{"\"é\xff\xe9\"", `\"é��"'`},
	{`a.b.c`, `(. (. a b) c)`},
	{`a["b"].c`, `(. (index a "b"') c)`},
	{`a[1:2:3]`, `(slice a 1' 2' 3')`},
	{`a[::]`, `(slice a _ _ _)`},
	{`a[:2]`, `(slice a _ 2' _)`},
	{`a[1:]`, `(slice a 1' _ _)`},
	{`a[::2]`, `(slice a _ _ 2')`},
	{`a[1::2]`, `(slice a 1' _ 2')`},
	{`a[1: :-1]`, `(slice a 1' _ (- 1'))`},
	{`a[:"x":]`, `(slice a _ "x"' _)`},
	{`f()`, `(apply f)`},
	{`f(1, x, y=2, z=3,)`, `(apply f 1' x (y=2') (z=3'))`},
	{`f(x == 1)`, `(apply f (== x 1'))`},
	{`f(x /* = */ = 1)`, `(apply f (x=1'))`},
	{`f(1) tailstrict`, `(apply! f 1')`},
	{`f(1) tailstrict.a { b: 1 }`, `(brace (. (apply! f 1') a) {(b: 1')}')`},
	{`a { b: 1 } { c: 2 }`, `(brace (brace a {(b: 1')}') {(c: 2')}')`},
	{`1 + 2 * 3`, `(+ 1' (* 2' 3'))`},
	{`1 * 2 + 3`, `(+ (* 1' 2') 3')`},
	{`1 - 2 - 3`, `(- (- 1' 2') 3')`},
	{`(1 - 2) * 3`, `(* (parens (- 1' 2')) 3')`},
	{`a || b && c | d ^ e & f == g < h << i + j * k`, `(|| a (&& b (| c (^ d (& e (== f (< g (<< h (+ i (* j k))))))))))`},
	{`a * b + c << d < e == f & g ^ h | i && j || k`, `(|| (&& (| (^ (& (== (< (<< (+ (* a b) c) d) e) f) g) h) i) j) k)`},
	{`!a.b + -c.d`, `(+ (! (. a b)) (- (. c d)))`},
	{`-!~+a`, `(- (! (~ (+ a))))`},
	{`1 + if a then b else c + d`, `(+ 1' (if a b (+ c d)))`},
	{`-if a then b`, `(- (if a b))`},
	{`a < b > c <= d >= e`, `(>= (<= (> (< a b) c) d) e)`},
	{`a != b == c`, `(== (!= a b) c)`},
	{`"x" in super`, `(insuper "x"')`},
	{`x in y in super`, `(insuper (in x y))`},
	{`a + x in super == b`, `(== (insuper (+ a x)) b)`},
	{`!x in super`, `(insuper (! x))`},
	{`{ a: x in y }`, `{(a: (in x y))}`},
	{`if a then b`, `(if a b)`},
	{`if a then if b then c else d`, `(if a (if b c d))`},
	{`local a = 1, f(x, y=a) = x; f(a)`, `(local (a=1') (f=(function x (y=a) x)) (apply f a))`},
	{`local a = function() 1, b = 2; a`, `(local (a=(function 1')) (b=2') a)`},
	{`function(x, y=x, ) x + y`, `(function x (y=x) (+ x y))`},
	{`assert a; b`, `(assert a b)`},
	{`assert a : "m"; b`, `(assert a "m"' b)`},
	{`error "x" + "y"`, `(error (+ "x"' "y"'))`},
	{`import 'a'`, `(import "a"')`},
	{`importstr "a"`, `(importstr "a"')`},
	{`importbin @'a'`, `(importbin "a"')`},
	{`{ a: super.b, c: super["d"].e }`, `{(a: (super b)) (c: (. (super "d"') e))}`},
	{`[]`, `[]'`},
	{`[1, "a", null, [true], { a: 1 }]`, `[1' "a"' null' [true']' {(a: 1')}']'`},
	{`[1, a]`, `[1' a]`},
	{`[-1]`, `[(- 1')]`},
	{`[x for x in y]`, `(arraycomp x (x in y))`},
	{`[x, for x in y if a if b for z in x if c]`, `(arraycomp x (x in y) (if a) (if b) (z in x) (if c))`},
	{`{}`, `{}'`},
	{"{ a: 1, \"b\": 2, 'c d': { e: [] }, |||\n    x\n  |||: 3 }", "{(a: 1') ('b: 2') ('c d: {(e: []')}') ('x\n: 3')}'"},
	{`{ a:: 1, b::: 2, c+: 3, d+:: 4, e+::: 5 }`, `{(a:: 1') (b::: 2') (c+: 3') (d+:: 4') (e+::: 5')}`},
	{`{ a: 1, b: a }`, `{(a: 1') (b: a)}`},
	{`{ [a]: 1, b: 2 }`, `{([a]: 1') (b: 2')}?`},
	{`{ a: 1, [null]: 2 }`, `{(a: 1') ([null']: 2')}?`},
	{`{ a(x, y=1): x, "b"():: 1 }`, `{(a: (function x (y=1') x)) ('b:: (function 1'))}`},
	{`{ local a = 1, local f(x) = x, assert a, assert f : "m", b: a }`, `{(a=1') (f=(function x x)) (assert a) (assert f "m"') (b: a)}`},
	{`{ "a": 1, "\u0061": 2 }`, `{('a: 1') ('a: 2')}?`},
	{`{ "\u0061": 1, b: 2 }`, `{('a: 1') (b: 2')}'`},
	{`{ [k]: v for k in a }`, `(objectcomp ([k]: v) (k in a))`},
	{`{ local x = k, [k]+: x, for k in a if b for l in c }`, `(objectcomp (x=k) ([k]+: x) (k in a) (if b) (l in c))`},
	{`{ a: local x = 1; x }`, `{(a:^ (local (x=1') x))}`},
	{`{ a: [local x = 1; x] }`, `{(a:^ [(local (x=1') x)])}`},
	{`{ a: function() local x = 1; x }`, `{(a: (function (local (x=1') x)))}`},
	{`{ a(y=(local x = 1; x)): 1 }`, `{(a: (function (y=(parens (local (x=1') x))) 1'))}`},
	{`{ f(x): (local y = x; y) }`, `{(f: (function x (parens (local (y=x) y))))}`},
	{`{ a: { b: local x = 1; x } }`, `{(a: {(b:^ (local (x=1') x))})}`},
	{`{ a: { [local x = "k"; x]: 1 } }`, `{(a:^ {([(local (x="k"') x)]: 1')}?)}`},
	{`{ a: { local x = (local y = 1; y), b: x } }`, `{(a: {(x=(parens (local (y=1') y))) (b: x)})}`},
	{`{ a: [(local x = y; x) for y in []] }`, `{(a: (arraycomp (parens (local (x=y) x)) (y in []')))}`},
	{`{ a: [y for y in (local x = []; x)] }`, `{(a:^ (arraycomp y (y in (parens (local (x=[]') x)))))}`},
	{`{ a: [y for y in [] if (local x = 1; x)] }`, `{(a: (arraycomp y (y in []') (if (parens (local (x=1') x)))))}`},
	{`{ a: [y for y in [] for z in (local x = y; x)] }`, `{(a: (arraycomp y (y in []') (z in (parens (local (x=y) x)))))}`},
	{`{ a: { [local x = k; x]: 1 for k in [] } }`, `{(a: (objectcomp ([(local (x=k) x)]: 1') (k in []')))}`},
	{`{ a: { [k]: 1 for k in (local x = []; x) } }`, `{(a:^ (objectcomp ([k]: 1') (k in (parens (local (x=[]') x)))))}`},
	{`{ a: { [k]: local x = 1; x for k in [] } }`, `{(a: (objectcomp ([k]:^ (local (x=1') x)) (k in []')))}`},
	{`{ assert (local x = 1; x), assert true : (local x = "m"; x) }`, `{(assert^ (parens (local (x=1') x))) (assert^ true' (parens (local (x="m"') x)))}`},
	{`local a = 1; { b: a }`, `(local (a=1') {(b: a)})`},
	{"|||\n  a\n   b\n\n  c\r\n |||", `|\"a\n b\n\nc\r\n"'`},
	{"|||- \t\r\n\n\ta\n\t|||\n\n|||", `|\"\na\n|||\n"'`},
	{"{ f: |||-\n  \xff\n||| }", "{(f: |\\\"\ufffd\"')}'"},
	{`1 // c`, `1'`},
	{"# c\n1", `1'`},
	{"[ /* a */ 1 /* b // */, # x\n2 ]", `[1' 2']'`},
	{`/**/ 1 /***/`, `1'`},
	{`a /b`, `(/ a b)`},
	{`a/*c*// b`, `(/ a b)`},
	{`a+-b`, `(+ a (- b))`},
	{`{a:-1}`, `{(a: (- 1'))}`},
	{`a<-b`, `(< a (- b))`},
	{`f(-1)`, `(apply f (- 1'))`},
	{`a[-1]`, `(index a (- 1'))`},
	{`a[:-1]`, `(slice a _ (- 1') _)`},
}

func TestParse(t *testing.T) {
	for _, c := range parses {
		tree := syntax.Parse(source.NewFile("f", c.text))
		if len(tree.Errors) > 0 {
			t.Errorf("%s: %v", c.text, tree.Errors)
		}
		if got := (dump{tree}).node(tree.Root); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestLongNumber: a number that may overflow is no data, since it fails when it is
// evaluated.
func TestLongNumber(t *testing.T) {
	for digits, want := range map[int]bool{300: true, 309: false} {
		tree := syntax.Parse(source.NewFile("f", strings.Repeat("9", digits)))
		if got := tree.Node(tree.Root).Flags&syntax.Data != 0; got != want {
			t.Errorf("%d digits: data is %v, want %v", digits, got, want)
		}
	}
}
