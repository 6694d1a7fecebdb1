// Numbers, strings and objects by a key, sorted; then without repetitions.
local n = 40000;
local numbers = [i * 7919 % 100003 for i in std.range(1, n)];
{
  numbers: std.sort(numbers)[n / 2],
  strings: std.length(std.sort(['k%d' % i for i in numbers[:10000]])),
  byKey: std.sort([{ key: i, index: i % 10 } for i in numbers], function(x) x.key)[7].index,
  distinct: std.length(std.uniq(std.sort([i % 1000 for i in numbers]))),
}
