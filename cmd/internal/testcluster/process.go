package testcluster

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// stopLimit is how long a server has to end by itself.
const stopLimit = 20 * time.Second

// Process is one server.
type Process struct {
	Program string `json:"program"`
	Log     string `json:"log"`
	PID     int    `json:"pid"`
	// Started tells the process from a later one of the same number.
	Started string `json:"started,omitempty"`

	flags []string
	done  chan struct{} // closed when it has ended; nil for one that another process started
}

// startProcess starts a program. One that is not detached is started and waited for by a
// thread of its own: Linux ends it with that thread.
func startProcess(program string, flags []string, log string, detached bool) (*Process, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	cmd := exec.Command(program, flags...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = attributes(detached)
	p := &Process{Program: program, Log: log, flags: flags, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	p.PID = cmd.Process.Pid
	p.Started = startTime(p.PID)
	return p, nil
}

// ended tells whether the server is no longer there.
func (p *Process) ended() bool {
	if p.done != nil {
		select {
		case <-p.done:
			return true
		default:
			return false
		}
	}
	process, err := os.FindProcess(p.PID)
	return err != nil || process.Signal(syscall.Signal(0)) != nil || startTime(p.PID) != p.Started
}

// stop asks the server to end, and ends it where it does not.
func (p *Process) stop() error {
	if p.ended() {
		return nil
	}
	process, err := os.FindProcess(p.PID)
	if err != nil {
		return err
	}
	for _, signal := range []os.Signal{os.Interrupt, os.Kill} {
		if err := process.Signal(signal); err != nil && !p.ended() {
			return err
		}
		for limit := time.Now().Add(stopLimit); time.Now().Before(limit); time.Sleep(20 * time.Millisecond) {
			if p.ended() {
				return nil
			}
		}
	}
	return fmt.Errorf("%s (process %d) does not end", p.Program, p.PID)
}
