// Command couplet-admit judges Kubernetes objects by the API server's own rules. It is the
// companion of couplet, which starts it and speaks to it over its standard input and
// output, and it needs no cluster and no network. The wire format is described in
// docs/companion.md of couplet's repository; anyone may speak it.
//
//	couplet-admit [--kubernetes MINOR]
//	couplet-admit --version
//
// It is a program and a module of its own, because the API server's rules are large: every
// process that contained them would take longer to start than couplet takes for its work.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/couplet-k8s/couplet/cmd/couplet-admit/internal/rules"
	"github.com/couplet-k8s/couplet/cmd/couplet-admit/internal/wire"
)

func main() {
	err := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "couplet-admit:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("couplet-admit", flag.ContinueOnError)
	minor := flags.String("kubernetes", "", "the Kubernetes minor whose features are on, such as 1.34 (default: that of the rules)")
	version := flags.Bool("version", false, "print the version of the rules and of the wire format")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: bundles come on the standard input", flags.Arg(0))
	}
	if *version {
		_, err := fmt.Fprintf(out, "rules of Kubernetes %s, wire format %d\n", rules.Version, wire.Version)
		return err
	}
	judge, err := rules.New(*minor)
	if err != nil {
		return err
	}
	return wire.Serve(ctx, judge, bufio.NewReaderSize(in, 1<<16), out)
}
