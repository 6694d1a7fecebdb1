package emit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendText writes a string as the value of a key or as an item; indent is the
// column of its parent, or noBlock.
func appendText(dst []byte, s string, indent int) []byte {
	t := traitsOf(s)
	if t&lines != 0 && t&unholdable == 0 && indent != noBlock && fitsBlock(s) {
		return appendBlock(dst, s, indent)
	}
	return appendQuoted(dst, s, t)
}

// appendLine writes a string on one line, as a key must be.
func appendLine(dst []byte, s string) []byte { return appendQuoted(dst, s, traitsOf(s)) }

func appendQuoted(dst []byte, s string, t traits) []byte {
	switch {
	case t&(lines|invisible|unholdable) != 0:
		return appendDouble(dst, s)
	case t&delimiter != 0 || ambiguous(s):
		return appendSingle(dst, s)
	}
	return append(dst, s...)
}

// traits are what matters about the characters of a string, wherever they stand.
type traits uint8

const (
	// lines: it holds a line feed.
	lines traits = 1 << iota
	// delimiter: it holds what ends a plain scalar, ": " or " #", or a space at an end.
	delimiter
	// invisible: it holds what a reader of the text would not see or not see right;
	// a literal block may hold it.
	invisible
	// unholdable: it holds what only an escape can write.
	unholdable
)

// asciiTraits gives the traits that one ASCII character has by itself; special marks
// those that depend on their neighbours.
var asciiTraits = func() (table [utf8.RuneSelf]traits) {
	for c := range ' ' {
		table[c] = unholdable
	}
	table['\n'], table['\t'], table[0x7f] = lines, invisible, unholdable
	table[' '], table[':'], table['#'], table['<'] = special, special, special, special
	return table
}()

const special traits = 1 << 7

func traitsOf(s string) traits {
	var t traits
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			t |= runeTraits(r, size)
			i += size
			continue
		}
		switch of := asciiTraits[c]; {
		case of == 0:
		case of == special:
			t |= neighbourTraits(s, i)
		default:
			t |= of
		}
		i++
	}
	return t
}

// neighbourTraits looks at a space, a colon, a hash or a less-than sign at s[i].
func neighbourTraits(s string, i int) traits {
	first, last := i == 0, i == len(s)-1
	switch {
	case s[i] == ' ' && (first || last):
		return delimiter
	case s[i] == ':' && (last || s[i+1] == ' ' || s[i+1] == '\t'):
		return delimiter
	case s[i] == '<' && !last && s[i+1] == '<':
		return delimiter
	case s[i] == '#' && (first || s[i-1] == ' ' || s[i-1] == '\t'):
		return delimiter
	}
	return 0
}

// runeTraits looks at a character outside ASCII. YAML does not let C1 controls,
// surrogates, U+FFFE, U+FFFF stand in a text, takes NEL and the line and paragraph
// separators for line ends, and the byte order mark for itself.
func runeTraits(r rune, size int) traits {
	switch {
	case r == utf8.RuneError && size == 1, r < 0xa0, r == 0xfeff, r == 0x2028, r == 0x2029, r&0xfffe == 0xfffe:
		return unholdable
	case !unicode.IsPrint(r):
		return invisible
	}
	return 0
}

// ambiguous tells whether some reader would take s, written plain, for anything but
// the string s. It assumes that s has no traits.
func ambiguous(s string) bool {
	if s == "" {
		return true
	}
	switch s[0] {
	case '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '~', '=', '<':
		return true
	case '-':
		return len(s) == 1 || !plainAfterDash(s[1]) || strings.HasPrefix(s, "---") || isNumberLike(s)
	case '.':
		return strings.HasPrefix(s, "...") || isNumberLike(s)
	case '+', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return isNumberLike(s) || isDateLike(s)
	case 'y', 'Y', 'n', 'N', 't', 'T', 'f', 'F', 'o', 'O':
		return isWord(s)
	}
	return false
}

func plainAfterDash(c byte) bool {
	return isAlphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '/'
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// isWord tells whether s is a boolean or null of YAML 1.1 or 1.2, in any letter case.
func isWord(s string) bool {
	if len(s) > len("false") {
		return false
	}
	var lower [len("false")]byte
	for i := range len(s) {
		lower[i] = s[i] | 0x20
	}
	switch string(lower[:len(s)]) {
	case "y", "n", "on", "no", "off", "yes", "true", "false", "null":
		return true
	}
	return false
}

// isNumberLike tells whether s is a number in any of the notations of YAML 1.1 and
// 1.2 and of the common readers: decimal, octal, hexadecimal, binary, sexagesimal,
// infinite or not a number, with underscores or commas wherever a reader ignores them.
func isNumberLike(s string) bool {
	if s[0] == '+' || s[0] == '-' {
		s = strings.TrimLeft(s, "+-_,")
	}
	if s == "" {
		return false
	}
	if s[0] == '.' {
		return isDotNumber(s[1:])
	}
	if digits(s) == 0 {
		return false
	}
	if base := strings.TrimLeft(s[1:], "_,"); s[0] == '0' && base != "" && strings.IndexByte("xXoObB", base[0]) >= 0 {
		return true
	}
	s = s[groupedDigits(s):]
	for len(s) > 0 && s[0] == ':' {
		s = s[1+groupedDigits(s[1:]):]
	}
	if len(s) > 0 && s[0] == '.' {
		s = s[1+groupedDigits(s[1:]):]
	}
	return s == "" || isExponent(s)
}

// isDotNumber looks at what follows a leading point.
func isDotNumber(s string) bool {
	if len(s) == 3 && (strings.EqualFold(s, "inf") || strings.EqualFold(s, "nan")) {
		return true
	}
	return strings.Trim(s, "0123456789._eE+-") == ""
}

func isExponent(s string) bool {
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = strings.TrimLeft(s[1:], "+-_,")
	return s != "" && groupedDigits(s) == len(s)
}

// groupedDigits counts the digits at the start of s and the marks that group them.
func groupedDigits(s string) int {
	n := 0
	for n < len(s) && ('0' <= s[n] && s[n] <= '9' || s[n] == '_' || s[n] == ',') {
		n++
	}
	return n
}

// isDateLike tells whether s starts as a YAML timestamp does: 2001-01-01, alone or
// before a time of day.
func isDateLike(s string) bool {
	if digits(s) != 4 {
		return false
	}
	s = s[4:]
	for range 2 {
		if s == "" || s[0] != '-' {
			return false
		}
		n := digits(s[1:])
		if n < 1 || n > 2 {
			return false
		}
		s = s[1+n:]
	}
	return s == "" || s[0] == 'T' || s[0] == 't' || s[0] == ' '
}
