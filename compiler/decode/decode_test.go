package decode

import (
	"fmt"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// findings writes what was found as "CODE line:column message".
func findings(found diag.List) string {
	var lines []string
	for _, d := range found {
		at := d.Span.File.Position(d.Span.Start)
		line := fmt.Sprintf("%s %d:%d %s", d.Code, at.Line, at.Column, d.Message)
		for _, r := range d.Related {
			at := r.Span.File.Position(r.Span.Start)
			line += fmt.Sprintf(" (%d:%d %s)", at.Line, at.Column, r.Message)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestYAMLFindings(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"a: 1\nb: c: d\n", "CP1101 2:1 YAML does not parse: mapping values are not allowed in this context"},
		{"a: b: c\n", "CP1101 1:1 YAML does not parse: mapping values are not allowed in this context"},
		{"a: 1\nb:\n  - c\n   d: 1\n e: 2\n", "CP1101 4:4 YAML does not parse: mapping values are not allowed in this context"},
		{"x:\n  a: 1\n  b: 2\n c: 3\n", "CP1101 4:2 YAML does not parse: did not find expected key"},
		{"a: [1,\n  2\nb: 3\n", "CP1101 2:3 YAML does not parse: did not find expected ',' or ']'"},
		{"a: 1\nb: 'x\nc: 2\n", "CP1101 2:1 YAML does not parse: found unexpected end of stream"},
		{"a: 1\nb:\n\tc: 2\n", "CP1101 3:2 YAML does not parse: found character that cannot start any token"},
		{"a: @b\n", "CP1101 1:1 YAML does not parse: found character that cannot start any token"},
		{"a: 1\nb: \x01\n", `CP1101 2:4 the control character '\x01' cannot stand in YAML`},
		{"a: 1\nb: caf\xe9\n", "CP1101 2:7 the file is not UTF-8"},
		{"\xff\xfea\x00", "CP1101 1:1 the file is not UTF-8"},
		{"a: 1\nb:\n  c: 2\na: 3\n", "CP1103 4:1 the field `a` is there twice (1:1 the first one is here)"},
		{"1: a\n'1': b\n", "CP1103 2:1 the field `1` is there twice (1:1 the first one is here)"},
		{"x: &x {a: 1, a: 2}\ny: *x\n", "CP1103 1:14 the field `a` is there twice (1:8 the first one is here)"},
		{"a: .inf\nb: [.nan]\n", "CP1104 1:4 JSON has no number for .inf\nCP1104 2:5 JSON has no number for .nan"},
		{"~: 1\n", "CP1104 1:1 the name of a field cannot be null"},
		{"? [a]\n: 1\n", "CP1104 1:3 the name of a field cannot be an array or an object"},
		{"a: !!int b\n", `CP1104 1:4 "b" cannot be a !!int`},
		{"a: !!binary '*'\n", "CP1104 1:4 the text of a !!binary is not base64"},
		{"a: 1\nb: *x\nc: 2\n", "CP1105 2:1 unknown anchor 'x' referenced"},
		{"a: &x 1\n---\nb: *x\n", "CP1105 3:4 unknown anchor 'x' referenced"},
		{"a: &x [1, *x]\n", "CP1105 1:11 the value of the anchor 'x' contains itself"},
		{"a: {<<: 1}\n", "CP1105 1:9 a merge key (<<) needs an object or an array of objects"},
		{"a: 9007199254740993\n", "CP1107 1:4 a double does not hold the number 9007199254740993; the nearest is 9007199254740992"},
		{"é: 0.1234567890123456789\n", "CP1107 1:4 a double does not hold the number 0.1234567890123456789; the nearest is 0.12345678901234568"},
		{"a: 1\r\nb: 2\rc: .inf\n", "CP1104 2:9 JSON has no number for .inf"},
		{"é: 1 # ü\n漢: {字: 1, 字: 2}\n", "CP1103 2:11 the field `字` is there twice (2:5 the first one is here)"},
	} {
		_, found := YAML(source.NewFile("t.yaml", test.text))
		if got := findings(found); got != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

func TestJSONFindings(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{``, "CP1102 1:1 JSON does not parse: the file ends where a value should be"},
		{"{\n  \"a\": 1,\n}", "CP1102 3:1 JSON does not parse: unexpected '}' where a name in double quotes should be"},
		{`[1 2]`, "CP1102 1:4 JSON does not parse: unexpected '2' where a comma or the end of the array should be"},
		{`{"a" 1}`, "CP1102 1:6 JSON does not parse: unexpected '1' where a colon should be"},
		{`{'a': 1}`, "CP1102 1:2 JSON does not parse: unexpected '\\'' where a name in double quotes should be"},
		{"// x\n{}", "CP1102 1:1 JSON does not parse: unexpected '/' where a value should be"},
		{`{} x`, "CP1102 1:4 JSON does not parse: unexpected 'x' after the value"},
		{`["é`, "CP1102 1:2 JSON does not parse: the string is not closed"},
		{"[\"a\nb\"]", "CP1102 1:4 JSON does not parse: unexpected '\\n' in a string, where it must be an escape"},
		{`"\x"`, "CP1102 1:3 JSON does not parse: unexpected 'x' where an escape should be"},
		{`"\u12"`, "CP1102 1:6 JSON does not parse: unexpected '\"' where a hexadecimal digit should be"},
		{`01`, "CP1102 1:2 JSON does not parse: unexpected '1' after the value"},
		{"\"\xff\"", "CP1102 1:2 the file is not UTF-8"},
		{"{\"a\": 1,\n \"a\": 2}", "CP1103 2:2 the field `a` is there twice (1:2 the first one is here)"},
		{`[1e400]`, "CP1104 1:2 the number is too large for a double"},
		{`[9007199254740993]`, "CP1107 1:2 a double does not hold the number 9007199254740993; the nearest is 9007199254740992"},
		{`["é\ud83d!"]`, `CP1108 1:4 \ud83d is half a character; it is read as U+FFFD`},
	} {
		_, found := JSON(source.NewFile("t.json", test.text))
		if got := findings(found); got != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

// TestOrigins: every value and every name knows where it stands.
func TestOrigins(t *testing.T) {
	const yaml = "\ufeffé: &x\n- a\n-  {b: 'c'}\n---\nd: |\n  e\n漢: *y\n"
	text := strings.Replace(yaml, "*y", "&y f", 1)
	docs, found := YAML(source.NewFile("t.yaml", text))
	if len(docs) != 2 || len(found) > 0 {
		t.Fatalf("%d documents, %v", len(docs), found)
	}
	at := func(origin uint32, want string) {
		t.Helper()
		if origin == 0 || !strings.HasPrefix(text[origin-1:], want) {
			t.Errorf("origin %d is not at %q", origin, want)
		}
	}
	first, second := docs[0].Fields()[0], docs[1].Fields()
	at(docs[0].Origin(), "é:")
	at(first.Origin, "é:")
	at(first.Value.Origin(), "&x")
	at(first.Value.Items()[0].Origin(), "a\n")
	at(first.Value.Items()[1].Origin(), "{b")
	at(first.Value.Items()[1].Fields()[0].Origin, "b: 'c'")
	at(first.Value.Items()[1].Fields()[0].Value.Origin(), "'c'")
	at(second[0].Value.Origin(), "|")
	at(second[1].Origin, "漢")
	at(second[1].Value.Origin(), "&y f")
	text = `{"é": [1, {"a": "\n"}]}`
	v, _ := JSON(source.NewFile("t.json", text))
	f := v.Fields()[0]
	at(v.Origin(), "{\"é")
	at(f.Origin, "\"é")
	at(f.Value.Origin(), "[")
	at(f.Value.Items()[0].Origin(), "1")
	at(f.Value.Items()[1].Fields()[0].Value.Origin(), `"\n"`)
}

func TestExactNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"1": "", "1.0": "", "-0.0": "", "0.1": "", "1e3": "", "9007199254740992": "", "9007199254740993": "9007199254740993", "-9007199254740993": "-9007199254740993",
		"1152921504606846976": "", "1152921504606846976.0": "", "1152921504606846977.0": "1152921504606846977", "9223372036854775807": "9223372036854775807",
		"18446744073709551615": "18446744073709551615", "18446744073709551616": "", "123456789012345678901234567890": "123456789012345678901234567890",
		"0.30000000000000004": "", "0.10000000000000001": "0.10000000000000001", "3.14159265358979323846": "3.14159265358979323846",
		"1e-400": "1e-400", "1e-99999999999999999999": "1e-1000000000", "0e99999999999999999999": "", "1.00000000000000000000001e5": "100000.000000000000000001", "1e23": "", "0.000012345678901234567890": "0.00001234567890123456789",
		"1.23456789012345678e-30": "1.23456789012345678e-30", "1.23456789012345678e60": "1.23456789012345678e60",
	} {
		v, _ := JSON(source.NewFile("t.json", text))
		if v.Kind() != value.KindNumber || v.Digits() != want {
			t.Errorf("JSON %s: digits %q, want %q", text, v.Digits(), want)
		}
		docs, _ := YAML(source.NewFile("t.yaml", "- "+text))
		if got := docs[0].Items()[0]; got.Kind() != value.KindNumber || got.Digits() != want {
			t.Errorf("YAML %s: digits %q, want %q", text, got.Digits(), want)
		}
	}
	docs, _ := YAML(source.NewFile("t.yaml", "- +0_1.23456789012345678900\n- .12345678901234567891\n- 0x7fffffffffffffff\n"))
	for i, want := range []string{"1.234567890123456789", "0.12345678901234567891", "9223372036854775807"} {
		if got := docs[0].Items()[i].Digits(); got != want {
			t.Errorf("digits %q, want %q", got, want)
		}
	}
}

// TestHostile: what would exhaust a naive reader is refused, quickly.
func TestHostile(t *testing.T) {
	const many = 1_000_000
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
	for i := range 12 {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 9), ","))
	}
	merges := "m0: &m0 {a: 1}\n"
	for i := range 40 {
		merges += fmt.Sprintf("m%d: &m%d {<<: [*m%d, *m%d]}\n", i+1, i+1, i, i)
	}
	for name, test := range map[string]struct {
		text string
		want diag.Code
	}{
		"flow arrays":   {strings.Repeat("[", many), diag.TooDeep},
		"flow objects":  {strings.Repeat("{a: ", many), diag.TooDeep},
		"block arrays":  {strings.Repeat("- ", many), diag.TooDeep},
		"closed arrays": {strings.Repeat("[", 5000) + strings.Repeat("]", 5000), diag.TooDeep},
		"alias bomb":    {bomb, diag.BadAlias},
		"merge bomb":    {merges, diag.BadAlias},
		"self merge":    {"a: &a {<<: *a}", diag.BadAlias},
	} {
		if _, found := YAML(source.NewFile("t.yaml", test.text)); len(found) != 1 || found[0].Code != test.want {
			t.Errorf("%s: %d findings, %v", name, len(found), found[:min(1, len(found))])
		}
	}
	for _, text := range []string{strings.Repeat("[", many), strings.Repeat(`{"a":`, many)} {
		if _, found := JSON(source.NewFile("t.json", text)); len(found) != 1 || found[0].Code != diag.TooDeep {
			t.Errorf("JSON: %d findings, %v", len(found), found[:min(1, len(found))])
		}
	}
	if docs, found := YAML(source.NewFile("t.yaml", "["+strings.Repeat("é, ", 300_000)+"]")); len(docs) != 1 || len(docs[0].Items()) != 300_000 {
		t.Errorf("one long line: %v", found)
	}
}

// TestMerge: of two fields of one name the later one stands, as kubectl has it.
func TestMerge(t *testing.T) {
	docs, found := YAML(source.NewFile("t.yaml", "x: &x {a: 1, b: 1}\np: {<<: *x, b: 2}\nq: {b: 2, <<: *x}\n"))
	if len(found) > 0 {
		t.Fatal(found)
	}
	if got := docs[0].Get("p", "b").Float(); got != 2 {
		t.Errorf("p.b is %v", got)
	}
	if got := docs[0].Get("q", "b").Float(); got != 1 {
		t.Errorf("q.b is %v", got)
	}
}

func BenchmarkYAML(b *testing.B) {
	text := strings.Repeat("- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: web\n    labels: {app: web, tier: front}\n  data:\n    a: |\n      x\n      y\n    port: 8080\n", 200)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if docs, _ := YAML(source.NewFile("t.yaml", text)); len(docs) != 1 {
			b.Fatal("no document")
		}
	}
}

func BenchmarkJSON(b *testing.B) {
	text := "[" + strings.Repeat(`{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web", "labels": {"app": "web"}}, "data": {"a": "x\ny\n", "port": 8080}},`+"\n", 200) + "null]"
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if v, _ := JSON(source.NewFile("t.json", text)); v.Kind() != value.KindArray {
			b.Fatal("no array")
		}
	}
}
