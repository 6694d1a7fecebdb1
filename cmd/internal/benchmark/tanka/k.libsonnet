// The library as this tree wants it: containers are hardened unless told otherwise.
(import 'kube/kube.libsonnet') {
  names:: import 'kube/names.libsonnet',

  container+:: {
    local container = self,
    new(name, image, port=null):: super.new(name, image)
                                  + container.hardened
                                  + container.withEnvFromField({ POD_NAME: 'metadata.name', POD_IP: 'status.podIP' })
                                  + (if port == null then {} else container.withProbes(port)),
  },
}
