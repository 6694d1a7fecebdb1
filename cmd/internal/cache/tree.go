package cache

import (
	"io/fs"
	"sync"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// Tree answers whether files are as they were read. Each path is looked at once in the
// life of a Tree, however many entries name it.
type Tree struct {
	files  *source.Set
	stamps *Stamps
	looks  sync.Map // by path, *look
}

// look is what is at a path.
type look struct {
	stat sync.Once
	info fs.FileInfo
	err  error

	read sync.Once
	sum  source.Sum
	ok   bool // whether there is a content

	list    sync.Once
	listing source.Sum
	listed  bool
}

// NewTree looks at the files of a set. Where a content must be read, the set reads it.
func NewTree(files *source.Set, stamps *Stamps) *Tree { return &Tree{files: files, stamps: stamps} }

// Holds tells whether a set that is asked again would answer the same.
func (t *Tree) Holds(r source.Read) bool {
	l := t.look(r.Path)
	switch r.Answer {
	case source.Missing:
		return l.err != nil && source.IsMissing(l.err)
	case source.IsThere:
		return l.err == nil && !l.info.IsDir()
	case source.Folder:
		return l.err == nil && l.info.IsDir()
	case source.Content:
		sum, ok := t.content(r.Path, l)
		return ok && sum == r.Sum
	case source.Listing:
		sum, ok := t.listing(r.Path, l)
		return ok && sum == r.Sum
	}
	return false
}

func (t *Tree) look(name string) *look {
	got, ok := t.looks.Load(name)
	if !ok {
		got, _ = t.looks.LoadOrStore(name, &look{})
	}
	l := got.(*look)
	l.stat.Do(func() { l.info, l.err = t.files.FS().Stat(name) })
	return l
}

func (t *Tree) content(name string, l *look) (source.Sum, bool) {
	l.read.Do(func() {
		if l.err != nil || l.info.IsDir() {
			return
		}
		if l.sum, l.ok = t.stamps.Sum(name, l.info); l.ok {
			return
		}
		f, err := t.files.Load(name)
		if err != nil {
			return
		}
		l.sum, l.ok = f.Sum(), true
		t.stamps.Learn(name, l.info, l.sum)
	})
	return l.sum, l.ok
}

func (t *Tree) listing(name string, l *look) (source.Sum, bool) {
	l.list.Do(func() {
		entries, err := t.files.FS().ReadDir(name)
		l.listing, l.listed = source.SumOfListing(entries), err == nil
	})
	return l.listing, l.listed
}

// Learn takes note of the files that were read for a result.
func (t *Tree) Learn(reads []source.Read) {
	for _, r := range reads {
		if l := t.look(r.Path); r.Answer == source.Content && l.err == nil {
			t.stamps.Learn(r.Path, l.info, r.Sum)
		}
	}
}
