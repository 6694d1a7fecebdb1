// Package rules judges objects by the API server's own rules, without a server.
//
// What a kube-apiserver does to an object before it is stored is compiled into this
// package: a [Judge] decodes an object strictly, fills in defaults, converts it to the
// internal version, and has the strategy of its kind prepare and validate it, on creation,
// or on an update where the bundle says which object the cluster holds. For updates the
// new object is merged into the old one as a server-side apply does. Custom resources are
// held against the definitions in the bundle: structural schema, pruning, defaulting, list
// types and CEL rules. ValidatingAdmissionPolicies, Pod Security levels and limit ranges
// that the bundle holds are applied as the server's admission plugins do.
//
// It does not know what only a cluster knows: whether a service account, priority class or
// address is there, or what webhooks say.
//
// The rules are those of one Kubernetes release, [Version]. A judge of an older minor
// switches the features off that the minor did not have, and leaves out what depends on
// the release: unknown fields, which the caller finds by the minor's own schemas.
package rules
