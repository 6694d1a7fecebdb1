package std

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

func stringBuiltins() []*eval.Builtin {
	return []*eval.Builtin{
		ternary("substr", "str", "from", "len", substr),
		firstOf(binary("startsWith", "a", "b", startsWith), measured...),
		firstOf(binary("endsWith", "a", "b", endsWith), measured...),
		unary("stringChars", "str", stringChars),
		firstOf(binary("findSubstr", "pat", "str", findSubstr), eval.StringKind),
		ternary("strReplace", "str", "from", "to", strReplace),
		unary("isEmpty", "str", isEmpty),
		binary("equalsIgnoreCase", "str1", "str2", equalsIgnoreCase),
		unary("asciiUpper", "str", asciiUpper),
		unary("asciiLower", "str", asciiLower),
		unary("trim", "str", trim),
		binary("stripChars", "str", "chars", stripChars),
		binary("lstripChars", "str", "chars", lstripChars),
		binary("rstripChars", "str", "chars", rstripChars),
		unary("char", "n", char),
		unary("codepoint", "str", codepoint),
		firstOf(binary("split", "str", "c", split), eval.StringKind),
		ternary("splitLimit", "str", "c", "maxsplits", splitLimit),
		ternary("splitLimitR", "str", "c", "maxsplits", splitLimitR),
		unary("lines", "arr", lines),
		unary("deepJoin", "arr", deepJoin),
		firstOf(binary("resolvePath", "f", "r", resolvePath), eval.StringKind),
	}
}

// part is a piece of a string; it takes over what is known of the whole.
func part(whole eval.Value, piece string) eval.Value {
	if whole.IsASCII() {
		return eval.ASCII(piece)
	}
	return eval.String(piece)
}

func substr(m *eval.Machine, str, from, length eval.Value) eval.Value {
	s := wantString(m, "substr", "str", str)
	start := wantNumber(m, "substr", "from", from)
	if start != math.Trunc(start) || start < 0 || start >= 1<<63 {
		m.Fail("std.substr: `from` must be an integer of 64 bits that is not negative, got %s", numberText(start))
	}
	n := wantInt(m, "substr", "len", length)
	if n < 0 {
		m.Fail("std.substr: `len` must not be negative, got %d", n)
	}
	if start >= float64(len(s)) {
		return eval.ASCII("")
	}
	at := int(start)
	if str.IsASCII() {
		return eval.ASCII(s[at:min(at+n, len(s))])
	}
	at = skip(s, at)
	return eval.String(s[at : at+skip(s[at:], n)])
}

// skip gives the offset behind the first n code points of a string.
func skip(s string, n int) int {
	at := 0
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

// affixes checks the arguments of startsWith and endsWith. Either has a length in
// jsonnet's sense; a must be a string only where its length is not the smaller one.
func affixes(m *eval.Machine, function string, a, b eval.Value) (s, affix string, possible bool) {
	if a.IsString() && b.IsString() {
		return a.Text(), b.Text(), true
	}
	if measure(m, function, "a", a) < measure(m, function, "b", b) {
		return "", "", false
	}
	return wantString(m, function, "a", a), "", false
}

// measure is std.length of an argument of another function.
func measure(m *eval.Machine, function, param string, v eval.Value) int {
	switch v.Kind() {
	case eval.StringKind, eval.ArrayKind, eval.ObjectKind, eval.FunctionKind:
		return int(length(m, v).Float())
	}
	failArgument(m, function, param, "a string", v)
	return 0
}

func startsWith(m *eval.Machine, a, b eval.Value) eval.Value {
	s, prefix, possible := affixes(m, "startsWith", a, b)
	return eval.Bool(possible && strings.HasPrefix(s, prefix))
}

func endsWith(m *eval.Machine, a, b eval.Value) eval.Value {
	s, suffix, possible := affixes(m, "endsWith", a, b)
	return eval.Bool(possible && strings.HasSuffix(s, suffix))
}

// stringChars gives the code points of a string. It takes whatever has a length, as
// its elements are only looked at when they are needed.
func stringChars(m *eval.Machine, str eval.Value) eval.Value {
	switch str.Kind() {
	case eval.StringKind:
		if !str.IsASCII() {
			return eval.NewArray(characters(m, str))
		}
		s := str.Text()
		return eval.NewView(len(s), func(_ *eval.Machine, i int) eval.Value { return eval.ASCII(s[i : i+1]) })
	case eval.ArrayKind:
		return str
	}
	n := measure(m, "stringChars", "str", str)
	return eval.NewView(n, func(m *eval.Machine, i int) eval.Value {
		failArgument(m, "stringChars", "str", "a string", str)
		return eval.Null
	})
}

// findSubstr gives the places at which a pattern stands, also where they overlap.
func findSubstr(m *eval.Machine, pat, str eval.Value) eval.Value {
	p := wantString(m, "findSubstr", "pat", pat)
	s := wantString(m, "findSubstr", "str", str)
	var found gathered
	if p == "" {
		return found.value()
	}
	ascii := str.IsASCII()
	for at, index := 0, 0; ; {
		next := strings.Index(s[at:], p)
		if next < 0 {
			return found.value()
		}
		size := 1
		if ascii {
			index += next
		} else {
			index += utf8.RuneCountInString(s[at : at+next])
			_, size = utf8.DecodeRuneInString(s[at+next:])
		}
		found.add(m, eval.Number(float64(index)))
		at += next + size
		index++
	}
}

func strReplace(m *eval.Machine, str, from, to eval.Value) eval.Value {
	s := wantString(m, "strReplace", "str", str)
	f := wantString(m, "strReplace", "from", from)
	t := wantString(m, "strReplace", "to", to)
	if f == "" {
		m.Fail("std.strReplace: `from` must not be empty")
	}
	return eval.String(replaceAll(m, s, f, t))
}

// replaceAll is strings.ReplaceAll within the machine's budget.
func replaceAll(m *eval.Machine, s, from, to string) string {
	n := strings.Count(s, from)
	if n == 0 {
		return s
	}
	size := len(s) + n*(len(to)-len(from))
	m.Allocate(size)
	b := make([]byte, 0, size)
	for {
		at := strings.Index(s, from)
		if at < 0 {
			return string(append(b, s...))
		}
		b = append(append(b, s[:at]...), to...)
		s = s[at+len(from):]
	}
}

func isEmpty(m *eval.Machine, str eval.Value) eval.Value {
	return eval.Bool(wantString(m, "isEmpty", "str", str) == "")
}

func equalsIgnoreCase(m *eval.Machine, a, b eval.Value) eval.Value {
	s := wantString(m, "equalsIgnoreCase", "str1", a)
	return eval.Bool(strings.EqualFold(s, wantString(m, "equalsIgnoreCase", "str2", b)))
}

func asciiUpper(m *eval.Machine, str eval.Value) eval.Value {
	return changeCase(m, "asciiUpper", str, 'a', 'z')
}

func asciiLower(m *eval.Machine, str eval.Value) eval.Value {
	return changeCase(m, "asciiLower", str, 'A', 'Z')
}

// changeCase gives the ASCII letters of a range the other case.
func changeCase(m *eval.Machine, function string, str eval.Value, first, last byte) eval.Value {
	if !str.IsString() {
		str = joinChars(m, function, str)
	}
	s := str.Text()
	at := 0
	for at < len(s) && (s[at] < first || s[at] > last) {
		at++
	}
	if at == len(s) {
		return str
	}
	m.Allocate(len(s))
	b := []byte(s)
	for ; at < len(b); at++ {
		if b[at] >= first && b[at] <= last {
			b[at] ^= 'a' - 'A'
		}
	}
	return part(str, string(b))
}

// joinChars puts an array of code points together: functions that look at a string
// code point by code point take that as well.
func joinChars(m *eval.Machine, function string, v eval.Value) eval.Value {
	n := measure(m, function, "str", v)
	if n == 0 {
		return eval.ASCII("")
	}
	if v.Kind() != eval.ArrayKind {
		failArgument(m, function, "str", "a string", v)
	}
	var b []byte
	var size growth
	for i := range n {
		m.Round(i)
		size.to(m, len(b))
		c := v.Array().At(m, i)
		if !c.IsString() || c.Length() != 1 {
			m.Fail("std.%s: element %d of `str` must be a string of one code point", function, i)
		}
		b = append(roomy(b, len(c.Text())), c.Text()...)
	}
	return eval.TextOf(b)
}

func trim(m *eval.Machine, str eval.Value) eval.Value {
	return part(str, strings.TrimSpace(wantString(m, "trim", "str", str)))
}

func stripChars(m *eval.Machine, str, chars eval.Value) eval.Value {
	return strip(m, "stripChars", str, chars, true, true)
}

func lstripChars(m *eval.Machine, str, chars eval.Value) eval.Value {
	return strip(m, "lstripChars", str, chars, true, false)
}

func rstripChars(m *eval.Machine, str, chars eval.Value) eval.Value {
	return strip(m, "rstripChars", str, chars, false, true)
}

// strip removes code points from the ends of a string. What to remove is a string or
// an array of strings, and is only looked at where there is something to remove.
func strip(m *eval.Machine, function string, str, chars eval.Value, left, right bool) eval.Value {
	s := wantString(m, function, "str", str)
	if s == "" {
		return str
	}
	strips := stripper(m, function, chars)
	for left && s != "" {
		_, size := utf8.DecodeRuneInString(s)
		if !strips(s[:size]) {
			break
		}
		s = s[size:]
	}
	for right && s != "" {
		_, size := utf8.DecodeLastRuneInString(s)
		if !strips(s[len(s)-size:]) {
			break
		}
		s = s[:len(s)-size]
	}
	return part(str, s)
}

func stripper(m *eval.Machine, function string, chars eval.Value) func(c string) bool {
	switch chars.Kind() {
	case eval.StringKind:
		set := chars.Text()
		var plain [utf8.RuneSelf]bool
		for _, r := range set {
			if r < utf8.RuneSelf {
				plain[r] = true
			}
		}
		return func(c string) bool {
			if c[0] < utf8.RuneSelf {
				return plain[c[0]]
			}
			return strings.Contains(set, c)
		}
	case eval.ArrayKind:
		a := chars.Array()
		return func(c string) bool { return indexOf(m, a, eval.String(c)) >= 0 }
	}
	failArgument(m, function, "chars", "a string or an array of strings", chars)
	return nil
}

func char(m *eval.Machine, n eval.Value) eval.Value {
	f := wantNumber(m, "char", "n", n)
	if f < 0 || f > utf8.MaxRune {
		m.Fail("std.char: `n` must be a code point, from 0 to %d, got %s", utf8.MaxRune, numberText(f))
	}
	return eval.String(string(rune(f)))
}

func codepoint(m *eval.Machine, str eval.Value) eval.Value {
	s := wantString(m, "codepoint", "str", str)
	r, size := utf8.DecodeRuneInString(s)
	if size != len(s) || size == 0 {
		m.Fail("std.codepoint: `str` must have one code point, got %d", str.Length())
	}
	return eval.Number(float64(r))
}
