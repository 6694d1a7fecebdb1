package cli

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// newMode is a new file's, from which the process's umask takes away.
const newMode os.FileMode = 0o666

// writeFile writes a file whole or not at all: aside first, then renamed. What is
// there and is no regular file, such as /dev/stdout, is written to directly; through
// a symbolic link the file that it leads to is replaced, not the link.
func writeFile(name string, text []byte) error {
	target, mode := name, newMode
	switch info, err := os.Stat(name); {
	case err != nil:
		target = linked(name)
	case !info.Mode().IsRegular():
		return writeThrough(name, text)
	default:
		target, mode = linked(name), info.Mode().Perm()
	}
	if _, err := replaceFile(target, text, mode); err != nil {
		return writeFailed(name, err)
	}
	return nil
}

// replaceFile writes a file aside and renames it. It gives what stat said of it before.
func replaceFile(name string, text []byte, mode os.FileMode) (os.FileInfo, error) {
	aside := besides(name)
	written, err := writeAside(aside, text, mode)
	if err == nil {
		err = os.Rename(aside, name)
	}
	if err != nil {
		_ = os.Remove(aside)
	}
	return written, err
}

func writeAside(name string, text []byte, mode os.FileMode) (os.FileInfo, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(text)
	if err == nil && mode != newMode {
		err = f.Chmod(mode)
	}
	if err == nil && mode == secretMode {
		err = f.Sync() // a backup is on the disk before anything is deleted
	}
	written, statErr := f.Stat()
	return written, cmp.Or(err, statErr, f.Close())
}

// linked follows symbolic links to the file that is meant, which need not be there.
func linked(name string) string {
	for range 40 {
		next, err := os.Readlink(name)
		if err != nil {
			break
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(name), next)
		}
		name = next
	}
	return name
}

func writeThrough(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return writeFailed(name, err)
	}
	_, err = f.Write(text)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return writeFailed(name, err)
	}
	return nil
}

// besides is the name under which a file is written before it is renamed. The process
// number keeps two runs apart.
func besides(name string) string {
	return filepath.Join(filepath.Dir(name), fmt.Sprintf(".%s.%d.tmp", filepath.Base(name), os.Getpid()))
}

// asideOf gives the name of the file that a file was to become.
func asideOf(name string) (string, bool) {
	rest, ok := strings.CutSuffix(name, ".tmp")
	stem := strings.TrimSuffix(rest, filepath.Ext(rest))
	_, err := strconv.Atoi(strings.TrimPrefix(filepath.Ext(rest), "."))
	return strings.TrimPrefix(stem, "."), ok && err == nil && strings.HasPrefix(stem, ".")
}

func makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return writeFailed(dir, err)
	}
	return nil
}
