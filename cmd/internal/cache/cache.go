package cache

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// The names in a cache's folder. The number is that of the format.
const (
	formatDir  = "v1"
	prunedName = "pruned"
	tagName    = "CACHEDIR.TAG"
	tagText    = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder can be removed at any time: see `couplet cache`.\n"
)

// Cache is a folder with the stores of all working folders.
type Cache struct {
	dir  string
	root *os.Root
}

// NotPrivateError says that a folder is no place for Secrets.
type NotPrivateError struct{ Dir, Reason string }

// Error implements error.
func (e *NotPrivateError) Error() string { return fmt.Sprintf("%s %s", e.Dir, e.Reason) }

// Open opens the cache in a folder, which it makes where there is none. Others than its
// owner must not see into it: what lets them is taken away, and a folder that belongs to
// somebody else is refused.
func Open(dir string) (*Cache, error) {
	err := os.MkdirAll(dir, 0o700)
	if err != nil {
		return nil, err
	}
	return openPrivate(dir)
}

// OpenThere is Open for a folder that is not made where it is missing: then the error is
// fs.ErrNotExist.
func OpenThere(dir string) (*Cache, error) { return openPrivate(dir) }

func openPrivate(dir string) (*Cache, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	if err := makePrivate(dir, root); err != nil {
		_ = root.Close()
		return nil, err
	}
	return &Cache{dir: dir, root: root}, nil
}

// makePrivate looks at the folder that is open, for another may come to stand at its path.
func makePrivate(dir string, root *os.Root) error {
	info, err := root.Stat(".")
	if err != nil {
		return err
	}
	if !isOwn(info) {
		return &NotPrivateError{dir, "belongs to another user"}
	}
	if info.Mode().Perm()&0o077 != 0 && hasModes {
		if err := root.Chmod(".", 0o700); err != nil {
			return &NotPrivateError{dir, "is open to other users"}
		}
	}
	return nil
}

// Dir is the cache's folder.
func (c *Cache) Dir() string { return c.dir }

// Close lets go of the folder.
func (c *Cache) Close() error { return c.root.Close() }

// folder opens the folder of a store, and makes it if need be.
func (c *Cache) folder(name string) (*os.Root, error) {
	name = formatDir + "/" + name
	root, err := c.root.OpenRoot(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return root, err
	}
	if err := c.root.MkdirAll(name, 0o700); err != nil {
		return nil, err
	}
	if _, err := c.root.Stat(tagName); errors.Is(err, fs.ErrNotExist) {
		_ = c.root.WriteFile(tagName, []byte(tagText), 0o600)
	}
	return c.root.OpenRoot(name)
}

// readNames lists a folder, unsorted.
func readNames(root *os.Root) ([]string, error) {
	dir, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer func() { _ = dir.Close() }()
	return dir.Readdirnames(-1)
}

// What a file is, by its name.
func isEntry(name string) bool { return strings.HasSuffix(name, entrySuffix) }
func isAside(name string) bool { return strings.HasPrefix(name, asidePrefix) }
