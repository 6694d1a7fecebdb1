package git

import (
	"io/fs"
	"time"
)

// entry describes a node as fs.FileInfo.
type entry struct {
	name string
	node node
}

// Name implements fs.FileInfo.
func (e entry) Name() string { return e.name }

// Size implements fs.FileInfo.
func (e entry) Size() int64 { return e.node.size }

// Mode implements fs.FileInfo.
func (e entry) Mode() fs.FileMode {
	switch e.node.kind {
	case 'd', 's':
		return fs.ModeDir | 0o755
	case 'l':
		return fs.ModeSymlink | 0o777
	}
	return 0o644
}

// ModTime implements fs.FileInfo; a revision has none for its files.
func (e entry) ModTime() time.Time { return time.Time{} }

// IsDir implements fs.FileInfo.
func (e entry) IsDir() bool { return e.Mode().IsDir() }

// Sys implements fs.FileInfo.
func (e entry) Sys() any { return nil }
