package generate

import "strings"

// builtins are calls of std by the code of their result. A parameter is name:code.
// The codes: n number, i small integer, u small natural number, s string, c string of
// one character, b boolean, a any data, A N S arrays of data, numbers and strings,
// X array that can be sorted, W what has a length, O object, f field name, K function
// that makes a key, J JSON, Y YAML, H hexadecimal, 8 octal, D decimal, B base64, U
// bytes, M JsonML, I ini, T toml, P patch, R split text, C code point; ? marks an
// optional parameter.
var builtins = parseBuiltins(`
n length x:W
n abs n:n
n sign n:n
n max a:n b:n
n min a:n b:n
n pow x:n n:i
n exp x:i
n log x:n
n log2 x:n
n log10 x:n
n exponent x:n
n mantissa x:n
n floor x:n
n ceil x:n
n round x:n
n sqrt x:n
n sin x:n
n cos x:n
n tan x:n
n asin x:i
n acos x:i
n atan x:n
n atan2 y:n x:n
n hypot a:n b:n
n deg2rad x:n
n rad2deg x:n
n clamp x:n minVal:i maxVal:n
n modulo x:n y:n
n mod a:n b:n
n codepoint str:c
n parseInt str:D
n parseOctal str:8
n parseHex str:H
n count arr:A x:a
n sum arr:N
n avg arr:N
n minArray arr:N keyF?:K onEmpty?:n
n maxArray arr:N keyF?:K onEmpty?:n
n foldl func:2 arr:N init:n
n foldr func:2 arr:N init:n
b objectHas o:O f:f
b objectHasAll o:O f:f
b objectHasEx obj:O fname:f hidden:b
b isArray v:a
b isBoolean v:a
b isFunction v:a
b isNumber v:a
b isObject v:a
b isString v:a
b isNull v:a
b isEven x:n
b isOdd x:n
b isInteger x:n
b isDecimal x:n
b assertEqual a:u b:u
b startsWith a:s b:s
b endsWith a:s b:s
b isEmpty str:s
b equalsIgnoreCase str1:s str2:s
b member arr:A x:a
b member arr:s x:s
b contains arr:A elem:a
b all arr:L
b any arr:L
b setMember x:n arr:N keyF?:K
b setMember x:s arr:S
b xor x:b y:b
b xnor x:b y:b
b primitiveEquals x:n y:n
b primitiveEquals x:s y:s
b equals x:a y:a
b equals a:A b:A
s type x:a
s toString a:a
s char n:C
s substr str:s from:u len:u
s stripChars str:s chars:s
s lstripChars str:s chars:s
s rstripChars str:s chars:s
s strReplace str:s from:c to:s
s strReplace str:s from:s to:s
s asciiUpper str:s
s asciiLower str:s
s trim str:s
s escapeStringBash str_:a
s escapeStringDollars str_:a
s escapeStringJson str_:a
s escapeStringPython str:a
s escapeStringXML str_:a
s repeat what:s count:u
s join sep:s arr:S
s join sep:s arr:Z
s deepJoin arr:S
s lines arr:S
s slice indexable:s index:u end:u step:p
s base64 input:s
s base64 input:U
s base64Decode str:B
s decodeUTF8 arr:U
s md5 s:s
s sha1 s:s
s sha256 s:s
s sha512 s:s
s sha3 s:s
s resolvePath f:s r:s
s manifestIni ini:I
s manifestPython v:a
s manifestPythonVars conf:O
s manifestToml value:T
s manifestTomlEx value:T indent:w
s manifestJson value:a
s manifestJsonMinified value:a
s manifestJsonEx value:a indent:w newline?:s key_val_sep?:s
s manifestYamlDoc value:a indent_array_in_object?:b quote_keys?:b
s manifestYamlDoc value:O indent_array_in_object?:b quote_keys?:b
s manifestYamlStream value:A indent_array_in_object?:b c_document_end?:b quote_keys?:b
s manifestXmlJsonml value:M
s toString a:O
s foldl func:3 arr:S init:s
s foldr func:3 arr:S init:s
s extVar x:v
N find value:a arr:A
N findSubstr pat:s str:s
N range from:i to:u
N encodeUTF8 str:s
N base64DecodeBytes str:B
N sort arr:N keyF?:K
N uniq arr:N keyF?:K
N set arr:N keyF?:K
N setUnion a:E b:E keyF?:K
N setInter a:E b:E keyF?:K
N setDiff a:E b:E keyF?:K
N repeat what:N count:u
N slice indexable:N index:u end:u step:p
N reverse arr:N
N remove arr:N elem:n
N removeAt arr:N at:u
N flattenArrays arrs:G
N join sep:N arr:G
N map func:K arr:N
N filter func:Q arr:N
S objectFields o:O
S objectFieldsAll o:O
S objectFieldsEx obj:O hidden:b
S split str:R c:c
S split str:s c:s
S splitLimit str:R c:c maxsplits:m
S splitLimitR str:R c:c maxsplits:m
S stringChars str:s
S sort arr:S keyF?:L1
S uniq arr:S
S set arr:S keyF?:L1
S setUnion a:S b:S
S setInter a:e b:e
S setDiff a:e b:e
S map func:S1 arr:s
S reverse arr:S
S flatMap func:F1 arr:S
A objectValues o:O
A objectValuesAll o:O
A objectKeysValues o:O
A objectKeysValuesAll o:O
A flattenDeepArray value:V
A flattenArrays arrs:G
A sort arr:X
A prune a:A
A reverse arr:A
A repeat what:A count:u
A remove arr:A elem:a
A removeAt arr:A at:u
A slice indexable:A index:u end:u step:p
O mapWithKey func:k2 obj:O
O mergePatch target:O patch:P
O objectRemoveKey obj:O key:f
O prune a:O
O parseJson str:o
a prune a:a
a get o:O f:f default?:a inc_hidden?:b
a mergePatch target:a patch:P
a parseJson str:J
a parseYaml str:Y
a foldl func:4 arr:A init:a
a foldr func:4 arr:A init:a
a trace str:s rest:a
a id x:a
a length x:W
a minArray arr:X
a maxArray arr:X
a native x:a
`)

// builtin is one way to call a function of std.
type builtin struct {
	name   string
	params []argument
}

type argument struct {
	name, code string
	optional   bool
}

func parseBuiltins(text string) map[string][]builtin {
	out := map[string][]builtin{}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		words := strings.Fields(line)
		b := builtin{name: words[1]}
		for _, w := range words[2:] {
			name, code, _ := strings.Cut(w, ":")
			name, optional := strings.CutSuffix(name, "?")
			b.params = append(b.params, argument{name, code, optional})
		}
		out[words[0]] = append(out[words[0]], b)
	}
	return out
}

// std calls a function of std whose result has a code.
func (g *generator) std(code string) string {
	b := pick(g.Choices, builtins[code])
	if b.name == "native" {
		return "std.native('jsonToString')(" + g.open(anyData) + ")"
	}
	named := g.Chance(1, 8)
	var args []string
	for _, p := range b.params {
		if p.optional && g.Chance(1, 2) {
			named = true
			continue
		}
		text := g.argument(p.code)
		if named {
			text = p.name + "=" + text
		}
		args = append(args, text)
	}
	if named && len(args) > 1 && strings.Contains(args[0], "=") && strings.HasPrefix(args[0], b.params[0].name+"=") && g.Chance(1, 2) {
		args[0], args[1] = args[1], args[0]
	}
	return "std." + b.name + "(" + strings.Join(args, ", ") + ")"
}

// argument makes an argument by its code.
func (g *generator) argument(code string) string {
	if g.loose && g.Chance(1, 20) {
		if strings.Contains("iupm", code) {
			// A large number would be a size.
			return pick(g.Choices, []string{"null", "'1'", "0.5", "-1", "[]"})
		}
		return g.open(g.otherType())
	}
	switch code {
	case "n":
		return g.open(num)
	case "i":
		return g.small(-1, 4)
	case "u":
		return g.small(0, 5)
	case "p":
		return g.small(1, 3)
	case "m":
		return g.small(-1, 3)
	case "s":
		return g.open(str)
	case "c":
		return g.literal(pick(g.Choices, []string{"a", ",", "é", "😀", " ", "b", "aa", "日"}))
	case "b":
		return g.open(boolean)
	case "a":
		return g.open(anyData)
	case "A":
		return g.open(anys)
	case "N":
		return g.open(nums)
	case "S":
		return g.open(strs)
	case "O":
		return g.open(g.objectType(1, g.Below(4)))
	}
	return g.special(code)
}

// special makes arguments that have a form of their own.
func (g *generator) special(code string) string {
	switch code {
	case "X":
		return g.open([]*typ{nums, strs, {kind: arrayKind, elem: nums}}[g.Below(3)])
	case "W":
		t := []*typ{str, anys, record, {kind: functionKind, result: num, params: []param{{name: "x", t: num}, {name: "y", t: num}}}}[g.Below(4)]
		return g.open(t)
	case "f":
		return g.literal(names[g.Below(10)])
	case "L":
		return g.open(&typ{kind: arrayKind, elem: boolean})
	case "Z":
		return "[" + g.list(g.Below(4), ", ", func() string { return []string{g.open(str), "null"}[g.Below(2)] }) + "]"
	case "G":
		return g.open(&typ{kind: arrayKind, elem: nums})
	case "V":
		return "[" + g.open(nums) + ", [" + g.open(strs) + "], " + g.open(num) + "]"
	case "E":
		return "std.set(" + g.open(nums) + ")"
	case "e":
		return "std.set(" + g.open(strs) + ")"
	case "w":
		return "'" + []string{"", " ", "  ", "    ", "\t"}[g.Below(5)] + "'"
	case "v":
		return "'stringVar'"
	case "C":
		return pick(g.Choices, []string{"65", "97", "0", "233", "26085", "128512", "55357", "1114111", "10"})
	case "D":
		return g.literal(pick(g.Choices, []string{"0", "12", "-7", "123456789", "007", "99999999999999999999", "+1", "1.5", "", "-", "1x"}))
	case "H":
		return g.literal(pick(g.Choices, []string{"0", "ff", "DeadBeef", "10", "1fffffffffffff", "g", "", "-1", "x"}))
	case "8":
		return g.literal(pick(g.Choices, []string{"0", "17", "777", "010", "8", "", "-7", "9"}))
	case "B":
		return g.literal(pick(g.Choices, []string{"", "aGk=", "aGVsbG8=", "w6k=", "8J+YgA==", "/w==", "aGk", "a===", "####", "YQ==YQ==", "aGVsbG8gd29ybGQh"}))
	case "U":
		return "[" + g.list(g.Below(6), ", ", func() string {
			return pick(g.Choices, []string{"65", "0", "255", "195", "169", "240", "159", "152", "128", "237", "160", "127", "104"})
		}) + "]"
	case "J":
		return g.literal(g.jsonText(3))
	case "o":
		return `'{"a": 1, "b": [true, null], "c": {"x1": "é"}}'`
	case "Y":
		return g.yamlText()
	case "R":
		return g.literal(pick(g.Choices, []string{"a,b,,c", ",", "", "abc", "aéb", "😀,😀", " x y ", "aaaa", "a, b, c"}))
	case "P":
		return "{ " + g.list(g.Below(4), ", ", func() string {
			return "[" + g.literal(names[g.Below(8)]) + " + '" + g.small(0, 9) + "']: " + []string{"null", g.open(anyData), "{ a: null, b: { c: 1 } }"}[g.Below(3)]
		}) + " }"
	}
	return g.callback(code)
}

func (g *generator) yamlText() string {
	switch g.Below(5) {
	case 0:
		return g.literal(g.jsonText(2))
	case 1:
		return "std.manifestYamlDoc(" + g.open(anyData) + ")"
	case 2:
		return g.literal(pick(g.Choices, yamls) + "\n" + pick(g.Choices, yamls))
	}
	return g.literal(pick(g.Choices, yamls))
}

// callback makes functions, and data for the formats.
func (g *generator) callback(code string) string {
	fn := func(result *typ, params ...*typ) string {
		f := &typ{kind: functionKind, result: result}
		for i, p := range params {
			f.params = append(f.params, param{name: []string{"x", "y"}[i], t: p})
		}
		return g.function(f)
	}
	switch code {
	case "K":
		return fn(num, num)
	case "Q":
		return fn(boolean, num)
	case "L1":
		return []string{"std.length", "std.asciiLower", "function(s) std.length(s)"}[g.Below(3)]
	case "S1":
		return fn(str, str)
	case "F1":
		return fn(strs, str)
	case "k2":
		return fn(g.simpleType(), str, anyData)
	case "2":
		return fn(num, num, num)
	case "3":
		return fn(str, str, str)
	case "4":
		return fn(anyData, anyData, anyData)
	case "I":
		return "{ main: { a: " + g.open(num) + ", b: [" + g.open(str) + ", 'x'] }, sections: { [" + g.open(str) + "]: { k: " + g.open(str) + " }, s2: {} } }"
	case "T":
		return "{ a: " + g.open(num) + ", 'b c': " + g.open(str) + ", t: { x: " + g.open(anys0(g)) + ", u: { v: " + g.open(boolean) + " } }, l: [{ p: 1 }, { q: " + g.open(str) + " }], e: " + g.open(record) + " }"
	case "M":
		return g.jsonml(3)
	}
	return "null"
}

func anys0(g *generator) *typ { return []*typ{nums, strs}[g.Below(2)] }

func (g *generator) jsonml(depth int) string {
	if depth <= 0 || g.Chance(1, 3) {
		return g.open(str)
	}
	attributes := ""
	if g.Chance(1, 2) {
		attributes = ", { a: " + g.open(str) + ", b: " + g.open(num) + " }"
	}
	return "['t'" + attributes + g.list(g.Below(4), "", func() string { return ", " + g.jsonml(depth-1) }) + "]"
}
