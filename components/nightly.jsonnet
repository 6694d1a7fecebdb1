// What the shop does at night: sales reports, and the search index, shard by shard.
local batch = import 'couplet/batch.libsonnet';
local pod = import 'couplet/pod.libsonnet';

{
  local params = self.params,

  params:: {
    image: 'registry.example.com/shop-batch:4.2.0',
    timeZone: 'Europe/Berlin',
    shards: 4,
    concurrent: 2,
  },

  // One task per shard; each finds its own by JOB_COMPLETION_INDEX.
  index: batch.cron(
    batch.array(
      'index',
      pod.container(
        params.image,
        args=['index', '--shard=$(JOB_COMPLETION_INDEX)', '--of=$(JOB_COMPLETIONS)'],
        mounts={ '/scratch': { emptyDir: { sizeLimit: '2Gi' } } },
        cpu='500m',
        memory='512Mi',
        disk='2Gi',
      ),
      tasks=params.shards,
      concurrent=params.concurrent,
      retries=2,
      deadline=3600,
    ) + { spec+: { template+: { spec+: { priorityClassName: 'nightly' } } } },
    '0 2 * * *',
    timeZone=params.timeZone,
  ),

  report: batch.cron(
    batch.job('report', pod.container(params.image, args=['report', '--day=yesterday']), deadline=1800),
    '30 5 * * 1-5',
    timeZone=params.timeZone,
  ),
}
