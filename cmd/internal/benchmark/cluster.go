package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
)

// clusterCount is how many objects are applied to a cluster.
const clusterCount = 1000

// clusterRounds is how often each side does all steps.
func (b *bench) clusterRounds() int { return max(b.rounds, 3) }

// peer is the other side of the race on a cluster.
const peer = "kubectl"

// clusterStep is something that both sides do, or only couplet.
type clusterStep struct {
	name    string
	couplet []string
	kubectl []string // nil where it has no such command
}

// clusterRace is a race on one cluster.
type clusterRace struct {
	*bench
	cluster *testcluster.Cluster
	servers testcluster.Servers
	proxy   *testcluster.Proxy
	pin     string
	number  int // of the namespaces so far
}

// clusterSection measures couplet and kubectl on the same API server with the same objects.
func (b *bench) clusterSection() (text string, err error) {
	page, err := b.preamble("Cluster")
	if err != nil {
		return "", err
	}
	r, err := b.newClusterRace()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	times, err := r.race()
	if err != nil {
		return "", err
	}
	requests, err := r.count()
	if err != nil {
		return "", err
	}
	starts, err := r.starts()
	if err != nil {
		return "", err
	}
	return page + r.table(times, requests) + "\n" + starts, nil
}

// starts measures what it costs that the program for clusters has client-go linked.
func (r *clusterRace) starts() (string, error) {
	all := []starter{
		{"couplet version", []string{r.couplet, "version"}},
		{"kubectl-couplet version", []string{filepath.Join(filepath.Dir(r.couplet), "kubectl-couplet"), "version"}},
		{"kubectl version --client", []string{r.servers.Kubectl(), "version", "--client"}},
	}
	d, err := send(r.startJob(all))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Start-up, the minimum of %d starts each, in turns, in milliseconds; *more* is CPU over the first.\n\n", starts) + startTable(all, d.Samples), nil
}

func (b *bench) newClusterRace() (*clusterRace, error) {
	cache, err := testcluster.Cache()
	if err != nil {
		return nil, err
	}
	servers, ok := testcluster.Built(cache)
	if !ok {
		return nil, errors.New("the test cluster is not built: run `make servers`")
	}
	r := &clusterRace{bench: b, servers: servers}
	ctx := context.Background()
	if r.cluster, err = testcluster.Start(ctx, servers, filepath.Join(b.scratch, "cluster"), testcluster.Options{}); err != nil {
		return nil, err
	}
	if r.proxy, err = r.cluster.NewProxy(b.scratch); err == nil {
		r.pin, err = r.kubectl("get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}")
	}
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

func (r *clusterRace) close() error {
	if r.proxy != nil {
		r.proxy.Close()
	}
	return r.cluster.Stop()
}

// kubectl runs kubectl for what is not measured, and gives what it prints.
func (r *clusterRace) kubectl(args ...string) (string, error) {
	stdout := filepath.Join(r.scratch, "stdout")
	s, err := r.measure(r.cluster.Kubeconfig, r.scratch, append([]string{r.servers.Kubectl()}, args...))
	if err != nil {
		return "", err
	}
	if s.Failure != "" {
		return "", fmt.Errorf("kubectl %s: %s: %s", strings.Join(args, " "), s.Failure, s.Detail)
	}
	text, err := os.ReadFile(stdout)
	return string(text), err
}

// measure runs one command in a folder.
func (r *clusterRace) measure(kubeconfig, dir string, args []string) (sample, error) {
	d, err := send(job{Limit: r.limit, Commands: []command{{
		Dir: dir, Args: args, Stdout: filepath.Join(r.scratch, "stdout"),
		Env: []string{"KUBECONFIG=" + kubeconfig, "XDG_STATE_HOME=" + filepath.Join(r.scratch, "state"), "KUBECACHEDIR=" + filepath.Join(r.scratch, "kubecache")},
	}}})
	if err != nil {
		return sample{}, err
	}
	return d.Samples[0], nil
}

// prepare makes a fresh namespace, an app for it, and a file of the same objects.
func (r *clusterRace) prepare() (dir string, steps []clusterStep, err error) {
	r.number++
	name := fmt.Sprintf("shop-%d", r.number)
	dir = filepath.Join(r.scratch, name)
	err = writeFiles(dir, map[string]string{
		"objects.libsonnet":              objects,
		"environments/prod/main.jsonnet": fmt.Sprintf("(import '../../objects.libsonnet')(%d, '%s')\n", clusterCount, name),
		"couplet.yaml": fmt.Sprintf("apiVersion: couplet/v1\nkind: App\nname: %s\nenvironments:\n  prod:\n    path: environments/prod\n    kubernetes: \"1.37\"\n"+
			"    destination:\n      namespace: %s\n      cluster: %s\n", name, name, r.pin),
	})
	if err != nil {
		return dir, nil, err
	}
	if _, err := r.kubectl("create", "namespace", name); err != nil {
		return dir, nil, err
	}
	s, err := r.measure(r.cluster.Kubeconfig, dir, []string{r.couplet, "show", "prod"})
	if err != nil || s.Failure != "" {
		return dir, nil, errors.Join(err, errors.New("couplet show: "+s.Failure+s.Detail))
	}
	file := filepath.Join(dir, "objects.yaml")
	if err := os.Rename(filepath.Join(r.scratch, "stdout"), file); err != nil {
		return dir, nil, err
	}
	return dir, r.steps(file), nil
}

// steps are in the order in which a namespace goes through them.
func (r *clusterRace) steps(file string) []clusterStep {
	couplet := func(args ...string) []string { return append([]string{r.couplet}, args...) }
	kubectl := func(args ...string) []string { return append([]string{r.servers.Kubectl()}, args...) }
	return []clusterStep{
		{"apply, all new", couplet("apply", "prod", "--yes", "--wait=false"), kubectl("apply", "--server-side", "-f", file)},
		{"apply, no change", couplet("apply", "prod", "--yes", "--wait=false"), kubectl("apply", "--server-side", "-f", file)},
		{"diff, no change", couplet("diff", "prod"), kubectl("diff", "--server-side", "-f", file)},
		{"status; get -f", couplet("status", "prod"), kubectl("get", "-f", file)},
		{"delete", append(couplet("delete", "prod", "--yes", "--wait=false"), allowances(clusterCount)...), kubectl("delete", "--wait=false", "-f", file)},
	}
}

// allowances are the flags with which the claims among the objects may be deleted.
func allowances(count int) []string {
	const kinds, claim = 16, 15
	var args []string
	for i := claim; i < count; i += kinds {
		args = append(args, "--prune-allow", fmt.Sprintf("persistentvolumeclaim/persistentvolumeclaim-%d", i))
	}
	return args
}

func (s clusterStep) of(side string) []string {
	if side == ours {
		return s.couplet
	}
	return s.kubectl
}

// sidesOf is the order of a round.
func sidesOf(round int) []string {
	if round%2 == 0 {
		return []string{ours, peer}
	}
	return []string{peer, ours}
}

// clusterTimes are the samples of each step, by side.
type clusterTimes map[string]map[string][]sample

// race has both sides go through all steps, each time in a fresh namespace.
func (r *clusterRace) race() (clusterTimes, error) {
	times := clusterTimes{ours: {}, peer: {}}
	for round := range r.clusterRounds() {
		for _, side := range sidesOf(round) {
			dir, steps, err := r.prepare()
			if err != nil {
				return nil, err
			}
			for _, step := range steps {
				s, err := r.measure(r.cluster.Kubeconfig, dir, step.of(side))
				if err != nil {
					return nil, err
				}
				if s.Failure != "" {
					return nil, fmt.Errorf("%s, %s: %s: %s", side, step.name, s.Failure, s.Detail)
				}
				times[side][step.name] = append(times[side][step.name], s)
			}
		}
	}
	return times, nil
}

// count has both sides go through the steps once more, past a proxy that counts requests.
func (r *clusterRace) count() (map[string]map[string]int, error) {
	requests := map[string]map[string]int{ours: {}, peer: {}}
	for _, side := range sidesOf(0) {
		dir, steps, err := r.prepare()
		if err != nil {
			return nil, err
		}
		for _, step := range steps {
			r.proxy.Begin(nil)
			s, err := r.measure(r.proxy.Kubeconfig, dir, step.of(side))
			if err != nil || s.Failure != "" {
				return nil, errors.Join(err, fmt.Errorf("%s, %s: %s: %s", side, step.name, s.Failure, s.Detail))
			}
			requests[side][step.name] = len(r.proxy.Requests())
		}
	}
	return requests, nil
}

func (r *clusterRace) table(times clusterTimes, requests map[string]map[string]int) string {
	var losses []string
	t := newTable("step", "couplet: wall, s", "CPU, s", "RSS", "requests", "kubectl: wall, s", "CPU, s", "RSS", "requests", "wall ÷ kubectl's")
	for _, step := range r.steps("") {
		us, them := minimum(times[ours][step.name]), minimum(times[peer][step.name])
		t.add(step.name, seconds(us.Wall), seconds(us.CPU), megabytes(us.RSS), fmt.Sprint(requests[ours][step.name]),
			seconds(them.Wall), seconds(them.CPU), megabytes(them.RSS), fmt.Sprint(requests[peer][step.name]), factor(float64(us.Wall)/float64(them.Wall)))
		losses = append(losses, clusterLosses(step.name, us, them, requests[ours][step.name]-requests[peer][step.name])...)
	}
	return fmt.Sprintf("%d objects of sixteen kinds in a fresh namespace, by `couplet apply` from jsonnet, validation included, and by `kubectl apply --server-side`\n"+
		"from a file of the same objects. API server and kubectl %s, etcd without fsync, on the same cores as the client; no controllers. The sides take\n"+
		"turns; each number is the minimum of %d rounds; requests are counted in a round of their own. %s.\n\n%s\nMore than kubectl: %s.\n",
		clusterCount, testcluster.Version, r.clusterRounds(), r.companion(), t, strings.Join(losses, "; "))
}

// clusterLosses say in what couplet needs more than kubectl.
func clusterLosses(step string, us, them sample, requests int) []string {
	var out []string
	lost := func(what string, is bool) {
		if is {
			out = append(out, step+", "+what)
		}
	}
	lost("wall", us.Wall > them.Wall)
	lost("CPU", us.CPU > them.CPU)
	lost("memory", us.RSS > them.RSS)
	lost(fmt.Sprintf("%d requests", requests), requests > 0)
	return out
}

// companion tells whether an apply asks for the API server's own rules before it asks the
// API server.
func (r *clusterRace) companion() string {
	if _, err := os.Stat(filepath.Join(filepath.Dir(r.couplet), "couplet-admit")); err != nil {
		return "couplet-admit is not installed"
	}
	return "couplet-admit is installed, and its time is in couplet's"
}
