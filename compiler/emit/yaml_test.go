package emit

import (
	"math"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// TestPlain: strings that nobody takes for anything else stay bare.
func TestPlain(t *testing.T) {
	for _, s := range []string{
		"a", "web", "nginx:1.25", "100m", "64Mi", "1.5Gi", "5s", "1h30m", "10.96.0.1", "1.2.3", "v1", "apps/v1", "8080-tcp", "fe80::1",
		"http://example.com/a?b=c&d=e#f", "--port=80", "-v", "-x", "/usr/bin", "./run", ".hidden", "a b", "a, b", "a]b", "a{b}", "it's", `say "x"`,
		"a#b", "C:\\dir", "$(POD_IP)", "user@host", "50%", "a*", "a&b", "a|b", "a>b", "a!", "yess", "nope", "onion", "nullable", "truey", "e3", "_1",
		"deadbeef", "2001-01-01-x", "2001-1", "1-2", "1e", "1 2", "café", "漢字", "😀", "a=b", "(x)", ";", "_", "--", "^a$", "inf", "nan",
	} {
		if got := string(AppendYAML(nil, value.String(s))); got != s+"\n" {
			t.Errorf("%q is %s", s, got)
		}
		checkReadBack(t, value.Object(value.Field{Name: s, Value: value.String(s)}))
	}
}

// TestSingleQuoted: what a reader of YAML 1.1 or 1.2 would take for something else
// stands in single quotes, as a value and as a key.
func TestSingleQuoted(t *testing.T) {
	for _, s := range []string{
		"", "~", "null", "Null", "NULL", "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF",
		"true", "True", "TRUE", "false", "False", "FALSE", "tRue",
		"0", "1", "-1", "+1", "007", "08", "0o7", "0O7", "0x1F", "0X1f", "0b1", "0B1", "-0x1", "1_000", "1,000", "1__0", "0_x1F", "-_2", "+-2",
		"1.5", ".5", "5.", "-.5", "1e3", "1E3", "1e+3", "1.5e-3", "1e_3", "1._5", "0E_+2", "1.2e400", ".inf", "-.inf", "+.INF", ".nan", ".NaN", ".",
		"12:30:45", "1:20", "190:20:30.15", "2001-01-01", "2001-1-1", "2001-01-01T00:00:00Z", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5",
		"=", "<<", "a<<", "<<EOF", "-", "---", "--- a", "...", "... a", "- a", "-{", "?", "? a", ":", ": a", "a: b", "a:", "a #b", "#a", " a", "a ", " ",
		",a", "[a", "]a", "{a", "}a", "&a", "*a", "!a", "|a", ">a", "'a", "\"a", "%a", "@a", "`a", "<a", "=a",
	} {
		want := "'" + strings.ReplaceAll(s, "'", "''") + "'"
		if got := string(AppendYAML(nil, value.String(s))); got != want+"\n" {
			t.Errorf("%q is %s", s, got)
		}
		v := value.Object(value.Field{Name: s, Value: value.Array(value.String(s), value.String("z"))})
		if got := string(AppendYAML(nil, v)); got != want+":\n- "+want+"\n- z\n" {
			t.Errorf("%q is %s", s, got)
		}
		checkReadBack(t, v)
	}
}

func TestDoubleQuoted(t *testing.T) {
	for s, want := range map[string]string{
		"a\tb":              `"a\tb"`,
		"a\rb":              `"a\rb"`,
		"a\r\nb":            `"a\r\nb"`,
		"a\x00b":            `"a\u0000b"`,
		"a\x1b[1m\n":        `"a\u001b[1m\n"`,
		"\x7f":              `"\u007f"`,
		"a\u0085b":          `"a\u0085b"`,
		"a\u00a0b":          `"a\u00a0b"`,
		"a\u2028b\u2029c\n": `"a\u2028b\u2029c\n"`,
		"\ufeffa":           `"\ufeffa"`,
		"a\u200bb":          `"a\u200bb"`,
		"a\ufffeb":          `"a\ufffeb"`,
		"a\U000e0001b":      `"a\U000e0001b"`,
		"a\xffb":            `"a\ufffdb"`,
		"é\t\"\\漢":          `"é\t\"\\漢"`,
		"\b\f\v":            `"\b\f\u000b"`,
		"\n":                `"\n"`,
		"\n\n":              `"\n\n"`,
		"a\n ":              `"a\n "`,
		"a\n \nb":           `"a\n \nb"`,
		" \na":              `" \na"`,
		"\ta\nb":            `"\ta\nb"`,
		" a\n\n":            `" a\n\n"`,
	} {
		v := value.Object(value.Field{Name: "k", Value: value.String(s)})
		if got := string(AppendYAML(nil, v)); got != "k: "+want+"\n" {
			t.Errorf("%q is %s", s, got)
		}
		checkReadBack(t, v)
		key := value.Object(value.Field{Name: s, Value: value.Null})
		if got := string(AppendYAML(nil, key)); got != want+": null\n" {
			t.Errorf("key %q is %s", s, got)
		}
		checkReadBack(t, key)
	}
}

func TestBlock(t *testing.T) {
	for s, want := range map[string]string{
		"a\nb":                           "|-\n    a\n    b\n",
		"a\nb\n":                         "|\n    a\n    b\n",
		"a\n":                            "|\n    a\n",
		"a\nb\n\n":                       "|+\n    a\n    b\n\n",
		"a\n\n\nb\n":                     "|\n    a\n\n\n    b\n",
		" a\nb":                          "|2-\n     a\n    b\n",
		"  a\n b\n":                      "|2\n      a\n     b\n",
		"\na\n":                          "|\n\n    a\n",
		"\n\n a":                         "|2-\n\n\n     a\n",
		"a\n\tb\n":                       "|\n    a\n    \tb\n",
		"a \nb\n":                        "|\n    a \n    b\n",
		"a \n":                           "|\n    a \n",
		"# a\n- b: c\n":                  "|\n    # a\n    - b: c\n",
		"---\na\n":                       "|\n    ---\n    a\n",
		"é\n😀\u00a0x\n":                  "|\n    é\n    😀\u00a0x\n",
		strings.Repeat("x", 300) + "\ny": "|-\n    " + strings.Repeat("x", 300) + "\n    y\n",
	} {
		v := value.Object(value.Field{Name: "k", Value: value.Object(value.Field{Name: "x", Value: value.String(s)})})
		if got := string(AppendYAML(nil, v)); got != "k:\n  x: "+want {
			t.Errorf("%q is %s", s, got)
		}
		checkReadBack(t, v)
		v = value.Object(value.Field{Name: "k", Value: value.Array(value.Array(value.String(s)))})
		if got := string(AppendYAML(nil, v)); got != "k:\n- - "+want {
			t.Errorf("%q is %s", s, got)
		}
		checkReadBack(t, v)
		checkReadBack(t, value.Array(value.String(s), value.String("z")))
		checkReadBack(t, value.String(s))
	}
}

func TestYAMLNumber(t *testing.T) {
	for _, test := range []struct {
		v    value.Value
		want string
	}{
		{value.Number(0), "0"},
		{value.Number(math.Copysign(0, -1)), "0"},
		{value.Number(1e6), "1000000"},
		{value.Number(-42), "-42"},
		{value.Number(1e18), "1000000000000000000"},
		{value.Number(1 << 62), "4611686018427387904"},
		{value.Number(9223372036854774784), "9223372036854774784"},
		{value.Number(1 << 63), "9.223372036854776e+18"},
		{value.Number(1e20), "1.0e+20"},
		{value.Number(-1e300), "-1.0e+300"},
		{value.Number(0.5), "0.5"},
		{value.Number(-1234567.25), "-1234567.25"},
		{value.Number(0.1), "0.1"},
		{value.Number(0.30000000000000004), "0.30000000000000004"},
		{value.Number(1e-6), "0.000001"},
		{value.Number(1e-7), "1.0e-07"},
		{value.Number(1.5e-7), "1.5e-07"},
		{value.Number(5e-324), "5.0e-324"},
		{value.Number(math.MaxFloat64), "1.7976931348623157e+308"},
		{value.Exact("9007199254740993", 9007199254740992), "9007199254740993"},
		{value.Exact("0.1234567890123456789", 0.1234567890123456789), "0.1234567890123456789"},
		{value.Exact("1e400000", 0), "1.0e+400000"},
		{value.Exact("12E5", 12e5), "12.0e+5"},
		{value.Exact("not digits", 7), "7"},
	} {
		if got := string(AppendYAML(nil, test.v)); got != test.want+"\n" {
			t.Errorf("%v: %s, want %s", test.v.Float(), got, test.want)
		}
		if test.v.Digits() == "" || test.v.Float() != 0 && isJSONNumber(test.v.Digits()) {
			checkReadBack(t, test.v)
		}
	}
}

func TestYAMLLayout(t *testing.T) {
	str, obj, arr := value.String, value.Object, value.Array
	field := func(name string, v value.Value) value.Field { return value.Field{Name: name, Value: v} }
	v := obj(
		field("apiVersion", str("v1")),
		field("empty", obj(field("array", arr()), field("object", obj()), field("null", value.Null), field("text", str("")))),
		field("flags", arr(value.Bool(true), value.Bool(false))),
		field("matrix", arr(arr(value.Number(1), value.Number(2)), arr(arr(str("x")), obj(field("a", arr(str("b"))))))),
		field("spec", obj(field("containers", arr(
			obj(field("args", arr(str("--a"), str("b: c"))), field("name", str("web"))),
			obj(field("env", arr(obj())), field("name", str("log"))),
		)))),
	)
	const want = `apiVersion: v1
empty:
  array: []
  'null': null
  object: {}
  text: ''
flags:
- true
- false
matrix:
- - 1
  - 2
- - - x
  - a:
    - b
spec:
  containers:
  - args:
    - --a
    - 'b: c'
    name: web
  - env:
    - {}
    name: log
`
	if got := string(AppendYAML(nil, v)); got != want {
		t.Errorf("got\n%s", got)
	}
	checkReadBack(t, v)
	for _, top := range []value.Value{obj(), arr(), value.Null, arr(arr(), obj()), str("a\nb")} {
		checkReadBack(t, top)
	}
}

// TestLongKey: readers give up looking for the colon of a key after 1024 characters.
func TestLongKey(t *testing.T) {
	for _, key := range []string{
		strings.Repeat("k", 90), strings.Repeat("k", 1000), strings.Repeat("k", 1001), strings.Repeat("\t", 600), strings.Repeat("é", 5000),
	} {
		for _, v := range []value.Value{
			value.Null, value.Array(value.Number(1), value.Number(2)), value.Object(value.Field{Name: "a", Value: value.Null}), value.String("x\ny\n"),
		} {
			inner := value.Object(value.Field{Name: key, Value: v}, value.Field{Name: "zz", Value: v})
			checkReadBack(t, inner)
			checkReadBack(t, value.Array(inner, value.Object(value.Field{Name: "in", Value: inner})))
		}
	}
	long := strings.Repeat("k", 1001)
	v := value.Array(value.Object(value.Field{Name: long, Value: value.Array(value.Null)}))
	if got, want := string(AppendYAML(nil, v)), "- ? "+long+"\n  :\n  - null\n"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestNoAllocation(t *testing.T) {
	v := sample()
	buf := AppendYAML(nil, v)
	if n := testing.AllocsPerRun(10, func() { buf = AppendYAML(buf[:0], v) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
	buf = AppendJSON(buf[:0], v, Pretty)
	if n := testing.AllocsPerRun(10, func() { buf = AppendJSON(buf[:0], v, Pretty) }); n > 0 {
		t.Errorf("JSON: %v allocations", n)
	}
}
