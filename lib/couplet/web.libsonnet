// Web applications: a Deployment, and the objects around it.
//
// What belongs to a Deployment is made from the Deployment, and what routes to a
// Service from the Service: names, labels and ports are read there, never repeated.

local meta = import 'meta.libsonnet';
local pod = import 'pod.libsonnet';

// portNamed is the port of that name of a Service.
local portNamed(service, name) =
  local ports = service.spec.ports;
  local found = [port for port in ports if port.name == name];
  if found != [] then found[0]
  else
    error 'Service %s has no port %s; it has %s'
          % [service.metadata.name, name, std.join(', ', [port.name for port in ports])];

local containerPorts(deployment) = [
  port
  for container in deployment.spec.template.spec.containers
  for port in std.get(container, 'ports', [])
];

// peer is a source of traffic; a string names a namespace.
local peer(from) =
  if std.isString(from) then
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': from } } }
  else from;

{
  // deployment runs replicas of a pod, and replaces them without loss of capacity.
  // A change of a ConfigMap that its containers read is a change of the Deployment.
  //   name            of the object, and of what is made from it
  //   containers      one pod.container, or several
  //   replicas        null: an autoscaler sets it
  //   init            containers that run before, one after the other
  //   serviceAccount  name; null: the pods get no token for the API server
  //   spread          topology keys over which pods spread where possible
  //   labels          more labels, for the object and its pods
  deployment(name, containers, replicas=1, init=[], serviceAccount=null, spread=[], labels={})::
    local all = { 'app.kubernetes.io/component': 'web' } + labels;
    local template = pod.template(containers, meta.metadata(name, all).labels, init, serviceAccount);
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: meta.metadata(name, all),
      spec: {
        [if replicas != null then 'replicas']: replicas,
        selector: { matchLabels: meta.selector(name) },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
        template: template {
          metadata+: {
            [if template.configs != [] then 'annotations']: {
              'checksum/config': std.md5(std.toString(template.configs)),
            },
          },
          spec+: {
            [if spread != [] then 'topologySpreadConstraints']: [
              {
                maxSkew: 1,
                topologyKey: key,
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: { matchLabels: meta.selector(name) },
                matchLabelKeys: ['pod-template-hash'],
              }
              for key in spread
            ],
          },
        },
      },
    },

  // service offers all named ports of a Deployment under their own numbers.
  service(deployment)::
    local name = deployment.metadata.name;
    local ports = containerPorts(deployment);
    assert ports != [] : 'Service %s: no container has ports; give one ports={ http: 8080 }' % name;
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta.metadataOf(deployment),
      spec: {
        selector: deployment.spec.selector.matchLabels,
        ports: [
          { name: port.name, port: port.containerPort, targetPort: port.name }
          for port in ports
        ],
      },
    },

  // ingress routes hosts to a Service.
  //   hosts  one host, or several
  //   tls    name of the Secret with their certificate; null: plain HTTP
  //   class  of the controller; null: the cluster's default
  //   path   prefix
  //   port   name of the Service's port
  ingress(service, hosts, tls=null, class=null, path='/', port='http'):: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta.metadataOf(service),
    spec: {
      [if class != null then 'ingressClassName']: class,
      rules: [
        {
          host: host,
          http: {
            paths: [{
              path: path,
              pathType: 'Prefix',
              backend: {
                service: { name: service.metadata.name, port: { name: portNamed(service, port).name } },
              },
            }],
          },
        }
        for host in meta.list(hosts)
      ],
      [if tls != null then 'tls']: [{ hosts: meta.list(hosts), secretName: tls }],
    },
  },

  // httpRoute routes hosts to a Service by way of a Gateway, which is where TLS ends.
  //   hosts    one host, or several
  //   gateway  name of the Gateway, or a reference as in parentRefs
  //   path     prefix
  //   port     name of the Service's port
  httpRoute(service, hosts, gateway, path='/', port='http'):: {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: meta.metadataOf(service),
    spec: {
      parentRefs: [if std.isString(gateway) then { name: gateway } else gateway],
      hostnames: meta.list(hosts),
      rules: [{
        matches: [{ path: { type: 'PathPrefix', value: path } }],
        backendRefs: [{ name: service.metadata.name, port: portNamed(service, port).port }],
      }],
    },
  },

  // autoscaler sets the replicas of a Deployment that has replicas=null.
  //   max  replicas at most
  //   min  replicas at least
  //   cpu  use to aim at, in percent of what the pods request
  autoscaler(deployment, max, min=2, cpu=80)::
    local name = deployment.metadata.name;
    assert !std.objectHas(deployment.spec, 'replicas') :
           'autoscaler of %s: its Deployment sets replicas too; give it replicas=null' % name;
    assert min <= max : 'autoscaler of %s: min %s is above max %s' % [name, min, max];
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: meta.metadataOf(deployment),
      spec: {
        scaleTargetRef: { apiVersion: deployment.apiVersion, kind: deployment.kind, name: name },
        minReplicas: min,
        maxReplicas: max,
        metrics: [{
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpu } },
        }],
      },
    },

  // disruptionBudget bounds how many pods of a Deployment may be evicted at a time.
  //   maxUnavailable  number, or a string such as '25%'
  disruptionBudget(deployment, maxUnavailable=1):: {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: meta.metadataOf(deployment),
    spec: {
      maxUnavailable: maxUnavailable,
      selector: deployment.spec.selector,
      // Broken pods must not keep a node from being drained.
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  },

  // networkPolicy opens the ports of a Deployment's pods to some, and nothing else.
  //   from    names of namespaces, or peers; null: everyone; []: nobody
  //   egress  rules; null: the pods may reach everything
  networkPolicy(deployment, from=null, egress=null)::
    // A rule without `from` admits everyone: to admit nobody takes no rule at all.
    local rule = {
      ports: [{ port: port.name } for port in containerPorts(deployment)],
      [if from != null then 'from']: std.map(peer, from),
    };
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: meta.metadataOf(deployment),
      spec: {
        podSelector: deployment.spec.selector,
        policyTypes: ['Ingress'] + if egress != null then ['Egress'] else [],
        ingress: if from == [] then [] else [rule],
        [if egress != null then 'egress']: egress,
      },
    },
}
