package cluster

import (
	"context"
	"fmt"
	"strings"
)

// Identity is what tells a cluster from every other.
type Identity struct {
	// UID is that of the namespace kube-system, which lives as long as the cluster; "" where
	// it may not be read.
	UID string
	// CA is the SHA-256 sum, in hexadecimal digits, of the public key of the authority that
	// the server's certificate comes from; "" where the certificate was not verified.
	CA string
	// Refusal is what the server says where the UID may not be read.
	Refusal string
}

// caPrefix is what an identity by an authority's key begins with.
const caPrefix = "ca:"

// String is the identity as an environment is pinned to it.
func (id Identity) String() string {
	if id.UID != "" {
		return id.UID
	}
	return caPrefix + id.CA
}

// Is tells whether the cluster is the one that a pin names; known is false where that cannot
// be told.
func (id Identity) Is(pin string) (is, known bool) {
	if key, ok := strings.CutPrefix(pin, caPrefix); ok {
		return strings.EqualFold(key, id.CA), id.CA != ""
	}
	return pin == id.UID, id.UID != ""
}

// MismatchError says that a cluster is not the one that an environment is pinned to.
type MismatchError struct {
	Environment, Pin, URL string
	Identity              Identity
	// Unknown is set where the cluster may be the right one, but does not let itself be
	// recognised.
	Unknown bool
}

// ByCA tells whether the pin is the key of an authority.
func (e *MismatchError) ByCA() bool { return strings.HasPrefix(e.Pin, caPrefix) }

// Error implements error.
func (e *MismatchError) Error() string {
	if e.Unknown {
		why := "its certificate is not verified"
		if !e.ByCA() {
			why = "the namespace kube-system may not be read: " + e.Identity.Refusal
		}
		return fmt.Sprintf("environment %s is pinned to the cluster %s, and the one at %s cannot be recognised: %s", e.Environment, e.Pin, e.URL, why)
	}
	return fmt.Sprintf("environment %s is pinned to the cluster %s, but at %s is the cluster %s", e.Environment, e.Pin, e.URL, e.Identity)
}

// Recognise asks a server which cluster it is. With a pin, any other cluster is a
// *MismatchError. Nothing else has been sent by then.
func Recognise(ctx context.Context, s Server, environment, pin string) (Identity, error) {
	id, err := s.Identify(ctx)
	if err != nil || pin == "" {
		return id, err
	}
	is, known := id.Is(pin)
	if !is {
		return id, &MismatchError{Environment: environment, Pin: pin, URL: s.URL(), Identity: id, Unknown: !known}
	}
	return id, nil
}
