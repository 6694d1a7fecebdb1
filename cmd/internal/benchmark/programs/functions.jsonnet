// Recursion, closures, defaults, named arguments and memory by an object.
local compose(f, g) = function(x) f(g(x));
local add(n) = function(x) x + n;
local factorial(n) = if n <= 1 then 1 else n * factorial(n - 1);
local defaults(a, b=a + 1, c=b * 2) = a + b + c;
local loop(n, s) = if n == 0 then s else loop(n - 1, s + n) tailstrict;
local fibonacci = { ['%d' % i]: if i < 2 then i else fibonacci['%d' % (i - 1)] + fibonacci['%d' % (i - 2)] for i in std.range(0, 400) };
[
  std.sum([compose(add(i), add(1))(i) for i in std.range(1, 20000)]),
  std.sum([factorial(100) / factorial(99) for i in std.range(1, 500)]),
  std.sum([defaults(i) + defaults(i, c=3) + defaults(b=1, a=i) for i in std.range(1, 10000)]),
  loop(30000, 0),
  fibonacci['400'] % 1000003,
]
