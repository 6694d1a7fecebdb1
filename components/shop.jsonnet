// The web shop.
local pod = import 'couplet/pod.libsonnet';
local web = import 'couplet/web.libsonnet';

{
  local component = self,
  local params = self.params,

  params:: {
    image: 'registry.example.com/shop:4.2.0',
    domain: 'example.com',
    host: 'shop.' + self.domain,
    replicas: 1,
    maxReplicas: null,  // a number: an autoscaler goes from replicas up to it
    memory: '256Mi',
    certificate: null,  // name of the Secret for TLS at the Ingress
    gateway: null,  // name of a Gateway, which then routes in the Ingress's place
    settings: { CURRENCY: 'EUR', PAGE_SIZE: 24, URL: 'http://' + params.host },
  },

  config: pod.config('shop', params.settings),

  deployment: web.deployment(
    'shop',
    pod.container(
      params.image,
      ports={ http: 8080, metrics: 9090 },
      // Secrets are made in the cluster, never kept with the source.
      env={ DATABASE_PASSWORD: { secretKeyRef: { name: 'shop-database', key: 'password' } } },
      envFrom=[component.config],
      mounts={ '/tmp': { emptyDir: { sizeLimit: '64Mi' } } },
      memory=params.memory,
      readiness='/ready',
      liveness='/alive',
    ),
    replicas=if params.maxReplicas == null then params.replicas,
    spread=['topology.kubernetes.io/zone'],
  ) + { spec+: { template+: { spec+: { priorityClassName: 'serving' } } } },

  service: web.service(self.deployment),

  route:
    if params.gateway == null
    then web.ingress(self.service, params.host, tls=params.certificate)
    else web.httpRoute(self.service, params.host, params.gateway),

  autoscaler:
    if params.maxReplicas != null
    then web.autoscaler(self.deployment, params.maxReplicas, min=params.replicas),

  disruptionBudget: web.disruptionBudget(self.deployment),

  networkPolicy: web.networkPolicy(self.deployment, from=['ingress', 'monitoring']),
}
