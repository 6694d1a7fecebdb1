package kube

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
)

// A request is tried again after a pause that doubles from firstPause to longestPause, for as
// long as patience, or the context, allows. A restarted API server is back within a minute.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
	patience     = 2 * time.Minute
)

// do sends a request, again where that may help, and gives the body of the answer.
func (c *Client) do(ctx context.Context, request func() *rest.Request) (body []byte, err error) {
	err = c.repeat(ctx, patience, func(attempt context.Context) error {
		// Retries are this package's own, so client-go makes none.
		answer, err := request().MaxRetries(0).Stream(attempt)
		if err != nil {
			return err
		}
		defer func() { _ = answer.Close() }()
		body, err = io.ReadAll(answer)
		return err
	})
	return body, err
}

// repeat makes attempts until one succeeds, fails for good, or the limit is reached. A server
// that has answered is there, and is waited for as long as for any request.
func (c *Client) repeat(ctx context.Context, limit time.Duration, attempt func(context.Context) error) error {
	lost, renewed := false, false
	for started, pause := time.Now(), firstPause; ; pause = min(2*pause, longestPause) {
		err := c.once(ctx, lost, attempt)
		if err == nil {
			return nil
		}
		if isAnswer(err) {
			limit = patience
		} else {
			lost = true
		}
		if !renewed && c.renews && isUnauthorized(err) {
			renewed = true
			continue
		}
		wait, again := retryAfter(err, pause)
		if !again || time.Since(started)+wait > limit || !sleep(ctx, wait) {
			return c.translate(ctx, err)
		}
	}
}

// isUnauthorized tells whether the server did not accept the credentials. Those of a plugin, or
// of a file, client-go then gets anew for the next request.
func isUnauthorized(err error) bool {
	var e *cluster.Error
	return apierrors.IsUnauthorized(err) || errors.As(err, &e) && e.Status == http.StatusUnauthorized
}

func isAnswer(err error) bool {
	var status apierrors.APIStatus
	return errors.As(err, &status)
}

// once makes one attempt. Where an earlier one was lost, the server may have been started
// again: it is asked first whether it is ready, for until then it does not know anybody's
// rights, and refuses what it would else allow.
func (c *Client) once(ctx context.Context, lost bool, attempt func(context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, c.attempt)
	defer cancel()
	if lost {
		if err := c.rest.Get().AbsPath("/readyz").MaxRetries(0).Do(limited).Error(); isUnready(err) {
			return err
		}
	}
	return attempt(limited)
}

// isUnready tells whether a server is not to be reached, or answers that it is not ready. One
// that does not want to say counts as ready.
func isUnready(err error) bool {
	var status apierrors.APIStatus
	return err != nil && (!errors.As(err, &status) || status.Status().Code >= http.StatusInternalServerError)
}

// retryAfter tells whether a request that failed is worth another attempt, and after which
// pause. What the server decided about the object itself, it would decide again.
func retryAfter(err error, pause time.Duration) (time.Duration, bool) {
	// Half of the pause is left to chance, so that many clients do not come back at once.
	pause = pause/2 + rand.N(pause/2+1)
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		s := status.Status()
		if seconds, ok := apierrors.SuggestsClientDelay(err); ok {
			return max(pause, time.Duration(seconds)*time.Second), true
		}
		switch s.Code {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return pause, true
		case http.StatusInternalServerError:
			return pause, !isWebhook(s)
		}
		return pause, isStarting(s)
	}
	return pause, isTransient(err)
}

// isTransient tells of an error without an answer whether it may go away. A certificate or
// a credential plugin that is wrong stays wrong.
func isTransient(err error) bool {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	if errors.As(err, &unknown) || errors.As(err, &host) || errors.As(err, &invalid) || errors.As(err, &verification) {
		return false
	}
	if strings.Contains(err.Error(), "getting credentials: ") { // client-go's, of a plugin
		return false
	}
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return false
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) || isCut(err)
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// translate gives an answer of the server as package cluster knows it, and says of any other
// error where the request was sent.
func (c *Client) translate(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return fmt.Errorf("the API server at %s: %w", c.URL(), err)
	}
	s := status.Status()
	e := &cluster.Error{Status: int(s.Code), Reason: string(s.Reason), Message: s.Message}
	if s.Details != nil {
		for _, cause := range s.Details.Causes {
			e.Causes = append(e.Causes, cluster.Cause{Type: string(cause.Type), Message: cause.Message, Field: cause.Field})
		}
		if e.Status == http.StatusNotFound && apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse) {
			// It is not the object that is not there: nothing is at this path.
			e.Reason = cluster.ReasonNotServed
		}
	}
	return e
}

// isWebhook tells whether a webhook could not be asked: the server answers so when its
// service is not there, which an apply of that service may be about to change, or not.
func isWebhook(s metav1.Status) bool {
	return s.Reason == metav1.StatusReasonInternalError && strings.Contains(s.Message, "failed calling webhook")
}

// isStarting tells whether a part of the server was not ready yet, which it says in various
// ways: admission as Forbidden, the allocator of addresses as Invalid.
func isStarting(s metav1.Status) bool {
	return strings.Contains(s.Message, "not yet ready to handle request") || strings.Contains(s.Message, "allocator not ready")
}

// isCut tells whether a connection ended before its answer did.
func isCut(err error) bool {
	for _, cut := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.ECONNREFUSED, syscall.EPIPE} {
		if errors.Is(err, cut) {
			return true
		}
	}
	// net/http and http2 have errors of their own without a type that can be asked for.
	for _, text := range []string{"server closed idle connection", "http2: ", "unexpected EOF", "connection reset", "broken pipe"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}
