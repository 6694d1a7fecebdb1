package cache

import (
	"io/fs"
	"maps"
	"sync"
	"time"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// identity is what stat says of a file. Two contents that stood at one path differ in it,
// unless one replaced the other within a tick of the file system's clock.
type identity struct {
	size     int64
	modified int64 // ns since 1970
	changed  int64 // of the inode, which no program can set back; 0 where there is none
	inode    uint64
}

// settled tells whether a file that looks like this and is changed after a moment must
// look otherwise then: it was last touched longer before than its clock takes for a tick.
// A time without fractions of a second comes from a clock of whole seconds, or of two.
func (id identity) settled(moment time.Time) bool {
	tick := 50 * time.Millisecond
	if id.modified%int64(time.Second) == 0 {
		tick = 2 * time.Second
	}
	return time.Duration(moment.UnixNano()-max(id.modified, id.changed)) > tick
}

type stamp struct {
	identity
	sum source.Sum
}

// tells whether stat says enough of a file. Embedded files have no times, and change with
// the program.
func tells(info fs.FileInfo) bool { return info.Mode().IsRegular() && !info.ModTime().IsZero() }

const (
	stampsMagic = "couplet stamps 1\n"
	// spareStamps is how many are kept beyond four times those in use.
	spareStamps = 20_000
)

// Stamps know the sums of files by what stat says of them. They are safe for concurrent
// use.
type Stamps struct {
	store *Store
	began time.Time // before anything was read

	load  sync.Once
	known map[string]stamp // as they were on disk

	mu    sync.Mutex
	seen  map[string]stamp // of this run
	fresh bool             // whether seen has something that known has not
}

// Stamps opens the stamps of a store. Files that are read from now on can be learned.
func (s *Store) Stamps() *Stamps {
	return &Stamps{store: s, began: time.Now(), seen: map[string]stamp{}}
}

// Sum gives the sum of a file's content, if the file looks as it did when that was known.
func (t *Stamps) Sum(name string, info fs.FileInfo) (source.Sum, bool) {
	t.load.Do(t.read)
	known, ok := t.known[name]
	if !ok || !tells(info) || known.identity != identityOf(info) {
		return source.Sum{}, false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen[name] = known
	return known.sum, true
}

// Learn takes note of the sum of a file that this process read and did not write. A file
// that may have been changed since the process began is not taken note of.
func (t *Stamps) Learn(name string, info fs.FileInfo, sum source.Sum) {
	if id := identityOf(info); tells(info) && id.settled(t.began) {
		t.note(name, stamp{id, sum})
	}
}

// Wrote takes note of a file that this process wrote, before and after it was renamed.
// Nothing is noted when it is not the same file, for then somebody else wrote it too.
func (t *Stamps) Wrote(name string, before, after fs.FileInfo, sum source.Sum) {
	was, is := identityOf(before), identityOf(after)
	if was.inode == is.inode && was.size == is.size && was.modified == is.modified {
		t.note(name, stamp{is, sum})
	}
}

func (t *Stamps) note(name string, s stamp) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen[name] = s
	t.fresh = true
}

// Save writes what is new. Stamps of files that this run did not meet are kept, as long as
// they are not too many.
func (t *Stamps) Save() error {
	t.load.Do(t.read)
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.fresh {
		return nil
	}
	now := time.Now()
	maps.DeleteFunc(t.seen, func(_ string, s stamp) bool { return !s.settled(now) })
	all := maps.Clone(t.seen)
	if len(t.known) <= 4*len(t.seen)+spareStamps {
		for name, s := range t.known {
			if _, met := all[name]; !met {
				all[name] = s
			}
		}
	}
	t.fresh = false
	if err := t.store.describe(); err != nil {
		return err
	}
	return t.store.replace(stampsName, encodeStamps(all))
}

func encodeStamps(all map[string]stamp) []byte {
	var w encoder
	w.number(uint64(len(all)))
	for name, s := range all {
		w.text(name)
		w.number(uint64(s.size))
		w.number(uint64(s.modified))
		w.number(uint64(s.changed))
		w.number(s.inode)
		w.sum(s.sum)
	}
	whole := encoder{out: []byte(stampsMagic)}
	whole.sum(source.SumOf(w.out))
	return append(whole.out, w.out...)
}

// read takes the stamps from disk; damaged ones are none.
func (t *Stamps) read() {
	text, err := t.store.root.ReadFile(stampsName)
	if err != nil {
		return
	}
	t.known = decodeStamps(text)
}

func decodeStamps(text []byte) map[string]stamp {
	if len(text) < len(stampsMagic)+len(source.Sum{}) || string(text[:len(stampsMagic)]) != stampsMagic {
		return nil
	}
	d := decoder{in: text[len(stampsMagic):]}
	if want := d.sum(); source.SumOf(d.in) != want {
		return nil
	}
	n := d.count()
	all := make(map[string]stamp, n)
	for range n {
		name := d.text()
		id := identity{size: int64(d.number()), modified: int64(d.number()), changed: int64(d.number()), inode: d.number()}
		all[name] = stamp{id, d.sum()}
	}
	if d.bad {
		return nil
	}
	return all
}
