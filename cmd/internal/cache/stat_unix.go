//go:build unix

package cache

import (
	"io/fs"
	"os"
	"syscall"
)

// hasModes tells whether a file's mode says who may read it.
const hasModes = true

// identityOf takes from stat what tells two contents apart. The device is left out: many
// file systems get another number with every boot.
func identityOf(info fs.FileInfo) identity {
	id := identity{size: info.Size(), modified: info.ModTime().UnixNano()}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		id.inode, id.changed = uint64(st.Ino), changeTime(st)
	}
	return id
}

func isOwn(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(st.Uid) == os.Geteuid()
}
