// Package testcluster builds and runs a Kubernetes control plane for tests: a real
// kube-apiserver, kube-controller-manager and etcd, on loopback, without nodes.
//
// [Build] makes these, and kubectl of the same release, from Go modules. They have a module
// of their own, servers/, so that couplet's dependencies stay what couplet needs, and are
// kept outside the tree, by version and platform: the first time takes a quarter of an hour
// on two cores, every other none.
//
// [Start] runs them on free ports of 127.0.0.1, with certificates and tokens made for
// this one run, RBAC and the default admission plugins on. There is no kubelet: pods stay
// pending, and a test that waits for readiness writes the status itself.
package testcluster
