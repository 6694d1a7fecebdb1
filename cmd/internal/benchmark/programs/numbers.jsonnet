// Primes, a product of matrices, and sums over long arrays.
local n = 40;
local a = [[i * j % 7 for j in std.range(1, n)] for i in std.range(1, n)];
local product(a, b) = [[std.sum([a[i][k] * b[k][j] for k in std.range(0, n - 1)]) for j in std.range(0, n - 1)] for i in std.range(0, n - 1)];
local long = std.range(1, 100000);
[
  std.length(std.filter(function(p) std.length([d for d in std.range(2, std.floor(std.sqrt(p))) if p % d == 0]) == 0, std.range(2, 3000))),
  std.sum(std.map(std.sum, product(a, a))),
  std.foldl(function(x, y) x + y, long, 0) + std.foldr(function(x, y) x + y, long, 0),
  std.sum(std.filterMap(function(x) x % 3 == 0, function(x) x * 2, long)),
  std.count(long, 7) + std.length(std.find(7, long)) + std.length(long[10:50000:3]),
  std.sum([std.pow(i, 0.5) + std.floor(i / 3) + std.abs(-i) + std.max(i, 3) + std.mod(i, 7) for i in std.range(1, 10000)]),
]
