package std

import (
	"fmt"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

func parseBuiltins() []*eval.Builtin {
	return []*eval.Builtin{
		unary("parseInt", "str", parseInt),
		unary("parseOctal", "str", func(m *eval.Machine, str eval.Value) eval.Value {
			return parseNatural(m, "parseOctal", "an octal number", str, 8)
		}),
		unary("parseHex", "str", func(m *eval.Machine, str eval.Value) eval.Value {
			return parseNatural(m, "parseHex", "a hexadecimal number", str, 16)
		}),
		passing(unary("parseJson", "str", parseJSONValue)),
		passing(unary("parseYaml", "str", parseYAMLValue)),
	}
}

// parseInt takes a decimal integer of 64 bits with a sign or none.
func parseInt(m *eval.Machine, str eval.Value) eval.Value {
	s := wantString(m, "parseInt", "str", str)
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		m.Fail("std.parseInt: `str` must be a decimal integer of 64 bits, got %q", s)
	}
	return eval.Number(float64(n))
}

// parseNatural takes digits only.
func parseNatural(m *eval.Machine, function, want string, str eval.Value, base float64) eval.Value {
	s := wantString(m, function, "str", str)
	if s == "" {
		m.Fail("std.%s: `str` must be %s, but is empty", function, want)
	}
	n := 0.0
	for i := range len(s) {
		digit := naturalDigit(s[i])
		if digit < 0 || digit >= base {
			m.Fail("std.%s: `str` must be %s, got %q", function, want, s)
		}
		n = n*base + digit
	}
	return m.Finite(n)
}

// naturalDigit takes what stands between 9 and A in ASCII for the digits from 10 on as
// well, as jsonnet does.
func naturalDigit(c byte) float64 {
	switch {
	case c >= 'a':
		return float64(c) - 'a' + 10
	case c >= 'A':
		return float64(c) - 'A' + 10
	}
	return float64(c) - '0'
}

// digitOf is the value of a hexadecimal digit, 16 where it is none.
func digitOf(c byte) float64 {
	switch {
	case c >= '0' && c <= '9':
		return float64(c - '0')
	case c >= 'a' && c <= 'f':
		return float64(c - 'a' + 10)
	case c >= 'A' && c <= 'F':
		return float64(c - 'A' + 10)
	}
	return 16
}

// parseYAMLValue gives the document of a YAML text, or an array of its documents where
// any is marked by a line that begins with three dashes.
func parseYAMLValue(m *eval.Machine, str eval.Value) eval.Value {
	text := wantString(m, "parseYaml", "str", str)
	docs, stream := yamlDocuments(text)
	elems := make([]eval.Value, len(docs))
	for i, doc := range docs {
		m.Allocate(len(doc))
		data, err := unmarshalYAML(doc)
		if err != nil {
			m.Fail("std.parseYaml: `str` is not YAML: %v", err)
		}
		elems[i] = fromAny(m, data)
	}
	switch {
	case len(elems) == 0:
		return eval.Null
	case stream:
		return inFile(m, text, eval.NewArray(elems))
	}
	return inFile(m, text, elems[0])
}

// unmarshalYAML gives a panic of the YAML library as an error.
func unmarshalYAML(doc string) (data any, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v", fault)
		}
	}()
	err = yaml.Unmarshal([]byte(doc), &data)
	return data, err
}

// yamlDocuments splits a text before each line that begins a document. Lines end in
// one newline character afterwards.
func yamlDocuments(text string) (docs []string, stream bool) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if text != "" && text[len(text)-1] != '\n' {
		text += "\n"
	}
	start := 0
	for at := 0; at < len(text); {
		end := at + strings.IndexByte(text[at:], '\n') + 1
		if beginsDocument(text[at:end]) {
			stream = true
			if at > start {
				docs = append(docs, text[start:at])
				start = at
			}
		}
		at = end
	}
	if start < len(text) {
		docs = append(docs, text[start:])
	}
	return docs, stream
}

func beginsDocument(line string) bool {
	rest, ok := strings.CutPrefix(line, "---")
	return ok && (rest[0] == '\n' || rest[0] == ' ' || rest[0] == '\t')
}

// fromAny makes a value of what encoding/json gives.
func fromAny(m *eval.Machine, data any) eval.Value {
	switch data := data.(type) {
	case bool:
		return eval.Bool(data)
	case float64:
		return m.Finite(data)
	case string:
		return eval.String(data)
	case []any:
		m.Allocate(len(data) * valueSize)
		elems := make([]eval.Value, len(data))
		for i := range data {
			elems[i] = fromAny(m, data[i])
		}
		return eval.NewArray(elems)
	case map[string]any:
		m.Allocate(2 * len(data) * valueSize)
		names, values := make([]string, 0, len(data)), make([]eval.Value, 0, len(data))
		for name, v := range data {
			names, values = append(names, name), append(values, fromAny(m, v))
		}
		return eval.NewObject(names, values)
	}
	return eval.Null
}
