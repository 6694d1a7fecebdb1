// Command generate writes the schema container and its descriptions into a folder,
// the working directory by default. See package build.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/couplet-k8s/couplet/schemas/internal/build"
)

func main() {
	dir := "."
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := run(dir); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	files, err := build.Generate()
	if err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
