//go:build unix

package faults

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestTwoApplies has a second apply begin while one is under way.
func TestTwoApplies(t *testing.T) {
	w := start(t)
	const size = 64
	a := w.newApp(t, "two", mixed(size))
	var second run
	a.atFirstWrite(func() { second = launch(t, a.dir, w.cluster.Kubeconfig, apply...).end(t) })
	a.apply().want(t, 0)
	if second.code != 1 || !strings.Contains(second.err, "has been changing this environment since") {
		t.Fatalf("exit code %d\n%s", second.code, second.err)
	}
	a.madeOnce()
	a.isWhole(size)
	times := bounded(3, 30)
	for range times {
		both := []*process{a.launch(apply...), a.launch(apply...)}
		for _, p := range both {
			p.end(t)
		}
		a.isWhole(size)
	}
	a.vanishes()
	figures.add("two applies at once", 1+times, "the lease lets one in, the other says who has it")
}

// TestKilledHolder has the holder of the lease killed: its lease has to run out.
func TestKilledHolder(t *testing.T) {
	w := start(t)
	const size = 64
	a := w.newApp(t, "holder", mixed(size))
	var p *process
	a.atFirstWrite(func() { _ = p.Process.Kill() })
	p = a.launch(apply...)
	p.end(t).want(t, -1)
	before := a.nothingLost()
	w.proxy.Begin(nil)
	if r := a.apply(); r.code != 1 || !strings.Contains(r.err, fmt.Sprintf("process %d", p.Process.Pid)) {
		t.Fatalf("exit code %d, want 1 and the name of the holder\n%s", r.code, r.err)
	}
	a.timePasses()
	a.converges(size, before)
	a.vanishes()
	figures.add("a run that holds the lease and is killed", 1, "the next is told who holds it and until when, and one after that takes it over")
}

// TestInterrupted ends applies and deletes at random moments, as ^C does and as a crash does.
func TestInterrupted(t *testing.T) {
	w := start(t)
	size, times := bounded(48, 96), bounded(16, 400)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	a := w.newApp(t, "interrupted", mixed(size))
	applying := a.apply().want(t, 0).took
	deleting := a.delete().want(t, 0).took
	ended := map[string]int{}
	for i := range times {
		args, takes := apply, applying
		if i%4 == 3 {
			args, takes = append([]string{"delete", "prod", "--yes"}, allowances(size)...), deleting
		}
		signal := []os.Signal{os.Interrupt, os.Kill}[random.IntN(2)]
		p := a.launch(args...)
		time.Sleep(time.Duration(random.Int64N(int64(takes))))
		_ = p.Process.Signal(signal)
		r := p.end(t)
		ended[fmt.Sprintf("%v %d", signal, r.code)]++
		a.nothingLost()
		for _, lease := range a.listed("coordination.k8s.io/v1", "Lease") {
			if strings.Contains(lease.Get("spec", "holderIdentity").Str(), fmt.Sprintf("process %d,", p.Process.Pid)) && r.code != -1 {
				t.Errorf("the lease of a run that was interrupted is left\n%s", r.err)
			}
		}
		a.age()
		if i%4 == 2 {
			a.converges(size, a.held())
		}
		if t.Failed() {
			t.Fatalf("run %d, %v of %s, exit code %d\n%s", i, signal, args[0], r.code, r.err)
		}
	}
	a.converges(size, a.held())
	a.vanishes()
	figures.add("SIGINT or SIGKILL at a random moment of an apply or a delete", times, fmt.Sprintf("%d objects each time; nothing lost, nothing made twice, the next run converges", size))
}

// allowances are the flags with which everything may be deleted.
func allowances(size int) []string {
	var args []string
	for i := 15; i < size; i += 16 {
		args = append(args, "--prune-allow", fmt.Sprintf("persistentvolumeclaim/persistentvolumeclaim-%d", i))
	}
	return args
}

// onFullDisk runs the program where the folder small is a disk of one page.
func (a *app) onFullDisk(args ...string) run {
	a.t.Helper()
	program, err := os.Executable()
	if err != nil {
		a.t.Fatal(err)
	}
	script := `mkdir small && mount -t tmpfs -o size=4k none small && exec "$@"`
	wrapped := slices.Concat([]string{"--mount", "--map-root-user", "sh", "-c", script, "sh", program}, args)
	if _, err := exec.LookPath("unshare"); err != nil || exec.Command("unshare", "--mount", "--map-root-user", "true").Run() != nil {
		a.t.Skip("this system does not let a process have a small disk of its own (unshare, mount)")
	}
	return launchProgram(a.t, "unshare", a.dir, a.kubeconfig, wrapped...).end(a.t)
}
