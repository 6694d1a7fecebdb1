package cli

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/couplet-k8s/couplet/compiler/eval"
)

// Where go-jsonnet recurses without end outside of its own limit, Go would end the
// process: a stack that overflows cannot be recovered from. So the limit of a stack is
// raised out of the way, and evaluations are stopped when stacks reach the size at
// which Go's own limit of 1 GB would have been met.
const (
	stackLimit    = 1 << 30
	stackRoom     = 8 << 30
	stackInterval = 20 * time.Millisecond
)

// guardStack gives a context that ends with eval.ErrStackExhausted when evaluations use
// up the room for their stacks.
func guardStack(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	debug.SetMaxStack(stackRoom)
	go func() {
		stacks := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}
		tick := time.NewTicker(stackInterval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if metrics.Read(stacks); stacks[0].Value.Uint64() >= stackLimit {
				cancel(eval.ErrStackExhausted)
				return
			}
		}
	}()
	return ctx, func() { cancel(nil) }
}
