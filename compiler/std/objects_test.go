package std_test

import "testing"

var objectPool = []string{
	"{}", "{ a: 1, b:: 2, c::: 3 }", "{ a: error 'a' }", "{ a:: error 'a' }", "{ assert false, a: 1 }", "{ assert false }", "{ a: { b: 1 } }",
	"{ b: 1 } + { a: super.b, b:: 2 }", "null", "1", "'a'", "'b'", "'z'", "[]", "['a']", "true", "false", "function(k, v) [k, v]", "function(x) x", "error 'e'",
}

func TestObjectArguments(t *testing.T) {
	t.Parallel()
	for fn, count := range map[string]int{
		"objectFields": 1, "objectFieldsAll": 1, "objectFieldsEx": 2, "objectHas": 2, "objectHasAll": 2,
		"objectValues": 1, "objectValuesAll": 1, "objectKeysValues": 1, "objectKeysValuesAll": 1, "objectRemoveKey": 2,
		"get": 2, "mapWithKey": 2, "mergePatch": 2, "prune": 1,
	} {
		differTypes(t, fn, nil, objectPool, count)
	}
	differTypes(t, "objectHasEx", nil, []string{"{ a: 1, b:: 2 }", "{ assert false }", "'a'", "'b'", "null", "true", "false", "error 'e'"}, 3)
	differTypes(t, "get", nil, []string{"{ a: 1, b:: 2 }", "{}", "'a'", "'b'", "null", "true", "false", "error 'e'"}, 3)
	differTypes(t, "get", nil, []string{"{ a: 1, b:: 2 }", "'a'", "'b'", "true", "false", "error 'e'"}, 4)
}

func TestObjects(t *testing.T) {
	t.Parallel()
	differLines(t, `
		std.objectFields({ b: 1, a: 2, 'é': 3, '😀': 4, '\uFFFF': 5 })
		std.objectFields({ ['f' + i]: i for i in std.range(0, 60) })
		local o = { ['f' + i]: i for i in std.range(0, 60) } + { f1:: 1 }; [std.length(std.objectFields(o)), std.length(std.objectFieldsAll(o)), std.length(std.objectFields(o)), std.objectFieldsEx(o, true) == std.objectFieldsAll(o)]
		local o = { ['f' + i]: i for i in std.range(0, 60) }; [std.length(std.objectFields(x)) for x in [o, o + { a: 1 }, o]]
		std.length(std.objectValues({ a: error 'x' }))
		std.objectValues({ a: error 'x', b: 2 })[1]
		std.objectValues({ a: std.trace('a', 1), b: 2 })[1]
		local o = { a: std.trace('a', 1) }, v = std.objectValues(o); [v[0], o.a, v[0]]
		std.objectValuesAll({ a: 1, b:: 2 })
		std.objectKeysValues({ a: error 'x', b: 2 })[1]
		std.objectKeysValues({ a: error 'x', b: 2 })[0].key
		std.objectKeysValues({ a: error 'x', b: 2 })[0].value
		std.objectKeysValues({ b: 2, a: 1 })[0] + { extra: self.key }
		std.objectFields(std.objectKeysValuesAll({ b:: 2 })[0])
		std.length(std.objectValues({ assert false, a: 1 }))
		std.objectValues({ assert false, a: 1 })
		std.objectHas({ assert false, a: 1 }, 'a')
		std.get({ a: 1 }, 'a', error 'x')
		std.get({ a: 1 }, 'b', std.trace('default', 5))
		std.get({ a:: 1 }, 'a', 5, false)
		std.get({ a:: 1 }, 'a', 5)
		std.get({ a:: 1 }, 'a', inc_hidden=false)
		std.get({ a:: 1 }, 'a', default=7, inc_hidden=false)
		std.get({ a: 1 }, 'a', inc_hidden=null)
		std.get(o={ a: 1 }, f='a')
		std.mapWithKey(function(k, v) k + v, { a: 1, b: 2, c:: 3 })
		std.mapWithKey(function(k, v) k, { a: error 'x' })
		std.mapWithKey(function(k, v) error 'x', { a: 1, b: 2 }).b
		std.length(std.mapWithKey(function(k, v) error 'x', { a: 1, b: 2 }))
		std.mapWithKey(function(k, v) std.trace(k, v), { a: 1, b: 2 }).b
		local o = std.mapWithKey(function(k, v) std.trace(k, v), { a: 1 }); [o.a, o.a]
		std.mapWithKey(function(k) k, { a: 1 })
		std.mapWithKey(function(k) k, {})
		std.objectFieldsAll(std.mapWithKey(function(k, v) v, { a:: 1, b::: 2 }))
		std.mapWithKey(function(k, v) v, { a: 1, assert false })
		std.mapWithKey(function(k, v) k, { a: 1, assert false })
		std.mapWithKey(function(k, v) v, { a: 1 }) + { a+: 1, b: super.a }
		std.objectRemoveKey({ a: 1, b: self.a, c:: 3 }, 'a')
		std.objectRemoveKey({ a: 1, b: 2 }, 'b') + { b: 3, c: super.a }
		std.objectFieldsAll(std.objectRemoveKey({ a: 1, c:: 3 }, 'a'))
		std.objectRemoveKey({ a: 1 }, 'z')
		std.objectRemoveKey({ a: 1 } + { a+: 2, b: super.a }, 'a')
	`)
}

func TestMergePatch(t *testing.T) {
	t.Parallel()
	differLines(t, `
		std.mergePatch({ a: 1, b: { c: 2 } }, { a: null, b: { d: 3 } })
		std.mergePatch({ a: 1 }, { a: { b: null, c: { d: null } } })
		std.mergePatch({ a: [1, null] }, { b: [null, { c: null }] })
		std.mergePatch(1, { a: 1, b: null })
		std.mergePatch(error 'x', 1)
		std.mergePatch(error 'x', {})
		std.mergePatch({ a: error 'x' }, { a: 1 })
		std.mergePatch({ a: error 'x' }, { a: 1, b: 2 }).b
		std.mergePatch({ a: error 'x' }, { a: null })
		std.mergePatch({ a: error 'x' }, { b: 1 }).b
		std.length(std.mergePatch({ a: 1 }, { b: error 'x' }))
		std.mergePatch({ a: 1 }, { b: { c: error 'x' } }).a
		std.mergePatch({ a: 1 }, { b: { c: error 'x' } })
		std.mergePatch({ a:: 1, b: 2 }, { a: { x: null } })
		std.mergePatch({ a: 1, b: 2 }, { a:: null, b:: 3 })
		std.objectFieldsAll(std.mergePatch({ a:: 1, b::: 2 }, { c:: 1, d::: 2 }))
		std.mergePatch({ assert false, a: 1 }, { b: 1 }).b
		std.mergePatch({ assert false, a: 1 }, { b: 1 }).a
		std.mergePatch({ a: 1 }, { assert false, b: 1 })
		std.mergePatch({ a: 1 }, { assert false })
		std.mergePatch({ a: 1 }, { assert false, b:: 1 })
		std.mergePatch({ a: std.trace('target', { x: 1 }) }, { a: std.trace('patch', { y: std.trace('y', 2) }) })
		local o = std.mergePatch({ a: std.trace('t', 1) }, { b: std.trace('p', 2) }); [o.b, o.b]
		std.mergePatch({ c: 1, a: 1 }, { b: 1, d: 1 }) + { c+: 1, e: super.b }
		std.mergePatch({ a: function() 1 }, { b: function() 2 }).a()
		std.mergePatch(patch={ a: 1 }, target={ a: null, b: null })
	`)
}

func TestPrune(t *testing.T) {
	t.Parallel()
	differLines(t, `
		std.prune({ a: null, b: [null, 1, []], c: {}, d: { e: { f: null } }, g:: 1, h::: 2 })
		std.prune([null, [], {}, '', 0, false, [[]], [[null]]])
		std.prune(null)
		std.prune([])
		std.prune('')
		std.prune({ a: { b:: 1 } })
		std.prune({ a:: null })
		std.objectFieldsAll(std.prune({ a:: 1, b::: 2 }))
		std.length(std.prune({ a: error 'x' }))
		std.length(std.prune({ a: { b: [error 'x'] } }))
		std.prune({ a:: error 'x' })
		std.prune({ a: function() 1 }).a()
		std.prune(function(x) x)(5)
		std.prune({ assert false })
		std.prune({ assert false, a: 1 })
		std.prune({ a: self.b, b: { c: null } })
		std.prune({ a: std.trace('a', { b: std.trace('b', 1) }) })
		std.prune([std.trace('a', [std.trace('b', 1)])])
		std.prune({ a: 1, b: super.a } + { a: 2 })
		std.prune({ a: 1 }) + { a+: 1 }
	`)
}
