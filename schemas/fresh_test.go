package schemas_test

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/couplet-k8s/couplet/schemas/internal/build"
)

// TestFresh makes the files again from the pinned modules and compares them with the
// committed ones. The descriptions are compared as text: what flate makes of it may
// change with the Go release.
func TestFresh(t *testing.T) {
	for _, release := range build.Releases {
		switch _, err := build.Download(release); {
		case errors.Is(err, build.ErrChanged):
			t.Fatal(err)
		case err != nil:
			t.Skipf("the module is not obtainable: %v", err)
		}
	}
	files, err := build.Generate()
	if err != nil {
		t.Fatal(err)
	}
	again, err := build.Generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, made := range files {
		if !bytes.Equal(made, again[name]) {
			t.Errorf("%s differs from one run to the next", name)
		}
		committed, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == build.DescriptionsFile {
			made, committed = inflate(t, made), inflate(t, committed)
		}
		if !bytes.Equal(made, committed) {
			t.Errorf("%s is stale; run: go generate ./schemas", name)
		}
	}
}

func inflate(t *testing.T, data []byte) []byte {
	t.Helper()
	const head = 8
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(data[head:])))
	if err != nil {
		t.Fatal(err)
	}
	return append(data[:head:head], text...)
}
