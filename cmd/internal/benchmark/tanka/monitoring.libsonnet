// Dashboards and rules for what the other parts run.
local dashboard = import 'grafana/dashboard.libsonnet';
local k = import 'k.libsonnet';
local rules = import 'prometheus/rules.libsonnet';

{
  local config = $._config,
  local values(job) = { job: job, namespace: config.namespace, window: config.window, stage: config.stage },

  monitoring: $.labelled('monitoring', {
    local this = self,
    local workloads = ['web'] + ['worker-' + queue for queue in std.objectFields(config.worker.queues)] + ['database'],

    dashboards:: {
      requests: dashboard.new('Requests / ' + config.name, 'requests-' + config.name, [config.stage, 'red'])
                + dashboard.withVariable('cluster', 'up', 'cluster')
                + dashboard.withVariable('pod', 'kube_pod_info{namespace="%s"}' % config.namespace, 'pod')
                + std.foldl(
                  function(sum, path) sum + dashboard.red('web ' + path, values('web') { path: path }),
                  config.web.paths,
                  {}
                ),
      resources: dashboard.new('Resources / ' + config.name, 'resources-' + config.name, [config.stage, 'use'])
                 + dashboard.withVariable('cluster', 'up', 'cluster')
                 + std.foldl(function(sum, workload) sum + dashboard.resources(workload, values(workload)), workloads, {}),
    },

    dashboard: k.configMap.new('dashboards', {
                 [name + '.json']: std.manifestJsonEx(this.dashboards[name], '  ')
                 for name in ['requests', 'resources']
               })
               + k.metadata.withLabels({ 'example.com/dashboard': 'true' }),

    rules: k.configMap.new('rules', {
      'web.yaml': { groups: rules.burn('web', config.objective, values('web')) },
      'workloads.yaml': {
        groups: [
          rules.group(workload, [
            rules.alert(
              'PodsMissing',
              'kube_pod_status_ready{namespace="%(namespace)s", pod=~"%(job)s-.*", condition="true"} == 0',
              values(workload),
              'Pods of %(job)s in %(namespace)s are not ready',
              if config.production then 'critical' else 'warning',
              900
            ),
            rules.alert(
              'Throttled',
              |||
                sum(rate(container_cpu_cfs_throttled_periods_total{namespace="%(namespace)s", pod=~"%(job)s-.*"}[%(window)s]))
                / sum(rate(container_cpu_cfs_periods_total{namespace="%(namespace)s", pod=~"%(job)s-.*"}[%(window)s])) > 0.25
              |||,
              values(workload),
              '%(job)s in %(namespace)s is throttled',
              wait=1800
            ),
          ])
          for workload in workloads
        ],
      },
    }),
  }),
}
