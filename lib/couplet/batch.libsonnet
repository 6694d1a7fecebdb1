// Batch work: Jobs, arrays of tasks, and schedules.
//
// A pod that a drained node or a preemption takes away is run again and does not
// count as a retry.

local meta = import 'meta.libsonnet';
local pod = import 'pod.libsonnet';

local job(name, containers, deadline, init, serviceAccount, labels, spec) =
  local metadata = meta.metadata(name, { 'app.kubernetes.io/component': 'batch' } + labels);
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata,
    spec: spec {
      podFailurePolicy: {
        rules: [{
          action: 'Ignore',
          onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
        }],
      },
      template: pod.template(containers, metadata.labels, init, serviceAccount) {
        spec+: {
          restartPolicy: 'Never',
          [if deadline != null then 'activeDeadlineSeconds']: deadline,
        },
      },
    },
  };

// counted tells the pods of an Indexed Job how many they are; which one it is, each
// reads from JOB_COMPLETION_INDEX, which Kubernetes sets.
local counted(container, count) =
  container {
    env: [{ name: 'JOB_COMPLETIONS', value: std.toString(count) }] + std.get(container, 'env', []),
  };

local indexed(name, containers, count, concurrent, deadline, init, serviceAccount, labels, spec) =
  assert count >= 1 : 'Job %s: it needs one task at least, and has %s' % [name, count];
  assert concurrent == null || concurrent >= 1 :
         'Job %s: with concurrent=%s no task would ever start; leave it out to run all at once' % [name, concurrent];
  local all(containers) = [counted(container, count) for container in meta.list(containers)];
  job(name, all(containers), deadline, all(init), serviceAccount, labels, spec {
    completionMode: 'Indexed',
    completions: count,
    parallelism: if concurrent == null then count else std.min(concurrent, count),
  });

{
  // job runs a pod to its end.
  //   name            of the object
  //   containers      one pod.container, or several
  //   retries         pods that may fail before the Job does
  //   deadline        seconds that one pod may take; null: any
  //   init            containers that run before, one after the other
  //   serviceAccount  name; null: the pods get no token for the API server
  //   labels          more labels, for the object and its pods
  job(name, containers, retries=3, deadline=null, init=[], serviceAccount=null, labels={})::
    job(name, containers, deadline, init, serviceAccount, labels, { backoffLimit: retries }),

  // indexed runs pods that do one piece of work together, and so share its retries.
  // Each reads its index, from 0, in JOB_COMPLETION_INDEX, and their number in
  // JOB_COMPLETIONS.
  //   pods  how many; they all run at once
  // The other arguments are those of job.
  indexed(name, containers, pods, retries=3, deadline=null, init=[], serviceAccount=null, labels={})::
    indexed(name, containers, pods, null, deadline, init, serviceAccount, labels, { backoffLimit: retries }),

  // array runs tasks that have nothing to do with each other, as the array job of a
  // grid engine does: qsub -t 1-100 -tc 10 is tasks=100, concurrent=10. A task reads
  // its index, from 0, in JOB_COMPLETION_INDEX, and their number in JOB_COMPLETIONS.
  //   tasks       how many
  //   concurrent  how many of them at a time; null: all
  //   retries     for each task
  //   failures    tasks that may fail before the rest is given up; null: all tasks run
  // The other arguments are those of job.
  array(
    name,
    containers,
    tasks,
    concurrent=null,
    retries=3,
    failures=null,
    deadline=null,
    init=[],
    serviceAccount=null,
    labels={},
  )::
    indexed(name, containers, tasks, concurrent, deadline, init, serviceAccount, labels, {
      backoffLimitPerIndex: retries,
      [if failures != null then 'maxFailedIndexes']: failures,
    }),

  // cron runs a Job of any of these forms on a schedule.
  //   schedule  five fields: minute, hour, day of month, month, day of week
  //   timeZone  of the schedule
  //   overlap   whether a run may start while the one before still goes on
  cron(job, schedule, timeZone='Etc/UTC', overlap=false)::
    assert job.kind == 'Job' : 'cron: give it a Job, not a ' + job.kind;
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: meta.metadataOf(job),
      spec: {
        schedule: schedule,
        timeZone: timeZone,
        concurrencyPolicy: if overlap then 'Allow' else 'Forbid',
        jobTemplate: { metadata: { labels: job.metadata.labels }, spec: job.spec },
      },
    },
}
