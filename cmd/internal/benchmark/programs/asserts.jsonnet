// Objects with assertions, and comparisons of deep values.
local checked(i) = { x: i, list: [1, 2, { y: i }], assert self.x > 0 : 'not positive', assert std.isNumber(self.x) };
[
  std.foldl(function(sum, o) sum + o.x, [checked(i) for i in std.range(1, 15000)], 0),
  std.length([i for i in std.range(1, 8000) if checked(i) == checked(i)]),
]
