// Patches, pruned values and objects that lose names.
local base = { ['k%d' % i]: { x: i, y: { z: i, none: null } } for i in std.range(1, 2000) };
local patch(i) = { ['k%d' % i]: { y: { z: 0 } }, ['k%d' % (i + 1)]: null };
[
  std.length(std.foldl(function(o, i) std.mergePatch(o, patch(i)), std.range(1, 20), base)),
  std.length(std.prune([{ a: null, b: { c: null }, d: [null, {}], e: i } for i in std.range(1, 8000)])),
  std.length(std.foldl(function(o, i) std.objectRemoveKey(o, 'k%d' % i), std.range(1, 200), base)),
  std.length(base + { ['k%d' % i]: -i for i in std.range(1000, 3000) }),
]
