//go:build unix

package faults

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/cmd/internal/cli"
	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/cmd/internal/kube"
	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
)

// runVariable makes the test's own program the program kubectl-couplet.
const runVariable = "COUPLET_FAULTS_RUN"

func TestMain(m *testing.M) {
	if os.Getenv(runVariable) != "" {
		os.Exit(cli.Main(kube.Connect))
	}
	code := m.Run()
	shared.stop()
	if code == 0 {
		if err := figures.publish(os.Getenv("RELIABILITY")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// full tells that everything is to be run, and not only a bounded form of it.
var full = os.Getenv("COUPLET_SOAK") != ""

// bounded chooses between the number for every run of the tests and that of a soak.
func bounded(few, all int) int {
	if full {
		return all
	}
	return few
}

// world is the cluster that all tests share, with a proxy in front of it. Tests run one
// after the other, and leave it as they have found it.
type world struct {
	once    sync.Once
	dir     string
	cluster *testcluster.Cluster
	proxy   *testcluster.Proxy
	// server is an administrator's way past the proxy.
	server cluster.Server
	err    error
}

var shared world

func start(t *testing.T) *world {
	t.Helper()
	servers := testcluster.Need(t)
	shared.once.Do(func() { shared.err = shared.start(servers) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	shared.proxy.Begin(nil)
	return &shared
}

func (w *world) start(servers testcluster.Servers) (err error) {
	if w.dir, err = os.MkdirTemp("", "faults"); err != nil {
		return err
	}
	ctx := context.Background()
	if w.cluster, err = testcluster.Start(ctx, servers, filepath.Join(w.dir, "cluster"), testcluster.Options{Controllers: true}); err != nil {
		return err
	}
	if w.proxy, err = w.cluster.NewProxy(w.dir); err != nil {
		return err
	}
	w.server, err = kube.Connect(ctx, cluster.ConnectOptions{Kubeconfig: w.cluster.Kubeconfig})
	return err
}

func (w *world) stop() {
	if w.proxy != nil {
		w.proxy.Close()
	}
	if w.cluster != nil {
		if err := w.cluster.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	_ = os.RemoveAll(w.dir)
}

// run is one run of the program that has ended.
type run struct {
	code     int // -1 where a signal ended it
	out, err string
	took     time.Duration
}

// process is one that is under way.
type process struct {
	*exec.Cmd
	out, err bytes.Buffer
	begun    time.Time
}

// runLimit is more than any run takes.
const runLimit = 10 * time.Minute

// launch starts the program in a folder.
func launch(t *testing.T, dir, kubeconfig string, args ...string) *process {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return launchProgram(t, program, dir, kubeconfig, args...)
}

// launchProgram starts another program that runs the test's own.
func launchProgram(t *testing.T, program, dir, kubeconfig string, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	t.Cleanup(cancel)
	p := &process{Cmd: exec.CommandContext(ctx, program, args...), begun: time.Now()}
	p.Dir, p.Stdout, p.Stderr = dir, &p.out, &p.err
	p.Env = append(os.Environ(), runVariable+"=1", "KUBECONFIG="+kubeconfig,
		"COUPLET_CACHE_DIR="+filepath.Join(shared.dir, "cache"), "XDG_STATE_HOME="+filepath.Join(shared.dir, "state"))
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// end waits for the end of a process.
func (p *process) end(t *testing.T) run {
	t.Helper()
	err := p.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return run{p.ProcessState.ExitCode(), p.out.String(), p.err.String(), time.Since(p.begun)}
}

// want fails the test unless the run ended with this code.
func (r run) want(t *testing.T, code int) run {
	t.Helper()
	if r.code != code {
		t.Fatalf("exit code %d, want %d\n%s%s", r.code, code, tail(r.out), tail(r.err))
	}
	return r
}

// tail is the end of a text, for messages.
func tail(text string) string {
	const enough = 3000
	return text[max(0, len(text)-enough):]
}
