package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// starts is how often each program is started: start-up is short and its noise is not.
const starts = 40

// small is a program whose objects take no time.
const small = `{
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'small' },
  data: { answer: '%d' % (6 * 7) },
}
`

// starter is one program of the start-up table.
type starter struct {
	name string
	args []string
}

func (b *bench) startupSection() (string, error) {
	page, err := b.preamble("Start-up")
	if err != nil {
		return "", err
	}
	file := filepath.Join(b.scratch, "small.jsonnet")
	if err := os.WriteFile(file, []byte(small), 0o666); err != nil {
		return "", err
	}
	all := b.starters(file)
	d, err := send(b.startJob(all))
	if err != nil {
		return "", err
	}
	return page + fmt.Sprintf("Minimum of %d starts each, in turns, in milliseconds. The first program is a Go program that only prints a word,\n"+
		"built without cgo; *more* is CPU over its.\n\n", starts) + startTable(all, d.Samples), nil
}

func (b *bench) starters(file string) []starter {
	all := []starter{{"hello, world in Go", []string{filepath.Join(b.corpora, "bin", "hello")}}}
	for _, e := range b.chosen {
		if e.name == ours {
			all = append(all,
				starter{"couplet version", []string{e.program, "version"}},
				starter{"couplet show, one ConfigMap", []string{e.program, "show", file}},
				starter{"couplet eval, the same", []string{e.program, "eval", file}})
			continue
		}
		all = append(all, starter{e.name + ", the same", append(append([]string{e.program}, e.prefix...), file)})
	}
	return all
}

func (b *bench) startJob(all []starter) job {
	j := job{Limit: b.limit}
	for round := range starts {
		for i := range all {
			s := all[(i+round)%len(all)]
			j.Commands = append(j.Commands, command{Dir: b.scratch, Args: s.args, Stdout: filepath.Join(b.scratch, "stdout")})
		}
	}
	return j
}

// startTable takes the samples in startJob's order.
func startTable(all []starter, samples []sample) string {
	byProgram := make([][]sample, len(all))
	for i, s := range samples {
		round := i / len(all)
		at := (i + round) % len(all)
		byProgram[at] = append(byProgram[at], s)
	}
	t := newTable("program", "CPU, ms", "more, ms", "wall, ms", "RSS")
	var base time.Duration
	for i, s := range all {
		least := minimum(byProgram[i])
		if least.Failure != "" {
			t.add(s.name, least.Failure)
			continue
		}
		if i == 0 {
			base = least.CPU
		}
		t.add(s.name, milliseconds(least.CPU), milliseconds(least.CPU-base), milliseconds(least.Wall), megabytes(least.RSS))
	}
	return t.String()
}
