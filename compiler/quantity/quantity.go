// Package quantity reads Kubernetes' quantities, such as 100m, 1.5Gi and 2e3, and reckons
// with them: it takes texts and gives numbers, or says that a text is no quantity.
//
// It does what k8s.io/apimachinery's package resource does, by which its tests measure it.
// That package also reads quantities from JSON and CBOR, and with the libraries for these
// makes the process of every command a twentieth larger. Here an amount has 128 bits of
// billionths; what does not fit, from 3e29 on, counts as the largest that does.
package quantity

import (
	"errors"
	"math/bits"
	"strconv"
	"strings"
)

// Quantity is an amount. The zero value is 0.
type Quantity struct {
	negative bool
	nanos    wide
	form     form
}

// form is how the amount is written.
type form uint8

const (
	decimal  form = iota // k, M, G
	binary               // Ki, Mi, Gi
	exponent             // e3
)

// Of gives a whole number.
func Of(n int64) Quantity {
	q := Quantity{negative: n < 0, nanos: wide{0, 1e9}}
	q.nanos = q.nanos.times(magnitude(n))
	return q
}

// The errors of Parse.
var (
	errForm   = errors.New("quantities must be a number with an optional suffix, such as 100m, 1.5Gi or 2e3")
	errSuffix = errors.New("the suffix of a quantity must be one of n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, or an exponent such as e3")
)

// Endless tells whether a text, quantity or not, has so many digits, or such an exponent, that
// to reckon with it digit by digit, as the server's own packages do, would have no end.
func Endless(text string) bool {
	const mostDigits, longestExponent = 1000, len("-9999")
	if len(text) <= longestExponent || !isNumber(text[:1]) {
		return false
	}
	if i := strings.LastIndexAny(text, "eE"); i >= 0 && len(text)-i-1 > longestExponent {
		return isNumber(text[i+1:])
	}
	return len(text) > mostDigits && isNumber(text[:mostDigits])
}

func isNumber(text string) bool { return strings.Trim(text, "0123456789.+-") == "" }

var suffixes = map[string]struct {
	form     form
	exponent int // of 10, or of 1024
}{
	"n": {decimal, -9}, "u": {decimal, -6}, "m": {decimal, -3}, "": {decimal, 0},
	"k": {decimal, 3}, "M": {decimal, 6}, "G": {decimal, 9}, "T": {decimal, 12}, "P": {decimal, 15}, "E": {decimal, 18},
	"Ki": {binary, 1}, "Mi": {binary, 2}, "Gi": {binary, 3}, "Ti": {binary, 4}, "Pi": {binary, 5}, "Ei": {binary, 6},
}

// Parse reads a quantity. One without digits is 0 where the server says so.
func Parse(text string) (Quantity, error) {
	whole, fraction, suffix, ok := split(text)
	if !ok {
		return Quantity{}, errForm
	}
	s, ok := suffixes[suffix]
	if !ok {
		n, err := strconv.ParseInt(suffix[1:], 10, 64)
		if err != nil || suffix[0] != 'e' && suffix[0] != 'E' {
			return Quantity{}, errSuffix
		}
		s.form, s.exponent = exponent, int(max(min(n, 1000), -1000))
	}
	digits, point := []byte(whole+fraction), len(whole)
	if len(digits) == 0 && (s.form == binary && s.exponent > 4 || s.exponent < -9) {
		return Quantity{}, errForm // Nobody means these to be right; the server takes some of them.
	}
	q := Quantity{negative: text[0] == '-', form: s.form}
	if s.form == binary {
		before := len(digits)
		for range s.exponent {
			digits = timesKi(digits)
		}
		point += len(digits) - before
	} else {
		point += s.exponent
	}
	q.nanos = fromDigits(digits, point+9)
	if most := Of(1<<63 - 1).nanos; q.form == binary && q.nanos.compare(most) > 0 {
		q.nanos = most
	}
	return q, nil
}

// split takes a text apart: the digits before and behind the point, and what follows.
func split(text string) (whole, fraction, suffix string, ok bool) {
	rest := text
	if rest != "" && (rest[0] == '-' || rest[0] == '+') {
		rest = rest[1:]
	}
	whole, rest = digits(rest)
	if strings.HasPrefix(rest, ".") {
		fraction, rest = digits(rest[1:])
	}
	tail := strings.TrimLeft(rest, "eEinumkKMGTP")
	if tail != "" && (tail[0] == '-' || tail[0] == '+') {
		tail = tail[1:]
	}
	_, tail = digits(tail)
	return whole, fraction, rest, text != "" && tail == ""
}

// digits gives the digits that a text begins with, and what follows.
func digits(text string) (number, rest string) {
	i := 0
	for i < len(text) && '0' <= text[i] && text[i] <= '9' {
		i++
	}
	return text[:i], text[i:]
}

// timesKi multiplies a number in digits by 1024.
func timesKi(number []byte) []byte {
	product := make([]byte, len(number)+4)
	carry := 0
	for i := len(product) - 1; i >= 0; i-- {
		if k := i - 4; k >= 0 {
			carry += int(number[k]-'0') * 1024
		}
		product[i] = byte('0' + carry%10)
		carry /= 10
	}
	return product
}

// Add adds another quantity. The sum is written as the first that is not 0.
func (q *Quantity) Add(other Quantity) {
	if q.IsZero() {
		q.form = other.form
	}
	switch order := q.nanos.compare(other.nanos); {
	case q.negative == other.negative:
		q.nanos = q.nanos.plus(other.nanos)
	case order >= 0:
		q.nanos = q.nanos.minus(other.nanos)
	default:
		q.negative, q.nanos = other.negative, other.nanos.minus(q.nanos)
	}
}

// Times multiplies by a whole number.
func (q *Quantity) Times(n int64) {
	q.negative = q.negative != (n < 0)
	q.nanos = q.nanos.times(magnitude(n))
}

// IsZero tells whether it is 0.
func (q Quantity) IsZero() bool { return q.nanos == wide{} }

// Compare is negative, 0 or positive.
func (q Quantity) Compare(other Quantity) int {
	switch {
	case q.IsZero() && other.IsZero():
		return 0
	case q.negative && other.negative:
		return other.nanos.compare(q.nanos)
	case q.negative:
		return -1
	case other.negative:
		return 1
	}
	return q.nanos.compare(other.nanos)
}

// String writes the quantity with the largest suffix that leaves a whole number.
func (q Quantity) String() string {
	sign := ""
	if q.negative && !q.IsZero() {
		sign = "-"
	}
	if units, rest := q.nanos.divide(1e9); q.form == binary && rest == 0 && units.compare(wide{0, 1024}) >= 0 {
		return sign + scaled(units, 1024, []string{"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"})
	}
	if q.form == exponent {
		return sign + scaled(q.nanos, 1000, []string{"e-9", "e-6", "e-3", "", "e3", "e6", "e9", "e12", "e15", "e18", "e21", "e24", "e27"})
	}
	return sign + scaled(q.nanos, 1000, []string{"n", "u", "m", "", "k", "M", "G", "T", "P", "E"})
}

// scaled writes a number divided by a step as often as nothing is left.
func scaled(n wide, step uint64, suffixes []string) string {
	if n == (wide{}) {
		return "0"
	}
	i := 0
	for ; i < len(suffixes)-1; i++ {
		next, rest := n.divide(step)
		if rest != 0 {
			break
		}
		n = next
	}
	return n.String() + suffixes[i]
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// wide is a number of 128 bits. What does not fit is the largest.
type wide struct{ high, low uint64 }

var largest = wide{1<<64 - 1, 1<<64 - 1}

// fromDigits gives the number that the first point of the digits write, rounded up; zeros
// follow where there are fewer.
func fromDigits(digits []byte, point int) (n wide) {
	for i := range max(point, len(digits)) {
		switch {
		case i >= max(point, 0):
			if digits[i] != '0' {
				return n.plus(wide{0, 1})
			}
		case i < len(digits):
			n = n.times(10).plus(wide{0, uint64(digits[i] - '0')})
		case n == wide{}:
			return n
		default:
			n = n.times(10)
		}
	}
	return n
}

func (n wide) plus(other wide) wide {
	low, carry := bits.Add64(n.low, other.low, 0)
	high, carry := bits.Add64(n.high, other.high, carry)
	if carry != 0 {
		return largest
	}
	return wide{high, low}
}

// minus takes away what is no more.
func (n wide) minus(other wide) wide {
	low, borrow := bits.Sub64(n.low, other.low, 0)
	high, _ := bits.Sub64(n.high, other.high, borrow)
	return wide{high, low}
}

func (n wide) times(by uint64) wide {
	over, high := bits.Mul64(n.high, by)
	carry, low := bits.Mul64(n.low, by)
	high, more := bits.Add64(high, carry, 0)
	if over+more != 0 || n == largest && by > 0 {
		return largest
	}
	return wide{high, low}
}

func (n wide) divide(by uint64) (quotient wide, rest uint64) {
	quotient.high, rest = n.high/by, n.high%by
	quotient.low, rest = bits.Div64(rest, n.low, by)
	return quotient, rest
}

func (n wide) compare(other wide) int {
	switch {
	case n == other:
		return 0
	case n.high < other.high || n.high == other.high && n.low < other.low:
		return -1
	}
	return 1
}

// String writes the number in digits.
func (n wide) String() string {
	const digits = 1e19
	if n.high == 0 {
		return strconv.FormatUint(n.low, 10)
	}
	high, low := n.divide(digits)
	rest := strconv.FormatUint(low, 10)
	return high.String() + strings.Repeat("0", 19-len(rest)) + rest
}
