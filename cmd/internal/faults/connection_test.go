//go:build unix

package faults

import (
	"context"
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/cmd/internal/testcluster"
)

// TestCut cuts the connection at each request of an apply in turn, and at each of a delete.
func TestCut(t *testing.T) {
	w := start(t)
	size := bounded(16, 32)
	a := w.newApp(t, "cut", mixed(size))
	a.apply().want(t, 0)
	applying := len(w.proxy.Requests())
	w.proxy.Begin(nil)
	a.delete().want(t, 0)
	deleting := len(w.proxy.Requests())
	tried := 0
	for _, fault := range []testcluster.Fault{testcluster.CutBefore, testcluster.CutAfter} {
		for at := 1; at <= max(applying, deleting); at += bounded(7, 1) {
			cut := func(r testcluster.Request) testcluster.Fault {
				if r.Number == at {
					return fault
				}
				return testcluster.Pass
			}
			w.proxy.Begin(cut)
			a.apply().want(t, 0)
			a.madeOnce()
			a.isWhole(size)
			a.nothingLost()
			w.proxy.Begin(cut)
			a.delete().want(t, 0)
			a.vanished()
			if t.Failed() {
				t.Fatalf("the connection was cut at request %d (fault %d)", at, fault)
			}
			tried += 2
		}
	}
	figures.add("the connection cut at one request, before the server has it or before its answer is back", tried,
		fmt.Sprintf("an apply of %d objects has %d requests, a delete %d; each run succeeds, each object is made once", size, applying, deleting))
}

// TestServerKilled kills the API server in the middle of applies and of deletes.
func TestServerKilled(t *testing.T) {
	w := start(t)
	size, times := bounded(64, 200), bounded(1, 10)
	a := w.newApp(t, "killed", mixed(size))
	for i := range times {
		for _, change := range []func() run{func() run { return a.apply() }, a.delete} {
			done := w.atWrite(t, (i+1)*size/(times+1), func() error { return w.restart("kube-apiserver") })
			r := change()
			done()
			r.want(t, 0)
			a.nothingLost()
			if t.Failed() {
				t.FailNow()
			}
		}
		a.vanished()
	}
	a.converges(size, nil)
	a.vanishes()
	figures.add("the API server killed in the middle and started again a second later", 2*times, fmt.Sprintf("applies and deletes of %d objects, each succeeds without another run", size))
}

// restart kills a server and starts it again a second later.
func (w *world) restart(program string) error {
	if err := w.cluster.Kill(program); err != nil {
		return err
	}
	time.Sleep(time.Second)
	return w.cluster.Restart(context.Background(), program)
}

// atWrite does something beside the run when so many requests that change something have
// come. The function that it gives waits until that is done.
func (w *world) atWrite(t *testing.T, number int, do func() error) (done func()) {
	t.Helper()
	ended := make(chan error, 1)
	var writes atomic.Int64
	w.proxy.Begin(func(r testcluster.Request) testcluster.Fault {
		if r.Writes() && writes.Add(1) == int64(number) {
			go func() { ended <- do() }()
		}
		return testcluster.Pass
	})
	return func() {
		t.Helper()
		if n := writes.Load(); n < int64(number) {
			t.Fatalf("only %d requests changed something, and nothing was done at number %d", n, number)
		}
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		w.proxy.Begin(nil)
	}
}

// TestStoragePaused stops etcd in the middle of an apply for longer than a request may take.
func TestStoragePaused(t *testing.T) {
	w := start(t)
	size, pause := bounded(64, 200), time.Duration(bounded(5, 45))*time.Second
	a := w.newApp(t, "paused", mixed(size))
	done := w.atWrite(t, size/2, func() error {
		if err := w.cluster.Signal("etcd", syscall.SIGSTOP); err != nil {
			return err
		}
		time.Sleep(pause)
		return w.cluster.Signal("etcd", syscall.SIGCONT)
	})
	r := a.apply()
	done()
	r.want(t, 0)
	a.converges(size, a.nothingLost())
	a.vanishes()
	figures.add("etcd stopped for "+pause.String()+" in the middle of an apply", 1, fmt.Sprintf("an apply of %d objects succeeds after %s", size, r.took.Round(time.Second)))
}

// TestBusy has the server answer 429 to everything for a while.
func TestBusy(t *testing.T) {
	w := start(t)
	size, storm := bounded(32, 200), time.Duration(bounded(4, 40))*time.Second // the lease lasts a minute
	a := w.newApp(t, "busy", mixed(size))
	for _, from := range []int{1, size} {
		var until atomic.Int64
		var refused atomic.Int64
		w.proxy.Begin(func(r testcluster.Request) testcluster.Fault {
			if r.Number == from {
				until.Store(time.Now().Add(storm).UnixNano())
			}
			if r.Number >= from && time.Now().UnixNano() < until.Load() {
				refused.Add(1)
				return testcluster.Busy
			}
			return testcluster.Pass
		})
		a.apply().want(t, 0)
		a.madeOnce()
		if refused.Load() == 0 {
			t.Fatal("no request was refused")
		}
		a.isWhole(size)
		a.vanishes()
		figures.add(fmt.Sprintf("429 with Retry-After: 1 to everything for %s, from request %d on", storm, from), 1, fmt.Sprintf("%d requests refused, the apply succeeds", refused.Load()))
	}
}

// TestCredentialsExpire has the credentials expire before an apply and in the middle of it.
func TestCredentialsExpire(t *testing.T) {
	w := start(t)
	const size = 32
	a := w.newApp(t, "expired", mixed(size))
	requests := []int{1, size, 3 * size / 2, 2 * size}
	for _, from := range requests {
		w.proxy.Begin(func(r testcluster.Request) testcluster.Fault {
			if r.Number >= from {
				return testcluster.Unauthorized
			}
			return testcluster.Pass
		})
		if r := a.apply(); r.code != 1 {
			t.Fatalf("exit code %d with credentials that expire at request %d\n%s", r.code, from, r.err)
		}
		before := a.nothingLost()
		a.age() // the lease could not be given back
		a.converges(size, before)
		a.vanishes()
	}
	figures.add("credentials that expire", len(requests), "before the first request and in the middle: the apply fails, applying again with good ones converges")
}
