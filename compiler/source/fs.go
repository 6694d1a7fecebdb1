package source

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// FS is a tree of files. All methods take slash-separated paths and give errors
// that satisfy errors.Is for fs.ErrNotExist and fs.ErrPermission where these apply.
type FS interface {
	// ReadFile gives the whole content of a regular file, following symbolic links. The
	// bytes are the caller's.
	ReadFile(name string) ([]byte, error)
	// Stat describes a file or folder, following symbolic links.
	Stat(name string) (fs.FileInfo, error)
	// ReadDir lists a folder, sorted by name.
	ReadDir(name string) ([]fs.DirEntry, error)
}

// Disk is the operating system's file system; relative paths start at the
// process's working directory.
type Disk struct{}

// ReadFile implements FS.
func (Disk) ReadFile(name string) ([]byte, error) { return os.ReadFile(filepath.FromSlash(name)) }

// Stat implements FS.
func (Disk) Stat(name string) (fs.FileInfo, error) { return os.Stat(filepath.FromSlash(name)) }

// ReadDir implements FS.
func (Disk) ReadDir(name string) ([]fs.DirEntry, error) {
	return os.ReadDir(filepath.FromSlash(name))
}

// Mount shows the tree of an fs.FS under one folder name of another FS.
type Mount struct {
	Base FS
	// Dir is the folder name, one path element that no real folder has, such as "<couplet>".
	Dir string
	FS  fs.FS
}

// ReadFile implements FS.
func (m Mount) ReadFile(name string) ([]byte, error) {
	if inner, ok := m.inside(name); ok {
		return fs.ReadFile(m.FS, inner)
	}
	return m.Base.ReadFile(name)
}

// Stat implements FS.
func (m Mount) Stat(name string) (fs.FileInfo, error) {
	if inner, ok := m.inside(name); ok {
		return fs.Stat(m.FS, inner)
	}
	return m.Base.Stat(name)
}

// ReadDir implements FS.
func (m Mount) ReadDir(name string) ([]fs.DirEntry, error) {
	if inner, ok := m.inside(name); ok {
		return fs.ReadDir(m.FS, inner)
	}
	return m.Base.ReadDir(name)
}

func (m Mount) inside(name string) (string, bool) {
	name = path.Clean(name)
	if name == m.Dir {
		return ".", true
	}
	return strings.CutPrefix(name, m.Dir+"/")
}

// IsFile tells whether name is there and is not a folder.
func IsFile(fsys FS, name string) bool {
	info, err := fsys.Stat(name)
	return err == nil && !info.IsDir()
}

// IsDir tells whether name is there and is a folder.
func IsDir(fsys FS, name string) bool {
	info, err := fsys.Stat(name)
	return err == nil && info.IsDir()
}

// Reason gives the operating system's word for a file error without the path and
// the operation, which a diagnostic names by itself: "no such file or directory".
func Reason(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}

// IsMissing tells whether a file error says that there is nothing of that name: also
// where a file stands in place of a folder, as in main.jsonnet/x.
func IsMissing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
