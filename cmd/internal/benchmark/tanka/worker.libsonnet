// The workers: one Deployment for each queue, and what runs at night.
local k = import 'k.libsonnet';

{
  local config = $._config,
  local worker = config.worker,

  worker: $.labelled('worker', {
    local this = self,
    local name(queue) = k.names.join(['worker', queue]),

    account: k.serviceAccount.new('worker'),
    config: k.configMap.new('worker', {
      ['%s.yaml' % queue]: { queue: queue, prefetch: 10, log: { level: config.logLevel } } + std.get(worker.queues[queue], 'settings', {})
      for queue in std.objectFields(worker.queues)
    }),

    queues: {
      [queue]: {
        local settings = worker.queues[queue],
        local labels = { app: 'worker', queue: queue },

        deployment: k.deployment.new(name(queue), settings.replicas, [
                      k.container.new('worker', config.images.worker, 'metrics')
                      + k.container.withPorts({ metrics: 9090 })
                      + k.container.withResources(worker.cpu, settings.memory, burst=4)
                      + k.container.withMounts({ 'config-worker': '/etc/worker' })
                      + k.container.withEnv({ QUEUE: queue, LOG_LEVEL: config.logLevel, GOMEMLIMIT: '%dMiB' % (settings.memory * 4 * 0.9) })
                      + k.container.withArgs({ config: '/etc/worker/%s.yaml' % queue, concurrency: std.get(settings, 'concurrency', 4) }),
                    ], labels)
                    + k.deployment.withServiceAccount('worker')
                    + k.deployment.withConfigVolume('config-worker', 'worker')
                    + k.deployment.withConfigHash(this.config)
                    + k.deployment.withAntiAffinity(labels, 50),
      }
      for queue in std.objectFields(worker.queues)
    },

    cleanup: k.cronJob.new('cleanup', worker.cleanup, [
      k.container.new('cleanup', config.images.worker)
      + k.container.withResources(worker.cpu, 64)
      + k.container.withArgs({ 'delete-older-than': k.names.duration(86400 * (if config.production then 90 else 7)), once: true }),
    ], { app: 'cleanup' }),
  }),
}
