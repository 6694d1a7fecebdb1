// Pods: containers and what they read. web and batch take these containers.
//
// The defaults satisfy the `restricted` level of the Pod Security Standards.

local meta = import 'meta.libsonnet';

// How a pod refers to an object, by the object's kind.
local volumeSources = {
  ConfigMap(name):: { configMap: { name: name } },
  PersistentVolumeClaim(name):: { persistentVolumeClaim: { claimName: name } },
  Secret(name):: { secret: { secretName: name } },
};
local variableSources = {
  ConfigMap(name):: { configMapRef: { name: name } },
  Secret(name):: { secretRef: { name: name } },
};

// source refers to `object` as `sources` does for its kind. What has no kind is
// such a reference already.
local source(object, sources, argument) =
  if !std.objectHas(object, 'kind') then object
  else if std.objectHasAll(sources, object.kind) then sources[object.kind](object.metadata.name)
  else
    error '%s: a %s cannot stand here; give one of %s, or the source as a pod spells it'
          % [argument, object.kind, std.join(', ', std.objectFieldsAll(sources))];

// volumeName makes a volume's name of the path where it is mounted, so that a new
// mount leaves the names of the others alone.
local volumeName(path) =
  local plain(c) = if std.member('abcdefghijklmnopqrstuvwxyz0123456789', c) then c else ' ';
  local words = std.split(std.join('', std.map(plain, std.stringChars(std.asciiLower(path)))), ' ');
  std.join('-', [word for word in words if word != '']);

local variable(name, value) =
  { name: name } + if std.isObject(value) then { valueFrom: value } else { value: std.toString(value) };

local probe(check, ports, argument) =
  if std.isObject(check) then check
  else
    assert std.objectHas(ports, 'http') : argument + ' is a path, which needs a port: ports={ http: 8080 }';
    { httpGet: { path: check, port: 'http' } };

local isConfig(object) = std.get(object, 'kind') == 'ConfigMap';

{
  // config is a ConfigMap.
  //   name  of the object
  //   data  text by key; numbers and booleans become text
  config(name, data):: {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: meta.metadata(name),
    data: { [key]: std.toString(data[key]) for key in std.objectFields(data) },
  },

  // container is one container of a pod.
  //   image         to run
  //   name          of the container, within its pod
  //   command,args  null: as the image has them
  //   ports         number by name; `http` is the one that probes and routes use
  //   env           value by name; an object is a source, as in valueFrom; null is left out
  //   envFrom       ConfigMaps and Secrets whose keys all become variables
  //   mounts        by path: a ConfigMap, Secret or PersistentVolumeClaim, or a source
  //                 as in volumes, such as { emptyDir: {} }
  //   cpu           requested; not limited, since a limit only makes it wait
  //   memory        requested, and the limit
  //   disk          local ephemeral storage: requested, and the limit; null: neither
  //   readiness     path of an HTTP check, or a probe; null: port `http` must accept, if there is one
  //   liveness      the same; null: never restarted
  //   user          numeric user to run as; null: the image's, which must not be root
  //   writableRoot  whether the root file system can be written
  container(
    image,
    name='main',
    command=null,
    args=null,
    ports={},
    env={},
    envFrom=[],
    mounts={},
    cpu='100m',
    memory='128Mi',
    disk=null,
    readiness=null,
    liveness=null,
    user=null,
    writableRoot=false,
  )::
    local storage = { [if disk != null then 'ephemeral-storage']: disk };
    local paths = std.objectFields(mounts);
    local ready =
      if readiness == null && std.objectHas(ports, 'http') then { tcpSocket: { port: 'http' } }
      else readiness;
    {
      // What the pod needs to know of the container.
      volumes:: [
        { name: volumeName(path) } + source(mounts[path], volumeSources, 'mounts ' + path)
        for path in paths
      ],
      configs:: std.filter(isConfig, envFrom + [mounts[path] for path in paths]),

      name: name,
      image: image,
      [if command != null then 'command']: command,
      [if args != null then 'args']: args,
      [if ports != {} then 'ports']: [
        { name: port, containerPort: ports[port] }
        for port in std.objectFields(ports)
      ],
      [if env != {} then 'env']: [
        variable(key, env[key])
        for key in std.objectFields(env)
        if env[key] != null
      ],
      [if envFrom != [] then 'envFrom']: [
        source(object, variableSources, 'envFrom')
        for object in envFrom
      ],
      [if mounts != {} then 'volumeMounts']: [
        { name: volumeName(path), mountPath: path }
        for path in paths
      ],
      [if ready != null then 'readinessProbe']: probe(ready, ports, 'readiness'),
      [if liveness != null then 'livenessProbe']: probe(liveness, ports, 'liveness'),
      resources: {
        requests: { cpu: cpu, memory: memory } + storage,
        limits: { memory: memory } + storage,
      },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: !writableRoot,
        [if user != null then 'runAsUser']: user,
      },
    },

  // template is the pod template of a workload.
  //   containers      one container, or several
  //   labels          of the pods
  //   init            containers that run before, one after the other
  //   serviceAccount  name; null: the pods get no token for the API server
  //
  // Containers that mount the same thing at the same path share the volume.
  template(containers, labels, init=[], serviceAccount=null)::
    local main = meta.list(containers);
    local before = meta.list(init);
    // A container written by hand has no hidden fields.
    local all(field) = std.flatMap(function(c) if std.objectHasAll(c, field) then c[field] else [], before + main);
    local volumes = std.set(all('volumes'), function(volume) volume.name);
    assert std.length(volumes) == std.length(std.set(all('volumes'), std.toString)) :
           'containers of one pod mount different things at the same path: ' + std.toString(all('volumes'));
    {
      // The ConfigMaps that the containers read, for a workload that must follow them.
      configs:: all('configs'),

      metadata: { labels: labels },
      spec: {
        automountServiceAccountToken: serviceAccount != null,
        [if serviceAccount != null then 'serviceAccountName']: serviceAccount,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        [if before != [] then 'initContainers']: before,
        containers: main,
        [if volumes != [] then 'volumes']: volumes,
      },
    },
}
