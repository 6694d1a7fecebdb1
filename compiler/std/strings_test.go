package std_test

import (
	"fmt"
	"strings"
	"testing"
)

// texts are strings at the edges, and what is no string.
var texts = []string{
	"''", "'a'", "'A'", "' '", "'abcabcab'", "'äöü€😀ä'", "'a,b,,c,'", "'\\u0000\\u001f\\u007f\\u0085\\u009f\\u2028\\u2029\\ufffd'", "'/a//b/'",
	"'ß'", "'K\\u212a'", "' \\t\\n\\f\\r\\v\\u0085\\u00a0\\u3000x '", "5", "null", "[]", "['a', 'b']", "['ab']", "{}", "{ a: 1 }", "function(x) x", "function() 1", "error 'e'",
}

var numbers = []string{
	"0", "-0", "1", "-1", "2", "0.5", "-1.5", "2.5", "3", "255", "256", "1e15", "123456789012345678", "1e300", "-1e300", "5e-324", "1.7976931348623157e308",
	"2147483647", "2147483648", "-2147483649", "1114111", "1114112", "55296", "0.1", "1/3", "65.9", "9007199254740993", "4611686018427387904", "1e19",
}

var anyValues = []string{
	"null", "true", "'x'", "[]", "[1, [2, 'a']]", "{}", "{ a: 1, b:: error 'hidden', c: { d: [{}, []] } }", "function(x) x", "error 'e'", "[error 'e']", "{ a: error 'e' }",
}

func TestStringArguments(t *testing.T) {
	t.Parallel()
	for fn, count := range map[string]int{
		"stringChars": 1, "isEmpty": 1, "asciiUpper": 1, "asciiLower": 1, "trim": 1, "codepoint": 1, "lines": 1, "deepJoin": 1,
		"parseInt": 1, "parseOctal": 1, "parseHex": 1, "parseJson": 1, "parseYaml": 1, "encodeUTF8": 1, "base64": 1, "base64Decode": 1, "base64DecodeBytes": 1,
		"md5": 1, "sha1": 1, "sha256": 1, "sha512": 1, "sha3": 1,
		"escapeStringJson": 1, "escapeStringPython": 1, "escapeStringBash": 1, "escapeStringDollars": 1, "escapeStringXML": 1,
		"startsWith": 2, "endsWith": 2, "findSubstr": 2, "equalsIgnoreCase": 2, "stripChars": 2, "lstripChars": 2, "rstripChars": 2,
		"split": 2, "resolvePath": 2, "strReplace": 3,
	} {
		pool := texts
		if count == 3 {
			pool = texts[:9]
		}
		differTypes(t, fn, nil, pool, count)
	}
}

func TestStringResults(t *testing.T) {
	t.Parallel()
	differLines(t, `
		std.length(std.stringChars({ a: 1 }))
		std.length(std.stringChars(function(x) x))
		std.findSubstr('aa', 'aaaa')
		std.findSubstr('ä', 'äaäa€ä')
		std.findSubstr('a€', 'äa€a€ä')
		std.strReplace('aaa', 'aa', 'b')
		std.strReplace('äöä', 'ä', '')
		std.strReplace('abc', 'x', 5)
		std.strReplace('abc', '', 'x')
		std.splitLimitR('aaa', 'aa', 1)
		std.splitLimitR('abababa', 'aba', -1)
		std.splitLimitR('a/b/c/d', '/', 2)
		std.lines(['a', null, 'b'])
		std.lines([null])
		std.lines(['a', 5])
		std.lines('abc')
		std.deepJoin(['a', ['b', [[], 'c']], ''])
		std.deepJoin([[['a', 5]]])
		std.deepJoin([null])
		std.resolvePath('a/b/c', 'd')
		std.resolvePath('', 'd')
		std.resolvePath('/b', null)
		std.resolvePath('/', null)
		std.resolvePath('a/b', null)
		std.resolvePath('a/b/', null)
		std.stripChars(' a ', [' ', error 'never'])
		std.stripChars('  ', ' ')
		std.stripChars('ababc', ['a', 'b'])
		std.stripChars('€aä', 'ä€')
		std.stripChars('', 5)
		std.stripChars('a', 5)
		std.asciiUpper(['a', 'ä', 'z'])
		std.asciiLower(['A', 'BC'])
		std.startsWith([1], [1, 2])
		std.endsWith('abc', 'bc')
		std.codepoint('😀')
		std.parseInt('+5')
		std.parseInt('-05')
		std.parseInt('1_000')
		std.parseInt('9223372036854775807')
		std.parseInt('9223372036854775808')
		std.parseInt('0x10')
		std.parseOctal('0777')
		std.parseOctal('8')
		std.parseOctal('-7')
		std.parseHex('fFfF')
		std.parseHex('g')
		std.parseHex('[')
		std.parseHex('@')
		std.parseHex(':')
		std.parseHex('')
		std.parseHex('ffffffffffffffffffffffffffffffff')
		std.decodeUTF8([0, 255, 195, 164, 195, 240, 159, 152, 128, 237, 160, 128])
		std.decodeUTF8([256])
		std.decodeUTF8([-1])
		std.decodeUTF8([1.5])
		std.decodeUTF8(['a'])
		std.decodeUTF8('abc')
		std.base64([0, 255, 1])
		std.base64([256])
		std.base64([-0])
		std.base64(['a'])
		std.base64('äÿ')
		std.base64('Ā')
		std.base64Decode('/////w==')
		std.base64Decode('YWJj')
		std.base64Decode('YW Jj')
		std.base64Decode('YW\nJjYWI')
		std.base64Decode('YWI=')
		std.base64Decode('YWJ=')
		std.base64Decode('YQ=a')
		std.base64DecodeBytes('YWJjYQ==')
		std.extVar('text')
		std.extVar('code')
		std.extVar('none')
		std.extVar(5)
		std.native('none')
		std.native(5)
		std.trace('t', 5) + std.trace('u', 6)
		std.trace(5, 5)
		std.trace('a', std.trace('b', 1))
		std.assertEqual({ a: 1 }, { a: 1 })
		std.assertEqual('a', "b\n")
		std.assertEqual(1, function(x) x)
		std.mod(std.trace('a', 5), std.trace('b', 3))
		std.format(std.trace('a', '%d'), std.trace('b', [5]))
		std.clamp(1, 2, error 'never')
		std.clamp(std.trace('a', 3), std.trace('b', 2), std.trace('c', 5))
		std.clamp('b', 'c', 'd')
		std.clamp([5], [1], [3])
		std.clamp(1, 0, 'a')
		std.__compare('a', 'b')
		std.__compare([1, 2], [1, 3])
		std.__compare(null, null)
		std.__compare(1, 'a')
		std.__compare_array('abc', ['a', 'b'])
		std.__compare_array({}, function() 1)
		std.__array_less([1], [2])
		std.__array_greater([1], [2])
		std.__array_less_or_equal([2], [2])
		std.__array_greater_or_equal([1], [2])
	`)
}

func TestPositions(t *testing.T) {
	t.Parallel()
	positions := append([]string{"'a'", "null", "1e18", "9223372036854775807", "9223372036854775808"}, numbers[:12]...)
	for _, s := range []string{"''", "'abcdef'", "'äb€😀e'", "5"} {
		for _, from := range positions {
			for _, n := range positions {
				differ(t, fmt.Sprintf("std.substr(%s, %s, %s)", s, from, n))
			}
			for _, sep := range []string{"','", "'ab'", "'€'", "''"} {
				differ(t, fmt.Sprintf("std.splitLimit('a,b,,ab€c,' + %s, %s, %s)", s, sep, from))
				differ(t, fmt.Sprintf("std.splitLimitR('a,b,,ab€c,' + %s, %s, %s)", s, sep, from))
			}
		}
	}
}

func TestNumberArguments(t *testing.T) {
	t.Parallel()
	pool := append(append([]string{}, numbers...), "'a'", "null", "true", "[]")
	for fn, count := range map[string]int{
		"abs": 1, "sign": 1, "floor": 1, "ceil": 1, "round": 1, "sqrt": 1, "exp": 1, "log": 1, "log2": 1, "log10": 1, "mantissa": 1, "exponent": 1,
		"sin": 1, "cos": 1, "tan": 1, "asin": 1, "acos": 1, "atan": 1, "deg2rad": 1, "rad2deg": 1,
		"isEven": 1, "isOdd": 1, "isInteger": 1, "isDecimal": 1, "char": 1,
		"atan2": 2, "hypot": 2, "pow": 2, "max": 2, "min": 2, "modulo": 2, "mod": 2,
	} {
		differTypes(t, fn, nil, pool, count)
	}
	differTypes(t, "clamp", nil, pool[:8], 3)
	differ(t, "[std.pi, std.type(std.pi)]")
	differ(t, "std.pi()")
}

func TestAnyArguments(t *testing.T) {
	t.Parallel()
	pool := append(append(append([]string{}, anyValues...), texts[:8]...), numbers...)
	for _, fn := range []string{
		"type", "isString", "isNumber", "isBoolean", "isObject", "isArray", "isFunction", "isNull", "toString",
		"escapeStringJson", "escapeStringXML", "manifestJson", "manifestJsonMinified", "manifestYamlDoc", "manifestYamlStream", "manifestToml", "manifestIni",
		"manifestPython", "manifestPythonVars", "manifestXmlJsonml",
	} {
		differTypes(t, fn, nil, pool, 1)
	}
	for _, fn := range []string{"equals", "primitiveEquals", "assertEqual", "xor", "xnor", "mod", "format", "trace", "__compare", "__compare_array"} {
		differTypes(t, fn, nil, append(anyValues, "1", "false"), 2)
	}
}

func TestParseJSON(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"a": 1, "b": [true, false, null], "a": {"c": 2}}`, `{"a": {"x": 1}, "a": {"y": 2}}`, ` [1] `, `[1,]`, `{"a":1,}`, `{,}`, `[1 2]`, `{"a" 1}`, `{a:1}`, `{"a":}`,
		`nul`, `nulll`, `true false`, `-`, `-0`, `01`, `1.`, `.5`, `1e`, `1e+`, `1E5`, `-1.5e-3`, `1e308`, `1e309`, `1e-400`, `+1`, `0x1`, `NaN`, `Infinity`, `1_0`,
		`"a\nb"`, "\"a\nb\"", `"\u00e4\ud83d\ude00"`, `"\ud83d"`, `"\ud83dx"`, `"\ud83d\u0041"`, `"\ude00\ud83d"`, `"\ud83d\ud83d\ude00"`, `"\x"`, `"\u12g4"`, `"\u12`, `"`, `"\`, `"\"`, `"\/\b\f\r\t"`,
		"\"\u007f\u0080\"", "\ufeff1", "\v1", "\u00a01", `[`, `{`, `{"a"`, `{"a":1`, `[1`, ``, ` `, `]`, `}`, `[[[[]]]]`, `{"":{"":""}}`, "'a'", "1//x",
		`{"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9,"10":10,"11":11,"12":12,"13":13,"1":14,"13":15}`, `"ä€😀"`, `[1e15,123456789012345678901234567890,0.1,1E-7]`,
	} {
		differ(t, "std.parseJson("+quoted(text)+")")
		differ(t, "std.parseYaml("+quoted(text)+")")
	}
	for _, depth := range []int{10000, 10001} {
		differ(t, fmt.Sprintf("std.length(std.parseJson('%s%s'))", strings.Repeat("[", depth), strings.Repeat("]", depth)))
	}
}

func quoted(s string) string { return "@'" + strings.ReplaceAll(s, "'", "''") + "'" }

func TestParseYAML(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "\n", "# comment", "a: 1\nb: [x, y]\n", "---\na: 1\n---\nb: 2\n", "a: 1\n---\n", "---\n", "---", "--- a\n--- b", "---\tx", "---x", "a: |\n  --- x\n", "a: 1\n...\nb: 2",
		"a: 1\r\n---\r\nb: 2\r\n", "a: 1\r", "\r\n", "yes", "on: off", "0o17", "017", "0x1F", "1_000", "1e3", ".inf", ".nan", "-.inf", "~", "2001-01-01", "12:30:45",
		"a: &x {b: 1}\nc: *x", "<<: {a: 1}\nb: 2", "x: &x {a: 1}\ny:\n  <<: *x\n  a: 2", "a: 1\na: 2", "? [1, 2]\n: 3", "1: a\ntrue: b\nnull: c\n1.5: d", "!!binary aGVsbG8=", "!!str 5", "!foo bar",
		"a: \"\\u00e4\\x41\"", "a:\n\t- b", "'", "[", "{a: b", "- a\n -b", "%YAML 1.1\n---\na", "a: >\n  x\n  y\n\n  z\n", "- 1\n- 2\n--- \n- 3", "*x", "&a [*a]", "1e400", "18446744073709551616", "-9223372036854775808",
		"a: 'b''c'", "\"a\nb\"", "ä: €", "\u0000", "\u0085", "---\n---\n---\n", "a\n---b\n", " ---\n", "|\n ---\n",
	} {
		differ(t, "std.parseYaml("+quoted(text)+")")
	}
}
