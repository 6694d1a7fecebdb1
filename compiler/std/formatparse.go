package std

import (
	"strings"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

// formatCode is one piece of a format string: literal text and the code behind it.
type formatCode struct {
	before string
	key    string // in parentheses
	hasKey bool
	flags  formatFlags
	width  float64
	prec   float64
	verb   byte // d o x f e g c s %, 0 at the end of the string
	caps   bool
}

type formatFlags uint16

const (
	flagAlt       formatFlags = 1 << iota // #
	flagZero                              // 0
	flagLeft                              // -
	flagBlank                             // space
	flagPlus                              // +
	flagStarWidth                         // the width is an argument
	flagPrec                              // there is a precision
	flagStarPrec                          // which is an argument
)

var formatFlagOf = [256]formatFlags{'#': flagAlt, '0': flagZero, '-': flagLeft, ' ': flagBlank, '+': flagPlus}

// formatVerbOf gives the conversion that a letter stands for.
var formatVerbOf = [256]byte{
	'd': 'd', 'i': 'd', 'u': 'd', 'o': 'o', 'x': 'x', 'X': 'x', 'e': 'e', 'E': 'e',
	'f': 'f', 'F': 'f', 'g': 'g', 'G': 'g', 'c': 'c', 's': 's', '%': '%',
}

// formatParser reads a format string. A format string that is wrong fails when it is
// used, not before.
type formatParser struct {
	m  *eval.Machine
	s  string
	at int
}

func parseFormat(m *eval.Machine, s string) []formatCode {
	p := formatParser{m: m, s: s}
	codes := make([]formatCode, 0, strings.Count(s, "%")+1)
	for {
		rest := s[p.at:]
		next := strings.IndexByte(rest, '%')
		if next < 0 {
			return append(codes, formatCode{before: rest})
		}
		p.at += next + 1
		code := p.code()
		code.before = rest[:next]
		codes = append(codes, code)
	}
}

// peek gives the next byte. A string that ends within a code is wrong.
func (p *formatParser) peek() byte {
	if p.at >= len(p.s) {
		p.m.Fail("std.format: the format ends within a code")
	}
	return p.s[p.at]
}

func (p *formatParser) code() (code formatCode) {
	if p.peek() == '(' {
		end := strings.IndexByte(p.s[p.at:], ')')
		if end < 0 {
			p.m.Fail("std.format: the format ends within the name of a field")
		}
		code.key, code.hasKey = p.s[p.at+1:p.at+end], true
		p.at += end + 1
	}
	for formatFlagOf[p.peek()] != 0 {
		code.flags |= formatFlagOf[p.s[p.at]]
		p.at++
	}
	width, star := p.number()
	code.width = width
	if star {
		code.flags |= flagStarWidth
	}
	if p.peek() == '.' {
		p.at++
		code.flags |= flagPrec
		if code.prec, star = p.number(); star {
			code.flags |= flagStarPrec
		}
	}
	if c := p.peek(); c == 'h' || c == 'l' || c == 'L' {
		p.at++
	}
	letter := p.peek()
	code.verb, code.caps = formatVerbOf[letter], letter >= 'A' && letter <= 'Z'
	if code.verb == 0 {
		r, _ := utf8.DecodeRuneInString(p.s[p.at:])
		p.m.Fail("std.format: the format has no conversion `%c`", r)
	}
	p.at++
	return code
}

// number reads digits, or a star.
func (p *formatParser) number() (n float64, star bool) {
	if p.at < len(p.s) && p.s[p.at] == '*' {
		p.at++
		return 0, true
	}
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		n = n*10 + float64(c-'0')
		p.at++
	}
	return n, false
}

// formatCache keeps what the format strings of an evaluation mean.
type formatCache struct {
	codes map[string][]formatCode
	last  string // the string that was used last, and what it means
	same  []formatCode
	buf   []byte // to write into, nil while somebody does
}

type formatCacheKey struct{}

func formatsOf(m *eval.Machine) *formatCache {
	return m.Memo(formatCacheKey{}, func() any { return &formatCache{codes: map[string][]formatCode{}} }).(*formatCache)
}

func (c *formatCache) parse(m *eval.Machine, s string) []formatCode {
	if s == c.last && c.same != nil {
		return c.same
	}
	codes, ok := c.codes[s]
	if !ok {
		codes = parseFormat(m, s)
		c.codes[s] = codes
	}
	c.last, c.same = s, codes
	return codes
}
