package compiler

import (
	"bytes"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

// InOrder does n pieces of work by their numbers, one per processor at a time. It calls
// after with each number in order, from one goroutine at a time, as soon as the work of
// that number and of all before it is done. So what after writes does not depend on the
// number of processors.
func InOrder(n int, work, after func(i int)) {
	var next atomic.Int64
	var mu sync.Mutex
	done := make([]bool, n)
	first := 0 // that after has not seen
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
				mu.Lock()
				done[i] = true
				for ; first < n && done[first]; first++ {
					after(first)
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
}

// TraceBuffer keeps what std.trace writes until its turn. An evaluation that was given up
// may still write to it.
type TraceBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (t *TraceBuffer) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

// Take gives what was written, once.
func (t *TraceBuffer) Take() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := bytes.Clone(t.text.Bytes())
	t.text.Reset()
	return text
}

// traces are the trace outputs of several evaluations.
type traces struct {
	to   io.Writer
	each []TraceBuffer
}

func newTraces(to io.Writer, n int) *traces {
	if to == nil || n == 1 {
		return &traces{to: to}
	}
	return &traces{to: to, each: make([]TraceBuffer, n)}
}

// of is where an evaluation writes. One by itself writes at once.
func (t *traces) of(i int) io.Writer {
	if t.each == nil {
		return t.to
	}
	return &t.each[i]
}

func (t *traces) flush(i int) {
	if t.each == nil {
		return
	}
	if text := t.each[i].Take(); len(text) > 0 {
		_, _ = t.to.Write(text)
	}
}
