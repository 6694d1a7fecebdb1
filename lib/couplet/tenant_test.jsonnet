local tenant = import 'couplet/tenant.libsonnet';

local bakery = tenant.new(
  'bakery',
  members={ admin: [tenant.user('ada')], developer: ['bakers', tenant.serviceAccount('ci', 'builds')] },
  quota={ cpu: '8' },
);

// verbs is what a persona may do with a resource.
local verbs(name, group, resource) = std.set(std.flattenArrays([
  rule.verbs
  for rule in bakery.roles[name].rules
  if std.member(rule.apiGroups, group) && std.member(rule.resources, resource)
]));
local read = ['get', 'list', 'watch'];
local all = std.set(read + ['create', 'delete', 'deletecollection', 'patch', 'update']);
local personas = ['viewer', 'developer', 'admin'];

{
  'a tenant is': {
    got: { [field]: std.objectFields(bakery[field]) for field in ['roles', 'bindings'] } + { all: std.objectFields(bakery) },
    want: {
      all: ['allowDNS', 'bindings', 'denyAll', 'limits', 'namespace', 'quota', 'roles'],
      roles: ['admin', 'developer', 'viewer'],
      bindings: ['admin', 'developer'],
    },
  },
  'all of it is in its namespace': {
    local objects(value) =
      if std.objectHas(value, 'kind') then [value]
      else std.flatMap(objects, std.objectValues(value)),
    got: std.set([std.get(object.metadata, 'namespace', object.kind) for object in objects(bakery)]),
    want: ['Namespace', 'bakery'],
  },
  namespace: {
    got: tenant.namespace('bakery', 'baseline', { team: 'a' }),
    want: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'bakery',
        labels: {
          'pod-security.kubernetes.io/audit': 'baseline',
          'pod-security.kubernetes.io/enforce': 'baseline',
          'pod-security.kubernetes.io/warn': 'baseline',
          team: 'a',
        },
      },
    },
  },
  Deployments: {
    got: [verbs(name, 'apps', 'deployments') for name in personas],
    want: [read, all, all],
  },
  Secrets: {
    got: [verbs(name, '', 'secrets') for name in personas],
    want: [[], all, all],
  },
  RoleBindings: {
    got: [verbs(name, 'rbac.authorization.k8s.io', 'rolebindings') for name in personas],
    want: [[], [], all],
  },
  'nobody writes the quota': {
    got: [verbs(name, '', 'resourcequotas') for name in personas],
    want: [read, read, read],
  },
  binding: {
    got: bakery.bindings.developer,
    want: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'developer', namespace: 'bakery' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'developer' },
      subjects: [
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'bakers' },
        { kind: 'ServiceAccount', name: 'ci', namespace: 'builds' },
      ],
    },
  },
  quota: {
    got: bakery.quota.spec.hard,
    want: {
      'requests.cpu': '8',
      'requests.memory': '16Gi',
      'limits.memory': '16Gi',
      'requests.ephemeral-storage': '50Gi',
      'limits.ephemeral-storage': '50Gi',
      pods: '50',
    },
  },
  limits: {
    got: tenant.limits('bakery', { memory: '64Mi' }).spec.limits,
    want: [{
      type: 'Container',
      defaultRequest: { cpu: '100m', memory: '64Mi', 'ephemeral-storage': '1Gi' },
      default: { memory: '64Mi', 'ephemeral-storage': '1Gi' },
    }],
  },
  denyAll: {
    got: bakery.denyAll.spec,
    want: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  },
  allowDNS: {
    got: [bakery.allowDNS.spec.policyTypes, bakery.allowDNS.spec.egress[0].ports],
    want: [['Egress'], [{ port: 53, protocol: 'TCP' }, { port: 53, protocol: 'UDP' }]],
  },
}
