// Command benchmark holds couplet against the other implementations of jsonnet, and
// couplet's start-up and its export of many environments against their aims. It writes
// the sections of docs/performance.md:
//
//	go run ./cmd/internal/benchmark -corpora DIR -o docs/performance.md
//
// DIR holds what is not ours to commit: the peers' binaries in bin/, the programs to
// evaluate (rows) and, beside each binary, an optional NAME.version with what the binary
// does not say itself. With -environments it only writes the generated Tanka tree.
//
// What is measured is whole processes: user and system time and the peak of resident
// memory, as the kernel accounts them when the process ends, the minimum of several
// rounds. Engines take turns within a row, and the order turns from round to round, so
// that what else the machine does falls on all of them. The outputs are compared too: a
// fast wrong answer is marked. Nothing is left out of a table because it looks bad, and
// the losses are listed by name.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == workerArgument {
		os.Exit(work(os.Stdin, os.Stdout, os.Stderr))
	}
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	if err == flag.ErrHelp {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

// options are what the flags say.
type options struct {
	corpora, couplet string
	engines          string
	sections         string
	rows             *regexp.Regexp
	rounds           int
	slowRounds       int
	slow             time.Duration
	limit            time.Duration
	page             string
	environments     string
	count            int
}

func parse(args []string, errs io.Writer) (options, error) {
	o := options{rows: new(regexp.Regexp)}
	f := flag.NewFlagSet("benchmark", flag.ContinueOnError)
	f.SetOutput(errs)
	f.StringVar(&o.corpora, "corpora", "", "`folder` of the peers and the programs")
	f.StringVar(&o.couplet, "couplet", "bin/couplet", "couplet's `binary`")
	f.StringVar(&o.engines, "engines", "couplet,go-jsonnet,jrsonnet,rsjsonnet",
		"`names` of the engines to run, separated by commas; the first is held against the others")
	f.StringVar(&o.sections, "sections", "engines,programs,startup,parsing,provenance,environments,validation,cluster", "`names` of the sections to write")
	f.TextVar(o.rows, "rows", regexp.MustCompile(""), "only rows whose name matches `regexp`")
	f.IntVar(&o.rounds, "rounds", 5, "runs of each engine on a row; three times as many where it takes under 0.1 s")
	f.IntVar(&o.slowRounds, "slow-rounds", 1, "runs where it is slow")
	f.DurationVar(&o.slow, "slow", 3*time.Second, "CPU time from which an engine is slow on a row")
	f.DurationVar(&o.limit, "limit", time.Minute, "CPU time after which a process is killed")
	f.StringVar(&o.page, "o", "", "replace the sections in `file` instead of printing them")
	f.StringVar(&o.environments, "environments", "", "only write the tree of environments to `folder`")
	f.IntVar(&o.count, "count", 200, "environments in the tree")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	return o.checked()
}

// checked makes paths absolute, for processes run in folders of their own.
func (o options) checked() (options, error) {
	if o.environments != "" {
		return o, nil
	}
	if o.corpora == "" {
		return o, fmt.Errorf("-corpora is missing")
	}
	if o.rounds < 1 || o.slowRounds < 1 || o.limit < time.Second {
		return o, fmt.Errorf("-rounds and -slow-rounds are at least 1, -limit at least 1s")
	}
	var err error
	if o.corpora, err = filepath.Abs(o.corpora); err != nil {
		return o, err
	}
	o.couplet, err = filepath.Abs(o.couplet)
	return o, err
}

func run(args []string, out, errs io.Writer) error {
	o, err := parse(args, errs)
	if err != nil {
		return err
	}
	if o.environments != "" {
		return writeFiles(o.environments, environmentFiles(o.count))
	}
	b, err := newBench(o, errs)
	if err != nil {
		return err
	}
	defer b.close()
	for _, name := range strings.Split(o.sections, ",") {
		text, err := b.section(name)
		if err != nil {
			return err
		}
		if err := publish(o.page, name, text, out); err != nil {
			return err
		}
	}
	return nil
}
