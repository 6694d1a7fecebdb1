// JSON and YAML, written and read again.
local objects = [
  { kind: 'ConfigMap', name: 'n%d' % i, labels: { app: 'x', tier: 'y' }, ports: [80, 443.5], data: { script: 'a\nb\n' } }
  for i in std.range(1, 3000)
];
[
  std.length(std.parseJson(std.manifestJsonEx(objects, '  '))),
  std.length(std.parseYaml(std.manifestYamlStream(objects, quote_keys=false))),
]
