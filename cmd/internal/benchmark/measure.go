package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// workerArgument turns the program into a worker: a process that does nothing but start
// others. Linux counts as a process's peak memory also that of the process that started
// it, so that the one with all the outputs in memory must not be it.
const workerArgument = "worker"

// command is a process to start.
type command struct {
	Dir    string
	Args   []string
	Env    []string
	Stdout string
}

// job is what a worker is asked for on its standard input.
type job struct {
	Commands []command
	// Cores is how many cores the processes may use, 0 for all.
	Cores int
	// Together is how many of them run at a time.
	Together int
	// Limit is the CPU time that each may take.
	Limit time.Duration
}

// done is a worker's answer.
type done struct {
	// Wall is the time from the start of the first process to the end of the last.
	Wall    time.Duration
	Samples []sample
}

// sample is what one process took.
type sample struct {
	// CPU is user and system time.
	CPU, Wall time.Duration
	// RSS is the peak of resident memory, in bytes.
	RSS int64
	// Failure says why there is no result.
	Failure string
	// Detail is what the failed process said.
	Detail string
}

// send lets a fresh worker do j.
func send(j job) (done, error) {
	self, err := os.Executable()
	if err != nil {
		return done{}, err
	}
	in, err := json.Marshal(j)
	if err != nil {
		return done{}, err
	}
	var errs bytes.Buffer
	worker := exec.Command(self, workerArgument)
	worker.Stdin, worker.Stderr = bytes.NewReader(in), &errs
	out, err := worker.Output()
	if err != nil {
		return done{}, fmt.Errorf("worker: %w: %s", err, errs.String())
	}
	var d done
	return d, json.Unmarshal(out, &d)
}

// minimum is the least of each measure over the rounds, or the first failure. A round
// can be disturbed, but not helped, by what else runs.
func minimum(rounds []sample) sample {
	var least sample
	for i, s := range rounds {
		if s.Failure != "" {
			return s
		}
		if i == 0 {
			least = s
		}
		least.CPU = min(least.CPU, s.CPU)
		least.Wall = min(least.Wall, s.Wall)
		least.RSS = min(least.RSS, s.RSS)
	}
	return least
}

// total is a batch of processes as if it were one.
func total(d done) sample {
	sum := sample{Wall: d.Wall}
	for _, s := range d.Samples {
		sum.CPU += s.CPU
		sum.RSS = max(sum.RSS, s.RSS)
		if sum.Failure == "" {
			sum.Failure, sum.Detail = s.Failure, s.Detail
		}
	}
	return sum
}
