local pod = import 'couplet/pod.libsonnet';
local web = import 'couplet/web.libsonnet';

local container = pod.container('image', ports={ http: 8080, metrics: 9090 });
local deployment = web.deployment('shop', container, replicas=2, labels={ team: 'a' });
local service = web.service(deployment);

local labels = {
  'app.kubernetes.io/name': 'shop',
  'app.kubernetes.io/component': 'web',
  team: 'a',
};
local selector = { matchLabels: { 'app.kubernetes.io/name': 'shop' } };
local metadata = { name: 'shop', labels: labels };

{
  deployment: {
    got: deployment { spec+: { template+: { spec:: null } } },
    want: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata,
      spec: {
        replicas: 2,
        selector: selector,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
        template: { metadata: { labels: labels } },
      },
    },
  },
  'an autoscaler leaves the Deployment without replicas': {
    got: std.objectHas(web.deployment('shop', container, replicas=null).spec, 'replicas'),
    want: false,
  },
  'a change of configuration changes the template': {
    local checksum(data) =
      local config = pod.config('shop', data);
      local template = web.deployment('shop', pod.container('image', envFrom=[config])).spec.template;
      template.metadata.annotations['checksum/config'],
    got: [checksum({ A: 1 }) == checksum({ A: 1 }), checksum({ A: 1 }) == checksum({ A: 2 })],
    want: [true, false],
  },
  spread: {
    local spec = web.deployment('shop', container, spread=['zone', 'node']).spec.template.spec,
    got: [[c.topologyKey, c.labelSelector] for c in spec.topologySpreadConstraints],
    want: [['zone', selector], ['node', selector]],
  },
  service: {
    got: service,
    want: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata,
      spec: {
        selector: selector.matchLabels,
        ports: [
          { name: 'http', port: 8080, targetPort: 'http' },
          { name: 'metrics', port: 9090, targetPort: 'metrics' },
        ],
      },
    },
  },
  'an object goes where the object goes that it is made from': {
    local service = web.service(deployment { metadata+: { namespace: 'elsewhere', annotations: { a: 'b' } } }),
    got: web.ingress(service, 'shop.example.com').metadata,
    want: metadata { namespace: 'elsewhere' },
  },
  ingress: {
    local paths(port) = [{
      path: '/',
      pathType: 'Prefix',
      backend: { service: { name: 'shop', port: { name: port } } },
    }],
    got: web.ingress(service, ['a.example.com', 'b.example.com'], tls='cert', class='nginx'),
    want: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: metadata,
      spec: {
        ingressClassName: 'nginx',
        rules: [
          { host: 'a.example.com', http: { paths: paths('http') } },
          { host: 'b.example.com', http: { paths: paths('http') } },
        ],
        tls: [{ hosts: ['a.example.com', 'b.example.com'], secretName: 'cert' }],
      },
    },
  },
  'an Ingress without TLS': {
    got: std.objectFields(web.ingress(service, 'a.example.com').spec),
    want: ['rules'],
  },
  httpRoute: {
    got: web.httpRoute(service, 'a.example.com', 'public', path='/shop', port='metrics').spec,
    want: {
      parentRefs: [{ name: 'public' }],
      hostnames: ['a.example.com'],
      rules: [{
        matches: [{ path: { type: 'PathPrefix', value: '/shop' } }],
        backendRefs: [{ name: 'shop', port: 9090 }],
      }],
    },
  },
  'a Gateway of another namespace': {
    local gateway = { name: 'public', namespace: 'gateways' },
    got: web.httpRoute(service, 'a.example.com', gateway).spec.parentRefs,
    want: [gateway],
  },
  autoscaler: {
    got: web.autoscaler(web.deployment('shop', container, replicas=null), 5).spec,
    want: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [{
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
      }],
    },
  },
  disruptionBudget: {
    got: web.disruptionBudget(deployment, '25%').spec,
    want: { maxUnavailable: '25%', selector: selector, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  },
  'a network policy opens the ports': {
    got: web.networkPolicy(deployment).spec,
    want: {
      podSelector: selector,
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: 'http' }, { port: 'metrics' }] }],
    },
  },
  'to some': {
    local pods = { podSelector: { matchLabels: { a: 'b' } } },
    got: web.networkPolicy(deployment, from=['monitoring', pods]).spec.ingress[0].from,
    want: [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
      pods,
    ],
  },
  'or to nobody': {
    got: web.networkPolicy(deployment, from=[], egress=[]).spec,
    want: { podSelector: selector, policyTypes: ['Ingress', 'Egress'], ingress: [], egress: [] },
  },
}
