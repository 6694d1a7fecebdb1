// The platform that every environment is an instance of: `import` it, override _config,
// add what the environment has of its own.
local k = import 'k.libsonnet';

(import 'platform/config.libsonnet') +
(import 'platform/web.libsonnet') +
(import 'platform/worker.libsonnet') +
(import 'platform/database.libsonnet') +
(import 'platform/monitoring.libsonnet') +
{
  local config = $._config,

  // Everything of one application has its labels, whatever component made it.
  labelled(app, objects):: k.eachObject(objects, function(object) k.metadata.withLabels(config.labels {
    'app.kubernetes.io/name': app,
    'app.kubernetes.io/managed-by': 'jsonnet',
  })),
}
