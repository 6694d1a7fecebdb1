package cli

import (
	"runtime"
	"runtime/debug"
)

// couplet's processes are short and their heaps small, so most collections would be
// work for nothing. The first collection comes when the heap holds collectFrom bytes, and
// from then on it may grow by growth percent between two of them, whatever its size, so
// that a large heap does not have the collector spin.
const (
	collectFrom = 96 << 20
	growth      = 200
)

// minimumHeap is the size, at 100 percent of growth, below which Go's collector does not
// start; it grows in proportion to the percentage. See debug.SetGCPercent and the "minimum
// total heap size" of https://go.dev/doc/gc-guide.
const minimumHeap = 4 << 20

// tuneMemory sets the collector, unless the user has: GOGC and GOMEMLIMIT win.
func tuneMemory(getenv func(string) (string, bool)) {
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		if _, ok := getenv(name); ok {
			return
		}
	}
	debug.SetGCPercent(collectFrom / (minimumHeap / 100))
	runtime.SetFinalizer(&[16]byte{}, func(*[16]byte) { debug.SetGCPercent(growth) })
}

// deepen has the goroutine's stack grow once, before there is anything on it. If it grew
// step by step under a command, the runtime would copy it each time, and to do so read
// its tables about each function there: half a megabyte of the binary. The room is a
// variable that only calls with another number would touch.
//
//go:noinline
func deepen(n int) byte {
	if n == 0 {
		return 0
	}
	var room [stackRoomAtStart]byte
	room[n] = byte(n)
	return room[n/2]
}

// stackRoomAtStart is what most evaluations do with.
const stackRoomAtStart = 64 << 10
