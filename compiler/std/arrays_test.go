package std_test

import (
	"strings"
	"testing"
)

// differLines compares one program per line.
func differLines(t *testing.T, programs string) {
	t.Helper()
	for line := range strings.Lines(programs) {
		if line = strings.TrimSpace(line); line != "" {
			differ(t, line)
		}
	}
}

// anything has a value of each type, and those at the edges of what functions take.
var anything = []string{
	"null", "true", "0", "1", "-1", "2.5", "''", "'b'", "'aé😀b'", "[]", "[1]", "[3, 1, 2]", "['b', 'a', 'b']", "[[1], [], [2, 3]]",
	"[null, 'a']", "[true, false]", "{}", "{ a: 1, b:: 2 }", "function(x) x", "function(x, y) [x, y]", "function() 1", "function(x) true",
	"error 'e'", "[error 'e']", "[1, error 'e']",
}

// few is for functions of many parameters.
var few = []string{
	"null", "'ab'", "[]", "[2, 1]", "function(x) x", "function(x, y) x", "[error 'e', 1]", "error 'e'",
}

// differTypes calls a function with all combinations of arguments.
func differTypes(t *testing.T, fn string, args []string, pool []string, count int) {
	t.Helper()
	if count == 0 {
		differ(t, "std."+fn+"("+strings.Join(args, ", ")+")")
		return
	}
	for _, arg := range pool {
		differTypes(t, fn, append(args[:len(args):len(args)], arg), pool, count-1)
	}
}

func TestArrayArguments(t *testing.T) {
	t.Parallel()
	for fn, count := range map[string]int{
		"length": 1, "reverse": 1, "sum": 1, "avg": 1, "all": 1, "any": 1, "flattenArrays": 1, "flattenDeepArray": 1, "sort": 1, "minArray": 1, "maxArray": 1,
		"member": 2, "contains": 2, "count": 2, "find": 2, "range": 2, "repeat": 2, "remove": 2, "removeAt": 2, "join": 2,
		"map": 2, "mapWithIndex": 2, "filter": 2, "flatMap": 2, "makeArray": 2,
	} {
		differTypes(t, fn, nil, anything, count)
	}
	for fn, count := range map[string]int{
		"sort": 2, "minArray": 3, "maxArray": 3, "filterMap": 3, "foldl": 3, "foldr": 3,
	} {
		differTypes(t, fn, nil, few, count)
	}
}

func TestSlice(t *testing.T) {
	t.Parallel()
	bounds := []string{"null", "-9", "-2", "-0.5", "0", "1.5", "3", "9"}
	for _, what := range []string{"[1, 2, 3, 4, 5]", "'aé😀bc'", "'abcde'", "[]", "''"} {
		for _, from := range bounds {
			for _, to := range bounds {
				for _, step := range []string{"null", "1", "2", "9", "0.75", "1e300"} {
					differ(t, "std.slice("+strings.Join([]string{what, from, to, step}, ", ")+")")
				}
			}
		}
	}
	for _, what := range anything {
		differ(t, "std.slice("+what+", 0, 1, 1)")
		differ(t, "std.slice("+what+", null, null, null)")
		differ(t, "std.slice([1, 2], 0, 1, "+what+")")
		differ(t, "std.slice([1, 2], 0, "+what+", 1)")
		differ(t, "std.slice([1, 2], "+what+", 2, 1)")
	}
	differLines(t, `
		[1, 2, 3][1:]
		[1, 2, 3][:-1]
		[1, 2, 3][::2]
		'hello'[1:4:2]
		std.length([error 'a', error 'b'][1:])
		[1, error 'b', 3][::2]
		[1, 2, 3][::0]
		[1, 2, 3][::-1]
		std.slice([1, 2, 3], 0, 3, -0)
		std.range(0, 5000)[10:4990:7][3:600:5]
		std.range(0, 5000)[1:][1:][1:][4990:]
	`)
}

func TestArrayLaziness(t *testing.T) {
	t.Parallel()
	differLines(t, `
		std.length(std.map(function(x) error 'x', [1]))
		std.map(function(x) error 'x', [1])[0]
		std.map(function(x) 1, [error 'x'])
		std.map(function(x) std.trace('map ' + x, x), [1, 2, 3])[1]
		local a = std.map(function(x) std.trace('once ' + x, x), [1, 2]); [a[1], a[1], a[0]]
		std.mapWithIndex(function(i, x) if i == 0 then error 'x' else x, [1, 2])[1]
		std.mapWithIndex(function(i, x) i, [error 'x', error 'y'])
		std.mapWithIndex(function(i, x) [i, x], 'aé')
		std.map(function() 1, [])
		std.map(function() 1, [1])
		std.length(std.map(function() 1, [1]))
		std.filter(function(x) true, [error 'x', 1])[1]
		std.length(std.filter(function(x) std.trace('f', x > 1), [1, 2, 3]))
		std.filter(function(x) std.trace('f' + x, x > 1), [3, 2, 1])
		std.filter(function(x) 1, [1])
		std.filter(function(x) 1, [])
		std.filter(function(x, y=2) x == y, [1, 2])
		std.filter(std.isString, ['a', 1])
		std.filterMap(function(x) x > 1, function(x) error 'x', [1, 2])[0]
		std.length(std.filterMap(function(x) x > 1, function(x) error 'x', [1, 2]))
		std.filterMap(function(x) std.trace('filter', true), function(x) std.trace('map', x), [1, 2])[1]
		std.flatMap(function(x) [error 'x', x], [1, 2])[1]
		std.length(std.flatMap(function(x) std.trace('m', [error 'x', x]), [error 'y', 2]))
		std.flatMap(function(x) x + x, 'aé')
		std.flatMap(function(x) '', '')
		std.flatMap(function(x) if x == 'a' then 1 else 'b', 'ba')
		std.foldl(function(a, x) a, [error 'x', error 'y'], 5)
		std.foldl(function(a, x) 1, [1], error 'init')
		std.foldl(function(a, x) std.trace('l' + x, a + x), ['a', 'b'], '')
		std.foldr(function(x, a) std.trace('r' + x, a + x), ['a', 'b'], '')
		std.foldr(function(x, a) a, [error 'x', error 'y'], 5)
		std.foldl(function(a, x) error 'x', [], 5)
		std.foldl(function(a, x) a + x, 'aé😀', '-')
		std.foldr(function(x, a) a + x, 'aé😀', '-')
		std.foldl(function(a) a, [1], 5)
		std.foldl(function(a, x, y=3) a + x + y, [1, 2], 5)
		std.makeArray(3, function(i) if i == 1 then error 'x' else i)[2]
		std.length(std.makeArray(100000, function(i) error 'x'))
		std.makeArray(0, function() 1)
		std.makeArray(-1, function(i) i)
		std.makeArray(2.5, function(i) i)
		std.makeArray(2147483648, function(i) i)
		local a = std.makeArray(2, function(i) std.trace('m' + i, i)); a + a
		std.reverse([error 'x', 1])[0]
		std.length(std.reverse([error 'x', 1]))
		local a = [std.trace('a', 1), 2], r = std.reverse(a); [r[1], a[0], r[1]]
		std.reverse(std.range(0, 3000))[17]
		std.reverse(std.makeArray(3000, function(i) if i == 5 then error 'x' else i))[17]
		local a = std.map(function(x) std.trace('once', x), std.range(1, 2000)); std.reverse(a)[3] + std.reverse(a)[3] + a[1996]
		std.foldl(function(a, _) std.reverse(a), std.range(0, 200), std.range(1, 1100))[0]
		std.foldl(function(a, _) a[1:], std.range(1, 90), std.range(1, 1100))[5:]
		std.foldl(function(a, i) std.removeAt(a, i), std.range(1, 90), std.range(1, 1100))[5:]
		std.length(std.repeat([error 'x'], 3))
		std.repeat([1, 2], 3)
		std.repeat([1], 1)
		std.repeat('aé', 2)
		std.repeat('ab', 0)
		std.repeat([], 1000000)
		std.repeat(std.range(1, 700), 2)[900]
		std.repeat('a', -2)
		std.length(std.removeAt([error 'x', 1], 0))
		std.removeAt([error 'x', 1], 0)
		std.remove([1, 2, 1], 1)
		std.remove([1, error 'x'], 1)
		std.length(std.remove([1, error 'x'], 1))
		std.remove([error 'x', 1], 1)
		std.member([1, error 'x'], 1)
		std.member([error 'x', 1], 1)
		std.member(['a', {}], {})
		std.member([function() 1], function() 1)
		std.member([function() 1], 1)
		std.member('abc', '')
		std.member('aé', 'é')
		std.contains([1, error 'x'], 1)
		std.contains('abc', 'a')
		std.count([], error 'x')
		std.count([1, 1, 2], std.trace('x', 1))
		std.count([std.trace('elem', 1)], std.trace('x', 1))
		std.find(error 'x', [])
		std.find(1, [1, 2, 1])
		std.find(std.trace('value', 1), [std.trace('elem', 1)])
		std.all([false, error 'x'])
		std.any([true, error 'x'])
		std.all([true, error 'x'])
		std.all([true, 1])
		std.all([false, 1])
		std.all([])
		std.any([])
		std.sum([])
		std.sum([1, 'a'])
		std.avg([1, 2])
		std.range(1, 3)
		std.range(3, 1)
		std.range(-2, 2)
		std.range(0.5, 2)
		std.join([error 'x'], [[1]])
		std.length(std.join([error 'x'], [[1], [2]]))
		std.join([0], [[1], null, [2, 3]])
		std.join([0], [null, [], null, []])
		std.join('-', ['a', null, 'b'])
		std.join('', [])
		std.join(5, [])
		std.join('-', ['a', 1])
		std.join([], ['a'])
		std.join('é', ['a', 'b', ''])
		std.join([9], [std.range(1, 600), std.range(1, 600), []])[599:603]
		std.join([], [std.range(1, 600), std.range(1, 600)])[1199]
		std.join(std.range(1, 300), [std.range(1, 600), std.range(1, 600)])[890:910]
		std.flattenArrays([[1], [], [error 'x']])[0]
		std.length(std.flattenArrays([[1], [], [error 'x']]))
		std.flattenArrays([[1], 'a', [2]])
		std.flattenArrays([[1], 2])
		std.flattenArrays('abc')
		std.flattenArrays(['a', {}])
		std.flattenArrays([std.range(1, 600), std.range(1, 600), [5]])[1198:]
		std.flattenDeepArray([1, [2, [3, []]], 'a', {}, null])
		std.flattenDeepArray([1, [error 'x']])
		std.length(std.flattenDeepArray([1, [error 'x']]))
		std.length(std.flattenDeepArray(5))
		std.length({ a: 1, b:: 2, c::: 3 })
		std.length({ a: error 'x', assert false })
		std.length(function(a, b, c=1) a)
		std.length(std.sort)
		std.length(std.length)
		std.length('aé😀')
		std.map(func=function(x) x, arr=[1])
		std.foldl(init=1, arr=[2], func=function(a, b) a - b)
		std.makeArray(func=function(i) i, sz=2)
		std.slice(indexable=[1, 2], index=0, end=1, step=1)
	`)
}

func TestSort(t *testing.T) {
	t.Parallel()
	differLines(t, `
		std.sort([3, 1, 2])
		std.sort([0, -0, 0, -0])
		std.sort([1, -0, 0, -1])
		std.sort(['b', 'a', 'é', '😀', ''])
		std.sort(['\uFFFF', '😀'])
		std.sort([[2], [1, 2], [1], []])
		std.sort([1, 'a'])
		std.sort([null, null])
		std.sort([null])
		std.sort([{}])
		std.sort([true, false])
		std.sort([error 'x'])
		std.length(std.sort([error 'x'], keyF=function(x) 1))
		std.sort([error 'x', 5], keyF=function(x) 1)[1]
		std.sort([1, 2, 3, 4, 5], keyF=function(x) x % 2)
		std.sort([5, 4, 3, 2, 1], keyF=function(x) 'k' + x % 2)
		std.sort([5, 4, 3, 2, 1], keyF=function(x) [x % 2])
		std.sort([1, 2], keyF=function(x) if x == 1 then 'a' else 2)
		std.sort([3, 1, 2], keyF=function(x) std.trace('key ' + x, x))
		std.sort([3, 1, 2], function(x) -x)
		std.sort([], keyF=5)
		std.sort([], keyF=error 'x')
		std.sort([1], keyF=null)
		std.sort([3, 1], std.toString)
		std.sort([{ a: 2 }, { a: 1 }], function(o) o.a)
		std.sort(std.makeArray(200, function(i) (i * 7919) % 101))
		std.sort(std.makeArray(200, function(i) { k: (i * 7919) % 11, i: i }), function(o) o.k)
		std.sort(std.makeArray(100, function(i) { k: 's' + (i * 7919) % 11, i: i }), function(o) o.k)
		std.sort(std.makeArray(100, function(i) [(i * 7919) % 11, i]), function(o) o[0:1])
		std.sort(std.makeArray(100, function(i) std.toString((i * 7919) % 11)))
		std.minArray([2, 1, 1])
		std.minArray([1, -0, 0])
		std.maxArray([-1, -0, 0])
		std.minArray([], onEmpty=5)
		std.minArray([])
		std.minArray([1], onEmpty=error 'x')
		std.minArray([1, 2], keyF=function(x) -x)
		std.minArray([1, 2], keyF=function(x) std.trace('k' + x, -x))
		std.maxArray([{ a: 1, b: 1 }, { a: 1, b: 2 }], keyF=function(o) o.a)
		std.maxArray(['a', 'c', 'b'])
		std.maxArray([[1], [1, 2]])
		std.maxArray([{}, {}])
		std.maxArray([{}])
		std.maxArray([null])
		std.maxArray([null, null])
		std.maxArray([error 'x'], keyF=function(x) 1)
		std.maxArray([1, error 'x'], keyF=function(x) 1)
		std.minArray([1, 'a'])
		std.minArray([], keyF=5, onEmpty=1)
		std.maxArray([], null, 1)
	`)
}

// TestConcatenation reads long arrays that were put together, and frames that were used
// before.
func TestConcatenation(t *testing.T) {
	t.Parallel()
	differLines(t, `
		local a = std.range(1, 1000); [a + [1] < a + [2], a + [1] == a + [1], a + [1] == a + [2], a + a > a, a + [2] <= a + [1, 5]]
		local a = std.range(1, 1000) + ['x']; a + [error 'e'] < a + [2]
		local a = std.range(1, 1000); a + ['x'] < a + [2]
		local a = std.range(1, 1000); a + [null] == a + [function(x) x]
		local a = std.range(1, 1000); a + [function(x) x] == a + [function(x) x]
		local a = std.range(1, 600) + std.range(5, 700); [a[i] for i in [0, 599, 600, 1295, 300, 601]]
		local a = std.range(1, 600) + std.range(5, 700); a[1296]
		local a = std.range(1, 600) + std.range(5, 700), b = a + [0] + a; [b[i] for i in [0, 1295, 1296, 1297, 2592]]
		local a = std.range(1, 600), b = a + a + a + a; std.reverse(b + b)[595:605]
		local a = std.range(1, 600), b = a + a; std.sum(b) + std.length(b) + std.foldl(function(x, y) x + y, b + b, 0)
		std.foldl(function(a, i) if a[std.length(a) - 1] >= 0 then a + [i], std.range(1, 900), std.range(0, 999))[998:1003]
		std.flattenArrays([std.range(1, 600), [], std.range(1, 600) + std.range(1, 600)])[595:605]
		std.flattenArrays([std.flattenArrays([std.range(1, 600), std.range(7, 900)]), [1]])[599:603]
		local a = std.map(function(x) std.trace('once', x), std.range(1, 600)), b = a + a; b[3] + b[603] + b[3]
		[[i, j] for i in std.range(1, 3) for j in std.range(i, 3) if i != j]
		[function(x) x + i + j for i in [1, 2] for j in [3, 4]][2](5)
		local f(x) = local y = x + 1; [function(z) y + z, y], a = f(1), b = f(2); [a[0](10), b[0](10), a[1], b[1]]
		local f(x, y=x + 1) = { v: y, w: function() x }, a = f(1), b = f(5); [a.v, b.v, a.w(), b.w()]
		local f(x) = x(), g(y) = f(function() y), h(z) = g(z * 2) + g(z * 3); h(7)
		local f(n, acc) = if n == 0 then acc else f(n - 1, acc + [n]) tailstrict; f(20, [])
		local lazy(x) = [x, x], f(n) = lazy(n * 2); [f(i)[0] + f(i + 1)[1] for i in std.range(1, 5)]
		local f(o) = o { local me = self, b: me.a, c: function() $.a }; [f({ a: 1 }).c(), f({ a: 2 }).b]
		{ ['k' + i]: function() i for i in [1, 2, 3] }.k2()
	`)
}
