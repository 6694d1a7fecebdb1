local monitoring = import 'couplet/monitoring.libsonnet';
local pod = import 'couplet/pod.libsonnet';
local web = import 'couplet/web.libsonnet';

local groups = [
  monitoring.group('a', [monitoring.record('job:up:sum', 'sum by (job) (up)\n', labels={ env: 'x' })]),
  monitoring.group('b', [monitoring.alert('Down', 'job:up:sum == 0', 'Nothing is up.', labels={ team: 'a' })], interval='1m'),
];
local want = [
  {
    name: 'a',
    rules: [{ record: 'job:up:sum', expr: 'sum by (job) (up)\n', labels: { env: 'x' } }],
  },
  {
    name: 'b',
    interval: '1m',
    rules: [{
      alert: 'Down',
      expr: 'job:up:sum == 0',
      'for': '5m',
      labels: { severity: 'warning', team: 'a' },
      annotations: { summary: 'Nothing is up.' },
    }],
  },
];

{
  prometheusRule: {
    got: monitoring.prometheusRule('shop', groups, labels={ prometheus: 'main' }),
    want: {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'shop', labels: { 'app.kubernetes.io/name': 'shop', prometheus: 'main' } },
      spec: { groups: want },
    },
  },
  'a rule file holds the same groups': {
    local config = monitoring.ruleFile('shop', groups),
    got: [config.kind, std.parseYaml(config.data['rules.yaml'])],
    want: ['ConfigMap', { groups: want }],
  },
  serviceMonitor: {
    local service = web.service(web.deployment('shop', pod.container('image', ports={ metrics: 9090 }))),
    got: monitoring.serviceMonitor(service).spec,
    want: {
      selector: { matchLabels: { 'app.kubernetes.io/name': 'shop' } },
      endpoints: [{ port: 'metrics', path: '/metrics', interval: '30s' }],
    },
  },
}
