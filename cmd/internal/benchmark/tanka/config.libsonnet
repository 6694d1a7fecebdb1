// What environments override.
{
  _config+:: {
    local config = self,

    name: error 'an environment must have a name',
    namespace: config.name,
    cluster: 'local',
    region: 'none',
    stage: 'dev',
    domain: '%(name)s.%(region)s.example.com' % config,

    production:: config.stage == 'prod',
    logLevel: if config.production then 'warn' else 'debug',
    objective: if config.production then 0.999 else 0.99,
    window: '5m',

    labels: {
      'app.kubernetes.io/part-of': 'platform',
      'example.com/cluster': config.cluster,
      'example.com/stage': config.stage,
    },

    images: {
      registry:: 'registry.example.com/platform',
      tag:: '1.0.0',
      web: '%s/web:%s' % [self.registry, self.tag],
      worker: '%s/worker:%s' % [self.registry, self.tag],
      database: '%s/database:%s' % [self.registry, '16.4'],
      exporter: '%s/exporter:%s' % [self.registry, '0.15.0'],
    },

    web: {
      replicas: if config.production then 3 else 1,
      most: self.replicas * 4,
      cpu: 250,
      memory: 256,
      paths: ['/', '/api'],
      ports: { http: 8080, metrics: 9090 },
      settings: {
        server: { address: ':8080', timeout: 30, trustedProxies: ['10.0.0.0/8'] },
        log: { level: config.logLevel, format: 'json' },
        features: { search: false, checkout: true, recommendations: config.production },
      },
    },

    worker: {
      queues: { mail: { replicas: 1, memory: 128 } },
      cpu: 100,
      cleanup: '0 3 * * *',
    },

    database: {
      replicas: if config.production then 3 else 1,
      storage: '10Gi',
      class: 'standard',
      cpu: 500,
      memory: 1024,
      settings: {
        max_connections: 100,
        shared_buffers: '%dMB' % (config.database.memory / 4),
        effective_cache_size: '%dMB' % (config.database.memory * 3 / 4),
        log_min_duration_statement: if config.production then 1000 else 100,
      },
    },
  },
}
