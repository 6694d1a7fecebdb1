package emit

import (
	"bytes"
	"math"
	"strconv"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// appendNumber writes a number as JSON has it: exact digits as they are, integers
// below 2^63 as digits, others in the shortest form that gives the same float64.
func appendNumber(dst []byte, v value.Value) []byte {
	if digits := v.Digits(); isJSONNumber(digits) {
		return append(dst, digits...)
	}
	f := v.Float()
	const limit = 1 << 63
	if f == math.Trunc(f) && -limit < f && f < limit {
		return strconv.AppendInt(dst, int64(f), 10)
	}
	if size := math.Abs(f); 1e-6 <= size && size < limit {
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	return strconv.AppendFloat(dst, f, 'e', -1, 64)
}

// appendYAMLNumber writes a number so that YAML 1.1 readers see one: they want a
// point in the mantissa and a sign in the exponent (1.0e+20).
func appendYAMLNumber(dst []byte, v value.Value) []byte {
	start := len(dst)
	dst = appendNumber(dst, v)
	at := bytes.IndexAny(dst[start:], "eE")
	if at < 0 {
		return dst
	}
	mantissa, exponent := string(dst[start:start+at]), string(dst[start+at+1:])
	dst = append(dst[:start], mantissa...)
	if bytes.IndexByte(dst[start:], '.') < 0 {
		dst = append(dst, ".0"...)
	}
	dst = append(dst, 'e')
	if exponent[0] != '+' && exponent[0] != '-' {
		dst = append(dst, '+')
	}
	return append(dst, exponent...)
}

// isJSONNumber tells whether text is a number by JSON's grammar.
func isJSONNumber(text string) bool {
	if text != "" && text[0] == '-' {
		text = text[1:]
	}
	n := digits(text)
	if n == 0 || n > 1 && text[0] == '0' {
		return false
	}
	text = text[n:]
	if text != "" && text[0] == '.' {
		if n = digits(text[1:]); n == 0 {
			return false
		}
		text = text[1+n:]
	}
	if text == "" || text[0] != 'e' && text[0] != 'E' {
		return text == ""
	}
	text = text[1:]
	if text != "" && (text[0] == '+' || text[0] == '-') {
		text = text[1:]
	}
	return text != "" && digits(text) == len(text)
}

// digits counts the decimal digits at the start of text.
func digits(text string) int {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}
