package decode

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	yamlv2 "go.yaml.in/yaml/v2"
	sigs "sigs.k8s.io/yaml"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// checkYAML compares decode.YAML with sigs.k8s.io/yaml, which reads the first document.
func checkYAML(t *testing.T, text string) {
	t.Helper()
	file := source.NewFile("t.yaml", text)
	docs, found := YAML(file)
	checkPlaces(t, file, found)
	data, err := sigs.YAMLToJSON([]byte(text))
	documents := 1
	if err == nil {
		documents, err = readOn(text)
	}
	if found.HasErrors() {
		if err == nil && !stricter(text, found, documents) {
			t.Errorf("%q: sigs.k8s.io/yaml reads %s, we say %v", text, data, found)
		}
		return
	}
	for _, doc := range docs {
		checkOrigins(t, file, doc)
	}
	if err != nil {
		if !laxer(text, err) {
			t.Errorf("%q: sigs.k8s.io/yaml says %v, we read %d documents", text, err, len(docs))
		}
		return
	}
	first, err := readJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(docs) == 0 || first == nil {
		return // the first document may be one that we leave out
	}
	if err := same(docs[0], first); err != nil && !otherwise(text) {
		t.Errorf("%q: %v", text, err)
	}
}

// readOn reads the whole text with the YAML library of sigs.k8s.io/yaml, which itself
// does not look behind the first document.
func readOn(text string) (documents int, err error) {
	decoder := yamlv2.NewDecoder(strings.NewReader(text))
	for ; ; documents++ {
		var doc any
		switch err := decoder.Decode(&doc); {
		case err == io.EOF:
			return documents, nil
		case err != nil:
			return documents, err
		}
	}
}

// stricter tells whether an error of ours is one that we mean to have where
// sigs.k8s.io/yaml has none.
func stricter(text string, found diag.List, documents int) bool {
	for _, d := range found {
		switch {
		case d.Code == diag.DuplicateField, d.Code == diag.TooDeep:
			return true
		case d.Code == diag.NoJSONValue && documents > 1:
			return true // sigs.k8s.io/yaml makes JSON of the first one only
		case d.Code == diag.NoJSONValue && strings.Contains(d.Message, "binary"):
			return true
		case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
			return true // UTF-16
		case nonSpecificTag.MatchString(text):
			return true // see otherwise
		}
	}
	return false
}

// laxer tells where we read what sigs.k8s.io/yaml refuses.
func laxer(text string, err error) bool {
	// YAML 1.2 and go.yaml.in/yaml/v3 allow a tab before a comment, or before nothing.
	return tabbedComment.MatchString(text) && strings.Contains(err.Error(), "cannot start any token")
}

var tabbedComment = regexp.MustCompile(`\t[ \t]*(#|[\r\n\x{85}\x{2028}\x{2029}]|$)`)

// otherwise tells where we read another value than sigs.k8s.io/yaml does.
func otherwise(text string) bool {
	// The non-specific tag ! makes a quoted scalar plain in sigs.k8s.io/yaml.
	return nonSpecificTag.MatchString(text)
}

var nonSpecificTag = regexp.MustCompile(`!(\pZ|\s|[,\[\]{}]|$)`)

// checkPlaces fails where a finding is nowhere.
func checkPlaces(t *testing.T, file *source.File, found diag.List) {
	t.Helper()
	for _, d := range found {
		if d.Span.File != file || d.Span.Start < 0 || d.Span.End < d.Span.Start || d.Span.End > len(file.Text()) {
			t.Errorf("%q: %s at %d-%d", file.Text(), d.Message, d.Span.Start, d.Span.End)
		}
	}
}

func checkOrigins(t *testing.T, file *source.File, v value.Value) {
	t.Helper()
	if o := v.Origin(); o == 0 || int(o) > len(file.Text())+1 {
		t.Errorf("%q: origin %d", file.Text(), o)
	}
	for _, item := range v.Items() {
		checkOrigins(t, file, item)
	}
	for _, f := range v.Fields() {
		if f.Origin == 0 || int(f.Origin) > len(file.Text())+1 {
			t.Errorf("%q: origin %d of %s", file.Text(), f.Origin, f.Name)
		}
		checkOrigins(t, file, f.Value)
	}
}

func readJSON(data []byte) (any, error) {
	var v any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("trailing data")
	}
	return v, nil
}

// same compares a value with what encoding/json reads.
func same(v value.Value, want any) error {
	wrong := fmt.Errorf("%v %v is not %T %v", v.Kind(), show(v), want, want)
	switch want := want.(type) {
	case nil:
		if v.IsNull() {
			return nil
		}
	case bool:
		if v.Kind() == value.KindBool && v.Bool() == want {
			return nil
		}
	case string:
		if v.Kind() == value.KindString && v.Str() == want {
			return nil
		}
	case json.Number:
		if v.Kind() == value.KindNumber && sameNumber(v, want.String()) {
			return nil
		}
	case []any:
		if v.Kind() != value.KindArray || len(v.Items()) != len(want) {
			return wrong
		}
		for i, item := range v.Items() {
			if err := same(item, want[i]); err != nil {
				return err
			}
		}
		return nil
	case map[string]any:
		if v.Kind() != value.KindObject || len(v.Fields()) != len(want) {
			return wrong
		}
		for _, f := range v.Fields() {
			member, ok := want[f.Name]
			if !ok {
				return wrong
			}
			if err := same(f.Value, member); err != nil {
				return err
			}
		}
		return nil
	}
	return wrong
}

// sameNumber: exact digits must be those that were read, or more of them.
func sameNumber(v value.Value, want string) bool {
	if v.Digits() == want {
		return true
	}
	f, err := strconv.ParseFloat(want, 64)
	return err == nil && f == v.Float()
}

func show(v value.Value) any {
	switch v.Kind() {
	case value.KindString:
		return fmt.Sprintf("%q", v.Str())
	case value.KindNumber:
		return fmt.Sprint(v.Float(), v.Digits())
	case value.KindObject:
		return v.Fields()
	case value.KindArray:
		return v.Items()
	}
	return v.Bool()
}

// checkJSON compares decode.JSON with encoding/json.
func checkJSON(t *testing.T, text string) {
	t.Helper()
	file := source.NewFile("t.json", text)
	v, found := JSON(file)
	checkPlaces(t, file, found)
	want, err := readJSON([]byte(text))
	switch {
	case found.HasErrors():
		if err == nil && !stricterJSON(text, found) {
			t.Errorf("%q: encoding/json reads %v, we say %v", text, want, found)
		}
	case err != nil:
		if !strings.HasPrefix(text, byteOrderMark) {
			t.Errorf("%q: encoding/json says %v, we read %v", text, err, show(v))
		}
	default:
		checkOrigins(t, file, v)
		if err := same(v, want); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// stricterJSON tells whether an error of ours is one that we mean to have where
// encoding/json has none.
func stricterJSON(text string, found diag.List) bool {
	for _, d := range found {
		switch {
		case d.Code == diag.DuplicateField, d.Code == diag.TooDeep, firstWrongByte(text) >= 0:
			return true
		case d.Code == diag.NoJSONValue: // a number that is no float64
			var v any
			return json.Unmarshal([]byte(text), &v) != nil
		}
	}
	return false
}

// FuzzYAML: any text is read as sigs.k8s.io/yaml reads it, or refused as it does.
func FuzzYAML(f *testing.F) {
	for _, text := range yamlTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkYAML(t, text) })
}

// FuzzJSON: any text is read as encoding/json reads it, or refused as it does.
func FuzzJSON(f *testing.F) {
	for _, text := range jsonTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkJSON(t, text) })
}

func TestYAMLAgainstSigs(t *testing.T) {
	for _, text := range yamlTexts {
		checkYAML(t, text)
	}
}

func TestJSONAgainstEncodingJSON(t *testing.T) {
	for _, text := range jsonTexts {
		checkJSON(t, text)
	}
}

var jsonTexts = []string{
	``, ` `, `{}`, `[]`, `{"a":1}`, `[1, 2.5, -0, 1e3, 1E-3, 1e400, 1e-400, 0.1, 0.10000000000000001]`, `01`, `-`, `1.`, `.5`, `+1`, `1e`,
	`9007199254740993`, `18446744073709551615`, `123456789012345678901234567890`, `"a`, `"\u00e9\ud83d\ude00"`, `"\ud83d"`,
	`"\ud83d\u0041"`, `"\ude00"`, `"\ud83d\ud83d\ude00"`, `"\x"`, `"\u12g4"`, `"\u123`, "\"a\tb\"", "\"\x7f\u2028\"", `"\"\\\/\b\f\n\r\t"`,
	`{"a":1,"a":2}`, `{"a":1,}`, `[1,]`, `[1 2]`, `{"a" 1}`, `{a:1}`, `{'a':1}`, `// c`, `nul`, `true false`, `{"a":{"b":[null,true,false]}}`,
	"\ufeff{}", "\"\xff\"", `]`, `}`, `[`, `{`, `{"a"`, `{"a":`, `{"a":1`, strings.Repeat("[", 50) + strings.Repeat("]", 50),
}

var yamlTexts = []string{
	"", "\n", "# only\n", "---\n", "a: 1\n", "a: 1\n---\nb: 2\n", "---\n---\na: 1\n...\n---\n# none\n", "null", "~", "--- ~\n", "a:\n", "- 1\n- a\n-\n",
	"a: [y, Y, yes, Yes, YES, yEs, n, N, no, No, NO, on, On, ON, off, Off, OFF, true, True, TRUE, false, False, FALSE, null, Null, NULL, ~, \"\", '', tRue]\n",
	"a: ['y', \"no\", !!str y, !!str 12, !!str, !!int \"12\", !!float 1, !!float '1.5', !!bool yes, !!null '', !!null ~, !!int 0x1f, !!timestamp 2001-01-01]\n",
	"!!int 1.5", "!!int a", "!!bool 1", "!!null a", "!!float a", "!!float 18446744073709551615", "!!timestamp a", "!!timestamp 123", "!!int 2001-01-01", "!!int ''",
	"!!binary aGVsbG8=", "!!binary '*'", "!!binary /w==", "!!set {a, b}", "!!omap [a: 1]", "!custom a", "! 12", "!!map a", "!!seq {a: b}",
	"[0755, 0o755, 0O17, 0x1F, 0X1f, 0b11, 0B11, -0b11, +0b1, 1_000, 0_7, -1_0, 1__0, _1, 08, 09, 0o8, 0x, 0b, 0b+1, 0b-1, -0b1, -0b+1, -0b-1, 0b_1, +1, -1, --1, +-1]",
	"[1.5, .5, 5., -.5, +.5, 1e3, 1E3, 1e+3, 1.5e-3, 1_0.5_0, 0_1.5, 1e400, -1e400, 1e-400, .5e3, .e3, ., .., ..., 1.2.3, 1e, e3, 0e0, -0, -0.0, 00, 00.5]",
	"[.inf]", "[-.INF]", "[.nan]", "{.inf: 1, -.inf: 2, .nan: 3}", "[+.inf]", ".Infinity", "[inf, nan, Infinity]",
	"[9007199254740991, 9007199254740992, 9007199254740993, -9007199254740993, 9223372036854775807, 9223372036854775808, 18446744073709551615, 18446744073709551616, 123456789012345678901234567890]",
	"[1152921504606846976, 0.1, 0.10000000000000001, 0.30000000000000004, 3.141592653589793238462643383279, 1e22, 1e23, 100000000000000000000000, 123456789.123456789123456789]",
	"[2001-01-01, 2001-1-1, 2001-01-01T00:00:00Z, 2001-12-14t21:59:43.10-05:00, 2001-12-14 21:59:43.10 -5, 2001-01-01 00:00:00, 12:30:45, 1:20, 190:20:30.15, 2001-13-45]",
	"{1: a, 1.5: b, 1.1: c, true: d, 0x10: e, yes_: f, 2001-01-01: g, 1e3: h, 123456789.125: i}", "{null: a}", "{~: a}", "? \n: a", "{[a]: b}", "{{a: b}: c}", "? [a]\n: b", "? {a: b}\n: c",
	"{18446744073709551615: a}", "{yes: a}", "{y: a}", "{1: a, '1': b}", "a: 1\na: 2\n", "a: {b: 1, c: 2, b: 3}\n", "{a, b: , c}",
	"a: &x {b: 1}\nc: *x\n", "a: &x 1\nb: [*x, *x]\n", "a: *x\n", "&a [*a]", "&a {b: *a}", "a: &a\n  b: *a\n", "&x a: 1\n*x : 2\n", "a: &x b\n*x : 2\n", "a: &x [1]\n? *x\n: 2\n", "a: &x ~\n*x : 2\n",
	"a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n", "a: &x {b: 1, c: 2}\nd:\n  c: 3\n  <<: *x\n", "a: &x {b: 1}\nb: &y {b: 2, c: 3}\nd: {<<: [*x, *y], e: 4}\n",
	"d: {<<: {a: 1, a: 2}}\n", "d: {<<: {a: 1}, <<: {a: 2, b: 3}}\n", "d: {<<: 1}\n", "d: {<<: ~}\n", "d: {<<: [1]}\n", "d: {<<: []}\n", "d: {'<<': {a: 1}}\n", "a: &x 1\nd: {<<: *x}\n", "a: <<\n", "[<<]", "!!merge <<: {a: 1}\n", "&a {<<: *a}",
	"a: &x {b: &y {c: 1}}\nd: {<<: *x, e: *y}\n", "d: {<<: [[{a: 1}]]}\n", "? &k <<\n: {a: 1}\nb: {*k : {c: 2}}\n",
	"a: &x 1\n---\nb: *x\n", "a: |\n  x\n  y\n", "a: |-\n  x\n", "a: |+\n  x\n\nb: >\n  x\n  y\n\n  z\n", "a: |2\n   x\n", "a: 'x\n  y'\n", "a: \"x\\\n  y\"\n", "a: x\n  y\n",
	"a: \"\\x41\\u00e9\\U0001F600\\e\\0\\N\\_\\L\\P\"\n", "a: b: c\n", "a:\n - b\n- c\n", "a: [1\n", "a: 'x\n", "a: \"x\n", "\ta: 1\n", "a:\n\tb: 1\n", "a: @x\n", "a: `x`\n", "a: %x\n", "%YAML 1.1\n---\na: 1\n", "%YAML 1.2\n---\na: 1\n", "%YAML 2.0\n---\na\n", "%TAG ! tag:x,2000:\n---\n!y z\n", "%FOO\n---\na\n",
	"a: \x01\n", "a: \xff\n", "a: \u0085b\n", "a: \u2028b\n", "a: 'é'\nb: ü # c\nç: [é, {漢: 字}]\n", "\ufeffa: 1\n", "a: \ufeffb\n", "\ufeff# x\n\ufeffa: 1\n", "a: 1\r\nb:\r\n- c\r\n", "a: 1\rb: 2\r", "\xff\xfea\x00:\x00 \x001\x00",
	"# c\na: # d\n  # e\n  b: 1 # f\n  # g\n# h\n", "- # c\n  a: 1\n", "a:\n  - b\n  # c\n  - d\n#e", "[a, # c\n b # d\n]", "a: 1 #\n\n\n# b\n", "? a\n: b\n? c\n", "? |\n  a\n: b\n", "!!str a: !!int 1\n", "- - - a\n    - b\n  - c\n", "a:\n- b\n- c:\n  - d\n",
	"{a: 'it''s', b: \"q\\\"q\"}", "a: - b\n", "- a: 1\n  b: 2\n- c\n", "--- |\n a\n--- >\n b\n", "--- a\n...\nb\n", "a: 1\n b: 2\n", "key: [a, b]: c\n", "a\nb: c\n", "*a", "&a", "&a\n", "!!str", "- &a\n- *a\n", ": a", "-\n", "? ", "[,]", "{,}", "[a,,b]", "[a: b, c]", "{a: b, ? c : d}", "'a':b", "{\"a\":b}", "[\"a\":b]", "a:b", "http://x:80/", "- ---\n", "a: ---\n", "a: |\n---\n", "\n #\n\t #\n", " #\n\t\n #",
}
