// Comprehensions of objects, their fields, and lookups.
local o = { ['k%d' % i]: { a: i, b: self.a + 1, c:: $['k%d' % (i % 100 + 1)].a } for i in std.range(1, 8000) };
[
  std.foldl(function(sum, f) sum + o[f].b + o[f].c, std.objectFields(o), 0),
  std.length([i for i in std.range(1, 10000) if std.objectHas(o, 'k%d' % i)]),
  std.length(std.objectKeysValues(o)),
  std.length(std.mapWithKey(function(k, v) { name: k, value: v.a }, o)),
  std.foldl(function(sum, i) sum + std.get(std.get(o, 'k%d' % i, {}), 'a', 0), std.range(1, 10000), 0),
]
