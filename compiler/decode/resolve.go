package decode

import (
	"encoding/base64"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// scalar is what a YAML scalar means: nil, bool, string, int64, uint64 or float64. A
// float64 has the text that it was read from beside it.
type scalar struct {
	data any
	text string
}

// words are the plain scalars that YAML 1.1 has names for, with their tags.
var words = func() map[string]typed {
	table := map[string]typed{}
	add := func(tag string, data any, words ...string) {
		for _, word := range words {
			table[word] = typed{tag, data}
		}
	}
	add("!!bool", true, "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
	add("!!bool", false, "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")
	add("!!null", nil, "", "~", "null", "Null", "NULL")
	add("!!float", math.NaN(), ".nan", ".NaN", ".NAN")
	add("!!float", math.Inf(+1), ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF")
	add("!!float", math.Inf(-1), "-.inf", "-.Inf", "-.INF")
	return table
}()

// typed is a resolved text with its YAML tag.
type typed struct {
	tag  string
	data any
}

// resolve finds what a scalar means, as sigs.k8s.io/yaml does; problem says why it
// means nothing.
func resolve(n *yaml.Node) (s scalar, problem string) {
	const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	tag := ""
	switch {
	case n.Style&yaml.TaggedStyle != 0:
		tag = n.Tag
	case n.Style&quoted != 0:
		tag = "!!str"
	}
	switch tag {
	case "", "!!bool", "!!int", "!!float", "!!null", "!!timestamp":
		return resolvePlain(tag, n.Value)
	case "!!binary":
		return resolveBinary(n.Value)
	}
	return scalar{data: n.Value}, ""
}

func resolvePlain(tag, text string) (scalar, string) {
	got := plain(text)
	switch {
	case tag == "", tag == got.tag:
	case tag == "!!float" && got.tag == "!!int":
		i, ok := got.data.(int64)
		if !ok {
			return scalar{}, cannotBe(text, tag)
		}
		return scalar{data: float64(i), text: strconv.FormatInt(i, 10)}, ""
	case tag == "!!timestamp" && isTimestamp(text):
	default:
		return scalar{}, cannotBe(text, tag)
	}
	return scalar{data: got.data, text: strings.ReplaceAll(text, "_", "")}, ""
}

func cannotBe(text, tag string) string { return fmt.Sprintf("%q cannot be a %s", text, tag) }

func resolveBinary(text string) (scalar, string) {
	data, err := base64.StdEncoding.DecodeString(text)
	switch {
	case err != nil:
		return scalar{}, "the text of a !!binary is not base64"
	case !utf8.Valid(data):
		return scalar{}, "JSON has no binary data: leave out the tag !!binary, and the text stays base64"
	}
	return scalar{data: string(data)}, ""
}

// plain resolves a scalar without quotes and tag.
func plain(text string) typed {
	if word, ok := words[text]; ok {
		return word
	}
	switch c := text[0]; {
	case c == '.':
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return typed{"!!float", f}
		}
	case c == '+', c == '-', '0' <= c && c <= '9':
		return plainNumber(text)
	}
	return typed{"!!str", text}
}

var floatForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
})

func plainNumber(text string) typed {
	digits := strings.ReplaceAll(text, "_", "")
	if i, err := strconv.ParseInt(digits, 0, 64); err == nil {
		return typed{"!!int", i}
	}
	if u, err := strconv.ParseUint(digits, 0, 64); err == nil {
		return typed{"!!int", u}
	}
	if floatForm().MatchString(digits) {
		if f, err := strconv.ParseFloat(digits, 64); err == nil {
			return typed{"!!float", f}
		}
	}
	if i, ok := oddBinary(digits); ok {
		return typed{"!!int", i}
	}
	return typed{"!!str", text}
}

// oddBinary reads a binary number that has a second sign behind its prefix, which
// sigs.k8s.io/yaml allows.
func oddBinary(digits string) (int64, bool) {
	sign := ""
	if digits != "" && digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	digits, ok := strings.CutPrefix(digits, "0b")
	if !ok {
		return 0, false
	}
	i, err := strconv.ParseInt(sign+digits, 2, 64)
	return i, err == nil
}

// isTimestamp tells whether a text is a date, alone or with a time.
func isTimestamp(text string) bool {
	if len(text) < 5 || strings.Trim(text[:4], "0123456789") != "" || text[4] != '-' {
		return false
	}
	for _, layout := range []string{
		"2006-1-2T15:4:5.999999999Z07:00", "2006-1-2t15:4:5.999999999Z07:00", "2006-1-2 15:4:5.999999999", "2006-1-2",
	} {
		if _, err := time.Parse(layout, text); err == nil {
			return true
		}
	}
	return false
}

// value is the scalar as JSON; false where JSON has no such number.
func (s scalar) value() (value.Value, bool) {
	switch data := s.data.(type) {
	case bool:
		return value.Bool(data), true
	case string:
		return value.String(data), true
	case int64:
		return integer(strconv.FormatInt(data, 10), float64(data)), true
	case uint64:
		return integer(strconv.FormatUint(data, 10), float64(data)), true
	case float64:
		if math.IsInf(data, 0) || math.IsNaN(data) {
			return value.Null, false
		}
		return exact(s.text, data), true
	}
	return value.Null, true
}

// name is the scalar as the name of a field, with the notation of sigs.k8s.io/yaml;
// false where it can be none.
func (s scalar) name() (string, bool) {
	switch data := s.data.(type) {
	case bool:
		return strconv.FormatBool(data), true
	case string:
		return data, true
	case int64:
		return strconv.FormatInt(data, 10), true
	case float64:
		switch text := strconv.FormatFloat(data, 'g', -1, 32); text {
		case "+Inf":
			return ".inf", true
		case "-Inf":
			return "-.inf", true
		case "NaN":
			return ".nan", true
		default:
			return text, true
		}
	}
	return "", false
}

// String names the kinds of scalars that cannot be the name of a field.
func (s scalar) String() string {
	if s.data == nil {
		return "null"
	}
	return fmt.Sprintf("the number %v", s.data)
}
