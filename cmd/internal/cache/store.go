package cache

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// The names in a store's folder.
const (
	folderName  = "folder" // holds the path of the working folder
	stampsName  = "stamps"
	entrySuffix = ".entry"
	asidePrefix = "aside-"
	// nameBytes of a sum make a name; the whole key stands in the entry.
	nameBytes = 12
)

const (
	// variants is how many entries of one key are kept.
	variants = 4
	// usedEvery is how often the time of an entry's use is noted.
	usedEvery = 24 * time.Hour
)

// Store is the part of a cache that belongs to one working folder. It is safe for
// concurrent use, by other processes too.
type Store struct {
	root *os.Root
	dir  string // the working folder

	listed  sync.Once
	entries map[string][]string // by the key's part of the name

	// write puts bytes into a file; tests make it fail.
	write func(f *os.File, text []byte) error
}

// Store opens the store of a working folder.
func (c *Cache) Store(dir string) (*Store, error) {
	sum := source.SumOf([]byte(dir))
	root, err := c.folder(hex.EncodeToString(sum[:nameBytes]))
	if err != nil {
		return nil, err
	}
	return &Store{root: root, dir: dir, write: writeAll}, nil
}

func writeAll(f *os.File, text []byte) error {
	_, err := f.Write(text)
	return err
}

// Close lets go of the folder.
func (s *Store) Close() error { return s.root.Close() }

// Lookup finds the entry of a key whose reads all hold.
func (s *Store) Lookup(key Key, holds func(source.Read) bool) (*Entry, bool) {
	for _, name := range s.named(key) {
		e, err := s.read(name, key)
		if err != nil {
			if errors.Is(err, errDamaged) {
				_ = s.root.Remove(name)
			}
			continue
		}
		if !slices.ContainsFunc(e.Reads, func(r source.Read) bool { return !holds(r) }) {
			return e, true
		}
	}
	return nil, false
}

// named lists the entries of a key.
func (s *Store) named(key Key) []string {
	s.listed.Do(func() {
		s.entries = map[string][]string{}
		names, _ := readNames(s.root)
		for _, name := range names {
			if stem, _, ok := strings.Cut(name, "-"); ok && isEntry(name) {
				s.entries[stem] = append(s.entries[stem], name)
			}
		}
	})
	return s.entries[keyName(key)]
}

func keyName(key Key) string { return hex.EncodeToString(key[:nameBytes]) }

// read reads the head of an entry, and notes that it is in use.
func (s *Store) read(name string, key Key) (*Entry, error) {
	f, err := s.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	head, err := readHead(f)
	if err != nil {
		return nil, err
	}
	e, err := decodeEntry(head, key)
	if err != nil {
		return nil, err
	}
	e.store, e.name = s, name
	if info, err := f.Stat(); err == nil && time.Since(info.ModTime()) > usedEvery {
		now := time.Now()
		_ = s.root.Chtimes(name, now, now)
	}
	return e, nil
}

// Put keeps an entry, with one text for each of its files. An older entry of the key
// makes room.
func (s *Store) Put(key Key, e *Entry, texts [][]byte) error {
	content := e.content(key)
	name := keyName(key) + "-" + hex.EncodeToString(content[:nameBytes]) + entrySuffix
	whole := e.encode(key)
	for _, text := range texts {
		whole = append(whole, text...)
	}
	if err := s.replace(name, whole); err != nil {
		return err
	}
	s.makeRoom(key, name)
	return nil
}

var asides atomic.Int64

// asideName is a name that no other process uses, be it in another container that has this
// folder too.
func asideName() string {
	return fmt.Sprintf("%s%d-%d-%d", asidePrefix, os.Getpid(), time.Now().UnixNano(), asides.Add(1))
}

// replace writes a file aside and renames it.
func (s *Store) replace(name string, text []byte) error {
	aside := asideName()
	f, err := s.root.OpenFile(aside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = s.write(f, text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = s.root.Rename(aside, name)
	}
	if err != nil {
		_ = s.root.Remove(aside)
	}
	return err
}

// makeRoom removes the entries of a key that have not been in use for longest.
func (s *Store) makeRoom(key Key, added string) {
	others := slices.DeleteFunc(slices.Clone(s.named(key)), func(name string) bool { return name == added })
	if len(others) < variants {
		return
	}
	used := func(name string) time.Time {
		info, err := s.root.Stat(name)
		if err != nil {
			return time.Time{}
		}
		return info.ModTime()
	}
	slices.SortFunc(others, func(a, b string) int { return used(b).Compare(used(a)) })
	for _, name := range others[variants-1:] {
		_ = s.root.Remove(name)
	}
}

// describe notes which working folder a store belongs to.
func (s *Store) describe() error {
	if _, err := s.root.Stat(folderName); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return s.replace(folderName, []byte(s.dir))
}
