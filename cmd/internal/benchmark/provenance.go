package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/std"
)

// provenanceSection measures what it costs to know where values come from: of the
// evaluation alone, and of the commands that show it.
func (b *bench) provenanceSection() (string, error) {
	page, err := b.preamble("Provenance")
	if err != nil {
		return "", err
	}
	dir := filepath.Join(b.corpora, "kube-prometheus")
	off, on, err := b.evaluations(dir)
	if err != nil {
		return "", err
	}
	t := newTable("kube-prometheus", "without", "with", "factor")
	t.add("evaluation alone, wall, ms", milliseconds(off.wall), milliseconds(on.wall), factor(float64(on.wall)/float64(off.wall)))
	t.add("evaluation alone, bytes allocated", megabytes(off.bytes), megabytes(on.bytes), factor(float64(on.bytes)/float64(off.bytes)))
	show, sources, err := b.shows(dir)
	if err != nil {
		return "", err
	}
	t.add("show and show --sources, CPU, ms", milliseconds(show.CPU), milliseconds(sources.CPU), factor(float64(sources.CPU)/float64(show.CPU)))
	t.add("show and show --sources, RSS", megabytes(show.RSS), megabytes(sources.RSS), factor(float64(sources.RSS)/float64(show.RSS)))
	return page + fmt.Sprintf("Minimum of %d runs each, in turns. The evaluation is within one process and reads and parses its files each time;\n"+
		"a collection comes before each, none during it. The text that show --sources prints is more than twice as long, for the comments.\n\n", b.provenanceRounds()) + t.String(), nil
}

func (b *bench) provenanceRounds() int { return 3 * b.rounds }

// evaluation is what an evaluation took.
type evaluation struct {
	wall  time.Duration
	bytes int64
}

func (b *bench) evaluations(dir string) (off, on evaluation, err error) {
	engine := eval.NewEngine(eval.NewLibrary(std.Builtins()))
	program := func() *eval.Program {
		return &eval.Program{
			Files: source.NewSet(source.Disk{}), Entry: filepath.ToSlash(filepath.Join(dir, "example.jsonnet")),
			SearchPath: []string{filepath.ToSlash(filepath.Join(dir, "vendor"))},
		}
	}
	for range b.provenanceRounds() {
		err = off.least(func() diag.List {
			_, found := engine.Evaluate(context.Background(), program())
			return found
		})
		if err != nil {
			return off, on, err
		}
		err = on.least(func() diag.List {
			_, _, found := engine.Tracked(context.Background(), program())
			return found
		})
		if err != nil {
			return off, on, err
		}
	}
	return off, on, nil
}

// least runs an evaluation and keeps what is less than before. As in a process of
// couplet's own, whose heap would not have grown enough, nothing is collected during it.
func (e *evaluation) least(run func() diag.List) error {
	var before, after runtime.MemStats
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	runtime.ReadMemStats(&before)
	start := time.Now()
	found := run()
	wall := time.Since(start)
	runtime.ReadMemStats(&after)
	bytes := int64(after.TotalAlloc - before.TotalAlloc)
	if e.bytes == 0 || bytes < e.bytes {
		e.bytes = bytes
	}
	if e.wall == 0 || wall < e.wall {
		e.wall = wall
	}
	return found.Err()
}

func (b *bench) shows(dir string) (show, sources sample, err error) {
	j := job{Limit: b.limit}
	for range b.provenanceRounds() {
		for _, flags := range [][]string{nil, {"--sources"}} {
			args := append([]string{b.couplet, "show", "-J", "vendor", "example.jsonnet"}, flags...)
			j.Commands = append(j.Commands, command{Dir: dir, Args: args, Stdout: filepath.Join(b.scratch, "stdout")})
		}
	}
	d, err := send(j)
	if err != nil {
		return show, sources, err
	}
	var all [2][]sample
	for i, s := range d.Samples {
		all[i%2] = append(all[i%2], s)
	}
	show, sources = minimum(all[0]), minimum(all[1])
	for _, s := range []sample{show, sources} {
		if s.Failure != "" {
			return show, sources, fmt.Errorf("couplet show: %s: %s", s.Failure, s.Detail)
		}
	}
	return show, sources, nil
}
