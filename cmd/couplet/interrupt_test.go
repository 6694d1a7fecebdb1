package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// TestInterruptedExport kills exports at different moments. Whatever was written is
// whole, and the next export leaves exactly its own files.
func TestInterruptedExport(t *testing.T) {
	if testing.Short() {
		t.Skip("it exports a thousand objects many times")
	}
	couplet, err := exec.LookPath("couplet")
	if err != nil {
		t.Fatal("the script runner provides the command: ", err)
	}
	t.Setenv("COUPLET_CACHE_DIR", t.TempDir())
	dir := t.TempDir()
	program := func(generation int) {
		text := fmt.Sprintf(`[
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c%d-' + i }, data: { text: std.repeat('line\n', 200) } }
  for i in std.range(1, 1000)
]`, generation)
		if err := os.WriteFile(filepath.Join(dir, "main.jsonnet"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "out")
	start := func() *exec.Cmd {
		cmd := exec.Command(couplet, "export", "main.jsonnet", "--to", "out")
		cmd.Dir = dir
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	killed := 0
	for generation := range 12 {
		program(generation)
		cmd := start()
		for deadline := time.Now().Add(time.Minute); !isThere(out, generation) && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(generation) * time.Millisecond)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if n := wholeFiles(t, out); n > 0 && n != 1000 {
			killed++
		}
	}
	if killed == 0 {
		t.Error("no export was killed in the middle: the test proves nothing")
	}
	if err := os.WriteFile(filepath.Join(out, ".v1.ConfigMap-c11-5.yaml.12345.tmp"), []byte("apiV"), 0o666); err != nil {
		t.Fatal(err)
	}
	past := time.Now().Add(-time.Hour)
	for _, name := range asides(t, out) {
		if err := os.Chtimes(name, past, past); err != nil {
			t.Fatal(err)
		}
	}
	if err := start().Wait(); err != nil {
		t.Fatal(err)
	}
	if left := asides(t, out); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	if n := wholeFiles(t, out); n != 1000 {
		t.Errorf("%d files after a complete export, want 1000", n)
	}
}

// isThere tells whether an export has begun to write.
func isThere(dir string, generation int) bool {
	names, err := filepath.Glob(filepath.Join(dir, fmt.Sprintf("v1.ConfigMap-c%d-*.yaml", generation)))
	return err == nil && len(names) > 0
}

// asides are the files that were not renamed.
func asides(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, ".*.tmp"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// wholeFiles counts the object files in a folder, and expects each to be complete. What
// was not renamed yet has a name of its own.
func wholeFiles(t *testing.T, dir string) int {
	t.Helper()
	count := 0
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(name, ".yaml") {
			return nil
		}
		count++
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		docs, found := decode.YAML(source.NewFile(name, string(text)))
		if found.HasErrors() || len(docs) != 1 || len(docs[0].Get("data", "text").Str()) != 1000 {
			t.Errorf("%s is not whole", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return count
}
