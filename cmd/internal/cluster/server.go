package cluster

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// Manager is the field manager of everything that couplet applies.
const Manager = "couplet"

// ConnectOptions say which cluster to speak to, and as whom. They are kubectl's flags; what
// is empty comes from the kubeconfig.
type ConnectOptions struct {
	Kubeconfig, Context, Cluster, User string
	// Server is the URL of the API server.
	Server string
	// Contexts and Destination are the environment's hints: names of contexts, the first
	// that there is counts, and the URL of an API server, which chooses the context whose
	// cluster has it. Context and Server win over them.
	Contexts    []string
	Destination string

	Token, Username, Password           string
	ClientCertificate, ClientKey        string
	CertificateAuthority, TLSServerName string
	InsecureSkipTLSVerify               bool
	ProxyURL                            string
	As, AsUID                           string
	AsGroups                            []string
	AsExtra                             map[string][]string
	RequestTimeout                      time.Duration
	DisableCompression                  bool
	// Warn takes the warnings that the server sends along.
	Warn func(string)
}

// Server is the API server of one cluster. Its methods may be called at once by many.
// Errors that the server answered with are of type *Error. All of them try again, within the
// context's time, where the server is not to be reached or overloaded.
type Server interface {
	// URL is where the server is.
	URL() string
	// Context is the name of the kubeconfig's context; "" where there is none.
	Context() string
	// Namespace is the kubeconfig's or flag's namespace; "" where none is set.
	Namespace() string
	// Identify tells which cluster this is.
	Identify(ctx context.Context) (Identity, error)
	// Version is the minor of the server, such as 1.37.
	Version(ctx context.Context) (string, error)
	// Resource finds the resource of a kind. An error for which IsNotServed holds tells that
	// the server has no such kind.
	Resource(ctx context.Context, apiVersion, kind string) (Resource, error)
	// Preferred finds the resource of a kind in the version that the server prefers. Errors are
	// those of Resource.
	Preferred(ctx context.Context, group, kind string) (Resource, error)
	// Resources are all resources that can be listed, each in the version that the server
	// prefers.
	Resources(ctx context.Context) ([]Resource, error)
	// Forget has the next Resource ask the server again.
	Forget()
	Get(ctx context.Context, r Resource, namespace, name string) (value.Value, error)
	// List gives the objects of a namespace, or with "" of all.
	List(ctx context.Context, r Resource, namespace string, o ListOptions) (List, error)
	// Watch calls each with what happens after a resource version, until it says false, the
	// server ends it, or the context is done.
	Watch(ctx context.Context, r Resource, namespace string, o ListOptions, version string, each func(Event) bool) error
	// Apply is a server-side apply.
	Apply(ctx context.Context, r Resource, object value.Value, o ApplyOptions) (value.Value, error)
	Create(ctx context.Context, r Resource, object value.Value) (value.Value, error)
	Update(ctx context.Context, r Resource, object value.Value) (value.Value, error)
	// Patch is a JSON merge patch (RFC 7386), of a subresource if one is named.
	Patch(ctx context.Context, r Resource, namespace, name, subresource string, patch value.Value) (value.Value, error)
	// Predict is a dry run of Patch.
	Predict(ctx context.Context, r Resource, namespace, name string, patch value.Value) (value.Value, error)
	// TakeOver gives the managed fields of an object with those of other managers made
	// couplet's, and whether there were any. It asks nobody.
	TakeOver(object value.Value, managers []string) (fields value.Value, moved bool, err error)
	// Delete deletes one object, and tells whether it is gone: one with finalizers, or with
	// pods to stop, is still there for a while. That it is not there is no error.
	Delete(ctx context.Context, r Resource, namespace, name string, o DeleteOptions) (gone bool, err error)
	// Logs gives the last lines that a container wrote.
	Logs(ctx context.Context, namespace, pod, container string, lines int, previous bool) (string, error)
	// Readiness tells how far an object is from what its specification asks for.
	Readiness(object value.Value) Readiness
}

// Resource is a kind as the server serves it.
type Resource struct {
	Group, Version, Kind string
	// Name is the plural by which the server knows it: deployments.
	Name       string
	Namespaced bool
	Verbs      []string
}

// APIVersion is the group and version as an object writes them.
func (r Resource) APIVersion() string {
	if r.Group == "" {
		return r.Version
	}
	return r.Group + "/" + r.Version
}

// ListOptions choose what is listed.
type ListOptions struct {
	Labels, Fields string
	// Names asks for no more of each object than its metadata, and for no more objects than a
	// few hundred: List.Rest tells whether there are others.
	Names bool
}

// List is what the server answered.
type List struct {
	Items []value.Value
	// Version is the resource version from which a watch goes on.
	Version string
	// Rest is set where there are more objects than were asked for.
	Rest bool
}

// Event is one change that a watch saw.
type Event struct {
	Deleted bool
	Object  value.Value
}

// ApplyOptions are about one server-side apply.
type ApplyOptions struct {
	DryRun bool
	// Force takes fields over from their managers.
	Force bool
}

// DeleteOptions are the preconditions of a deletion.
type DeleteOptions struct {
	// UID and ResourceVersion must be the object's; "" asks for none in particular.
	UID, ResourceVersion string
	DryRun               bool
	// Orphan leaves the object's dependents alone.
	Orphan bool
	// Wait has dependents deleted first.
	Foreground bool
}

// Phase is how far an object is.
type Phase string

// The phases, as kstatus knows them.
const (
	Current     Phase = "ready"
	InProgress  Phase = "progressing"
	Failed      Phase = "failed"
	Terminating Phase = "terminating"
	Missing     Phase = "missing"
	Unknown     Phase = "unknown"
)

// Readiness is an object's phase and why.
type Readiness struct {
	Phase   Phase
	Message string
}

// Error is what the API server answered in place of a result.
type Error struct {
	// Status is the HTTP status, Reason the API's, such as NotFound.
	Status  int
	Reason  string
	Message string
	Causes  []Cause
}

// Cause is one of the reasons of an error. Field is a path as the server writes it.
type Cause struct{ Type, Message, Field string }

// Error implements error.
func (e *Error) Error() string { return e.Message }

// The reasons that are told apart. ReasonNotServed is none of the API's own: the server has
// nothing at the path of a resource.
const (
	reasonNotFound      = "NotFound"
	reasonConflict      = "Conflict"
	reasonExists        = "AlreadyExists"
	reasonForbidden     = "Forbidden"
	reasonUnauthorized  = "Unauthorized"
	reasonInvalid       = "Invalid"
	ReasonNotServed     = "NotServed"
	reasonNotAvailable  = "ServiceUnavailable"
	causeFieldConflict  = "FieldManagerConflict"
	causeNamespaceGoing = "NamespaceTerminating"
)

// NotServed is the error about a kind that a server does not have, or not in the version that
// was asked for.
func NotServed(apiVersion, kind string) error {
	return &Error{Status: 404, Reason: ReasonNotServed, Message: fmt.Sprintf("the server has no kind %s in %s", kind, apiVersion)}
}

// NotAvailable is the error about a version that another API server has, which does not answer.
func NotAvailable(apiVersion string) error {
	return &Error{Status: 503, Reason: reasonNotAvailable, Message: fmt.Sprintf("the API server that has %s does not answer", apiVersion)}
}

// IsNotAvailable tells whether what is asked for may be there, but cannot be had now.
func IsNotAvailable(err error) bool { return hasReason(err, reasonNotAvailable) }

// IsNotFound tells whether the object is not there.
func IsNotFound(err error) bool { return hasReason(err, reasonNotFound) }

// IsNamespaceMissing tells whether an object cannot be made since its namespace is not there.
func IsNamespaceMissing(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Reason == reasonNotFound && strings.HasPrefix(e.Message, "namespaces ")
}

// IsNotServed tells whether the server does not have the kind.
func IsNotServed(err error) bool { return hasReason(err, ReasonNotServed) }

// IsForbidden tells whether the rights do not suffice.
func IsForbidden(err error) bool { return hasReason(err, reasonForbidden) }

// IsConflict tells whether the object has changed since it was read, or a field has another
// manager.
func IsConflict(err error) bool { return hasReason(err, reasonConflict) }

// IsExists tells whether an object to be created is there already.
func IsExists(err error) bool { return hasReason(err, reasonExists) }

// IsInvalid tells whether the server rejects the object itself.
func IsInvalid(err error) bool { return hasReason(err, reasonInvalid) }

func hasReason(err error, reason string) bool {
	var e *Error
	return errors.As(err, &e) && e.Reason == reason
}

// isNamespaceGone tells whether an object cannot be made since its namespace is not there, or
// is being deleted.
func isNamespaceGone(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for _, c := range e.Causes {
		if c.Type == causeNamespaceGoing {
			return true
		}
	}
	return false
}

// fieldConflicts are the fields that a server-side apply would take from other managers; nil
// where the error is none about that.
func fieldConflicts(err error) []Cause {
	var e *Error
	if !errors.As(err, &e) || e.Reason != reasonConflict {
		return nil
	}
	var out []Cause
	for _, c := range e.Causes {
		if c.Type == causeFieldConflict {
			out = append(out, c)
		}
	}
	return out
}
