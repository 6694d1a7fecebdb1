package main

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

const root = "../../.."

// TestFresh makes every generated page again and compares it with what is committed.
func TestFresh(t *testing.T) {
	all, err := pages()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		text, err := os.ReadFile(filepath.Join(root, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			t.Errorf("%s is missing: run `make docs`", name)
		case err != nil:
			t.Error(err)
		case string(text) != all[name]:
			t.Errorf("%s is stale: run `make docs`", name)
		}
	}
	stray, err := strays(root, all)
	if err != nil {
		t.Error(err)
	}
	for _, name := range stray {
		t.Errorf("%s belongs to no command: run `make docs`", name)
	}
}

// TestWrite generates into an empty folder and once more over a stray file.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	stray := filepath.Join(dir, "docs", "cli", "couplet-gone.md")
	if err := os.WriteFile(stray, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(stray); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", stray, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "docs", "cli", "couplet-show.md")); err != nil {
		t.Error(err)
	}
}

func TestEscaped(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                  "plain",
		"a *b* <c> `*d*` [e](f)": `a \*b\* \<c> ` + "`*d*`" + ` \[e](f)`,
	} {
		if got := escaped(in); got != want {
			t.Errorf("escaped(%q) = %q, want %q", in, got, want)
		}
	}
}
