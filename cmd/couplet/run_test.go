package main

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"github.com/couplet-k8s/couplet/cmd/internal/cli"
	"github.com/couplet-k8s/couplet/cmd/internal/scripttest"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// runIn runs a command line in a folder, within the test's process.
func runIn(t *testing.T, dir string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	t.Chdir(dir)
	var out, err bytes.Buffer
	p := &cli.Process{
		In: new(bytes.Buffer), Out: &out, Err: &err, Dir: filepath.ToSlash(dir),
		Getenv: func(string) (string, bool) { return "", false },
		Files:  compiler.Files(source.Disk{}), Companion: scripttest.Companion,
	}
	code = cli.Run(context.Background(), p, args)
	return out.String(), err.String(), code
}
