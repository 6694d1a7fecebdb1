package cache

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"slices"
	"time"
)

// The bounds of a cache that nobody prunes by hand.
const (
	maxAge  = 30 * 24 * time.Hour
	maxSize = 1 << 30
	// pruneEvery is how often the bounds are looked at.
	pruneEvery = 24 * time.Hour
	// atOnce is how many files one look removes, so that no command takes long for it.
	atOnce = 2000
	// asideAge is how old a file must be that was not renamed to belong to nobody.
	asideAge = time.Hour
)

// Usage counts entries and bytes.
type Usage struct {
	Entries int
	Size    int64
}

// kept is one file of the cache.
type kept struct {
	folder, name string
	size         int64
	used         time.Time
}

// Usage counts what the cache holds.
func (c *Cache) Usage() (Usage, error) {
	files, err := c.list()
	var u Usage
	for _, f := range files {
		u.add(f)
	}
	return u, err
}

func (u *Usage) add(f kept) {
	u.Size += f.size
	if isEntry(f.name) {
		u.Entries++
	}
}

// list gives the files of all stores, those in use least recently first.
func (c *Cache) list() ([]kept, error) {
	format, err := c.root.OpenRoot(formatDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = format.Close() }()
	folders, err := readNames(format)
	var all []kept
	for _, folder := range folders {
		files, listErr := listStore(format, folder)
		all, err = append(all, files...), cmp.Or(err, listErr)
	}
	slices.SortFunc(all, func(a, b kept) int { return a.used.Compare(b.used) })
	return all, err
}

func listStore(format *os.Root, folder string) ([]kept, error) {
	root, err := format.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	names, err := readNames(root)
	var files []kept
	for _, name := range names {
		// A file that has gone since is nobody's loss.
		if info, err := root.Lstat(name); err == nil {
			files = append(files, kept{folder, name, info.Size(), info.ModTime()})
		}
	}
	return files, err
}

// Clear removes everything.
func (c *Cache) Clear() (Usage, error) {
	removed, err := c.Usage()
	if err != nil {
		return removed, err
	}
	return removed, c.root.RemoveAll(formatDir)
}

// Prune removes the entries that were not in use for a time, and what killed processes
// left behind.
func (c *Cache) Prune(unused time.Duration) (Usage, error) {
	return c.prune(unused, -1, -1)
}

// Tidy keeps the cache within its bounds. It does nothing most of the time.
func (c *Cache) Tidy() error {
	if info, err := c.root.Stat(prunedName); err == nil && time.Since(info.ModTime()) < pruneEvery {
		return nil
	}
	if err := c.root.WriteFile(prunedName, []byte("\n"), 0o600); err != nil {
		return err
	}
	_, err := c.prune(maxAge, maxSize, atOnce)
	return err
}

// prune removes, oldest first, what is older than unused or more than size bytes; at most
// some files. A negative bound is none.
func (c *Cache) prune(unused time.Duration, size int64, most int) (Usage, error) {
	files, err := c.list()
	if err != nil {
		return Usage{}, err
	}
	var total int64
	for _, f := range files {
		total += f.size
	}
	var removed Usage
	inUse := map[string]bool{} // by folder
	now := time.Now()
	for _, f := range files {
		age := now.Sub(f.used)
		inUse[f.folder] = inUse[f.folder] || age < asideAge && unused > 0
		switch {
		case most == 0:
		case isEntry(f.name) && (age >= unused || size >= 0 && total > size), isAside(f.name) && age >= asideAge:
			if err := c.root.Remove(formatDir + "/" + f.folder + "/" + f.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return removed, err
			}
			removed.add(f)
			total -= f.size
			most--
			continue
		}
		inUse[f.folder] = inUse[f.folder] || isEntry(f.name)
	}
	return removed, c.removeUnused(inUse)
}

// removeUnused removes the folders of stores that have lost all entries and that nobody is
// about to write to.
func (c *Cache) removeUnused(inUse map[string]bool) error {
	for folder, used := range inUse {
		if !used {
			if err := c.root.RemoveAll(formatDir + "/" + folder); err != nil {
				return err
			}
		}
	}
	return nil
}
