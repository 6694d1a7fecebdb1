package decode

import (
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// exact makes a number from its decimal text, which may have a sign, leading zeros and
// a bare point. Its digits are kept where the nearest float64 is written otherwise.
func exact(text string, nearest float64) value.Value {
	want := decimalOf(text)
	got := decimalOf(strconv.FormatFloat(nearest, 'e', -1, 64))
	if want == got || want.integer() && want.text() == strconv.FormatFloat(nearest, 'f', 0, 64) {
		return value.Number(nearest)
	}
	return value.Exact(want.text(), nearest)
}

// integer makes a number from an integer's decimal text in its shortest form. It is
// exact wherever a float64 holds the very same integer.
func integer(text string, nearest float64) value.Value {
	if strconv.FormatFloat(nearest, 'f', 0, 64) == text {
		return value.Number(nearest)
	}
	return value.Exact(text, nearest)
}

// decimal is a number ± 0.DIGITS × 10^exponent, its digits without zeros at either end;
// nothing but zeros is {}.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

// farthest bounds exponents, so that one can count with them.
const farthest = 1_000_000_000

func decimalOf(text string) decimal {
	var d decimal
	switch text[0] {
	case '-':
		d.negative = true
		text = text[1:]
	case '+':
		text = text[1:]
	}
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		exponent, _ := strconv.Atoi(text[i+1:])
		d.exponent = max(-farthest, min(exponent, farthest))
		text = text[:i]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	d.digits = strings.TrimLeft(whole+fraction, "0")
	d.exponent += len(whole) - (len(whole) + len(fraction) - len(d.digits))
	d.digits = strings.TrimRight(d.digits, "0")
	if d.digits == "" {
		return decimal{}
	}
	return d
}

func (d decimal) integer() bool { return d.exponent >= len(d.digits) }

// text writes the number as JSON: digits where that is not long, else with an exponent.
func (d decimal) text() string {
	const long = 40
	sign := ""
	if d.negative {
		sign = "-"
	}
	switch n := len(d.digits); {
	case n == 0:
		return "0"
	case n <= d.exponent && d.exponent <= max(n, long):
		return sign + d.digits + strings.Repeat("0", d.exponent-n)
	case 0 < d.exponent && d.exponent < n:
		return sign + d.digits[:d.exponent] + "." + d.digits[d.exponent:]
	case -6 < d.exponent && d.exponent <= 0:
		return sign + "0." + strings.Repeat("0", -d.exponent) + d.digits
	}
	mantissa := d.digits[:1]
	if len(d.digits) > 1 {
		mantissa += "." + d.digits[1:]
	}
	return sign + mantissa + "e" + strconv.Itoa(d.exponent-1)
}
