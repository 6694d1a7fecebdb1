// The web servers: what users meet.
local k = import 'k.libsonnet';

{
  local config = $._config,
  local web = config.web,
  local labels = { app: 'web' },

  web: $.labelled('web', {
    local this = self,
    local settings = std.mergePatch(web.settings, { server: { domain: config.domain }, features: { legacy: null } }),

    account: k.serviceAccount.new('web'),
    config: k.configMap.new('web', {
      'settings.yaml': settings,
      'features.json': std.manifestJsonEx(settings.features, '  '),
      'server.ini': std.manifestIni({ sections: { server: {
        address: settings.server.address,
        domain: settings.server.domain,
        timeout: k.names.duration(settings.server.timeout),
      } } }),
    }),
    secret: k.secret.new('web', {
      'session-key': std.md5('session %(name)s %(cluster)s' % config),
      'csrf-key': std.md5('csrf %(name)s %(cluster)s' % config),
    }),

    container:: k.container.new('web', config.images.web, 'http')
                + k.container.withPorts(web.ports)
                + k.container.withResources(web.cpu, web.memory)
                + k.container.withMounts({ 'config-web': '/etc/web', scratch: '/tmp' })
                + k.container.withEnv({ LOG_LEVEL: config.logLevel, REGION: config.region, DATABASE_HOST: 'database.%s.svc' % config.namespace })
                + k.container.withEnvFromSecret('web', ['session-key', 'csrf-key'])
                + k.container.withArgs({ config: '/etc/web/settings.yaml', pprof: !config.production, 'max-procs': std.ceil(web.cpu / 1000) }),

    deployment: k.deployment.new('web', web.replicas, [this.container], labels)
                + k.deployment.withServiceAccount('web')
                + k.deployment.withConfigVolume('config-web', 'web')
                + k.deployment.withEmptyDir('scratch', '64Mi')
                + k.deployment.withConfigHash(this.config)
                + k.deployment.withAntiAffinity(labels)
                + k.deployment.withSpread(labels, ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'])
                + k.deployment.withPodAnnotations({ 'prometheus.io/scrape': 'true', 'prometheus.io/port': '%d' % web.ports.metrics }),

    service: k.service.of(this.deployment),
    ingress: k.ingress.new('web', 'nginx', {
      [host]: { [path]: { service: 'web', port: 'http' } for path in web.paths }
      for host in [config.domain, 'www.' + config.domain]
    }, tls='web-tls'),
    autoscaler: k.horizontalPodAutoscaler.new(this.deployment, web.replicas, web.most, { cpu: 70, memory: 80 }),
    budget: k.podDisruptionBudget.of(this.deployment),
    policy: k.networkPolicy.new('web', labels, { http: [{ app: 'ingress' }], metrics: [{ app: 'prometheus' }] }),
  }),
}
