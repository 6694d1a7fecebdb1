local couplet = import 'couplet/main.libsonnet';

{
  'main gathers the library': {
    got: { [name]: std.type(couplet[name]) for name in std.objectFields(couplet) },
    want: { [name]: 'object' for name in ['app', 'batch', 'monitoring', 'pod', 'tenant', 'web'] },
  },
}
