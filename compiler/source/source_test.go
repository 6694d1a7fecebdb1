package source_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/couplet-k8s/couplet/compiler/source"
)

func TestPositions(t *testing.T) {
	f := source.NewFile("f", "ab\r\ncdé f\n\nlast")
	for _, c := range []struct{ offset, line, column int }{
		{0, 1, 1}, {1, 1, 2}, {2, 1, 3}, {4, 2, 1}, {8, 2, 4}, {10, 2, 6}, {11, 3, 1}, {12, 4, 1}, {16, 4, 5},
	} {
		at := f.Position(c.offset)
		if at.Line != c.line || at.Column != c.column {
			t.Errorf("offset %d is %v, want %d:%d", c.offset, at, c.line, c.column)
		}
		if back := f.Offset(at); back != c.offset {
			t.Errorf("%v is offset %d, want %d", at, back, c.offset)
		}
	}
	if f.Position(-1) != f.Position(0) || f.Position(99) != f.Position(16) {
		t.Error("an offset outside of the text is its nearest end")
	}
	if f.Line(1) != "ab" || f.Line(2) != "cdé f" || f.Line(3) != "" || f.Line(4) != "last" || f.Line(5) != "" || f.Line(0) != "" {
		t.Error("lines come without their ends")
	}
	if f.Offset(source.Position{Line: 2, Column: 99}) != 10 || f.Offset(source.Position{Line: 9, Column: 1}) != 16 {
		t.Error("a column past the line is its end, a line past the text is the text's")
	}
}

func TestMount(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "disk.txt"), []byte("disk"), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	tree := source.Mount{Base: source.Disk{}, Dir: "<m>", FS: fstest.MapFS{"a/b.txt": {Data: []byte("mounted")}}}
	set := source.NewSet(tree)
	for name, want := range map[string]string{"disk.txt": "disk", "<m>/a/b.txt": "mounted", "./<m>/a/../a/b.txt": "mounted"} {
		f, err := set.Load(name)
		if err != nil || f.Text() != want {
			t.Errorf("%s: %v %v", name, f, err)
		}
	}
	if !source.IsDir(tree, "<m>") || !source.IsDir(tree, "<m>/a") || source.IsFile(tree, "<m>/a") || !source.IsFile(tree, "<m>/a/b.txt") {
		t.Error("the mount is not seen as it is")
	}
	for _, name := range []string{"<m>/c", "nosuch", "disk.txt/x"} {
		_, err := set.Load(name)
		if !source.IsMissing(err) {
			t.Errorf("%s: %v, want that it is missing", name, err)
		}
		if reason := source.Reason(err); reason == "" || filepath.Base(reason) != reason {
			t.Errorf("the reason %q names a path", reason)
		}
	}
	if _, err := set.Load("."); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder as a file: %v", err)
	}
}

// TestSetReadsOnce changes a file behind a set, which must not notice.
func TestSetReadsOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(text string) {
		if err := os.WriteFile("a", []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	set := source.NewSet(source.Disk{})
	if _, err := set.Load("a"); err == nil {
		t.Fatal("there is no file yet")
	}
	write("one")
	if _, err := set.Load("a"); err == nil {
		t.Error("a file came into being within a run")
	}
	set = source.NewSet(source.Disk{})
	first, _ := set.Load("a")
	write("two")
	if again, _ := set.Load("./a"); again != first || again.Text() != "one" {
		t.Error("a file changed within a run")
	}
}
