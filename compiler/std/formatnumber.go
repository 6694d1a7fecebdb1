package std

import (
	"math"
	"strconv"

	"github.com/couplet-k8s/couplet/compiler/emit"
)

// jsonnet writes numbers by arithmetic on float64, whose rounding errors are part of
// the result. What follows does the same operations in the same order; strconv is only
// used where no error can be.

// exactMax is the number from which on a float64 cannot tell integers apart.
const exactMax = 1 << 53

func (f *formatter) integer(c *formatCode, n, width, minDigits float64) {
	switch c.verb {
	case 'x':
		f.hex(c, math.Floor(n), width, minDigits)
	case 'o':
		prefix := ""
		if c.flags&flagAlt != 0 {
			prefix = "0"
		}
		f.digits(c.flags, n <= -1, math.Floor(math.Abs(n)), width, minDigits, 8, prefix)
	default:
		f.digits(c.flags, n <= -1, math.Floor(math.Abs(n)), width, minDigits, 10, "")
	}
}

// sign writes a sign or what stands in its place, and tells how long that is.
func (f *formatter) sign(flags formatFlags, negative bool) float64 {
	switch {
	case negative:
		f.b = append(f.b, '-')
	case flags&flagPlus != 0:
		f.b = append(f.b, '+')
	case flags&flagBlank != 0:
		f.b = append(f.b, ' ')
	default:
		return 0
	}
	return 1
}

// digits writes a magnitude in base 8 or 10, filled up with zeros.
func (f *formatter) digits(flags formatFlags, negative bool, n, width, minDigits, base float64, prefix string) {
	width = max(width-f.sign(flags, negative), minDigits)
	var space [64]byte
	text := append(space[:0], prefix...)
	switch {
	case n == 0:
		text = append(space[:0], '0')
	case n < exactMax && n == math.Trunc(n):
		text = strconv.AppendUint(text, uint64(n), int(base))
	default:
		text = appendDigits(text, n, base)
	}
	f.b = appendFill(f.b, '0', f.padding(width-float64(len(text))))
	f.b = append(f.b, text...)
}

// appendDigits writes a number that is too large to be exact, or has a fraction.
func appendDigits(b []byte, n, base float64) []byte {
	var digits []float64
	for n != 0 {
		digits = append(digits, math.Mod(n, base))
		n = math.Floor(n / base)
	}
	for i := len(digits) - 1; i >= 0; i-- {
		b = emit.AppendNumber(b, digits[i])
	}
	return b
}

func (f *formatter) hex(c *formatCode, n, width, minDigits float64) {
	width -= f.sign(c.flags, n < 0)
	if c.flags&flagAlt != 0 {
		width -= 2
		if c.caps {
			f.b = append(f.b, "0X"...)
		} else {
			f.b = append(f.b, "0x"...)
		}
	}
	var space [64]byte
	text := appendHex(space[:0], math.Abs(n))
	if c.caps {
		for i, d := range text {
			if d >= 'a' {
				text[i] = d - 'a' + 'A'
			}
		}
	}
	f.b = appendFill(f.b, '0', f.padding(max(width, minDigits)-float64(len(text))))
	f.b = append(f.b, text...)
}

// appendHex writes an integer. Its base being a power of two, that is exact: the
// integers from 1<<53 on are an integer below that, followed by binary zeros.
func appendHex(b []byte, n float64) []byte {
	zeros := 0
	for n >= exactMax {
		n /= 16
		zeros++
	}
	if n != math.Trunc(n) {
		n *= 16
		zeros--
	}
	return appendFill(strconv.AppendUint(b, uint64(n), 16), '0', zeros)
}

// fixed writes a number as decimal digits with a fraction of prec digits. Unless
// trailing is set, zeros at the fraction's end are left out.
func (f *formatter) fixed(c *formatCode, n, width, prec float64, trailing bool) {
	scale := f.m.Finite(math.Pow(10, prec)).Float()
	scaled := f.m.Finite(float64(math.Abs(n)*scale) + 0.5).Float()
	if scale == 0 {
		f.m.Fail("std.format: the precision %s is too small", numberText(prec))
	}
	whole := math.Floor(f.m.Finite(scaled / scale).Float())
	if n == 0 {
		whole = 0
	}
	fraction := math.Mod(math.Floor(scaled), scale)
	point := c.flags&flagAlt != 0
	width -= prec
	if prec != 0 || point {
		width--
	}
	f.digits(c.flags, n < 0, whole, width, 0, 10, "")
	switch {
	case prec == 0:
		if point {
			f.b = append(f.b, '.')
		}
	case trailing || fraction > 0:
		f.b = append(f.b, '.')
		f.digits(0, false, fraction, prec, 0, 10, "")
		for !trailing && f.b[len(f.b)-1] == '0' {
			f.b = f.b[:len(f.b)-1]
		}
	}
}

// decimalExponent is that of the first digit.
func decimalExponent(n float64) float64 {
	if n == 0 {
		return 0
	}
	return math.Floor(math.Log(math.Abs(n)) / math.Log(10))
}

func (f *formatter) scientific(c *formatCode, n, width, prec float64, trailing bool) {
	exponent := decimalExponent(n)
	// The smallest numbers are below the smallest power of ten.
	if exponent == -324 {
		n = n * 10 / math.Pow(10, exponent+1)
	} else {
		n /= math.Pow(10, exponent)
	}
	n = f.m.Finite(n).Float()
	length := 4.0
	if math.Abs(exponent) >= 100 {
		length++
	}
	f.fixed(c, n, width-length, prec, trailing)
	if c.caps {
		f.b = append(f.b, 'E')
	} else {
		f.b = append(f.b, 'e')
	}
	f.digits(flagPlus, exponent < 0, math.Abs(exponent), 3, 0, 10, "")
}

// general writes a number in the shorter of the two forms.
func (f *formatter) general(c *formatCode, n, width, prec float64) {
	all := c.flags&flagAlt != 0
	exponent := decimalExponent(n)
	if exponent < -4 || exponent >= prec {
		f.scientific(c, n, width, prec-1, all)
		return
	}
	f.fixed(c, n, width, prec-max(1, exponent+1), all)
}
