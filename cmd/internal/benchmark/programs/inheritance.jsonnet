// Objects on top of objects: super, self, +: and $.
local chain = std.foldl(
  function(o, i) o { ['a%d' % i]: i, ['sum%d' % i]: self['a%d' % i] + (if i > 1 then super['a%d' % (i - 1)] else 0) },
  std.range(1, 1200),
  {},
);
local layer(i) = { metadata+: { labels+: { ['l%d' % i]: 'v' } }, spec+: { size: 1 + super.size, template+: { spec+: { containers+: [i] } } } };
local stack = std.foldl(function(o, i) o + layer(i), std.range(1, 200), { spec: { size: 0, template: { spec: { containers: [] } } } });
[
  std.foldl(function(sum, f) sum + chain[f], std.objectFields(chain), 0),
  stack.spec.size,
  std.length(stack.metadata.labels),
  std.sum(stack.spec.template.spec.containers),
]
