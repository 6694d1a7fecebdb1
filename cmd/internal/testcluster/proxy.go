package testcluster

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Proxy stands between a client and the API server of a cluster, and sees each request. It
// speaks HTTP/2 on both sides, as client and server do without it.
type Proxy struct {
	// Kubeconfig is that of the cluster's administrator, by way of the proxy.
	Kubeconfig string

	server  *httptest.Server
	forward *httputil.ReverseProxy

	mu       sync.Mutex
	decide   func(Request) Fault
	requests []Request
}

// Request is one that has come to a proxy.
type Request struct {
	// Number counts the requests from 1.
	Number                      int
	Method, Path, Query, Bearer string
	// Status is what the API server answered; 0 where it was not asked, or has not answered.
	Status int
}

// Writes tells whether the request changes what the cluster holds.
func (r Request) Writes() bool {
	return r.Method != http.MethodGet && !strings.Contains(r.Query, "dryRun=") && !strings.Contains(r.Path, "/selfsubjectaccessreviews")
}

// Fault is what a proxy does with a request.
type Fault int

// The faults.
const (
	// Pass is none.
	Pass Fault = iota
	// CutBefore closes the client's connection before the server has seen the request.
	CutBefore
	// CutAfter closes it when the server has answered, before the client has the answer.
	CutAfter
	// Busy answers as a server that is overloaded.
	Busy
	// Unauthorized answers as a server that does not know the credentials any more.
	Unauthorized
)

// connection is the key under which a request's context has its connection.
type connection struct{}

// NewProxy starts a proxy, whose kubeconfig is written into a folder.
func (c *Cluster) NewProxy(dir string) (*Proxy, error) {
	target, err := url.Parse(c.URL)
	if err != nil {
		return nil, err
	}
	config := c.client.Transport.(*http.Transport).TLSClientConfig.Clone()
	p := &Proxy{Kubeconfig: filepath.Join(dir, "proxy.kubeconfig"), forward: &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport:     &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true, DisableCompression: true},
		FlushInterval: -1, // a watch has to be seen at once
		ErrorLog:      log.New(io.Discard, "", 0),
		ErrorHandler:  func(_ http.ResponseWriter, r *http.Request, _ error) { cut(r) },
	}}
	p.server = httptest.NewUnstartedServer(p)
	p.server.EnableHTTP2 = true
	p.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	p.server.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		return context.WithValue(ctx, connection{}, conn)
	}
	p.server.StartTLS()
	return p, os.WriteFile(p.Kubeconfig, p.kubeconfig(c.ids.admin), 0o600)
}

// kubeconfig leads to the proxy with one token.
func (p *Proxy) kubeconfig(token string) []byte {
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.server.Certificate().Raw})
	return kubeconfig(p.server.URL, "certificate-authority-data: "+base64.StdEncoding.EncodeToString(ca), token)
}

// Close ends the proxy.
func (p *Proxy) Close() { p.server.CloseClientConnections(); p.server.Close() }

// Begin forgets the requests so far; decide, which may be nil, chooses the fault of each
// that comes.
func (p *Proxy) Begin(decide func(Request) Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests, p.decide = nil, decide
}

// Requests are those since Begin.
func (p *Proxy) Requests() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Request(nil), p.requests...)
}

// ServeHTTP implements http.Handler.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	number, fault := p.note(r)
	switch fault {
	case CutBefore:
		cut(r)
	case CutAfter:
		unseen := httptest.NewRecorder()
		p.forward.ServeHTTP(&observer{unseen, p, number}, r)
		cut(r)
	case Busy:
		w.Header().Set("Retry-After", "1")
		http.Error(w, "Too many requests, please try again later.", http.StatusTooManyRequests)
	case Unauthorized:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}`)
	default:
		p.forward.ServeHTTP(&observer{w, p, number}, r)
	}
}

// note writes a request down and decides about it.
func (p *Proxy) note(r *http.Request) (number int, fault Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	request := Request{
		Number: len(p.requests) + 1, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		Bearer: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "),
	}
	p.requests = append(p.requests, request)
	if p.decide != nil {
		fault = p.decide(request)
	}
	return request.Number, fault
}

// cut closes the client's connection as a network does that breaks, with whatever else is
// under way on it.
func cut(r *http.Request) {
	if conn, ok := r.Context().Value(connection{}).(*tls.Conn); ok {
		if tcp, ok := conn.NetConn().(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
			_ = tcp.Close()
		}
	}
	panic(http.ErrAbortHandler)
}

// observer notes what the API server answers.
type observer struct {
	http.ResponseWriter
	proxy  *Proxy
	number int
}

// WriteHeader implements http.ResponseWriter.
func (o *observer) WriteHeader(status int) {
	o.proxy.mu.Lock()
	if o.number <= len(o.proxy.requests) {
		o.proxy.requests[o.number-1].Status = status
	}
	o.proxy.mu.Unlock()
	o.ResponseWriter.WriteHeader(status)
}

// Unwrap lets an http.ResponseController flush.
func (o *observer) Unwrap() http.ResponseWriter { return o.ResponseWriter }
