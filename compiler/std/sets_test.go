package std_test

import "testing"

// setPool has what set functions take: sets, what is no set, and what only the loops
// that define them can do something with.
var setPool = []string{
	"[]", "[1]", "[1, 2, 4]", "[2, 3, 4]", "[3, 1, 2]", "[2, 2]", "['a', 'b']", "'abc'", "'b'", "''", "{}", "{ a: 1 }", "function() 1", "function(x) x",
	"[null]", "[true, true]", "[[1], [2]]", "[[1, 2]]", "[{}]", "[{ a: 1 }]", "[1, 'a']", "[function() 1]", "5", "null", "error 'e'", "[error 'e']", "[1, error 'e']",
}

func TestSetArguments(t *testing.T) {
	t.Parallel()
	for _, fn := range []string{"setUnion", "setInter", "setDiff", "setMember"} {
		differTypes(t, fn, nil, setPool, 2)
		differTypes(t, fn, nil, few, 3)
	}
	for _, fn := range []string{"set", "uniq"} {
		differTypes(t, fn, nil, setPool, 1)
		differTypes(t, fn, nil, few, 2)
	}
}

func TestSets(t *testing.T) {
	t.Parallel()
	for _, fn := range []string{"setUnion", "setInter", "setDiff"} {
		for _, args := range []string{
			"[1, 2, 3], [2, 4]",
			"[3, 1, 2], [2, 3, 1]",
			"[1, 1, 2], [1, 2, 2]",
			"['a', 'é'], ['b', 'é', '😀']",
			"[1, 2], [error 'x']",
			"[error 'x'], []",
			"[], [error 'x']",
			"[-0], [0]",
			"[0], [-0]",
			"[1, 2], [2, 3], function(x) std.trace('key ' + x, x)",
			"[1, 3], [2, 4], function(x) -x",
			"[3, 1], [4, 2], function(x) -x",
			"[{ n: 'a', v: 1 }, { n: 'b', v: 2 }], [{ n: 'b', v: 3 }], function(o) o.n",
			"[{ n: 'a', v: error 'v' }], [{ n: 'b', v: 3 }], keyF=function(o) o.n",
			"[error 'x', error 'y'], [1, 2], function(x) 5",
			"[1], [2], function(x) [x]",
			"[1], [2], function(x) null",
			"[1], [2], function(x) x == 1",
			"[], [], error 'x'",
			"[], [], 5",
			"[1], [], error 'x'",
			"[1, 2], { a: 1 }, function(x) true",
			"{ a: 1 }, [1, 2], function(x) true",
			"{ a: 1 }, function(x) x, function(x) true",
			"[1], [1], 5",
			"std.range(1, 100), std.range(50, 150)",
			"std.range(1, 3000), std.range(2990, 3010)",
		} {
			differ(t, "std."+fn+"("+args+")")
			differ(t, "std.length(std."+fn+"("+args+"))")
		}
	}
}

func TestSetMember(t *testing.T) {
	t.Parallel()
	differLines(t, `
		std.setMember(2, [1, 2, 3])
		std.setMember(2, [3, 2, 1])
		std.setMember(1, [1, error 'x'])
		std.setMember(1, [2, error 'x'])
		std.setMember(3, [2, error 'x'])
		std.setMember('b', 'abc')
		std.setMember('z', 'abc')
		std.setMember(error 'x', [])
		std.setMember(1, [], error 'x')
		std.setMember(1, ['a'])
		std.setMember('1', [1])
		std.setMember(null, [null])
		std.setMember(1, [{ k: 1 }], function(x) x)
		std.setMember({ k: 1 }, [{ k: 1, v: 2 }], function(x) x.k)
		std.setMember(1, [1, 2], function(x) std.trace('k' + x, x))
		std.setMember(3, [1, 2], function(x) std.trace('k' + x, x))
		local s = std.range(0, 2000); [std.setMember(x, s) for x in [0, 5, 2000, 2001, -1, 7.5]]
		local s = std.set([std.toString(i) for i in std.range(0, 200)]); [std.setMember(x, s) for x in ['0', '55', '', 'z', '200', '201']]
		local s = [5, 1, 4, 2, 3]; [std.setMember(x, s) for x in [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5]]
		local s = std.range(0, 50) + [error 'x']; [std.setMember(x, s) for x in [1, 2, 3, 4, 5, 50]]
		local s = std.range(0, 50) + [error 'x']; [std.setMember(x, s) for x in [1, 2, 3, 4, 5, 60]]
		local s = std.range(0, 50); [std.setMember(x, s) for x in [1, 2, '3']]
		local s = std.range(0, 50); [std.setMember(x, s, function(x) -x) for x in [0, 1, 2, 3]]
	`)
}

func TestUniq(t *testing.T) {
	t.Parallel()
	differLines(t, `
		std.uniq([1, 1, 2, 1])
		std.uniq('aabé')
		std.length(std.uniq([error 'x']))
		std.uniq([1, 1.0, '1'])
		std.uniq([1, -1, 2], function(x) x * x)
		std.uniq([3, 3, 4, 4, 3], function(x) std.trace('k' + x, x))
		std.uniq([1], error 'x')
		std.uniq([1], 5)
		std.uniq([1, 2], 5)
		std.uniq([])
		std.uniq([function() 1, function() 2])
		std.uniq([null, null, true, false])
		std.uniq([0, -0])
		std.uniq([error 'x', 1, 2], function(x) 5)[0]
		std.length(std.uniq([error 'x', 1, 2], function(x) 5))
		std.uniq([{ a: 1 }, { a: 1 }, { a: 2 }])
		std.set([3, 1, 2, 1])
		std.set([3, 1, 2, 1], function(x) -x)
		std.set([3, 1, 1], function(x) std.trace('k' + x, x))
		std.set([{ k: 2, v: 1 }, { k: 1, v: 2 }, { k: 2, v: 3 }], function(o) o.k)
		std.set([error 'x'], function(x) 1)
		std.length(std.set([error 'x'], function(x) 1))
		std.length(std.set([error 'x']))
		std.set('ba')
		std.set([], 5)
		std.set([], error 'x')
		std.set(['b', 'a', 'b'])
		std.set(keyF=function(x) -x, arr=[1, 2])
	`)
}
