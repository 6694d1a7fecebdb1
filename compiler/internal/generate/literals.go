package generate

import (
	"strconv"
	"strings"
)

var numbers = []string{
	"0", "1", "2", "3", "-1", "0.5", "10", "7", "-2.5", "100", "1e3", "255", "0.1", "12", "-0", "1.5e-7", "1e15", "1e16", "1e17", "123456789012",
	"2147483647", "2147483648", "4294967296", "9007199254740991", "9007199254740993", "1e300", "1e-300", "1e21", "5e-324", "0.30000000000000004",
	"3.141592653589793", "1e100", "-1e-10", "65", "128512", "1_000", "99.995", "1E+2", "0.000001", "123456.789", "-7", "-12345678", "1.7976931348623157e308",
}

func (g *generator) number() string {
	switch g.Below(4) {
	case 0, 1:
		return numbers[g.Below(8)]
	case 2:
		return pick(g.Choices, numbers)
	}
	return strconv.Itoa(g.Below(256) - 20)
}

// small is a number for sizes, indices and depths.
func (g *generator) small(from, to int) string { return strconv.Itoa(from + g.Below(to-from+1)) }

var words = []string{
	"", "a", "b", "abc", "hello", "x y", "é", "日本", "😀", "aXbXc", "a,b,,c", "  pad ", "line\nline", "tab\t", "quote'", `back\slash`, `"`, "%", "$x", "Z",
	"a😀b", "ß", "\u0000", "\u007f", "1", "-17", "0x1F", "true", "null", "~", "key: value", "- a", "/path/to", "<a&b>", "ＡＢ", "\u2028", "e\u0301", "\ufeff", "--- ", "# no",
	"a: b: c", "12e3", "0o17", "2020-01-02", "yes", "@", "`", "!tag", "*x", "&y", "|", ">", "{", "[1", "a b c d e", "aaaa", "abab", "\r\n", "\uffff", "𝒳", "=",
}

func (g *generator) word() string {
	if g.Below(3) == 0 {
		return words[g.Below(8)]
	}
	return pick(g.Choices, words)
}

// stringLiteral writes a word in one of jsonnet's forms.
func (g *generator) stringLiteral() string { return g.literal(g.word()) }

func (g *generator) literal(s string) string {
	switch form := g.Below(8); {
	case form == 1:
		return quoted(s, '"', false)
	case form == 2:
		return quoted(s, '\'', true)
	case form == 3 && clean(s):
		return "@'" + strings.ReplaceAll(s, "'", "''") + "'"
	case form == 4 && clean(s):
		return `@"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	case form == 5 && clean(s):
		return g.block(s)
	}
	return quoted(s, '\'', false)
}

// clean tells whether a string can be written without escapes.
func clean(s string) bool { return !strings.ContainsAny(s, "\x00\r\ufeff") }

func (g *generator) block(s string) string {
	s = strings.TrimRight(s, "\n")
	if s == "" || strings.HasPrefix(s, " ") {
		s = "x" + s
	}
	open := "|||"
	if g.Chance(1, 3) {
		open = "|||-"
	}
	return open + "\n  " + strings.ReplaceAll(s, "\n", "\n  ") + "\n|||"
}

// quoted writes a string with escapes, of all but ASCII if wide is set.
func quoted(s string, quote byte, wide bool) string {
	var b strings.Builder
	b.WriteByte(quote)
	for _, r := range s {
		switch {
		case r == rune(quote) || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0xfeff || wide && r >= 0x7f:
			writeEscape(&b, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte(quote)
	return b.String()
}

func writeEscape(b *strings.Builder, r rune) {
	units := []rune{r}
	if r > 0xffff {
		units = []rune{0xd800 + (r-0x10000)>>10, 0xdc00 + (r-0x10000)&0x3ff}
	}
	for _, u := range units {
		text := strconv.FormatInt(int64(u), 16)
		b.WriteString(`\u` + strings.Repeat("0", 4-len(text)) + text)
	}
}

// fieldName writes the name of a rank as the name of a field.
func (g *generator) fieldName(rank int) string {
	name := names[rank]
	if isIdentifier(name) && !g.Chance(1, 8) {
		return name
	}
	return g.literal(name)
}

// access writes the access to a field.
func (g *generator) access(rank int) string {
	name := names[rank]
	if isIdentifier(name) && !g.Chance(1, 4) {
		return "." + name
	}
	return "[" + g.literal(name) + "]"
}

func isIdentifier(s string) bool {
	if s == "" || keywords[s] {
		return false
	}
	for i := range len(s) {
		if !isWord(s[i]) || i == 0 && s[i] <= '9' {
			return false
		}
	}
	return true
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

var keywords = map[string]bool{
	"assert": true, "else": true, "error": true, "false": true, "for": true, "function": true, "if": true, "import": true, "importstr": true,
	"importbin": true, "in": true, "local": true, "null": true, "tailstrict": true, "then": true, "self": true, "super": true, "true": true,
}

// jsonText is JSON, now and then not quite.
func (g *generator) jsonText(depth int) string {
	switch g.Below(10) {
	case 0:
		return "1"
	case 1:
		return quoted(g.word(), '"', true)
	case 2, 3, 4:
		return "[" + g.list(g.Below(4), ", ", func() string { return g.jsonInner(depth) }) + "]"
	case 5, 6, 7:
		return "{" + g.list(g.Below(4), ",", func() string { return quoted(names[g.Below(8)], '"', true) + ": " + g.jsonInner(depth) }) + "}"
	}
	return pick(g.Choices, []string{
		"null", "true", " false ", "-1.5e3", "1e400", "01", "{}", "[]", "[1,]", `{"a":1,"a":2}`, `"\ud83d\ude00"`, `"\ud83d"`, "nul", "", "1 2", "1.0", "-0", `"a` + "\n" + `b"`,
		"123456789012345678901234567890", "[[[]]]", "{a: 1}", "\t[1]\n", `"\x"`, "[1 2]", "1.",
	})
}

func (g *generator) jsonInner(depth int) string {
	if depth <= 0 {
		return g.number0()
	}
	return g.jsonText(depth - 1)
}

func (g *generator) number0() string {
	return pick(g.Choices, []string{"0", "1", "-2", "1.5", "1e3", "12345678901"})
}

// list joins n pieces.
func (g *generator) list(n int, sep string, piece func() string) string {
	out := make([]string, n)
	for i := range out {
		out[i] = piece()
	}
	return strings.Join(out, sep)
}

var yamls = []string{
	"a: 1", "- 1\n- 2\n", "a:\n  b: [1, x, 'y']\n", "---\na: 1\n---\nb: 2\n", "", "x", "1", "1.0", "0x1f", "0o17", "017", "1e3", ".5", "~", "null", "yes", "true", "2020-01-02",
	"a: |\n  text\n  more\n", "a: >-\n  folded\n  text\n", "a: &x [1]\nb: *x\n", "a: {b: c}\n", "'q'", `"\u00e9"`, "a: b # c", "- - 1\n  - 2\n", "1: 2", "true: 1", "a:", "a: 1\na: 2",
	"a: [", "--- x\n...\n--- y", "!!str 1", "!!int '1'", "? a\n: b", "<<: {a: 1}\nb: 2", "# only", "\ta: 1", "- a: 1\n  b: 2\n-\n", ".inf", ".nan", "123456789012345678901", "-0", "+1",
	"1_000", "a: 'it''s'", "\"a\\nb\"", "é: ü", "---\n", "--- \n---\n", "a\n b\n", "%YAML 1.1\n---\na", "- !!binary aGk=", "[a, b]: c", "null: 1", "1.5: x",
}
