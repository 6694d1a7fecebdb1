//go:build unix

package testcluster

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
)

// find gives a server by the name of its program, and its place among the processes.
func (c *Cluster) find(program string) (int, *Process, error) {
	for i, p := range c.Processes {
		if filepath.Base(p.Program) == program {
			return i, p, nil
		}
	}
	return 0, nil, fmt.Errorf("the test cluster has no %s", program)
}

// Signal sends a signal to a server: SIGSTOP makes it silent, SIGCONT lets it go on.
func (c *Cluster) Signal(program string, signal syscall.Signal) error {
	_, p, err := c.find(program)
	if err != nil {
		return err
	}
	return syscall.Kill(p.PID, signal)
}

// Kill ends a server as a crash does, and waits for its end.
func (c *Cluster) Kill(program string) error {
	_, p, err := c.find(program)
	if err != nil {
		return err
	}
	if err := syscall.Kill(p.PID, syscall.SIGKILL); err != nil {
		return err
	}
	<-p.done
	return nil
}

// Restart starts a server that was killed with the flags that it had, and waits until the
// API server answers.
func (c *Cluster) Restart(ctx context.Context, program string) error {
	i, old, err := c.find(program)
	if err != nil {
		return err
	}
	p, err := startProcess(old.Program, old.flags, old.Log, false)
	if err != nil {
		return err
	}
	c.Processes[i] = p
	return c.wait(ctx, "/readyz")
}
