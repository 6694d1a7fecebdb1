package main

import (
	"embed"
	"io/fs"
	"path/filepath"
	"strings"
)

// programs are programs of our own, each about one part of the language or of std, used
// as components use it. No engine is tuned to them: they are here so that what the public
// suites leave out is measured too.
//
//go:embed programs
var programs embed.FS

func (b *bench) programsSection() (string, error) {
	page, err := b.preamble("Programs of our own")
	if err != nil {
		return "", err
	}
	all, err := b.ownRows()
	if err != nil {
		return "", err
	}
	r, err := b.races(all)
	if err != nil {
		return "", err
	}
	return page + "The programs in `cmd/internal/benchmark/programs`, measured like those above.\n\n" + b.method() + r.text(), nil
}

// ownRows writes the programs to a folder to be run in, after the row of start-up.
func (b *bench) ownRows() ([]row, error) {
	all := []row{{name: hello, dir: "bench", args: []string{"hello.jsonnet"}}}
	files := map[string]string{}
	names, err := fs.Glob(programs, "programs/*.jsonnet")
	for _, name := range names {
		text, err := programs.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[name] = string(text)
		file := strings.TrimPrefix(name, "programs/")
		all = append(all, row{name: strings.TrimSuffix(file, ".jsonnet"), dir: filepath.ToSlash(filepath.Join(b.scratch, "programs")), args: []string{file}})
	}
	if err != nil {
		return nil, err
	}
	return all, writeFiles(b.scratch, files)
}
