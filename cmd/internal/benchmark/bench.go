package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// bench is one run of the benchmark.
type bench struct {
	options
	chosen []engine
	// scratch holds what the processes write.
	scratch string
	log     io.Writer
}

func newBench(o options, log io.Writer) (*bench, error) {
	engines, err := chosen(o)
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "benchmark")
	return &bench{options: o, chosen: engines, scratch: scratch, log: log}, err
}

func (b *bench) close() { os.RemoveAll(b.scratch) }

// section measures and writes one section of the page.
func (b *bench) section(name string) (string, error) {
	switch name {
	case "engines":
		return b.enginesSection()
	case "programs":
		return b.programsSection()
	case "startup":
		return b.startupSection()
	case "parsing":
		return b.parsingSection()
	case "validation":
		return b.validationSection()
	case "cluster":
		return b.clusterSection()
	case "provenance":
		return b.provenanceSection()
	case "environments":
		return b.environmentsSection()
	}
	return "", fmt.Errorf("unknown section %q", name)
}

// cell is one engine on one row.
type cell struct {
	sample
	runs int
	mark string
}

// result is a row with its cells by the names of the engines.
type result struct {
	row   row
	cells map[string]cell
}

func (b *bench) race(r row) (result, error) {
	samples := map[string][]sample{}
	outputs := map[string]output{}
	for round := range b.mostRounds() {
		for i := range b.chosen {
			e := b.chosen[(i+round)%len(b.chosen)]
			if round >= b.roundsAfter(samples[e.name]) {
				continue
			}
			s, out, err := b.once(e, r, round == 0)
			if err != nil {
				return result{}, err
			}
			samples[e.name] = append(samples[e.name], s)
			if round == 0 {
				outputs[e.name] = out
			}
		}
	}
	return b.judge(r, samples, outputs), nil
}

func (b *bench) judge(r row, samples map[string][]sample, outputs map[string]output) result {
	res := result{row: r, cells: map[string]cell{}}
	for name, all := range samples {
		c := cell{sample: minimum(all), runs: len(all)}
		if name != oracle {
			c.mark = compare(outputs[oracle], outputs[name])
		}
		res.cells[name] = c
	}
	return res
}

// quick is where a process is so short that more runs cost nothing.
const quick = 100 * time.Millisecond

func (b *bench) mostRounds() int { return max(3*b.rounds, b.slowRounds) }

// roundsAfter is how many rounds an engine takes part in, going by its first one.
func (b *bench) roundsAfter(samples []sample) int {
	switch {
	case len(samples) == 0:
		return b.mostRounds()
	case samples[len(samples)-1].Failure != "":
		return 0
	case samples[0].CPU >= b.slow:
		return b.slowRounds
	case samples[0].CPU < quick:
		return 3 * b.rounds
	}
	return b.rounds
}

// once runs e on r, in a folder as empty as at the first time.
func (b *bench) once(e engine, r row, read bool) (sample, output, error) {
	folder, stdout := filepath.Join(b.scratch, "out"), filepath.Join(b.scratch, "stdout")
	if err := os.RemoveAll(folder); err != nil {
		return sample{}, nil, err
	}
	for _, sub := range append([]string{""}, r.folders...) {
		if err := os.MkdirAll(filepath.Join(folder, sub), 0o777); err != nil {
			return sample{}, nil, err
		}
	}
	d, err := send(job{Commands: []command{e.command(r, b.corpora, folder, stdout)}, Limit: b.limit})
	if err != nil {
		return sample{}, nil, err
	}
	s := d.Samples[0]
	if s.Failure != "" {
		fmt.Fprintf(b.log, "%s: %s: %s (%s)\n", r.name, e.name, s.Failure, s.Detail)
	}
	if s.Failure != "" || !read {
		return s, nil, nil
	}
	out, err := readOutput(stdout, folder)
	return s, out, err
}
