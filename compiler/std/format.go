package std

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/eval"
)

func formatBuiltins() []*eval.Builtin {
	params := []eval.Param{{Name: "str", Lazy: true}, {Name: "vals", Lazy: true}}
	return []*eval.Builtin{{Name: "format", Params: params, Fn2: format}}
}

// format evaluates the values before the format, as jsonnet does.
func format(m *eval.Machine, str, vals eval.Value) eval.Value {
	vals = m.Force(vals)
	str = m.Force(str)
	cache := formatsOf(m)
	var codes []formatCode
	if str.IsString() {
		codes = cache.parse(m, str.Text())
	} else {
		codes = parseFormatArray(m, str)
	}
	size := textSize(codes)
	f := formatter{m: m, vals: vals, n: 1, b: slices.Grow(cache.buf[:0], size+size/8)}
	cache.buf = nil // values that are objects may format strings themselves
	switch vals.Kind() {
	case eval.ArrayKind:
		f.n = vals.Array().Len()
	case eval.ObjectKind:
		f.n = 0
	}
	for i := range codes {
		f.grow(len(codes[i].before))
		f.b = append(f.b, codes[i].before...)
		if codes[i].verb != 0 {
			f.code(&codes[i])
		}
	}
	if f.used < f.n {
		m.Fail("std.format: the format takes %d values, but there are %d", f.used, f.n)
	}
	if len(f.b) > longText {
		return eval.TextOf(f.b)
	}
	s := string(f.b)
	cache.buf = f.b
	return eval.String(s)
}

// longText is the length above which a text keeps the buffer that it was made in, which
// then serves no other.
const longText = 32 << 10

// textSize is how much literal text there is.
func textSize(codes []formatCode) int {
	n := 0
	for i := range codes {
		n += len(codes[i].before)
	}
	return n
}

// parseFormatArray reads a format given as an array of code points. An element that is
// anything else is literal text; while the rest is parsed, a private code point stands
// for it.
func parseFormatArray(m *eval.Machine, str eval.Value) []formatCode {
	const private, privates = 0xf0000, 0x20000
	n := measure(m, "format", "str", str)
	if n > 0 && str.Kind() != eval.ArrayKind || n > privates {
		failArgument(m, "format", "str", "a string", str)
	}
	var text strings.Builder
	var back []string
	for i := range n {
		v := str.Array().At(m, i)
		s := m.ToString(v).Text()
		if v.IsString() && len(s) == 1 {
			text.WriteString(s)
			continue
		}
		r := string(rune(private + i))
		text.WriteString(r)
		back = append(back, r, s)
	}
	codes := parseFormat(m, text.String())
	replacer := strings.NewReplacer(back...)
	for i := range codes {
		codes[i].before, codes[i].key = replacer.Replace(codes[i].before), replacer.Replace(codes[i].key)
	}
	return codes
}

// formatter writes the values of one call.
type formatter struct {
	m    *eval.Machine
	b    []byte
	vals eval.Value // an array, an object or the only value
	n    int        // how many positional values there are
	used int
	made growth
}

// grow announces more text.
func (f *formatter) grow(n int) { f.made.to(f.m, len(f.b)+n) }

// code writes one value. Widths and precisions that are values are only evaluated where
// jsonnet needs them.
func (f *formatter) code(c *formatCode) {
	width, prec := formatSize{c.width, -1}, formatSize{c.prec, -1}
	if c.flags&flagStarWidth != 0 {
		width.at = f.used
		f.used++
	}
	if c.flags&flagStarPrec != 0 {
		prec.at = f.used
		f.used++
	}
	left := c.flags&flagLeft != 0
	w := 0.0
	if !left {
		w = f.size(width)
	}
	start := len(f.b)
	if c.verb == '%' {
		f.b = append(f.b, '%')
	} else {
		f.value(c, w, prec)
	}
	if left {
		w = f.size(width)
	}
	f.pad(start, w, left)
}

// formatSize is a width or precision: a number, or where it is a value, its place.
type formatSize struct {
	number float64
	at     int
}

func (f *formatter) size(s formatSize) float64 {
	if s.at < 0 {
		return f.m.Finite(s.number).Float()
	}
	v := f.sizeValue(s.at)
	if !v.IsNumber() {
		f.m.Fail("std.format: a width or precision must be a number, got %s", v.TypeName())
	}
	return v.Float()
}

func (f *formatter) sizeValue(at int) eval.Value {
	if f.vals.Kind() == eval.ObjectKind {
		f.m.Fail("std.format: `*` does not work with an object")
	}
	return f.positional(at)
}

func (f *formatter) positional(at int) eval.Value {
	if at >= f.n {
		f.m.Fail("std.format: the format takes more than %d values", f.n)
	}
	if f.vals.Kind() == eval.ArrayKind {
		return f.vals.Array().At(f.m, at)
	}
	return f.vals
}

// precision gives the default where there is none, or null.
func (f *formatter) precision(c *formatCode, s formatSize, or float64) float64 {
	if c.flags&flagPrec == 0 || s.at >= 0 && f.sizeValue(s.at).IsNull() {
		return or
	}
	return f.size(s)
}

// next gives the value that a code is for.
func (f *formatter) next(c *formatCode) eval.Value {
	if f.vals.Kind() != eval.ObjectKind {
		v := f.positional(f.used)
		f.used++
		return v
	}
	if !c.hasKey {
		f.m.Fail("std.format: a code without the name of a field does not work with an object")
	}
	o := f.vals.Object()
	if !f.m.Has(o, c.key) {
		f.m.Fail("std.format: the object has no field `%s`", c.key)
	}
	return f.m.Index(o, c.key)
}

// maxPadding is the longest padding that anybody could want.
const maxPadding = 1 << 30

// padding is how many characters are missing.
func (f *formatter) padding(missing float64) int {
	if missing <= 0 {
		return 0
	}
	if missing > maxPadding {
		f.m.Fail("std.format: a width or precision is too large: %s", numberText(missing))
	}
	n := int(math.Ceil(missing))
	f.grow(n)
	return n
}

// pad fills what was written from start on with spaces.
func (f *formatter) pad(start int, width float64, left bool) {
	if width <= 0 {
		return
	}
	n := f.padding(width - float64(utf8.RuneCount(f.b[start:])))
	end := len(f.b)
	f.b = appendFill(f.b, ' ', n)
	if !left && n > 0 {
		copy(f.b[start+n:], f.b[start:end])
		for i := start; i < start+n; i++ {
			f.b[i] = ' '
		}
	}
}

func appendFill(b []byte, c byte, n int) []byte {
	b = slices.Grow(b, n)
	for range n {
		b = append(b, c)
	}
	return b
}

func (f *formatter) value(c *formatCode, width float64, prec formatSize) {
	v := f.next(c)
	switch c.verb {
	case 's':
		f.string(v)
		return
	case 'c':
		f.char(v)
		return
	}
	if !v.IsNumber() {
		f.m.Fail("std.format: `%%%c` takes a number, got %s", c.verb, v.TypeName())
	}
	if c.flags&flagZero == 0 || c.flags&flagLeft != 0 {
		width = 0
	}
	n := v.Float()
	switch c.verb {
	case 'd', 'o', 'x':
		f.integer(c, n, width, f.precision(c, prec, 0))
	case 'f':
		f.fixed(c, n, width, f.precision(c, prec, 6), true)
	case 'e':
		f.scientific(c, n, width, f.precision(c, prec, 6), true)
	case 'g':
		f.general(c, n, width, f.precision(c, prec, 6))
	}
}

func (f *formatter) string(v eval.Value) {
	switch {
	case v.IsString():
		f.grow(len(v.Text()))
		f.b = append(f.b, v.Text()...)
	case v.IsNumber():
		f.b = emit.AppendNumber(f.b, v.Float())
	default:
		s := f.m.ToString(v).Text()
		f.grow(len(s))
		f.b = append(f.b, s...)
	}
}

func (f *formatter) char(v eval.Value) {
	switch {
	case v.IsNumber():
		v = char(f.m, v)
	case !v.IsString():
		f.m.Fail("std.format: `%%c` takes a number or a string, got %s", v.TypeName())
	case v.Length() != 1:
		f.m.Fail("std.format: `%%c` takes a string of one code point, got %d", v.Length())
	}
	f.b = append(f.b, v.Text()...)
}
