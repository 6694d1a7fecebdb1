package testcluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// startLimit is how long the servers have until they answer.
const startLimit = 2 * time.Minute

// Cluster is a control plane that runs.
type Cluster struct {
	// URL is the API server's.
	URL string `json:"url"`
	// Kubeconfig is the file by which an administrator reaches it.
	Kubeconfig string `json:"kubeconfig"`
	// Processes are the servers, in the order in which they were started.
	Processes []*Process `json:"processes"`

	dir    string
	ids    identities
	client *http.Client
}

// Options are about a cluster's life.
type Options struct {
	// Detached lets the servers outlive this process: Load finds them again. Others end
	// with it, however it ends, where the system can do that.
	Detached bool
	// Controllers has the controller manager run too: it makes service accounts, collects
	// garbage and empties namespaces.
	Controllers bool
}

// Start runs a control plane in a folder, which must be empty, and waits until it answers.
func Start(ctx context.Context, s Servers, dir string, o Options) (*Cluster, error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	c := &Cluster{dir: dir, Kubeconfig: filepath.Join(dir, adminFile)}
	if err := c.start(ctx, s, o); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

func (c *Cluster) start(ctx context.Context, s Servers, o Options) error {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	ids, err := writeIdentities(c.dir)
	if err != nil {
		return err
	}
	c.ids = ids
	ports, err := freePorts(3)
	if err != nil {
		return err
	}
	c.URL = "https://127.0.0.1:" + ports[2]
	for name, token := range map[string]string{adminFile: ids.admin, managerFile: ids.manager} {
		if err := os.WriteFile(filepath.Join(c.dir, name), ids.kubeconfig(c.dir, c.URL, token), 0o600); err != nil {
			return err
		}
	}
	c.connect()
	if err := c.run(s, o, "etcd", etcdFlags(c.dir, ports)); err != nil {
		return err
	}
	if err := c.run(s, o, "kube-apiserver", serverFlags(c.dir, ports)); err != nil {
		return err
	}
	if err := c.wait(ctx, "/readyz"); err != nil {
		return err
	}
	if !o.Controllers {
		return nil
	}
	if err := c.run(s, o, "kube-controller-manager", managerFlags(c.dir)); err != nil {
		return err
	}
	return c.wait(ctx, "/api/v1/namespaces/default/serviceaccounts/default")
}

func (c *Cluster) run(s Servers, o Options, program string, flags []string) error {
	p, err := startProcess(s.path(program), flags, filepath.Join(c.dir, program+".log"), o.Detached)
	if err != nil {
		return err
	}
	c.Processes = append(c.Processes, p)
	return nil
}

func (c *Cluster) connect() {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(c.ids.ca)
	c.client = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
}

// Client speaks to the API server as an administrator; each request needs Authorize.
func (c *Cluster) Client() *http.Client { return c.client }

// Authorize makes a request the administrator's.
func (c *Cluster) Authorize(r *http.Request) { r.Header.Set("Authorization", "Bearer "+c.ids.admin) }

// wait asks for a path until it is there, or a server has ended.
func (c *Cluster) wait(ctx context.Context, path string) error {
	var last error
	for {
		if last = c.get(ctx, path); last == nil {
			return nil
		}
		for _, p := range c.Processes {
			if p.ended() {
				return fmt.Errorf("%s ended at once: see %s", p.Program, p.Log)
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the test cluster does not answer at %s%s: %w; see the logs in %s", c.URL, path, last, c.dir)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (c *Cluster) get(ctx context.Context, path string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+path, nil)
	if err != nil {
		return err
	}
	c.Authorize(request)
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body)
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	return nil
}

// Stop ends the servers, the last started first, and waits for each.
func (c *Cluster) Stop() error {
	var all error
	for i := len(c.Processes) - 1; i >= 0; i-- {
		all = errors.Join(all, c.Processes[i].stop())
	}
	c.Processes = nil
	return all
}

// freePorts finds ports of 127.0.0.1 on which nothing listens.
func freePorts(n int) ([]string, error) {
	ports := make([]string, n)
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		// All are held until the last is found, so that they differ.
		defer func() { _ = l.Close() }()
		ports[i] = strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

func etcdFlags(dir string, ports []string) []string {
	client, peer := "http://127.0.0.1:"+ports[0], "http://127.0.0.1:"+ports[1]
	return []string{
		"--data-dir=" + filepath.Join(dir, "etcd"), "--unsafe-no-fsync",
		"--listen-client-urls=" + client, "--advertise-client-urls=" + client,
		"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer, "--initial-cluster=default=" + peer,
	}
}

func serverFlags(dir string, ports []string) []string {
	in := func(name string) string { return filepath.Join(dir, name) }
	return []string{
		"--etcd-servers=http://127.0.0.1:" + ports[0],
		"--bind-address=127.0.0.1", "--secure-port=" + ports[2],
		"--tls-cert-file=" + in(serverFile), "--tls-private-key-file=" + in(serverKeyFile),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + in(accountsFile), "--service-account-signing-key-file=" + in(accountsFile),
		"--service-cluster-ip-range=10.0.0.0/16",
		"--authorization-mode=RBAC", "--token-auth-file=" + in(tokensFile),
		"--endpoint-reconciler-type=none", "--allow-privileged=true",
	}
}

func managerFlags(dir string) []string {
	in := func(name string) string { return filepath.Join(dir, name) }
	return []string{
		"--kubeconfig=" + in(managerFile), "--leader-elect=false", "--secure-port=0", "--use-service-account-credentials",
		"--root-ca-file=" + in(caFile), "--service-account-private-key-file=" + in(accountsFile),
	}
}
