package kube

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
)

// kubeSystem is the namespace that is made with a cluster and cannot be made again.
const kubeSystem = "/api/v1/namespaces/kube-system"

// maxIdentity is more than the one namespace that is read can take.
const maxIdentity = 1 << 20

// identityPatience is short: the first request of a command tells a user soon that there is
// no server.
const identityPatience = 10 * time.Second

// Identify implements cluster.Server: the UID of the namespace kube-system, and the key of
// the authority that the server's certificate comes from. It is one request.
func (c *Client) Identify(ctx context.Context) (id cluster.Identity, err error) {
	err = c.repeat(ctx, identityPatience, func(attempt context.Context) error {
		id, err = c.identify(attempt)
		return err
	})
	return id, err
}

func (c *Client) identify(ctx context.Context) (cluster.Identity, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.rest.Get().URL().String(), "/")+kubeSystem, nil)
	if err != nil {
		return cluster.Identity{}, err
	}
	request.Header.Set("Accept", "application/json")
	answer, err := c.http.Do(request)
	if err != nil {
		return cluster.Identity{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxIdentity))
	if err != nil {
		return cluster.Identity{}, err
	}
	id := cluster.Identity{CA: authority(answer)}
	switch {
	case answer.StatusCode == http.StatusOK:
		v, err := decodeJSON(body)
		if err != nil {
			return id, err
		}
		id.UID = v.Get("metadata", "uid").Str()
		if id.UID == "" {
			return id, errors.New("what answers is no Kubernetes API server")
		}
	case answer.StatusCode == http.StatusUnauthorized:
		return id, &cluster.Error{Status: answer.StatusCode, Reason: "Unauthorized", Message: "the server does not accept the credentials: they are missing, wrong or expired"}
	case answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= http.StatusInternalServerError:
		return id, apierrors.NewServiceUnavailable("the server answers " + answer.Status)
	case answer.StatusCode == http.StatusForbidden:
		id.Refusal = refusal(body)
	}
	if id.UID == "" && id.CA == "" {
		return id, fmt.Errorf("it cannot be told which cluster this is: the namespace kube-system may not be read (%s), and the connection has no verified certificate", answer.Status)
	}
	return id, nil
}

// refusal is the message of an answer that is a Status.
func refusal(body []byte) string {
	status, err := decodeJSON(body)
	if err != nil {
		return string(body)
	}
	return status.Get("message").Str()
}

// authority is the sum of the public key of the root that vouches for the server's
// certificate; "" where nothing was verified.
func authority(answer *http.Response) string {
	if answer.TLS == nil || len(answer.TLS.VerifiedChains) == 0 {
		return ""
	}
	chain := answer.TLS.VerifiedChains[0]
	sum := sha256.Sum256(chain[len(chain)-1].RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:])
}
