//go:build !linux

package main

import (
	"fmt"
	"io"
)

// work cannot measure here: what a process took is asked of Linux.
func work(_ io.Reader, _, errs io.Writer) int {
	fmt.Fprintln(errs, "the benchmark measures on Linux only")
	return 1
}
