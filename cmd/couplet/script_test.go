package main

import (
	"flag"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/couplet-k8s/couplet/cmd/internal/cli"
	"github.com/couplet-k8s/couplet/cmd/internal/scripttest"
)

// update rewrites the files that scripts compare outputs with: go test ./cmd/couplet -update.
var update = flag.Bool("update", false, "rewrite the expected outputs in the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"couplet": func() { os.Exit(cli.Main(nil)) },
	})
}

// TestScript runs testdata/script/*.txtar with the real main: one script a command.
func TestScript(t *testing.T) {
	testscript.Run(t, scripttest.Params("../../testdata/script", *update))
}

// needCompanion skips a test that is about the companion where that is not built.
func needCompanion(t *testing.T) {
	t.Helper()
	if scripttest.Companion == "" {
		t.Skip("couplet-admit is not built: run `make companion`")
	}
}
