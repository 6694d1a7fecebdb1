(import '../base.libsonnet').with(import 'params.libsonnet')
