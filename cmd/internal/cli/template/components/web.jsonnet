// A web application behind a Service.
local pod = import 'couplet/pod.libsonnet';
local web = import 'couplet/web.libsonnet';

{
  // Parameters and their defaults. The files in environments/ override them.
  params:: {
    name: 'web',
    image: 'registry.example.com/web:1.0.0',
    replicas: 1,
  },
  local params = self.params,

  deployment: web.deployment(
    params.name,
    pod.container(params.image, ports={ http: 8080 }),
    replicas=params.replicas,
  ),
  service: web.service(self.deployment),
}
