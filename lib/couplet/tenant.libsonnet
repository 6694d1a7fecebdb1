// Tenants: a namespace of one's own, who may do what there, and how much.

local levels = ['privileged', 'baseline', 'restricted'];

local read = ['get', 'list', 'watch'];
local write = ['create', 'delete', 'deletecollection', 'patch', 'update'];

local rule(group, resources, verbs) = { apiGroups: [group], resources: resources, verbs: verbs };

// What each persona may do beyond the one before it. Quotas, limits and the
// namespace itself stay with who runs the cluster.
local viewer = [
  rule('', ['configmaps', 'events', 'limitranges', 'persistentvolumeclaims', 'pods', 'pods/log', 'resourcequotas', 'serviceaccounts', 'services'], read),
  rule('apps', ['daemonsets', 'deployments', 'replicasets', 'statefulsets'], read),
  rule('autoscaling', ['horizontalpodautoscalers'], read),
  rule('batch', ['cronjobs', 'jobs'], read),
  rule('discovery.k8s.io', ['endpointslices'], read),
  rule('events.k8s.io', ['events'], read),
  rule('gateway.networking.k8s.io', ['httproutes'], read),
  rule('networking.k8s.io', ['ingresses', 'networkpolicies'], read),
  rule('policy', ['poddisruptionbudgets'], read),
];
local developer = viewer + [
  rule('', ['configmaps', 'persistentvolumeclaims', 'pods', 'services'], write),
  rule('', ['secrets'], read + write),
  rule('', ['pods/attach', 'pods/exec', 'pods/portforward'], ['create', 'get']),
  rule('', ['pods/eviction'], ['create']),
  rule('apps', ['daemonsets', 'deployments', 'replicasets', 'statefulsets'], write),
  rule('apps', ['deployments/scale', 'statefulsets/scale'], ['get', 'patch', 'update']),
  rule('autoscaling', ['horizontalpodautoscalers'], write),
  rule('batch', ['cronjobs', 'jobs'], write),
  rule('gateway.networking.k8s.io', ['httproutes'], write),
  rule('networking.k8s.io', ['ingresses'], write),
  rule('policy', ['poddisruptionbudgets'], write),
];
local admin = developer + [
  rule('', ['serviceaccounts'], write),
  rule('networking.k8s.io', ['networkpolicies'], write),
  rule('rbac.authorization.k8s.io', ['rolebindings', 'roles'], read + write),
];
local personas = { admin: admin, developer: developer, viewer: viewer };

// persona is `name`, provided that there is such a persona.
local persona(name) =
  if std.objectHas(personas, name) then name
  else error 'there is no persona %s; there are %s' % [name, std.join(', ', std.objectFields(personas))];

local rbac = 'rbac.authorization.k8s.io';

// amountsOver is `defaults` with the amounts that are given.
local amountsOver(defaults, amounts, argument) =
  local unknown = std.setDiff(std.objectFields(amounts), std.objectFields(defaults));
  if unknown == [] then defaults + amounts
  else
    error '%s: there is no amount %s; there are %s'
          % [argument, std.join(', ', unknown), std.join(', ', std.objectFields(defaults))];

local policy(namespace, name, spec) = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: name, namespace: namespace },
  spec: { podSelector: {} } + spec,
};

{
  // group, user and serviceAccount are subjects that a persona can be bound to.
  group(name):: { apiGroup: rbac, kind: 'Group', name: name },
  user(name):: { apiGroup: rbac, kind: 'User', name: name },
  serviceAccount(name, namespace):: { kind: 'ServiceAccount', name: name, namespace: namespace },

  // namespace holds its pods to a level of the Pod Security Standards.
  //   level   privileged, baseline or restricted
  //   labels  more labels
  namespace(name, level='restricted', labels={})::
    assert std.member(levels, level) :
           'namespace %s: there is no level %s; there are %s' % [name, level, std.join(', ', levels)];
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: name,
        labels: { ['pod-security.kubernetes.io/' + mode]: level for mode in ['audit', 'enforce', 'warn'] } + labels,
      },
    },

  // role is what a persona may do: a viewer reads all but Secrets, a developer also
  // writes workloads and enters pods, an admin also hands out rights.
  role(namespace, name):: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: persona(name), namespace: namespace },
    rules: personas[name],
  },

  // binding gives a persona's role to subjects; a string names a group.
  binding(namespace, name, subjects):: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: persona(name), namespace: namespace },
    roleRef: { apiGroup: rbac, kind: 'Role', name: name },
    subjects: [if std.isString(subject) then $.group(subject) else subject for subject in subjects],
  },

  // quota bounds what all pods of a namespace take together. CPU is bounded by
  // request alone, so that what others leave idle can be used.
  //   amounts  cpu, memory, disk (local ephemeral storage) and pods: any of these
  quota(namespace, amounts={})::
    local total = amountsOver({ cpu: '4', memory: '16Gi', disk: '50Gi', pods: 50 }, amounts, 'quota of ' + namespace);
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'tenant', namespace: namespace },
      spec: {
        hard: {
          'requests.cpu': total.cpu,
          'requests.memory': total.memory,
          'limits.memory': total.memory,
          'requests.ephemeral-storage': total.disk,
          'limits.ephemeral-storage': total.disk,
          pods: std.toString(total.pods),
        },
      },
    },

  // limits is what a container gets that asks for nothing. A quota needs it: it turns
  // away pods that ask for nothing.
  //   amounts  cpu (requested), memory and disk (requested, and the limit): any of these
  limits(namespace, amounts={})::
    local each = amountsOver({ cpu: '100m', memory: '128Mi', disk: '1Gi' }, amounts, 'limits of ' + namespace);
    local bounds = { memory: each.memory, 'ephemeral-storage': each.disk };
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'tenant', namespace: namespace },
      spec: { limits: [{ type: 'Container', defaultRequest: { cpu: each.cpu } + bounds, default: bounds }] },
    },

  // denyAll lets no traffic in or out of a namespace's pods, save what other
  // policies allow.
  denyAll(namespace):: policy(namespace, 'deny-all', { policyTypes: ['Ingress', 'Egress'] }),

  // allowDNS lets a namespace's pods ask the cluster's name servers.
  allowDNS(namespace):: policy(namespace, 'allow-dns', {
    policyTypes: ['Egress'],
    egress: [{
      to: [{
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
        podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      }],
      ports: [{ port: 53, protocol: protocol } for protocol in ['TCP', 'UDP']],
    }],
  }),

  // new is all of this for one tenant.
  //   name     of the namespace
  //   members  subjects by persona: { admin: [...], developer: [...], viewer: [...] }
  //   level    of the Pod Security Standards
  //   quota    amounts, as quota takes them
  //   limits   amounts, as limits takes them
  new(name, members={}, level='restricted', quota={}, limits={}):: {
    namespace: $.namespace(name, level),
    roles: { [persona]: $.role(name, persona) for persona in std.objectFields(personas) },
    bindings: {
      [persona]: $.binding(name, persona, members[persona])
      for persona in std.objectFields(members)
    },
    quota: $.quota(name, quota),
    limits: $.limits(name, limits),
    denyAll: $.denyAll(name),
    allowDNS: $.allowDNS(name),
  },
}
