// Command docgen writes the pages of docs/ that are made from the code: docs/cli, one
// page per command, and docs/diagnostics.md, one section per code. `make docs` runs it
// in the root of the repository.
//
// The pages depend on the code alone, so that they can be committed: a test makes them
// again and compares. The tests here also hold the written pages of docs/ to the code:
// names that docs/architecture.md gives, examples in docs/app.md, links, JSON Schemas.
package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/couplet-k8s/couplet/cmd/internal/cli"
	"github.com/couplet-k8s/couplet/compiler/diag"
)

func main() {
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

// pages gives the text of every generated page by its path from the root of the
// repository.
func pages() (map[string]string, error) {
	all := commandPages(cli.NewRoot(&cli.Process{Out: io.Discard, Err: io.Discard}))
	text, err := diagnosticsPage(diag.Codes())
	all["docs/diagnostics.md"] = text
	return all, err
}

// write brings the generated pages below root up to date, and removes those of
// commands that are gone.
func write(root string) error {
	all, err := pages()
	if err != nil {
		return err
	}
	stray, err := strays(root, all)
	if err != nil {
		return err
	}
	for _, name := range stray {
		if err := os.Remove(filepath.Join(root, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(all[name]), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// strays are the files in docs/cli that no command has.
func strays(root string, all map[string]string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(root, "docs", "cli"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	var found []string
	for _, e := range entries {
		if name := commandDir + e.Name(); all[name] == "" {
			found = append(found, name)
		}
	}
	return found, err
}
