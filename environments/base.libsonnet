// The app: its components, and the parameters that hold in every environment.
local app = import 'couplet/app.libsonnet';

app.new(
  {
    monitoring: import '../components/monitoring.jsonnet',
    nightly: import '../components/nightly.jsonnet',
    priorities: std.parseYaml(importstr '../components/priorities.yaml'),
    shop: import '../components/shop.jsonnet',
    tenants: import '../components/tenants.jsonnet',
  },
  import '../components/params.libsonnet',
)
