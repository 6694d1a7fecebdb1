package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// steering are variables that change how an engine runs; a process gets none of them
// from the shell that started the benchmark.
var steering = []string{"GOGC=", "GOMEMLIMIT=", "GOMAXPROCS=", "GODEBUG=", "JSONNET_PATH="}

// work is the worker's main function: one job in, its samples out.
func work(in io.Reader, out, errs io.Writer) int {
	var j job
	err := json.NewDecoder(in).Decode(&j)
	if err == nil {
		err = limitCPU(j.Limit)
	}
	var d done
	if err == nil {
		d, err = j.run()
	}
	if err == nil {
		err = json.NewEncoder(out).Encode(d)
	}
	if err != nil {
		fmt.Fprintln(errs, err)
		return 1
	}
	return 0
}

// limitCPU holds for every process that this one starts, each by itself.
func limitCPU(limit time.Duration) error {
	seconds := uint64((limit + time.Second - 1) / time.Second)
	return syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: seconds, Max: seconds})
}

// run starts j's processes in their order, as many at a time as it says.
func (j job) run() (done, error) {
	d := done{Samples: make([]sample, len(j.Commands))}
	errs := make([]error, max(j.Together, 1))
	next := make(chan int)
	var lanes sync.WaitGroup
	begin := time.Now()
	for lane := range errs {
		lanes.Go(func() {
			errs[lane] = bindTo(j.Cores)
			for i := range next {
				d.Samples[i] = j.Commands[i].measure(j.Limit)
			}
		})
	}
	for i := range j.Commands {
		next <- i
	}
	close(next)
	lanes.Wait()
	d.Wall = time.Since(begin)
	return d, errors.Join(errs...)
}

// bindTo lets this goroutine start processes that see the first cores of the machine
// only: a process inherits the cores of the thread that starts it.
func bindTo(cores int) error {
	if cores == 0 {
		return nil
	}
	runtime.LockOSThread()
	var mask [16]uint64
	const size = unsafe.Sizeof(mask)
	if _, _, e := syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, size, uintptr(unsafe.Pointer(&mask))); e != 0 {
		return e
	}
	if left := keepFirst(mask[:], cores); left > 0 {
		return fmt.Errorf("%d cores asked for, %d of them missing", cores, left)
	}
	if _, _, e := syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, size, uintptr(unsafe.Pointer(&mask))); e != 0 {
		return e
	}
	return nil
}

// keepFirst clears all but the first n set bits, and gives how many of n were not set.
func keepFirst(mask []uint64, n int) int {
	for i := range mask {
		for bit := uint64(1); bit != 0; bit <<= 1 {
			switch {
			case mask[i]&bit == 0:
			case n > 0:
				n--
			default:
				mask[i] &^= bit
			}
		}
	}
	return n
}

// measure runs c to its end.
func (c command) measure(limit time.Duration) sample {
	stdout, err := os.Create(c.Stdout)
	if err != nil {
		return sample{Failure: "error", Detail: err.Error()}
	}
	defer stdout.Close()
	// A process that waits takes no CPU time and would never end.
	ctx, cancel := context.WithTimeout(context.Background(), 5*limit)
	defer cancel()
	var errs bytes.Buffer
	process := exec.CommandContext(ctx, c.Args[0], c.Args[1:]...)
	process.Dir, process.Stdout, process.Stderr = c.Dir, stdout, &errs
	process.Env = append(environ(), c.Env...)
	begin := time.Now()
	err = process.Run()
	s := sample{Wall: time.Since(begin)}
	if process.ProcessState != nil {
		s.CPU = process.ProcessState.UserTime() + process.ProcessState.SystemTime()
		s.RSS = process.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	}
	if err != nil {
		s.Failure, s.Detail = failure(err, s, limit), firstLine(errs.String(), err)
	}
	return s
}

func environ() []string {
	var kept []string
	for _, v := range os.Environ() {
		steers := false
		for _, name := range steering {
			steers = steers || strings.HasPrefix(v, name)
		}
		if !steers {
			kept = append(kept, v)
		}
	}
	return kept
}

// failure names the reason as the tables show it.
func failure(err error, s sample, limit time.Duration) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signaled() {
		switch {
		case s.CPU >= limit-time.Second/2:
			return fmt.Sprintf("CPU limit %.0f s", limit.Seconds())
		case s.Wall >= 5*limit:
			return fmt.Sprintf("time limit %.0f s", 5*limit.Seconds())
		}
		return "killed"
	}
	return "error"
}

func firstLine(said string, err error) string {
	line, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	return strings.TrimSpace(err.Error() + " " + line)
}
