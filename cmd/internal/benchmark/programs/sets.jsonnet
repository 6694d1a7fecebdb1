// Sets of strings, and of objects by a key.
local some(step, of) = ['n%d' % (i * step % of) for i in std.range(1, 12000)];
local a = std.set(some(31, 5003)), b = std.set(some(17, 7001));
local key(x) = x.key;
{
  union: std.length(std.setUnion(a, b)),
  both: std.length(std.setInter(a, b)),
  first: std.length(std.setDiff(a, b)),
  member: [std.setMember('n%d' % i, a) for i in std.range(1, 2000)][77],
  objects: std.length(std.setUnion(std.set([{ key: i * 31 % 5003 } for i in std.range(1, 12000)], key), [{ key: i } for i in std.range(1, 5000)], key)),
}
