// Command run asks a test cluster and couplet about mutants of valid objects, and prints
// how often both agree and every difference:
//
//	go run ./cmd/internal/judgement/run [-n MUTANTS] [-seed N] [-kind KIND] [-servers DIR -kubernetes MINOR]
//
// It is run in the root of the repository, after `make companion`. With -servers the
// programs of another Kubernetes minor, in a folder, are asked, and couplet about that minor.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/couplet-k8s/couplet/cmd/internal/judgement"
	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
)

func main() {
	n := flag.Int("n", 20000, "the number of mutants")
	seed := flag.Uint64("seed", 1, "the first seed")
	kind := flag.String("kind", "", "only mutants of this kind")
	servers := flag.String("servers", "", "a folder with etcd, kube-apiserver and kube-controller-manager")
	minor := flag.String("kubernetes", "", "their minor")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	outcome, err := run(ctx, options{*n, *seed, *kind, *servers, *minor}, os.Stdout)
	if err == nil && len(outcome.Differences) > 0 {
		err = fmt.Errorf("%d differences", len(outcome.Differences))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "judgement:", err)
		os.Exit(1)
	}
}

type options struct {
	n                    int
	seed                 uint64
	kind, servers, minor string
}

func (o options) start(ctx context.Context) (*judgement.Server, func(), error) {
	if o.servers != "" {
		return judgement.StartWith(ctx, testcluster.Servers(o.servers))
	}
	return judgement.Start(ctx, os.Stderr)
}

func run(ctx context.Context, opts options, out io.Writer) (total judgement.Outcome, err error) {
	s, stop, err := opts.start(ctx)
	if err != nil {
		return total, err
	}
	defer stop()
	couplet, err := filepath.Abs("bin/couplet")
	if err != nil {
		return total, err
	}
	local := judgement.Local{Couplet: couplet}
	if opts.minor != "" {
		local.Flags = []string{"--kubernetes", opts.minor}
	}
	bases, invalid, err := judgement.Prepare(ctx, s, "testdata/valid/kinds.yaml")
	if err != nil {
		return total, err
	}
	for _, text := range invalid {
		fmt.Fprintln(os.Stderr, "not valid for this server:", text)
	}
	if opts.kind != "" {
		bases = judgement.OfKind(bases, opts.kind)
	}
	for i, base := range bases {
		mutants := judgement.Mutants(base.Object, (opts.n+i)/len(bases), opts.seed+uint64(i))
		o, err := judgement.Compare(ctx, s, local, base.Given, mutants)
		if err != nil {
			return total, fmt.Errorf("%s: %w", base.Name, err)
		}
		for _, d := range o.Differences {
			text, _ := json.Marshal(d.Mutant.Object)
			fmt.Fprintf(out, "%s: %s\n  couplet: %s\n  server:  %s\n  %s\n", base.Name, d.Mutant.Changes, said(d.Local), said(d.Server), text)
		}
		total.Add(o)
		fmt.Fprintf(os.Stderr, "%s: %d mutants, %d rejected, %d by the cluster's state, %d differences\n", base.Name, o.Mutants, o.Rejected, o.OfState, len(o.Differences))
	}
	fmt.Fprintf(out, "| valid objects | mutants | rejected by the server | decided by the cluster's state | differences | agreement |\n|---:|---:|---:|---:|---:|---:|\n")
	fmt.Fprintf(out, "| %d | %d | %d | %d | %d | %.2f %% |\n", len(bases), total.Mutants, total.Rejected, total.OfState, len(total.Differences), 100*total.Agreement())
	return total, nil
}

func said(v judgement.Verdict) string {
	if !v.Rejected {
		return "accepts"
	}
	return "rejects: " + v.Message
}
