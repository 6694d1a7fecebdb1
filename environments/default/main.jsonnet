// The app as it is.
import '../base.libsonnet'
