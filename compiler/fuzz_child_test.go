package compiler_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/compiler/internal/generate"
)

// child is a process that runs go-jsonnet where it may end the process, or has to be
// ended: it does not bound recursion, and to write a value that shares its parts may take
// it all memory and time there is.
type child struct {
	mu  sync.Mutex
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

const (
	childVariable = "COUPLET_ORACLE_CHILD"
	childMemory   = 2 << 30
	childTooLarge = 3 // the exit code of one that took more
)

// childTask is what a child evaluates, with the files of the corpora that it needs.
type childTask struct {
	Program generate.Program
	Base    map[string]string
}

// theirs evaluates a program with go-jsonnet in the child.
func (c *child) theirs(t tree) outcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	task, err := json.Marshal(childTask{t.program, t.read})
	if err != nil {
		panic(err)
	}
	if c.cmd == nil {
		c.start()
	}
	process := c.cmd.Process
	stop := time.AfterFunc(2*fuzzTime, func() { _ = process.Kill() })
	defer stop.Stop()
	var o outcome
	if _, err = c.in.Write(append(task, '\n')); err == nil {
		var line []byte
		if line, err = c.out.ReadBytes('\n'); err == nil {
			err = json.Unmarshal(line, &o)
		}
	}
	if err != nil {
		c.in.Close()
		_ = c.cmd.Wait()
		code := c.cmd.ProcessState.ExitCode()
		c.cmd = nil
		if code == childTooLarge || !stop.Stop() {
			return outcome{Kind: "skip"}
		}
		return outcome{Kind: "crash", Message: "the process ended"}
	}
	return o
}

func (c *child) start() {
	c.cmd = exec.Command(os.Args[0], "-test.run=^TestOracleChild$")
	c.cmd.Env = append(os.Environ(), childVariable+"=1")
	c.in, _ = c.cmd.StdinPipe()
	out, _ := c.cmd.StdoutPipe()
	if err := c.cmd.Start(); err != nil {
		panic(err)
	}
	c.out = bufio.NewReaderSize(out, 1<<20)
}

// TestOracleChild is the child: it answers each line of its input.
func TestOracleChild(t *testing.T) {
	if os.Getenv(childVariable) == "" {
		t.Skip("it is no test of its own")
	}
	debug.SetMaxStack(256 << 20)
	defer guardMemory(childMemory, func() { os.Exit(childTooLarge) })()
	in := json.NewDecoder(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for {
		var task childTask
		if in.Decode(&task) != nil {
			os.Exit(0)
		}
		if out.Encode(tree{program: task.Program, base: task.Base}.theirs()) != nil {
			os.Exit(1)
		}
	}
}
