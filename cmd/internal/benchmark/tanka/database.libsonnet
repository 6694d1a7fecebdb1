// The database, with its exporter beside it.
local k = import 'k.libsonnet';

{
  local config = $._config,
  local database = config.database,
  local labels = { app: 'database' },

  database: $.labelled('database', {
    local this = self,

    config: k.configMap.new('database', {
      'database.conf': std.lines([
        '%-32s = %s' % [key, std.escapeStringJson(std.toString(database.settings[key]))]
        for key in std.objectFields(database.settings)
      ]),
      'members.txt': std.lines([
        'database-%d.database.%s.svc:5432' % [i, config.namespace]
        for i in std.range(0, database.replicas - 1)
      ]),
    }),
    secret: k.secret.new('database', { password: std.md5('password %(name)s %(cluster)s' % config) }),

    statefulSet: k.statefulSet.new('database', database.replicas, [
                   k.container.new('database', config.images.database)
                   + k.container.withPorts({ sql: 5432 })
                   + k.container.withResources(database.cpu, database.memory, burst=1)
                   + k.container.withMounts({ 'config-database': '/etc/database', data: '/var/lib/database' })
                   + k.container.withEnvFromSecret('database', ['password'])
                   + k.container.withEnv({ DATA: '/var/lib/database/data' }),
                   k.container.new('exporter', config.images.exporter, 'metrics')
                   + k.container.withPorts({ metrics: 9187 })
                   + k.container.withResources(50, 64),
                 ], labels)
                 + k.statefulSet.withConfigVolume('config-database', 'database')
                 + k.statefulSet.withConfigHash(this.config)
                 + k.statefulSet.withClaim('data', database.storage, database.class)
                 + k.statefulSet.withAntiAffinity(labels)
                 + k.statefulSet.withContainers({ database: { terminationMessagePolicy: 'FallbackToLogsOnError' } }),

    service: k.service.of(this.statefulSet) + k.service.headless,
  }),
}
