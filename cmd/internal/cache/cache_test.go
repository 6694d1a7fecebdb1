package cache

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/couplet-k8s/couplet/compiler/source"
)

var testKey = KeyOf([]byte("key"))

func always(source.Read) bool { return true }

func openStore(t *testing.T, dir string) *Store {
	t.Helper()
	c, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Store("/work")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = s.Close(), c.Close() })
	return s
}

// sample is an entry that read one file of a content.
func sample(content string) (*Entry, [][]byte) {
	texts := [][]byte{[]byte("one " + content), []byte("two")}
	e := &Entry{
		Reads: []source.Read{
			{Path: "a.jsonnet", Sum: source.SumOf([]byte(content))},
			{Path: "b.jsonnet", Answer: source.Missing},
		},
		Notes: []byte("notes " + content),
	}
	for i, text := range texts {
		e.Files = append(e.Files, File{Name: fmt.Sprint("f", i), Size: len(text), Sum: source.SumOf(text)})
	}
	return e, texts
}

func put(t *testing.T, s *Store, content string) {
	t.Helper()
	e, texts := sample(content)
	if err := s.Put(testKey, e, texts); err != nil {
		t.Fatal(err)
	}
}

// reads gives what a store has of a content, read as a new process would.
func reads(t *testing.T, dir, content string) (notes string, texts [][]byte, ok bool) {
	t.Helper()
	s := openStore(t, dir)
	e, ok := s.Lookup(testKey, func(r source.Read) bool {
		return r.Answer == source.Missing || r.Sum == source.SumOf([]byte(content))
	})
	if !ok {
		return "", nil, false
	}
	texts, err := e.Texts()
	return string(e.Notes), texts, err == nil
}

func TestEntries(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	if _, ok := s.Lookup(testKey, always); ok {
		t.Error("an empty store has an entry")
	}
	put(t, s, "x")
	put(t, s, "y")
	for _, content := range []string{"x", "y"} {
		notes, texts, ok := reads(t, dir, content)
		if !ok || notes != "notes "+content || string(texts[0]) != "one "+content || string(texts[1]) != "two" {
			t.Errorf("%s: %q %q %t", content, notes, texts, ok)
		}
	}
	if _, _, ok := reads(t, dir, "z"); ok {
		t.Error("an entry whose reads do not hold")
	}
	if _, ok := openStore(t, dir).Lookup(KeyOf([]byte("other")), always); ok {
		t.Error("an entry of another key")
	}
}

func entryFiles(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, formatDir, "*", "*"+entrySuffix))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestDamagedEntry changes each byte of an entry, and cuts it at each length. It gives
// what was put or nothing, and is then replaced.
func TestDamagedEntry(t *testing.T) {
	dir := t.TempDir()
	put(t, openStore(t, dir), "x")
	name := entryFiles(t, dir)[0]
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, text []byte) {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, ok := reads(t, dir, "x"); ok {
			t.Errorf("%s is not noticed", what)
		}
		if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s stays", what)
		}
	}
	for i := range whole {
		check(fmt.Sprint("byte ", i), append(append(bytes.Clone(whole[:i]), whole[i]^0x10), whole[i+1:]...))
		check(fmt.Sprint("length ", i), whole[:i])
	}
	put(t, openStore(t, dir), "x")
	if _, _, ok := reads(t, dir, "x"); !ok {
		t.Error("the entry is not replaced")
	}
}

func FuzzDecodeEntry(f *testing.F) {
	e, _ := sample("x")
	f.Add(e.encode(testKey)[entryPrefix:])
	f.Fuzz(func(t *testing.T, head []byte) {
		if e, err := decodeEntry(head, testKey); err == nil && len(e.Files) > len(head) {
			t.Error("more files than bytes")
		}
		decodeStamps(head)
	})
}

// TestConcurrentStores has several processes, as it were, write and read one entry.
func TestConcurrentStores(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		s := openStore(t, dir)
		all.Go(func() {
			for i := range 50 {
				content := fmt.Sprint(i % 3)
				e, texts := sample(content)
				if err := s.Put(testKey, e, texts); err != nil {
					t.Error(err)
				}
				again := Store{root: s.root, dir: s.dir, write: writeAll}
				if e, ok := again.Lookup(testKey, always); ok {
					if _, err := e.Texts(); errors.Is(err, errDamaged) {
						t.Error("a reader saw a part of an entry")
					}
				}
			}
		})
	}
	all.Wait()
	for _, content := range []string{"0", "1", "2"} {
		if _, _, ok := reads(t, dir, content); !ok {
			t.Errorf("entry %s is lost", content)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, formatDir, "*", asidePrefix+"*")); len(left) > 0 {
		t.Errorf("left aside: %q", left)
	}
}

// TestFullDisk writes a part and fails, as a full disk does.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	put(t, s, "x")
	s.write = func(f *os.File, text []byte) error {
		_, _ = f.Write(text[:len(text)/2])
		return &fs.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	e, texts := sample("y")
	if err := s.Put(testKey, e, texts); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("the error is %v", err)
	}
	if _, _, ok := reads(t, dir, "y"); ok {
		t.Error("half an entry is one")
	}
	if _, _, ok := reads(t, dir, "x"); !ok {
		t.Error("the older entry is lost")
	}
	if names, _ := filepath.Glob(filepath.Join(dir, formatDir, "*", asidePrefix+"*")); len(names) > 0 {
		t.Errorf("left aside: %q", names)
	}
}

func TestVariantsAreBounded(t *testing.T) {
	dir := t.TempDir()
	for i := range 10 {
		put(t, openStore(t, dir), fmt.Sprint(i))
		past := time.Now().Add(time.Duration(i-20) * time.Minute)
		for _, name := range entryFiles(t, dir) {
			if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) < time.Minute {
				_ = os.Chtimes(name, past, past)
			}
		}
	}
	if n := len(entryFiles(t, dir)); n != variants {
		t.Errorf("%d entries of one key, want %d", n, variants)
	}
	if _, _, ok := reads(t, dir, "9"); !ok {
		t.Error("the newest is gone")
	}
}

func TestFolderIsPrivate(t *testing.T) {
	if !hasModes {
		t.Skip("no modes here")
	}
	dir := filepath.Join(t.TempDir(), "made", "cache")
	put(t, openStore(t, dir), "x")
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	openStore(t, dir)
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("an open folder stays open: %v %v", info.Mode(), err)
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can make a folder of another user")
	}
	if err := os.Chown(dir, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	var open *NotPrivateError
	if _, err := Open(dir); !errors.As(err, &open) {
		t.Errorf("a folder of another user is taken: %v", err)
	}
}

func TestPrune(t *testing.T) {
	dir := t.TempDir()
	put(t, openStore(t, dir), "old")
	aside := filepath.Join(filepath.Dir(entryFiles(t, dir)[0]), asidePrefix+"1-2-3")
	if err := os.WriteFile(aside, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	past := time.Now().Add(-48 * time.Hour)
	for _, name := range append(entryFiles(t, dir), aside) {
		if err := os.Chtimes(name, past, past); err != nil {
			t.Fatal(err)
		}
	}
	put(t, openStore(t, dir), "new")
	c, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	removed, err := c.Prune(24 * time.Hour)
	if err != nil || removed.Entries != 1 || len(entryFiles(t, dir)) != 1 {
		t.Errorf("removed %v %v, left %q", removed, err, entryFiles(t, dir))
	}
	if _, err := os.Stat(aside); !errors.Is(err, fs.ErrNotExist) {
		t.Error("what a crash left stays")
	}
	if _, _, ok := reads(t, dir, "new"); !ok {
		t.Error("the entry in use is gone")
	}
	if removed, err := c.prune(time.Hour, 10, -1); err != nil || removed.Entries != 1 {
		t.Errorf("beyond the size: removed %v %v", removed, err)
	}
	put(t, openStore(t, dir), "new")
	if removed, err := c.Clear(); err != nil || removed.Entries != 1 {
		t.Errorf("clear removed %v %v", removed, err)
	}
	if u, err := c.Usage(); err != nil || u != (Usage{}) {
		t.Errorf("after clear there is %v %v", u, err)
	}
}

// setTimes gives a file a time well before now.
func setTimes(t *testing.T, name string, at time.Time) fs.FileInfo {
	t.Helper()
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// TestStamps edits files in the ways that hide best.
func TestStamps(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(t.TempDir(), "f")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	past := time.Now().Add(-time.Hour)
	write("aaa")
	info := setTimes(t, file, past)

	first := openStore(t, dir).Stamps()
	first.Learn("f", info, source.SumOf([]byte("aaa")))
	if len(first.seen) > 0 {
		t.Error("a file whose inode changed a moment ago is trusted")
	}
	first.began = time.Now().Add(time.Second)
	first.Learn("f", info, source.SumOf([]byte("aaa")))
	for range 40 { // until the change lies back far enough for Save
		if identityOf(info).settled(time.Now()) {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := first.Save(); err != nil {
		t.Fatal(err)
	}
	if sum, ok := openStore(t, dir).Stamps().Sum("f", info); !ok || sum != source.SumOf([]byte("aaa")) {
		t.Error("an untouched file is not known")
	}
	write("bbb")
	if identityOf(info).changed != 0 {
		if _, ok := openStore(t, dir).Stamps().Sum("f", setTimes(t, file, past)); ok {
			t.Error("an edit of the same size with the time set back is not noticed")
		}
	}
	if _, ok := openStore(t, dir).Stamps().Sum("f", setTimes(t, file, past.Add(1))); ok {
		t.Error("a later time is not noticed")
	}
}

func TestSettled(t *testing.T) {
	now := time.Unix(1000, 500)
	for _, c := range []struct {
		age  time.Duration
		want bool
	}{{0, false}, {10 * time.Millisecond, false}, {time.Second + 500, false}, {200 * time.Millisecond, true}, {2*time.Second + 500, true}, {-time.Hour, false}} {
		id := identity{modified: now.Add(-c.age).UnixNano()}
		if id.settled(now) != c.want {
			t.Errorf("a file touched %v ago: %t", c.age, !c.want)
		}
	}
	id := identity{modified: now.Add(-time.Hour).UnixNano() + 1, changed: now.UnixNano()}
	if id.settled(now) {
		t.Error("the change of the inode is not looked at")
	}
}

func TestDamagedStamps(t *testing.T) {
	whole := encodeStamps(map[string]stamp{"f": {identity{1, 2, 3, 4}, source.SumOf(nil)}})
	if len(decodeStamps(whole)) != 1 {
		t.Fatal("stamps cannot be read")
	}
	for i := range whole {
		if decodeStamps(append(append(bytes.Clone(whole[:i]), whole[i]^1), whole[i+1:]...)) != nil || decodeStamps(whole[:i]) != nil {
			t.Errorf("damage at byte %d is not noticed", i)
		}
	}
}

// countingFS counts what is asked of a disk.
type countingFS struct {
	source.Disk
	stats, files int
}

func (c *countingFS) Stat(name string) (fs.FileInfo, error) {
	c.stats++
	return c.Disk.Stat(name)
}

func (c *countingFS) ReadFile(name string) ([]byte, error) {
	c.files++
	return c.Disk.ReadFile(name)
}

// TestTree holds each kind of answer against the disk, before and after it changes.
func TestTree(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("f", "text")
	if err := os.Mkdir("d", 0o777); err != nil {
		t.Fatal(err)
	}
	var log source.Log
	files := source.NewSet(source.Disk{}).Logged(&log)
	_, _ = files.Load("f")
	_, _ = files.Load("none")
	_, _ = files.FS().Stat("d")
	_, _ = files.FS().ReadDir("d")
	_, _ = files.FS().Stat("f")
	logged, complete := log.Reads()
	if len(logged) != 5 || !complete {
		t.Fatalf("logged %v", logged)
	}
	broken := func() string {
		fsys := &countingFS{}
		tree := NewTree(source.NewSet(fsys), openStore(t, filepath.Join(dir, "cache")).Stamps())
		var names []string
		for range 3 {
			names = nil
			for _, r := range logged {
				if !tree.Holds(r) {
					names = append(names, fmt.Sprint(r.Path, r.Answer))
				}
			}
		}
		if fsys.stats > 3 || fsys.files > 1 {
			t.Errorf("%d stats and %d reads of three paths", fsys.stats, fsys.files)
		}
		return strings.Join(names, " ")
	}
	if got := broken(); got != "" {
		t.Errorf("nothing changed, but %s", got)
	}
	for _, c := range []struct {
		change func()
		want   string
	}{
		{func() { write("d/new", "") }, fmt.Sprint("d", source.Listing)},
		{func() { write("none", "") }, fmt.Sprint("none", source.Missing)},
		{func() { write("f", "next") }, fmt.Sprint("f", source.Content)},
		{func() { _ = os.Remove("f") }, fmt.Sprint("f", source.IsThere)},
		{func() { _ = os.RemoveAll("d"); write("d", "") }, fmt.Sprint("d", source.Folder)},
	} {
		if c.change(); !strings.Contains(broken(), c.want) {
			t.Errorf("%q does not tell of %s", broken(), c.want)
		}
	}
}
