local app = import 'couplet/app.libsonnet';

local web = {
  local params = self.params,
  params:: {
    name: 'web',
    host: self.name + '.example.com',
    limits: { cpu: '1', memory: '1Gi' },
  },
  object: { kind: 'Web', name: params.name, host: params.host, limits: params.limits },
};
local yaml = [{ kind: 'A' }, { kind: 'B' }];
local base = app.new({ web: web, yaml: yaml }, { web: { name: 'shop' } });

{
  'components are the fields of the app': {
    got: std.objectFields(base),
    want: ['web', 'yaml'],
  },
  'without parameters a component has its defaults': {
    got: app.new({ web: web }).web.object,
    want: { kind: 'Web', name: 'web', host: 'web.example.com', limits: { cpu: '1', memory: '1Gi' } },
  },
  'the app lies over the defaults, which are bound late': {
    got: base.web.object.host,
    want: 'shop.example.com',
  },
  'the last layer wins': {
    got: base.with({ web: { name: 'a' } }).with({ web: { name: 'b' } }).web.object.host,
    want: 'b.example.com',
  },
  'a layer can extend what is below': {
    got: base.with({ web: { limits+: { cpu: '2' } } }).with({ web: { limits+: { disk: '3Gi' } } }).web.object.limits,
    want: { cpu: '2', memory: '1Gi', disk: '3Gi' },
  },
  'a layer can read what lies above': {
    got: base.with({ web: { local web = self, limits: { host: web.host } } })
         .with({ web: { name: 'late' } }).web.object.limits,
    want: { host: 'late.example.com' },
  },
  'a layer may spell a component with +:': {
    got: base.with({ web+: { host: 'x' } }).web.object { limits:: null },
    want: { kind: 'Web', name: 'shop', host: 'x' },
  },
  'YAML passes unchanged': {
    got: base.with({ web: { name: 'a' } }).yaml,
    want: yaml,
  },
  'parameters stay out of the output': {
    got: std.objectFields(base.with({ web: { name: 'a' } }).web),
    want: ['object'],
  },
  'an app can be patched before and after parameters': {
    local patched = base { web+: { object+: { before: true } } },
    local prod = patched.with({ web: { name: 'a' } }) { web+: { object+: { after: true } } },
    got: prod.web.object { limits:: null },
    want: { kind: 'Web', name: 'a', host: 'a.example.com', before: true, after: true },
  },
  'a component can be added to an app, and then has parameters': {
    got: (base { more: web }).with({ more: { name: 'more' } }).more.object.host,
    want: 'more.example.com',
  },
}
