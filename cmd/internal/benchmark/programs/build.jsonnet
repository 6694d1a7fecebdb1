// Strings, arrays and objects that grow by one piece at a time.
[
  std.length(std.foldl(function(s, i) s + 'line %d\n' % i, std.range(1, 6000), '')),
  std.length(std.foldl(function(a, i) a + [i], std.range(1, 10000), [])),
  std.length(std.foldl(function(o, i) o { ['k%d' % i]: i }, std.range(1, 3000), {})),
  std.length(std.flattenArrays([[i, i + 1, i + 2] for i in std.range(1, 10000)])),
  std.length(std.flatMap(function(x) [x, x], std.range(1, 30000))),
  std.length(std.deepJoin([['a', ['b', '%d' % i]] for i in std.range(1, 5000)])),
]
