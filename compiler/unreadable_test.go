package compiler_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// closed is the disk with a path below which nothing may be read, which modes cannot
// bring about for root.
type closed struct {
	source.Disk
	path string
}

func (c closed) check(name string) error {
	if name == c.path || strings.HasPrefix(name, c.path+"/") {
		return &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return nil
}

func (c closed) ReadFile(name string) ([]byte, error) {
	if err := c.check(name); err != nil {
		return nil, err
	}
	return c.Disk.ReadFile(name)
}

func (c closed) Stat(name string) (fs.FileInfo, error) {
	if err := c.check(name); err != nil && name != c.path {
		return nil, err
	}
	return c.Disk.Stat(name)
}

func (c closed) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := c.check(name); err != nil {
		return nil, err
	}
	return c.Disk.ReadDir(name)
}

// TestUnreadable expects a finding that names what is closed and says what to look at.
func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range map[string]string{
		"couplet.yaml":                   "apiVersion: couplet/v1\nkind: App\nname: shop\nenvironments:\n  prod: {}\n",
		"environments/prod/main.jsonnet": "import 'p.libsonnet'",
		"environments/prod/p.libsonnet":  "{}",
		"plain.yaml":                     "{}",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		path, arg string
		want      diag.Code
	}{
		{"couplet.yaml", "prod", diag.Unreadable},
		{"environments/prod", "prod", diag.Unreadable},
		{"environments/prod", "environments/prod", diag.Unreadable},
		{"environments/prod/main.jsonnet", "prod", diag.Unreadable},
		{"environments/prod/p.libsonnet", "prod", diag.ImportMissing},
		{"plain.yaml", "plain.yaml", diag.Unreadable},
	} {
		files := compiler.Files(closed{path: c.path})
		env, found := app.Finder{Files: files, Dir: filepath.ToSlash(dir)}.Environment(c.arg)
		if env != nil && !found.HasErrors() {
			_, found = compiler.Compile(context.Background(), files, env, compiler.Options{})
		}
		if len(found) != 1 || found[0].Code != c.want || !strings.Contains(found[0].Message, "permission denied") || found[0].Hint == "" {
			t.Errorf("%s closed, %s: %+v", c.path, c.arg, found)
		}
	}
}
