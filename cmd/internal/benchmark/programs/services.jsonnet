// A thousand services and deployments, as apps write them.
local labels(name) = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'shop' };
local service(name, port) = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: name, labels: labels(name) },
  spec: { ports: [{ name: 'http', port: port, targetPort: 'http' }], selector: labels(name) },
};
local deployment(name, image, replicas=1) = {
  local this = self,
  containers:: { [name]: { image: image, env+: { LEVEL: 'info' } } },
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: name, labels: labels(name) },
  spec: {
    replicas: replicas,
    selector: { matchLabels: labels(name) },
    template: {
      metadata: { labels: labels(name) },
      spec: { containers: [{ name: c, image: this.containers[c].image, env: [{ name: e, value: this.containers[c].env[e] } for e in std.objectFields(this.containers[c].env)] } for c in std.objectFields(this.containers)] },
    },
  },
};
{
  ['web-%d' % i]: {
    service: service('web-%d' % i, 8000 + i % 10) + { spec+: { type: if i % 2 == 0 then 'ClusterIP' else 'NodePort' } },
    deployment: deployment('web-%d' % i, 'registry.example.com/web:%d' % i, replicas=i % 3 + 1) + { containers+:: { ['web-%d' % i]+: { env+: { NUMBER: std.toString(i) } } } },
  }
  for i in std.range(1, 1000)
}
