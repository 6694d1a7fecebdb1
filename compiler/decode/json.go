package decode

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// JSON reads the one value of a JSON file. A byte order mark at its start is skipped.
func JSON(file *source.File) (value.Value, diag.List) {
	s := &scanner{reporter: &reporter{file: file}, text: file.Text()}
	v := value.Null
	if at := firstWrongByte(s.text); at >= 0 {
		s.notUTF8(diag.BadJSON, at)
	} else {
		v = s.document()
	}
	if s.found.HasErrors() {
		v = value.Null
	}
	return v, s.found.Sorted()
}

// scanner reads JSON from left to right and stops at the first syntax error.
type scanner struct {
	*reporter
	text  string
	at    int
	depth int
}

// stop is the panic that ends a scan after a syntax error was reported; document
// recovers it.
type stop struct{}

func (s *scanner) document() (v value.Value) {
	defer func() {
		if panicked := recover(); panicked != nil {
			if _, ok := panicked.(stop); !ok {
				panic(panicked)
			}
		}
	}()
	if strings.HasPrefix(s.text, byteOrderMark) {
		s.at = len(byteOrderMark)
	}
	v = s.value()
	if s.space(); s.at < len(s.text) {
		s.wrong("after the value")
	}
	return v
}

// wrong reports that what stands at the cursor does not belong there.
func (s *scanner) wrong(where string) {
	if s.at >= len(s.text) {
		s.syntax(s.at, s.at, "a bracket or quote is not closed", "the file ends "+where)
	}
	r, size := utf8.DecodeRuneInString(s.text[s.at:])
	hint := ""
	switch r {
	case '\'':
		hint = "JSON has double quotes only"
	case '/', '#':
		hint = "JSON has no comments"
	case '}', ']':
		if strings.HasSuffix(strings.TrimRight(s.text[:s.at], " \t\r\n"), ",") {
			hint = "JSON has no comma after the last element"
		}
	}
	s.syntax(s.at, s.at+size, hint, fmt.Sprintf("unexpected %q %s", r, where))
}

func (s *scanner) syntax(start, end int, hint, message string) {
	s.fail(diag.BadJSON, s.span(start, end), hint, "JSON does not parse: %s", message)
	panic(stop{})
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// peek is the next character after white space; 0 at the end.
func (s *scanner) peek() byte {
	if s.space(); s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) value() value.Value {
	c := s.peek()
	start := s.at
	var v value.Value
	switch {
	case c == '{':
		v = s.nested(s.object)
	case c == '[':
		v = s.nested(s.array)
	case c == '"':
		v = value.String(s.string())
	case c == '-' || '0' <= c && c <= '9':
		v = s.number()
	case s.word("null"):
	case s.word("true"):
		v = value.Bool(true)
	case s.word("false"):
		v = value.Bool(false)
	default:
		s.wrong("where a value should be")
	}
	return v.WithOrigin(uint32(start) + 1)
}

func (s *scanner) word(word string) bool {
	if !strings.HasPrefix(s.text[s.at:], word) {
		return false
	}
	s.at += len(word)
	return true
}

func (s *scanner) nested(read func() value.Value) value.Value {
	if s.depth++; s.depth > deepest {
		s.tooDeep(s.span(s.at, s.at+1))
		panic(stop{})
	}
	s.at++
	v := read()
	s.depth--
	return v
}

func (s *scanner) array() value.Value {
	var items []value.Value
	if s.peek() != ']' {
		for {
			items = append(items, s.value())
			if s.peek() != ',' {
				break
			}
			s.at++
		}
	}
	s.expect(']', "where a comma or the end of the array should be")
	return value.Array(items...)
}

func (s *scanner) expect(c byte, where string) {
	if s.peek() != c {
		s.wrong(where)
	}
	s.at++
}

func (s *scanner) object() value.Value {
	var fields []value.Field
	first := map[string]source.Span{}
	if s.peek() != '}' {
		for {
			fields = append(fields, s.field(first))
			if s.peek() != ',' {
				break
			}
			s.at++
		}
	}
	s.expect('}', "where a comma or the end of the object should be")
	return value.Object(fields...)
}

// field reads a name and its value; first has the places of the names before it.
func (s *scanner) field(first map[string]source.Span) value.Field {
	if s.peek() != '"' {
		s.wrong("where a name in double quotes should be")
	}
	start := s.at
	name := s.string()
	span := s.span(start, s.at)
	if before, ok := first[name]; ok {
		s.duplicate(name, span, before)
	} else {
		first[name] = span
	}
	s.expect(':', "where a colon should be")
	return value.Field{Name: name, Value: s.value(), Origin: uint32(start) + 1}
}

func (s *scanner) number() value.Value {
	start := s.at
	s.word("-")
	if !s.word("0") {
		s.digits()
	}
	if s.word(".") {
		s.digits()
	}
	if s.word("e") || s.word("E") {
		if !s.word("-") {
			s.word("+")
		}
		s.digits()
	}
	text := s.text[start:s.at]
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) {
		s.fail(diag.NoJSONValue, s.span(start, s.at), "", "the number is too large for a double")
		return value.Null
	}
	v := exact(text, f)
	s.inexact(v, s.span(start, s.at))
	return v
}

func (s *scanner) digits() {
	start := s.at
	for s.at < len(s.text) && '0' <= s.text[s.at] && s.text[s.at] <= '9' {
		s.at++
	}
	if s.at == start {
		s.wrong("where a digit should be")
	}
}

// string reads a string in quotes.
func (s *scanner) string() string {
	quote := s.at
	s.at++
	start := s.at
	var b []byte // the text so far, once there was an escape
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			if b == nil {
				return s.text[start : s.at-1]
			}
			return string(append(b, s.text[start:s.at-1]...))
		case c == '\\':
			b = s.escape(append(b, s.text[start:s.at]...))
			start = s.at
		case c < ' ':
			s.wrong("in a string, where it must be an escape")
		default:
			s.at++
		}
	}
	s.syntax(quote, quote+1, "", "the string is not closed")
	return ""
}

// escape reads one escape, or the two of a surrogate pair, and appends what it stands for.
func (s *scanner) escape(b []byte) []byte {
	start := s.at
	s.at++
	if s.at >= len(s.text) {
		s.wrong("in an escape")
	}
	c := s.text[s.at]
	if c != 'u' {
		i := strings.IndexByte(`"\/bfnrt`, c)
		if i < 0 {
			s.wrong("where an escape should be")
		}
		s.at++
		return append(b, "\"\\/\b\f\n\r\t"[i])
	}
	s.at++
	r := s.hex4()
	if !utf16.IsSurrogate(r) {
		return utf8.AppendRune(b, r)
	}
	if first := s.at; s.word(`\u`) {
		if pair := utf16.DecodeRune(r, s.hex4()); pair != utf8.RuneError {
			return utf8.AppendRune(b, pair)
		}
		s.at = first
	}
	s.warn(diag.HalfSurrogate, s.span(start, s.at), "", "%s is half a character; it is read as U+FFFD", s.text[start:s.at])
	return utf8.AppendRune(b, utf8.RuneError)
}

func (s *scanner) hex4() rune {
	var r rune
	for range 4 {
		if s.at >= len(s.text) {
			s.wrong("in an escape")
		}
		digit := strings.IndexByte("0123456789abcdef", s.text[s.at]|0x20)
		if s.text[s.at] < '0' || digit < 0 {
			s.wrong("where a hexadecimal digit should be")
		}
		r = r<<4 | rune(digit)
		s.at++
	}
	return r
}
