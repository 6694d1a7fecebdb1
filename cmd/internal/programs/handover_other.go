//go:build !unix

package programs

// HandOver lets a program do this process's work and gives its exit code.
func HandOver(path string, args []string) (int, error) { return Run(path, args) }
