package std

import (
	"strconv"
	"strings"
)

// yamlBare tells whether a key needs no quotes in YAML. It is jsonnet's rule, which
// quotes more than YAML demands, and less: a number that does not fit a float64 stays
// bare.
func yamlBare(s string) bool {
	letters, digits, dashes := 0, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			letters++
		case c >= '0' && c <= '9':
			digits++
		case c == '-':
			dashes++
		case c != '_' && c != '/' && c != '.':
			return false
		}
	}
	switch {
	case s == "" || yamlWord(s):
		return false
	case digits > 0 && letters <= 1:
		// It may be a number, with an exponent or without.
		if _, err := strconv.ParseFloat(s, 64); err == nil {
			return false
		}
	}
	if digits+dashes == len(s) && dashes == 2 {
		return false // a date
	}
	return digits == 0 || !yamlBinary(s) && !yamlHex(s)
}

// yamlWord tells whether a word means something in YAML 1.1, or is a number to Go, in
// any mixture of cases.
func yamlWord(s string) bool {
	if len(s) > len("-infinity") {
		return false
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", ".nan", "-.inf", "+.inf", ".inf", "null", "-", "---",
		"nan", "inf", "-inf", "infinity", "-infinity":
		return true
	}
	return false
}

func yamlBinary(s string) bool {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(s, "-"), "0b")
	return ok && rest != "" && strings.Trim(rest, "01_") == ""
}

// yamlHex tells whether there is anything like a hexadecimal number, wherever in s.
func yamlHex(s string) bool {
	for {
		at := strings.Index(s, "0x")
		if at < 0 || at+2 == len(s) {
			return false
		}
		s = s[at+2:]
		if c := s[0]; c == '_' || digitOf(c) < 16 {
			return true
		}
	}
}
