// The same objects as YAML, JSON, TOML, INI, Python and XML.
local objects = [
  { name: 'n%d' % i, labels: { app: 'x', tier: 'y' }, ports: [80, 443.5], script: 'a\nb"c\n', quoted: 'yes' }
  for i in std.range(1, 1500)
];
std.map(std.length, [
  std.manifestYamlDoc(objects),
  std.manifestYamlStream(objects, quote_keys=false),
  std.manifestJsonEx(objects, '  '),
  std.manifestJsonMinified(objects),
  std.manifestTomlEx({ objects: objects }, '  '),
  std.manifestIni({ sections: { [o.name]: { app: o.labels.app, ports: ['80', '443'] } for o in objects } }),
  std.manifestPython(objects),
  std.manifestXmlJsonml(['list'] + [['item', { name: o.name }, o.quoted] for o in objects]),
])
