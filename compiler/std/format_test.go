package std_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func TestFormatNumbers(t *testing.T) {
	t.Parallel()
	values := append(append([]string{}, numbers...), "99.995", "0.5", "1.5", "999999.5", "0.0001", "0.00001", "123456", "1234567", "1e21", "1e22", "1e23", "-0.00005", "2e-308", "-5", "100", "1e100")
	var all []string
	for _, flags := range []string{"", "#", "0", "-", " ", "+", "0-", "+ ", "#0+", "# -"} {
		for _, size := range []string{"", "3", "12", ".0", ".1", ".3", "12.0", "12.2", ".17", ".", "9.", "30.20"} {
			for _, verb := range "diuoxXeEfFgGcs%" {
				all = append(all, "%"+flags+size+string(verb))
			}
		}
	}
	// One program for all values of a format that fail with none of them.
	for i, format := range all {
		v := values[i%len(values)]
		differ(t, fmt.Sprintf("['%s' %% v for v in [%s, %s, 1, -1.5, 0]]", format, v, values[(i*7+3)%len(values)]))
	}
	for _, v := range values {
		for _, verb := range "doxXeEfgG" {
			differ(t, fmt.Sprintf("'%%%c|%%#%c|%%010%c|%%.0%c|%%.3%c|%%+.12%c' %% [%s, %[7]s, %[7]s, %[7]s, %[7]s, %[7]s]", verb, verb, verb, verb, verb, verb, v))
		}
	}
}

func TestFormatForms(t *testing.T) {
	t.Parallel()
	differLines(t, `
		'' % []
		'' % 5
		'abc' % {}
		'%' % 5
		'%5' % 5
		'%.' % 5
		'%(a' % {}
		'%(a)' % {}
		'%z' % 5
		'%€' % 5
		'%%' % []
		'%%' % 5
		'%5%|%-5%|' % []
		'%(a)%' % {}
		'%%' % {}
		'%*%' % {}
		'%.*%' % {}
		'%.*%' % []
		'%*%' % []
		'%*%' % [3]
		'%d %d' % [1]
		'%d' % [1, 2]
		'%d' % []
		'%d' % 'a'
		'%d' % [[1]]
		'%s' % [[1, 'a']]
		'%s' % null
		'%s %s' % null
		'%s' % true
		'%s' % function(x) x
		'%s' % { a: 1 }
		'%(a)s' % { a: { b: 1 } }
		'%(a)s' % { a:: 'hidden' }
		'%(b)s' % { a: 1 }
		'%s' % [{ a: 1 }]
		'%(a)s %(b)s' % ['x', 'y']
		'%(a)s' % 'x'
		'%(a)s' % error 'e'
		'%(a b.c)s' % { 'a b.c': 1 }
		'%()s' % { '': 1 }
		'%(ä€)s' % { 'ä€': 1 }
		'%(a)05.1f' % { a: 2.25 }
		'%(a)*d' % { a: 1 }
		'%(a).*d' % { a: 1 }
		'%(a).*s' % { a: 1 }
		'%(a)-*s' % { a: 1 }
		'%*d|%-*d|' % [5, 1, 6, 2]
		'%*.*f' % [10, 3, 2.5]
		'%.*f' % [null, 2.5]
		'%.*s' % [error 'never', 'a']
		'%.*d' % ['a', 1]
		'%*d' % ['a', 1]
		'%*s' % [null, 1]
		'%*s' % [2.5, 'a']
		'%*s' % [-5, 'a']
		'%-*s|' % [-5, 'a']
		'%.*f' % [-1, 155.5]
		'%.*f' % [1.5, 2.25]
		'%.*d' % [2.5, 7]
		'%.*d' % [-2, 7]
		'%.*g' % [0, 7.5]
		'%.*g' % [-3, 1234.5]
		'%.*e' % [-1, 1234.5]
		'%.400f' % 1
		'%.*f' % [-400, 1]
		'%.150f' % 1
		'%.308f' % 2
		'%*.*s' % [std.trace('w', 5), std.trace('p', 1), std.trace('v', 'x')]
		'%-*.*d' % [std.trace('w', 5), std.trace('p', 1), std.trace('v', 3)]
		'%*.*d' % [std.trace('w', 5), std.trace('p', 1), std.trace('v', 3)]
		'%0*.*f' % [std.trace('w', 5), std.trace('p', 1), std.trace('v', 3)]
		'%0-*.*f' % [std.trace('w', 5), std.trace('p', 1), std.trace('v', 3)]
		'%c%c' % [65, 'ä']
		'%c' % 'ab'
		'%c' % ''
		'%c' % -1
		'%c' % 1114112
		'%c' % 55296
		'%c' % null
		'%5s|%-5s|' % ['ä€', '😀']
		'%ld %hd %Ld' % [1, 2, 3]
		'%lld' % 1
		'%5.3s' % 'abcdef'
		'%0005d' % 5
		'%- 5d|' % 5
		'%00000000000000000000000000001d' % 5
		'%99999999999999999999999999999999s' % 'x'
		'a%sb%sc' % ['%s', '%d']
		'äö%s€' % 'ü'
		std.format('%s', 5)
		std.format(5, [])
		std.format(null, [])
		std.format([], [])
		std.format({}, [])
		std.format({ a: 1 }, [])
		std.format(function() 1, [])
		std.format(function(x) 1, [])
		std.format(['a', '%', 'd', 'bc', 5, '%d', '€', null], [7])
		std.format(['%', 5, 'd'], [7])
		std.format(['%', '5', 'd'], [7])
		std.format(['%', '(', 'ab', 'c', ')', 's'], { abc: 1 })
		std.format(['a', error 'e'], [])
		std.format(str='%s', vals=[1])
		std.format(vals=[1], str='%s')
		5 % 'a'
		[] % 5
		'%s %s' % [{ a: 'x' }, '%s' % { toString: '%d' % 5 }]
		'%s' % [{ a: '%s' % [{ b: '%s' % 'deep' }] }]
		local f(x) = '<%s>' % x; '%s|%s' % [f('a'), [f('b'), f(f('c'))]]
		['%d' % x for x in [1, 2, 3]]
		std.length('%s' % 'ä€')
		'%5.1f%%' % 99.95
	`)
}

// FuzzFormat formats in both engines. The widths are kept below what go-jsonnet's
// stack can take.
func FuzzFormat(f *testing.F) {
	for _, seed := range []string{"%s", "%5d|%-5d", "%(a)s", "%#x %o", "%+.3e", "%g", "%c", "%%", "%*d", "%.*f", "ä%s€", "%l%h", "% q"} {
		f.Add(seed, 1.5, uint8(0))
		f.Add(seed, -123456789.25, uint8(1))
	}
	shapes := []string{"[%s, %s, %s]", "%s", "{ a: %s, b: [%s] }", "[%s]", "[3, %s]", "[[%s], 'ä', %s]", "['x', %s]", "{ '': %s }"}
	f.Fuzz(func(t *testing.T, format string, n float64, shape uint8) {
		if len(format) > 40 || n != n || n-n != 0 || longDigits(format) {
			t.Skip()
		}
		vals := strings.ReplaceAll(shapes[int(shape)%len(shapes)], "%s", strconv.FormatFloat(n, 'g', -1, 64))
		differ(t, quoted(strings.ToValidUTF8(format, "?"))+" % "+vals)
	})
}

// longDigits tells whether a width has more than two digits.
func longDigits(s string) bool {
	run := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			run++
		} else {
			run = 0
		}
		if run > 2 {
			return true
		}
	}
	return strings.Contains(s, "*")
}
