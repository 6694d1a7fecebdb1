// Package std is jsonnet's standard library, all of it in Go, and the native functions
// (std.native) that existing trees expect.
package std

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Natives are Tanka's native functions, with Tanka's results to the byte: JSON by
// encoding/json, YAML by yaml.v3, regular expressions in RE2's syntax.
func Natives() []eval.Native {
	return []eval.Native{
		texts("parseJson", parseJSON, "json"),
		texts("parseYaml", parseYAML, "yaml"),
		{Name: "manifestJsonFromJson", Params: []string{"json", "indent"}, Call: manifestJSON},
		texts("manifestYamlFromJson", manifestYAML, "json"),
		texts("escapeStringRegex", escapeRegex, "str"),
		texts("regexMatch", regexMatch, "regex", "string"),
		texts("regexSubst", regexSubst, "regex", "src", "repl"),
		texts("sha256", sha256Hex, "str"),
	}
}

// texts makes a native function all of whose parameters are strings.
func texts(name string, call func(args []string) (value.Value, error), params ...string) eval.Native {
	return eval.Native{Name: name, Params: params, Call: func(args []value.Value) (value.Value, error) {
		given := make([]string, len(args))
		for i, arg := range args {
			if arg.Kind() != value.KindString {
				return value.Null, wrongType(name, params[i], "string", arg)
			}
			given[i] = arg.Str()
		}
		return call(given)
	}}
}

func wrongType(function, param, want string, got value.Value) error {
	return fmt.Errorf("%s: parameter %s must be a %s, got %s", function, param, want, got.Kind())
}

func parseJSON(args []string) (value.Value, error) {
	var data any
	if err := json.Unmarshal([]byte(args[0]), &data); err != nil {
		return value.Null, fmt.Errorf("parseJson: %w", err)
	}
	return value.FromGo(data), nil
}

// parseYAML gives an array with one element per document.
func parseYAML(args []string) (_ value.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("parseYaml: %v", r)
		}
	}()
	var docs []value.Value
	for dec := yaml.NewDecoder(strings.NewReader(args[0])); ; {
		var doc any
		if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
			return value.Array(docs...), nil
		} else if err != nil {
			return value.Null, fmt.Errorf("parseYaml: %w", err)
		}
		text, err := json.Marshal(doc)
		if err != nil {
			return value.Null, fmt.Errorf("parseYaml: %w", err)
		}
		v, err := parseJSON([]string{string(text)})
		if err != nil {
			return value.Null, err
		}
		docs = append(docs, v)
	}
}

// manifestJSON indents JSON text anew; the order of the keys stays.
func manifestJSON(args []value.Value) (value.Value, error) {
	const name = "manifestJsonFromJson"
	if args[0].Kind() != value.KindString {
		return value.Null, wrongType(name, "json", "string", args[0])
	}
	if !args[1].IsInteger() || args[1].Float() < 0 || args[1].Float() > 100 {
		return value.Null, fmt.Errorf("%s: parameter indent must be a number of spaces from 0 to 100", name)
	}
	var b bytes.Buffer
	text := strings.TrimSpace(args[0].Str())
	if err := json.Indent(&b, []byte(text), "", strings.Repeat(" ", int(args[1].Float()))); err != nil {
		return value.Null, fmt.Errorf("%s: %w", name, err)
	}
	return value.String(b.String() + "\n"), nil
}

func manifestYAML(args []string) (value.Value, error) {
	var data any
	if err := json.Unmarshal([]byte(args[0]), &data); err != nil {
		return value.Null, fmt.Errorf("manifestYamlFromJson: %w", err)
	}
	text, err := yaml.Marshal(data)
	return value.String(string(text)), err
}

func escapeRegex(args []string) (value.Value, error) {
	return value.String(regexp.QuoteMeta(args[0])), nil
}

func regexMatch(args []string) (value.Value, error) {
	matched, err := regexp.MatchString(args[0], args[1])
	return value.Bool(matched), err
}

func regexSubst(args []string) (value.Value, error) {
	re, err := regexp.Compile(args[0])
	if err != nil {
		return value.Null, err
	}
	return value.String(re.ReplaceAllString(args[1], args[2])), nil
}

func sha256Hex(args []string) (value.Value, error) {
	sum := sha256.Sum256([]byte(args[0]))
	return value.String(hex.EncodeToString(sum[:])), nil
}
