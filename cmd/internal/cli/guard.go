package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

// Where an evaluation recurses without end outside of jsonnet's own limit, Go would end
// the process: a stack that overflows cannot be recovered from. So the limit of a stack
// is raised out of the way, and evaluations are stopped when stacks reach the size at
// which Go's own limit of 1 GB would have been met. Where one holds more data than it
// may, the system would end the process, and so that is watched too.
const (
	stackLimit    = 1 << 30
	stackRoom     = 8 << 30
	guardInterval = 20 * time.Millisecond
)

// guard gives a context that ends with eval.ErrStackExhausted or
// eval.ErrMemoryExhausted when evaluations use up the room that they have, and when the
// process is interrupted or told to end. It begins after an interval: most commands have
// ended by then, and neither a goroutine nor a thread for signals has been started. An
// interruption before that ends the process, which leaves no more behind than a crash.
func guard(ctx context.Context, memory *atomic.Uint64) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	debug.SetMaxStack(stackRoom)
	begin := time.AfterFunc(guardInterval, func() {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		defer signal.Stop(signals)
		used := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
		tick := time.NewTicker(guardInterval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-signals:
				cancel(context.Canceled)
				return
			case <-tick.C:
			}
			metrics.Read(used)
			switch limit := memory.Load(); {
			case used[0].Value.Uint64() >= stackLimit:
				cancel(eval.ErrStackExhausted)
			case limit > 0 && used[1].Value.Uint64() >= limit:
				cancel(eval.ErrMemoryExhausted)
			}
		}
	})
	return ctx, func() {
		begin.Stop()
		cancel(nil)
	}
}

// interruptible reads until the context ends: who is asked something, and who types a program,
// may want to leave. What comes after that is lost.
type interruptible struct {
	ctx  context.Context
	from io.Reader
}

var errInterrupted = errors.New("interrupted")

// Read implements io.Reader.
func (r interruptible) Read(b []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	read, come := make([]byte, len(b)), make(chan result, 1)
	go func() {
		n, err := r.from.Read(read)
		come <- result{n, err}
	}()
	select {
	case <-r.ctx.Done():
		return 0, errInterrupted
	case got := <-come:
		return copy(b, read[:got.n]), got.err
	}
}
