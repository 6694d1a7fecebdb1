// Valid objects of sixteen kinds in turn, about 2 kB of YAML each, for the checkers. They
// refer to each other, each to the nearest of its kind.
local near(kind, index, i) = '%s-%d' % [kind, i - i % 16 + index];
local meta(kind, i) = {
  name: '%s-%d' % [kind, i],
  namespace: 'default',
  labels: {
    'app.kubernetes.io/name': '%s-%d' % [kind, i],
    'app.kubernetes.io/part-of': 'shop',
    'app.kubernetes.io/managed-by': 'couplet',
    team: 'payments',
  },
  annotations: {
    'example.com/owner': 'team-payments@example.com',
    'example.com/description': 'a component of the shop that does something useful, number %d of many that look alike' % i,
  },
};
local container(i) = {
  name: 'web',
  image: 'registry.example.com/shop/web:%d' % i,
  imagePullPolicy: 'IfNotPresent',
  args: ['--listen=:8080', '--log-level=info', '--shard=%d' % i],
  ports: [{ name: 'http', containerPort: 8080 }, { name: 'metrics', containerPort: 9090 }],
  env: [{ name: 'VAR_%d' % j, value: 'value %d of %d' % [j, i] } for j in std.range(0, 15)],
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
  livenessProbe: { httpGet: { path: '/healthz', port: 'http' }, initialDelaySeconds: 5 },
  readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
  volumeMounts: [{ name: 'config', mountPath: '/etc/config' }, { name: 'data', mountPath: '/data' }],
};
local template(kind, i, more={}) = {
  metadata: { labels: { app: '%s-%d' % [kind, i] } },
  spec: {
    serviceAccountName: near('serviceaccount', 12, i),
    containers: [container(i)],
    volumes: [{ name: 'config', configMap: { name: near('configmap', 2, i) } }, { name: 'data', emptyDir: {} }],
    securityContext: { runAsNonRoot: true, runAsUser: 1000 },
  } + more,
};
local selector(kind, i) = { matchLabels: { app: '%s-%d' % [kind, i] } };
local texts(i) = { ['key-%d' % j]: 'some text that is a little longer than a word %d\n' % (i + j) for j in std.range(0, 35) };
local object(apiVersion, kind, i, rest) = { apiVersion: apiVersion, kind: kind, metadata: meta(std.asciiLower(kind), i) } + rest;

local kinds = [
  function(i) object('apps/v1', 'Deployment', i, { spec: { replicas: 2, selector: selector('deployment', i), template: template('deployment', i) } }),
  function(i) object('v1', 'Service', i, { spec: { selector: { app: near('deployment', 0, i) }, ports: [{ name: 'p%d' % j, port: 8000 + j, targetPort: 'http' } for j in std.range(0, 15)] } }),
  function(i) object('v1', 'ConfigMap', i, { data: texts(i) }),
  function(i) object('v1', 'Secret', i, { type: 'Opaque', data: { ['key-%d' % j]: std.base64('some secret text that is longer %d' % (i + j)) for j in std.range(0, 35) } }),
  function(i) object('apps/v1', 'StatefulSet', i, { spec: {
    serviceName: near('service', 1, i),
    replicas: 3,
    selector: selector('statefulset', i),
    template: template('statefulset', i),
    volumeClaimTemplates: [{ metadata: { name: 'extra' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } } }],
  } }),
  function(i) object('apps/v1', 'DaemonSet', i, { spec: { selector: selector('daemonset', i), template: template('daemonset', i) } }),
  function(i) object('batch/v1', 'CronJob', i, { spec: { schedule: '*/5 * * * *', concurrencyPolicy: 'Forbid', jobTemplate: { spec: { template: template('cronjob', i, { restartPolicy: 'Never' }) } } } }),
  function(i) object('batch/v1', 'Job', i, { spec: { backoffLimit: 3, template: template('job', i, { restartPolicy: 'Never' }) } }),
  function(i) object('networking.k8s.io/v1', 'Ingress', i, { spec: {
    tls: [{ hosts: ['web-%d.example.com' % i], secretName: near('secret', 3, i) }],
    rules: [{ host: 'web-%d.example.com' % i, http: { paths: [{ path: '/p%d' % j, pathType: 'Prefix', backend: { service: { name: near('service', 1, i), port: { name: 'p%d' % j } } } } for j in std.range(0, 11)] } }],
  } }),
  function(i) object('networking.k8s.io/v1', 'NetworkPolicy', i, { spec: {
    podSelector: selector('deployment', i - i % 16),
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'x%d' % j } } } for j in std.range(0, 19)], ports: [{ port: 8080, protocol: 'TCP' }] }],
    egress: [{ to: [{ ipBlock: { cidr: '10.%d.0.0/16' % j } } for j in std.range(0, 9)] }],
  } }),
  function(i) object('policy/v1', 'PodDisruptionBudget', i, { spec: { minAvailable: 1, selector: selector('deployment', i - i % 16) } }),
  function(i) object('autoscaling/v2', 'HorizontalPodAutoscaler', i, { spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: near('deployment', 0, i) },
    minReplicas: 2,
    maxReplicas: 10,
    metrics: [{ type: 'Pods', pods: { metric: { name: 'm%d' % j }, target: { type: 'AverageValue', averageValue: '80' } } } for j in std.range(0, 7)],
  } }),
  function(i) object('v1', 'ServiceAccount', i, { automountServiceAccountToken: false, imagePullSecrets: [{ name: near('secret', 3, i) }] }),
  function(i) object('rbac.authorization.k8s.io/v1', 'Role', i, { rules: [{ apiGroups: ['', 'apps'], resources: ['pods', 'configmaps', 'deployments'], verbs: ['get', 'list', 'watch'], resourceNames: ['n%d' % j] } for j in std.range(0, 7)] }),
  function(i) object('rbac.authorization.k8s.io/v1', 'RoleBinding', i, {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: near('role', 13, i) },
    subjects: [{ kind: 'User', name: 'user-%d' % j, apiGroup: 'rbac.authorization.k8s.io' } for j in std.range(0, 9)] + [{ kind: 'ServiceAccount', name: near('serviceaccount', 12, i), namespace: 'default' }],
  }),
  function(i) object('v1', 'PersistentVolumeClaim', i, { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } } }),
];

function(count, namespace='default') [kinds[i % std.length(kinds)](i) + { metadata+: { namespace: namespace } } for i in std.range(0, count - 1)]
