package std_test

import (
	"fmt"
	"strings"
	"testing"
)

// documents are data of many shapes.
var documents = []string{
	"{}", "[]", "{ a: [], b: {}, c: [[]], d: [{}], e: [[[]]], f: { g: {} } }", "[[], {}, [[1, 2], [3]], [{ a: 1, b: [1, { c: 2 }] }]]",
	"{ a: { b: { c: { d: [1, [2, [3, { e: 4 }]]] } } } }", "{ s: 'x\\n', t: 'x\\ny\\n\\n', u: '\\n', v: 'x\\ny', w: '' }", "['x\\n', 'a\\nb\\n', ['c\\n', { d: 'e\\nf\\n' }]]",
	"{ n: [0, -0, 1.5, 1e15, 1e21, 1e-7, 0.1, 1/3, 123456789012345678, -1e300, 5e-324, 9007199254740993] }",
	"{ '': 1, 'a b': 2, 'ä': 3, 'a.b': 4, '-': 5, \"'\": 6, '\"': 7, '\\n': 8, '[x]': 9, A_b-1: 10 } + { x:: error 'hidden' }",
	"{ s: '\\u0000\\u001f\\\"\\\\/\\u007f\\u0080\\u009f\\u00a0\\u2028\\u2029\\ue280\\ufffd😀<>&' }",
	"{ f: function(x) x }", "[function(x) x]", "function(x) x", "{ a: null }", "[null]", "{ a: error 'e' }", "[1, error 'e']", "{ assert false, a: 1 }", "{ assert false }", "{ a: { assert false } }",
	"{ a: [{ b: 1 }, { c: 2 }], d: [{ e: 1 }, 2], f: [[{ g: 1 }]] }", "{ a: [{ b: [{ c: 1 }], d: { e: {} } }, {}], z: 1 }", "{ a: [true, [1, [2]], 'x', { b: { c: [1] } }] }",
	"{ main: { a: 1, b: ['x', 2, null, {}] }, sections: { s: { c: true }, t: {} } }", "{ sections: { a: 1 } }", "{ sections: {} }", "{ main: 1, sections: {} }", "{ main:: { a: 1 }, sections:: { s: { b: [] } } }",
	"{ sections: { s: { f: function(x) x } } }", "{ main: { a: [[1]] } }", "'a\\nb\\n'", "5", "true", "null", "''",
	"['a', { b: 1, c: 'x\"y' }, 'text', ['d', ['e', {}]], ['f', { g: null }, ['h']]]", "['a']", "['a', ['b', 5]]", "[['a', 'b'], 'c']", "['a', { b: [1] }, 'c']", "['a', {}, {}]", "[5]", "['a', null]",
	"{ a: std.trace('a', { b: std.trace('b', 1) }), c: std.trace('c', [std.trace('d', 2), 3]), e: std.trace('e', { f: 1 }) }",
	"local a = { b: a }; a", "local a = [a]; a", "{ local s = self, x: 1, y: s.x, z+: 2 }", "[{ a: 1 }, 'x\\n', [1]]", "{ true: true, yes: 1, '1': 2, '0x1f': 3, '1e5': 4, '2020-01-01': 5, n: 6 }",
}

func TestManifest(t *testing.T) {
	t.Parallel()
	for _, doc := range documents {
		for _, call := range []string{
			"manifestJson(%s)", "manifestJsonMinified(%s)", "manifestToml(%s)", "manifestIni(%s)", "manifestPython(%s)", "manifestPythonVars(%s)", "manifestXmlJsonml(%s)",
			"manifestYamlDoc(%s)", "manifestYamlDoc(%s, true)", "manifestYamlDoc(%s, quote_keys=false)", "manifestYamlDoc(%s, true, false)",
			"manifestYamlStream(%s)", "manifestYamlStream([%s, %s])", "manifestYamlStream([%s], true, false, false)", "manifestYamlStream([%s], c_document_end=false)",
			"manifestJsonEx(%s, '\\t')", "manifestJsonEx(%s, '  ', '\\r\\n')", "manifestJsonEx(%s, '', ' ', ' : ')", "manifestJsonEx(%s, 'ä', newline='', key_val_sep='')",
			"manifestTomlEx(%s, '')", "manifestTomlEx(%s, '\\t')", "manifestTomlEx(%s, '\\n-')", "toString(%s)", "escapeStringJson(%s)", "escapeStringPython(%s)", "escapeStringXML(%s)",
		} {
			differ(t, "std."+strings.ReplaceAll(call, "%s", "("+doc+")"))
		}
	}
}

func TestManifestArguments(t *testing.T) {
	t.Parallel()
	differLines(t, `
		std.manifestYamlStream([], 5, true, 6)
		std.manifestYamlStream([], error 'never', true, error 'never')
		std.manifestYamlStream([1], 5)
		std.manifestYamlStream([1], true, 5)
		std.manifestYamlStream([], true, 5)
		std.manifestYamlStream([1], true, true, 5)
		std.manifestYamlStream(std.trace('v', [std.trace('e', 1)]), std.trace('a', true), std.trace('b', true), std.trace('c', true))
		std.manifestYamlDoc(std.trace('v', 1), std.trace('a', true), std.trace('b', true))
		std.manifestYamlDoc(1, 5)
		std.manifestYamlDoc(1, null)
		std.manifestYamlDoc(1, true, 5)
		std.manifestJsonEx(1, 5)
		std.manifestJsonEx(1, null)
		std.manifestJsonEx(1, '', 5)
		std.manifestJsonEx(1, '', null)
		std.manifestJsonEx(1, '', '', 5)
		std.manifestJsonEx(std.trace('v', 1), std.trace('a', ''), std.trace('b', ''), std.trace('c', ''))
		std.manifestTomlEx({}, 5)
		std.manifestTomlEx(1, '')
		std.manifestTomlEx({ a: 1 }, error 'e')
	`)
}

// TestNesting stops just where jsonnet does.
func TestNesting(t *testing.T) {
	t.Parallel()
	for _, depth := range []int{200, 499, 500, 501} {
		array := "std.foldl(function(a, i) [a], std.range(1, %d), 1)"
		object := "std.foldl(function(a, i) { a: a }, std.range(1, %d), 1)"
		for _, call := range []string{"manifestJsonMinified(%s)", "manifestJsonEx(%s, ' ')", "manifestYamlDoc(%s)"} {
			for _, nested := range []string{array, object} {
				differ(t, fmt.Sprintf("std."+call, fmt.Sprintf(nested, depth-1)))
			}
		}
	}
	for _, depth := range []int{100, 248, 249, 250, 251, 252} {
		differ(t, fmt.Sprintf("std.manifestToml(std.foldl(function(a, i) { a: a }, std.range(1, %d), {}))", depth))
		differ(t, fmt.Sprintf("std.manifestToml(std.foldl(function(a, i) { a: a }, std.range(1, %d), { b: 1 }))", depth))
		differ(t, fmt.Sprintf("std.manifestToml(std.foldl(function(a, i) { a: [a] }, std.range(1, %d), {}))", depth))
		differ(t, fmt.Sprintf("std.manifestToml({ x: std.foldl(function(a, i) [a, 1], std.range(1, 2 * %d), 1) })", depth))
	}
}

// TestBareKeys has what looks like a number, a date or a word of YAML, and what nearly does.
func TestBareKeys(t *testing.T) {
	t.Parallel()
	words := strings.Fields(`a true True TRUE tRuE yes no on off y n Y N null Null ~ .nan .NaN -.inf +.inf .inf .Inf nan NaN -nan inf -inf Infinity -infinity infinityx
		- -- --- ---- . .. _ __ / a-b a.b a/b a_b 1 01 1a a1 -1 +1 1.5 .5 5. 1e5 1E5 1e-5 1e+5 1e 1e999 -1e5 0x 0x1 0xg 0x_ 0X1 a0x1 a0xg0x1 1_000 1__0 _1 1_ 0b 0b1 0b1_0 -0b1 0b2 0B1 a0b1 0o7
		2020-01-01 1-1-1 1-1 -- 1-- --1 -1- 1-1-1-1 2020-01-1a 12:30 99999999999999999999 9e9e9 e5 5e5e 0x1p5 0x1.8p1 1.2.3 -- '' 'a' 1/2 truee yesno é inf. in infi`)
	words = append(words, "", " ", "a b", "a\n")
	for _, word := range words {
		differ(t, "std.manifestYamlDoc({ ["+quoted(word)+"]: 1 }, quote_keys=false)")
	}
}

func FuzzBareKey(f *testing.F) {
	f.Add("0x1f-2020.e5")
	f.Fuzz(func(t *testing.T, key string) {
		differ(t, "std.manifestYamlDoc({ ["+quoted(strings.ToValidUTF8(key, "?"))+"]: 1 }, quote_keys=false)")
	})
}

func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{`{"a": [1, -2.5e3, "x\u00e4\n", null, true, false], "a": {}}`, `"\ud83d\ude00"`, " [\t1\r\n] "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		differ(t, "std.parseJson("+quoted(strings.ToValidUTF8(text, "?"))+")")
	})
}

func FuzzStrings(f *testing.F) {
	f.Add("abcäöä", "ä", int64(3))
	f.Fuzz(func(t *testing.T, s, sub string, n int64) {
		n %= 5
		a, b := quoted(strings.ToValidUTF8(s, "?")), quoted(strings.ToValidUTF8(sub, "?"))
		differ(t, fmt.Sprintf(`local s = %s, t = %s, n = %d; local try(t) = if t == '' then 'x' else t; [
			std.findSubstr(t, s), std.strReplace(s, try(t), 'ö'), std.split(s, try(t)), std.splitLimit(s, try(t), std.abs(n)), std.splitLimitR(s, try(t), std.abs(n)),
			std.substr(s, std.abs(n), std.abs(n)), std.stripChars(s, t), std.lstripChars(s, t), std.rstripChars(s, t), std.trim(s), std.asciiUpper(s), std.asciiLower(s),
			std.startsWith(s, t), std.endsWith(s, t), std.equalsIgnoreCase(s, t), std.stringChars(s), std.encodeUTF8(s), std.decodeUTF8(std.encodeUTF8(s)),
			std.escapeStringJson(s), std.escapeStringXML(s), std.escapeStringBash(s), std.escapeStringDollars(s), std.manifestJsonMinified(s), std.manifestYamlDoc([s, { [t]: s }]), std.md5(s), std.resolvePath(s, t),
		]`, a, b, n))
	})
}
