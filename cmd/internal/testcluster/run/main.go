// Command run starts and stops the test cluster that outlives it:
//
//	go run ./cmd/internal/testcluster/run up      build what is not built yet, and start
//	go run ./cmd/internal/testcluster/run down    stop, and throw its data away
//	go run ./cmd/internal/testcluster/run build   only build
//
// It is run in the root of the repository. The programs and the cluster's data are below
// the user's cache folder, in couplet-test.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("give one of up, down, build")
	}
	cache, err := testcluster.Cache()
	if err != nil {
		return err
	}
	dir := filepath.Join(cache, "cluster")
	switch args[0] {
	case "build":
		_, err := testcluster.Build(ctx, testcluster.Module, cache, out)
		return err
	case "up":
		return up(ctx, cache, dir, out)
	case "down":
		return down(dir, out)
	}
	return fmt.Errorf("unknown argument %q: give one of up, down, build", args[0])
}

func up(ctx context.Context, cache, dir string, out io.Writer) error {
	c, err := testcluster.Load(dir)
	if err != nil {
		return err
	}
	if c != nil {
		return say(c, "runs already", out)
	}
	servers, err := testcluster.Build(ctx, testcluster.Module, cache, out)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	start := time.Now()
	if c, err = testcluster.Start(ctx, servers, dir, testcluster.Options{Detached: true, Controllers: true}); err != nil {
		return err
	}
	if err := c.Save(); err != nil {
		return errors.Join(err, c.Stop())
	}
	return say(c, "runs after "+time.Since(start).Round(100*time.Millisecond).String(), out)
}

func say(c *testcluster.Cluster, how string, out io.Writer) error {
	_, err := fmt.Fprintf(out, "Kubernetes %s %s at %s\nexport KUBECONFIG=%s\n", testcluster.Version, how, c.URL, c.Kubeconfig)
	return err
}

func down(dir string, out io.Writer) error {
	c, err := testcluster.Load(dir)
	if err != nil {
		return err
	}
	if c == nil {
		fmt.Fprintln(out, "no test cluster runs")
	} else if err := c.Stop(); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
