package main

import (
	"os"
	"path/filepath"
	"testing"
)

// companionPath is where `make companion` builds couplet-admit; "" where it is not built.
var companionPath = func() string {
	path, err := filepath.Abs("../../bin/couplet-admit")
	if err != nil {
		return ""
	}
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}()

// needCompanion skips a test that is about the companion where that is not built.
func needCompanion(t *testing.T) {
	t.Helper()
	if companionPath == "" {
		t.Skip("couplet-admit is not built: run `make companion`")
	}
}
