// Package kube speaks to an API server: it implements cluster.Server with client-go.
//
// Only what finds and opens a connection is client-go's: the kubeconfig, credentials and
// their plugins, TLS, HTTP. Requests and answers are JSON that becomes values directly, and
// the kinds that a server has come from its aggregated discovery (KEP-3352), for client-go's
// own discovery would link every API type. Readiness is that of kstatus.
//
// Every request is tried again while the server is not to be reached, overloaded, or fails by
// itself, with growing pauses (see retry.go). That is safe because each request can be
// repeated: an apply says what shall be, a deletion has preconditions, an update has the
// resource version that it replaces, and callers take it that an object to be created is
// there already.
package kube
