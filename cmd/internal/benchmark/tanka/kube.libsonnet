// Constructors for Kubernetes objects and mixins that refine them, in the manner of
// k8s-libsonnet: `new` makes an object, `withX` gives a layer to add to it.
local names = import 'kube/names.libsonnet';

local meta(apiVersion, kind, name) = {
  apiVersion: apiVersion,
  kind: kind,
  metadata: { name: names.checked(name) },
};

local podTemplate(labels, containers) = {
  metadata: { labels: labels },
  spec: { containers: containers },
};

{
  metadata:: {
    withLabels(labels):: { metadata+: { labels+: labels } },
    withAnnotations(annotations):: { metadata+: { annotations+: annotations } },
    withNamespace(namespace):: { metadata+: { namespace: namespace } },
  },

  container:: {
    local container = self,

    new(name, image):: {
      name: names.checked(name),
      image: image,
      imagePullPolicy: if std.endsWith(image, ':latest') then 'Always' else 'IfNotPresent',
      // Kept as an object so that later layers override by name; shown as a list.
      environment:: {},
      env: [
        { name: key } + (
          if std.isObject(value) then { valueFrom: value } else { value: std.toString(value) }
        )
        for key in std.objectFields(self.environment)
        for value in [self.environment[key]]
      ],
    },

    withEnv(environment):: { environment+:: environment },
    withEnvFromSecret(secret, keys):: container.withEnv({
      [names.screaming(key)]: { secretKeyRef: { name: secret, key: key } }
      for key in keys
    }),
    withEnvFromField(fields):: container.withEnv({
      [key]: { fieldRef: { fieldPath: fields[key] } }
      for key in std.objectFields(fields)
    }),

    withArgs(args):: {
      args: [
        if args[key] == true then '--%s' % key else '--%s=%s' % [key, args[key]]
        for key in std.objectFields(args)
        if args[key] != null && args[key] != false
      ],
    },
    withPorts(ports):: {
      ports: [
        { name: name, containerPort: ports[name], protocol: 'TCP' }
        for name in std.objectFields(ports)
      ],
    },
    withResources(cpu, memory, burst=2):: {
      resources: {
        requests: { cpu: names.millicores(cpu), memory: names.mebibytes(memory) },
        limits: { cpu: names.millicores(cpu * burst), memory: names.mebibytes(memory * burst) },
      },
    },
    withProbe(kind, path, port, delay=5):: {
      [kind + 'Probe']: {
        httpGet: { path: path, port: port },
        initialDelaySeconds: delay,
        periodSeconds: 10,
        timeoutSeconds: std.max(1, std.floor(delay / 2)),
        failureThreshold: 3,
      },
    },
    withProbes(port, prefix='/'):: container.withProbe('liveness', prefix + 'healthz', port, 10)
                                   + container.withProbe('readiness', prefix + 'ready', port, 5)
                                   + container.withProbe('startup', prefix + 'healthz', port, 2),
    withMounts(mounts):: {
      volumeMounts+: [
        { name: name, mountPath: mounts[name] } + (if std.startsWith(name, 'config') then { readOnly: true } else {})
        for name in std.objectFields(mounts)
      ],
    },
    hardened:: {
      securityContext+: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ['ALL'] },
      },
    },
  },

  // What Deployments, StatefulSets and the templates of jobs share.
  local workload = {
    template(layer):: { spec+: { template+: layer } },
    pod(layer):: self.template({ spec+: layer }),

    withServiceAccount(name):: self.pod({ serviceAccountName: name, automountServiceAccountToken: false }),
    withPodAnnotations(annotations):: self.template({ metadata+: { annotations+: annotations } }),
    withNodeSelector(selector):: self.pod({ nodeSelector+: selector }),
    withTolerations(keys):: self.pod({
      tolerations+: [{ key: key, operator: 'Exists', effect: 'NoSchedule' } for key in keys],
    }),
    withConfigVolume(name, configMap):: self.pod({ volumes+: [{ name: name, configMap: { name: configMap } }] }),
    withEmptyDir(name, size):: self.pod({ volumes+: [{ name: name, emptyDir: { sizeLimit: size } }] }),
    withSpread(labels, keys):: self.pod({
      topologySpreadConstraints: [
        {
          topologyKey: key,
          maxSkew: 1,
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: labels },
        }
        for key in keys
      ],
    }),
    withAntiAffinity(labels, weight=100):: self.pod({
      affinity+: {
        podAntiAffinity+: {
          preferredDuringSchedulingIgnoredDuringExecution+: [{
            weight: weight,
            podAffinityTerm: { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
          }],
        },
      },
    }),
    // A changed configuration rolls the pods.
    withConfigHash(configMap):: self.withPodAnnotations({
      ['%s-hash' % configMap.metadata.name]: std.md5(std.manifestJsonEx(configMap.data, '')),
    }),
    withContainers(layers):: {
      // Layers of containers by name, applied to those that are there.
      spec+: {
        template+: {
          spec+: {
            containers: [
              c + (if std.objectHas(layers, c.name) then layers[c.name] else {})
              for c in super.containers
            ],
          },
        },
      },
    },
  },

  deployment:: workload {
    new(name, replicas, containers, labels):: meta('apps/v1', 'Deployment', name) {
      metadata+: { labels: labels },
      spec: {
        replicas: replicas,
        revisionHistoryLimit: 5,
        selector: { matchLabels: labels },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
        template: podTemplate(labels, containers),
      },
    },
  },

  statefulSet:: workload {
    new(name, replicas, containers, labels, service=name):: meta('apps/v1', 'StatefulSet', name) {
      metadata+: { labels: labels },
      spec: {
        replicas: replicas,
        serviceName: service,
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: labels },
        updateStrategy: { type: 'RollingUpdate' },
        template: podTemplate(labels, containers),
      },
    },
    withClaim(name, size, class):: {
      spec+: {
        volumeClaimTemplates+: [{
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: name },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: size } },
            storageClassName: class,
          },
        }],
      },
    },
  },

  cronJob:: {
    new(name, schedule, containers, labels):: meta('batch/v1', 'CronJob', name) {
      metadata+: { labels: labels },
      spec: {
        schedule: schedule,
        concurrencyPolicy: 'Forbid',
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
        jobTemplate: {
          spec: {
            backoffLimit: 2,
            template: podTemplate(labels, containers) { spec+: { restartPolicy: 'OnFailure' } },
          },
        },
      },
    },
  },

  configMap:: {
    new(name, data):: meta('v1', 'ConfigMap', name) {
      data: { [key]: if std.isString(data[key]) then data[key] else std.manifestYamlDoc(data[key]) for key in std.objectFields(data) },
    },
  },

  secret:: {
    new(name, values):: meta('v1', 'Secret', name) {
      type: 'Opaque',
      data: std.mapWithKey(function(_, value) std.base64(value), values),
    },
  },

  service:: {
    new(name, selector, ports):: meta('v1', 'Service', name) {
      spec: {
        selector: selector,
        ports: [
          { name: port, port: ports[port], targetPort: port, protocol: 'TCP' }
          for port in std.objectFields(ports)
        ],
      },
    },
    // A service of the ports that the containers of a workload name.
    of(workload):: self.new(
      workload.metadata.name,
      workload.spec.selector.matchLabels,
      {
        [port.name]: port.containerPort
        for container in workload.spec.template.spec.containers
        if std.objectHas(container, 'ports')
        for port in container.ports
      }
    ) + { metadata+: { labels: workload.metadata.labels } },
    headless:: { spec+: { clusterIP: 'None', publishNotReadyAddresses: true } },
  },

  ingress:: {
    new(name, class, rules, tls=null):: meta('networking.k8s.io/v1', 'Ingress', name) {
      spec: {
        ingressClassName: class,
        rules: [
          {
            host: host,
            http: {
              paths: [
                {
                  path: path,
                  pathType: 'Prefix',
                  backend: { service: { name: rules[host][path].service, port: { name: rules[host][path].port } } },
                }
                for path in std.objectFields(rules[host])
              ],
            },
          }
          for host in std.objectFields(rules)
        ],
        [if tls != null then 'tls']: [{ hosts: std.objectFields(rules), secretName: tls }],
      },
    },
  },

  horizontalPodAutoscaler:: {
    new(workload, least, most, targets):: meta('autoscaling/v2', 'HorizontalPodAutoscaler', workload.metadata.name) {
      spec: {
        scaleTargetRef: { apiVersion: workload.apiVersion, kind: workload.kind, name: workload.metadata.name },
        minReplicas: least,
        maxReplicas: std.max(least, most),
        metrics: [
          {
            type: 'Resource',
            resource: { name: name, target: { type: 'Utilization', averageUtilization: targets[name] } },
          }
          for name in std.objectFields(targets)
        ],
      },
    },
  },

  podDisruptionBudget:: {
    of(workload, unavailable=1):: meta('policy/v1', 'PodDisruptionBudget', workload.metadata.name) {
      metadata+: { labels: workload.metadata.labels },
      spec: { maxUnavailable: unavailable, selector: workload.spec.selector },
    },
  },

  networkPolicy:: {
    new(name, selector, from):: meta('networking.k8s.io/v1', 'NetworkPolicy', name) {
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ['Ingress'],
        ingress: [
          { from: [{ podSelector: { matchLabels: labels } } for labels in from[port]], ports: [{ port: port, protocol: 'TCP' }] }
          for port in std.objectFields(from)
        ],
      },
    },
  },

  serviceAccount:: {
    new(name):: meta('v1', 'ServiceAccount', name) { automountServiceAccountToken: false },
  },

  role:: {
    new(name, rules):: meta('rbac.authorization.k8s.io/v1', 'Role', name) {
      rules: [
        { apiGroups: [std.split(resource, '/')[0]], resources: [std.split(resource, '/')[1]], verbs: std.set(rules[resource]) }
        for resource in std.objectFields(rules)
      ],
    },
    bind(role, account):: meta('rbac.authorization.k8s.io/v1', 'RoleBinding', role.metadata.name) {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role.metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: account.metadata.name }],
    },
  },

  resourceQuota:: {
    new(name, hard):: meta('v1', 'ResourceQuota', name) { spec: { hard: hard } },
  },

  limitRange:: {
    new(name, default):: meta('v1', 'LimitRange', name) {
      spec: { limits: [{ type: 'Container', default: default, defaultRequest: default }] },
    },
  },

  // Adds a layer to every object among the fields of a value, at any depth.
  eachObject(value, layer):: (
    if std.isObject(value) then
      if std.objectHas(value, 'kind') && std.objectHas(value, 'apiVersion') then value + layer(value)
      else { [key]: $.eachObject(value[key], layer) for key in std.objectFields(value) }
    else if std.isArray(value) then [$.eachObject(item, layer) for item in value]
    else value
  ),
}
