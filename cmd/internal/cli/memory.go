package cli

import (
	"math"
	"runtime"
	"runtime/debug"
)

// couplet's processes are short and their heaps small, so most collections would be
// work for nothing. The collector starts off; the first collection comes when the
// process holds collectFrom bytes, and from then on the heap may grow by growth percent
// between two of them, whatever its size, so that a large heap does not have the
// collector spin.
const (
	collectFrom = 64 << 20
	growth      = 200
)

// tuneMemory sets the collector, unless the user has: GOGC and GOMEMLIMIT win.
func tuneMemory(getenv func(string) (string, bool)) {
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		if _, ok := getenv(name); ok {
			return
		}
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(collectFrom)
	runtime.SetFinalizer(&[16]byte{}, func(*[16]byte) {
		debug.SetGCPercent(growth)
		debug.SetMemoryLimit(math.MaxInt64)
	})
}
