//go:build unix

package programs

import (
	"os"
	"syscall"
)

// HandOver replaces this process by a program, and comes back only with an error.
func HandOver(path string, args []string) (int, error) {
	return 0, syscall.Exec(path, append([]string{path}, args...), os.Environ())
}
