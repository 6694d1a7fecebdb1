package syntax

// class sorts bytes by what a token that starts with them is.
type class uint8

const (
	classOther  class = iota
	classSpace        // between tokens
	classWord         // letters and the underscore
	classDigit        //
	classSymbol       // what operators are made of
	classPunct        // tokens of one byte
	classQuote        // " and '
	classAt           // @
	classHash         // #
)

// classes gives the class of each byte.
var classes = func() (t [256]class) {
	set := func(bytes string, c class) {
		for _, b := range []byte(bytes) {
			t[b] = c
		}
	}
	set(" \t\r\n", classSpace)
	set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", classWord)
	set("0123456789", classDigit)
	set("!$:~+-&|^=<>*/%", classSymbol)
	set("{}[](),.;", classPunct)
	set("\"'", classQuote)
	set("@", classAt)
	set("#", classHash)
	return t
}()

// punctuation gives the tokens of one byte.
var punctuation = [256]token{
	'{': tokBraceL, '}': tokBraceR, '[': tokBracketL, ']': tokBracketR, '(': tokParenL, ')': tokParenR,
	',': tokComma, '.': tokDot, ';': tokSemicolon,
}

const (
	each    = 0x0101010101010101 // a byte of a word, times this, stands in all eight
	highest = 0x80 * each        // the highest bit of each byte
	spaces  = ' ' * each
)

// load8 reads eight bytes of a text as one word, the first in its lowest bits.
func load8(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// zeros marks the bytes of a word that are 0 by their highest bit. Above the first
// mark there may be false ones.
func zeros(w uint64) uint64 { return (w - each) &^ w & highest }
