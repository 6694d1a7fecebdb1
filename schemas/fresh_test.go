package schemas_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/couplet-k8s/couplet/schemas/internal/build"
	"github.com/couplet-k8s/couplet/schemas/internal/format"
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
	for _, source := range build.Sources {
		switch _, err := build.DownloadSource(source); {
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
		if name == build.CustomFile {
			made, committed = customText(t, made), customText(t, committed)
		}
		if !bytes.Equal(made, committed) {
			t.Errorf("%s is stale; run: go generate ./schemas", name)
		}
	}
}

// customText is what the file of definitions holds.
func customText(t *testing.T, data []byte) []byte {
	t.Helper()
	start := 12 + int(binary.LittleEndian.Uint32(data[8:12]))
	var list []format.Custom
	if err := json.Unmarshal(data[12:start], &list); err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, c := range list {
		text, err := io.ReadAll(flate.NewReader(bytes.NewReader(data[start+c.At : start+c.At+c.Length])))
		if err != nil {
			t.Fatal(err)
		}
		out = fmt.Appendf(out, "%s %s %s %s\n", c.Group, c.Kind, c.From, text)
	}
	return out
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
