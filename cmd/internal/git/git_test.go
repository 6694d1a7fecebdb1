package git_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/cmd/internal/git"
	"github.com/couplet-k8s/couplet/compiler/source"
)

func runGit(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=Test", "GIT_AUTHOR_EMAIL=test@example.com", "GIT_COMMITTER_NAME=Test", "GIT_COMMITTER_EMAIL=test@example.com")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// repository makes one commit with every form of entry, and changes all of it after.
func repository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	outer := t.TempDir()
	runGit(t, outer, "init", "-q")
	write(t, outer, "inside.txt", "submodule, committed")
	runGit(t, outer, "add", "-A")
	runGit(t, outer, "commit", "-q", "-m", "one")

	runGit(t, dir, "init", "-q")
	write(t, dir, ".gitignore", "vendor/\n")
	write(t, dir, "app/a.txt", "old a")
	write(t, dir, "app/deep/b.txt", "old b")
	write(t, dir, "app/gone.txt", "gone")
	write(t, dir, "app/vendor/v.txt", "vendored")
	write(t, dir, "app/name with space é.txt", "odd name")
	for link, target := range map[string]string{"app/link.txt": "deep/b.txt", "dirlink": "app/deep", "app/loop": "loop", "app/out": "/nonexistent/x", "app/up": "../dirlink/b.txt"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip("symbolic links cannot be made here: ", err)
		}
	}
	runGit(t, dir, "-c", "protocol.file.allow=always", "submodule", "add", "-q", outer, "sub")
	runGit(t, dir, "add", "-A")
	runGit(t, dir, "commit", "-q", "-m", "one")

	write(t, dir, "app/a.txt", "new a")
	write(t, dir, "app/new.txt", "new")
	if err := os.Remove(filepath.Join(dir, "app/gone.txt")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestTree(t *testing.T) {
	dir := repository(t)
	tree, err := git.Open(context.Background(), filepath.ToSlash(filepath.Join(dir, "app")), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(dir, "app"))
	for name, want := range map[string]string{
		"a.txt":                              "old a",
		"./deep/../a.txt":                    "old a",
		filepath.ToSlash(dir) + "/app/a.txt": "old a",
		"deep/b.txt":                         "old b",
		"link.txt":                           "old b",
		"../dirlink/b.txt":                   "old b",
		"up":                                 "old b",
		"gone.txt":                           "gone",
		"name with space é.txt":              "odd name",
		"vendor/v.txt":                       "vendored",
		"../sub/inside.txt":                  "submodule, committed",
	} {
		if got, err := tree.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s: %q %v, want %q", name, got, err, want)
		}
		if info, err := tree.Stat(name); err != nil || info.IsDir() || info.Size() != int64(len(want)) {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
	for _, name := range []string{"new.txt", "nosuch/x", "a.txt/x", "out", "vendor/nosuch", "deep/vendor/x"} {
		if _, err := tree.ReadFile(name); !source.IsMissing(err) {
			t.Errorf("%s: %v, want that it is missing", name, err)
		}
	}
	for _, name := range []string{"loop", "deep"} {
		if _, err := tree.ReadFile(name); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v, want another error", name, err)
		}
	}
	var list []string
	entries, err := tree.ReadDir(".")
	for _, e := range entries {
		list = append(list, e.Name())
	}
	if got := strings.Join(list, " "); err != nil || got != "a.txt deep gone.txt link.txt loop name with space é.txt out up" {
		t.Errorf("%s %v", got, err)
	}
	if notes := tree.Notes(); len(notes) != 2 || !strings.Contains(notes[0], "`sub`") || !strings.Contains(notes[1], "`app/vendor`") {
		t.Errorf("%q", notes)
	}
	if err := tree.Close(); err != nil {
		t.Error(err)
	}
}

func TestOpenFails(t *testing.T) {
	if _, err := git.Open(context.Background(), filepath.ToSlash(t.TempDir()), "HEAD"); err == nil || !strings.Contains(err.Error(), "no git repository") {
		t.Error(err)
	}
	dir := repository(t)
	for _, revision := range []string{"nosuch", "--help", "-1", "HEAD:app", ""} {
		if _, err := git.Open(context.Background(), filepath.ToSlash(dir), revision); err == nil {
			t.Errorf("%q is taken for a revision", revision)
		}
	}
}
