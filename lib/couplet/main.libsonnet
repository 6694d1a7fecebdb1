// The standard component library, gathered: (import 'couplet/main.libsonnet').web
// is import 'couplet/web.libsonnet'.
{
  app: import 'app.libsonnet',
  batch: import 'batch.libsonnet',
  monitoring: import 'monitoring.libsonnet',
  pod: import 'pod.libsonnet',
  tenant: import 'tenant.libsonnet',
  web: import 'web.libsonnet',
}
