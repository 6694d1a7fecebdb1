local pod = import 'couplet/pod.libsonnet';

local config = pod.config('web', { LEVEL: 3, DEBUG: true, 'app.ini': '[app]\n' });
local secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' } };
local claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' } };

local container = pod.container(
  'image',
  ports={ http: 8080, admin: 9000 },
  env={ B: 1, A: 'x', LEFT_OUT: null, C: { fieldRef: { fieldPath: 'spec.nodeName' } } },
  envFrom=[config, secret, { prefix: 'X_', configMapRef: { name: 'other' } }],
  mounts={ '/etc/Web.d': config, '/key': secret, '/data': claim, '/tmp': { emptyDir: {} } },
  disk='1Gi',
  liveness='/alive',
  user=1000,
);

{
  'config values become text': {
    got: config,
    want: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'web', labels: { 'app.kubernetes.io/name': 'web' } },
      data: { LEVEL: '3', DEBUG: 'true', 'app.ini': '[app]\n' },
    },
  },
  'a container says no more than it must': {
    got: pod.container('image'),
    want: {
      name: 'main',
      image: 'image',
      resources: {
        requests: { cpu: '100m', memory: '128Mi' },
        limits: { memory: '128Mi' },
      },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      },
    },
  },
  ports: {
    got: container.ports,
    want: [{ name: 'admin', containerPort: 9000 }, { name: 'http', containerPort: 8080 }],
  },
  env: {
    got: container.env,
    want: [
      { name: 'A', value: 'x' },
      { name: 'B', value: '1' },
      { name: 'C', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ],
  },
  envFrom: {
    got: container.envFrom,
    want: [
      { configMapRef: { name: 'web' } },
      { secretRef: { name: 'key' } },
      { prefix: 'X_', configMapRef: { name: 'other' } },
    ],
  },
  'mounts and volumes have the same names': {
    got: { mounts: container.volumeMounts, volumes: pod.template(container, {}).spec.volumes },
    want: {
      mounts: [
        { name: 'data', mountPath: '/data' },
        { name: 'etc-web-d', mountPath: '/etc/Web.d' },
        { name: 'key', mountPath: '/key' },
        { name: 'tmp', mountPath: '/tmp' },
      ],
      volumes: [
        { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
        { name: 'etc-web-d', configMap: { name: 'web' } },
        { name: 'key', secret: { secretName: 'key' } },
        { name: 'tmp', emptyDir: {} },
      ],
    },
  },
  disk: {
    got: container.resources,
    want: {
      requests: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '1Gi' },
      limits: { memory: '128Mi', 'ephemeral-storage': '1Gi' },
    },
  },
  'ready is what accepts on port http': {
    got: container.readinessProbe,
    want: { tcpSocket: { port: 'http' } },
  },
  'a path is an HTTP check': {
    got: container.livenessProbe,
    want: { httpGet: { path: '/alive', port: 'http' } },
  },
  'a probe is taken as it is': {
    got: pod.container('image', readiness={ exec: { command: ['true'] } }).readinessProbe,
    want: { exec: { command: ['true'] } },
  },
  user: {
    got: container.securityContext.runAsUser,
    want: 1000,
  },
  'a template says no more than it must': {
    got: pod.template(pod.container('image'), { a: 'b' }) { spec+: { containers:: null } },
    want: {
      metadata: { labels: { a: 'b' } },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      },
    },
  },
  'a service account gets its token': {
    local spec = pod.template(container, {}, serviceAccount='robot').spec,
    got: [spec.serviceAccountName, spec.automountServiceAccountToken],
    want: ['robot', true],
  },
  'containers share what they mount at the same path': {
    local scratch = pod.container('image', mounts={ '/tmp': { emptyDir: {} } }),
    local spec = pod.template([scratch, { name: 'by-hand', image: 'image' }], {}, init=scratch).spec,
    got: [spec.volumes, [c.name for c in spec.containers], [c.name for c in spec.initContainers]],
    want: [[{ name: 'tmp', emptyDir: {} }], ['main', 'by-hand'], ['main']],
  },
}
