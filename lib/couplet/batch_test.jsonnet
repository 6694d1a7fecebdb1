local batch = import 'couplet/batch.libsonnet';
local pod = import 'couplet/pod.libsonnet';

local container = pod.container('image', env={ A: 'b' });
// What a Job's spec says besides its pods.
local terms(job) = job.spec { podFailurePolicy:: null, template:: null };

{
  job: {
    got: batch.job('report', container, retries=1, deadline=60),
    want: {
      local labels = { 'app.kubernetes.io/name': 'report', 'app.kubernetes.io/component': 'batch' },
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'report', labels: labels },
      spec: {
        backoffLimit: 1,
        podFailurePolicy: {
          rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
        },
        template: pod.template(container, labels) {
          spec+: { restartPolicy: 'Never', activeDeadlineSeconds: 60 },
        },
      },
    },
  },
  'an Indexed Job shares its retries': {
    got: terms(batch.indexed('train', container, 4)),
    want: { backoffLimit: 3, completionMode: 'Indexed', completions: 4, parallelism: 4 },
  },
  'an array retries each task': {
    got: terms(batch.array('shard', container, tasks=100, concurrent=10, retries=2, failures=5)),
    want: {
      backoffLimitPerIndex: 2,
      completionMode: 'Indexed',
      completions: 100,
      maxFailedIndexes: 5,
      parallelism: 10,
    },
  },
  'an array runs no more tasks than it has': {
    got: [
      batch.array('shard', container, tasks=3, concurrent=10).spec.parallelism,
      batch.array('shard', container, tasks=3).spec.parallelism,
    ],
    want: [3, 3],
  },
  'every container of an array knows how many there are': {
    local spec = batch.array('shard', [container, pod.container('image', name='b')], 7, init=container).spec.template.spec,
    local count = { name: 'JOB_COMPLETIONS', value: '7' },
    got: [c.env for c in spec.containers + spec.initContainers],
    want: [
      [count, { name: 'A', value: 'b' }],
      [count],
      [count, { name: 'A', value: 'b' }],
    ],
  },
  cron: {
    local job = batch.job('report', container, labels={ team: 'a' }),
    got: batch.cron(job { metadata+: { namespace: 'elsewhere' } }, '0 3 * * *', overlap=true),
    want: {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: job.metadata { namespace: 'elsewhere' },
      spec: {
        schedule: '0 3 * * *',
        timeZone: 'Etc/UTC',
        concurrencyPolicy: 'Allow',
        jobTemplate: { metadata: { labels: job.metadata.labels }, spec: job.spec },
      },
    },
  },
  'runs do not overlap unless told': {
    got: batch.cron(batch.job('report', container), '0 3 * * *').spec.concurrencyPolicy,
    want: 'Forbid',
  },
}
