package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// epoch is the time of every file: the first that a zip file can say.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// file is one file of an archive.
type file struct {
	name string
	mode fs.FileMode
	text []byte
}

// program is the name of a program's file on an operating system.
func program(name, system string) string {
	if system == "windows" {
		return name + ".exe"
	}
	return name
}

// completion is the script that kubectl asks for completions.
func completion(system string) string {
	if system == "windows" {
		return "kubectl_complete-couplet.cmd"
	}
	return "kubectl_complete-couplet"
}

// collect reads the files of a platform's archive, sorted.
func collect(root, folder, system string) ([]file, error) {
	var files []file
	for path, mode := range map[string]fs.FileMode{
		filepath.Join(folder, program("couplet", system)):                 0o755,
		filepath.Join(folder, program("kubectl-couplet", system)):         0o755,
		filepath.Join(root, "cmd", "kubectl-couplet", completion(system)): 0o755,
		filepath.Join(root, "LICENSE"):                                    0o644,
	} {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		files = append(files, file{filepath.Base(path), mode, text})
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	return files, nil
}

func writeTar(files []file) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(z)
	for _, f := range files {
		head := &tar.Header{Typeflag: tar.TypeReg, Name: f.name, Mode: int64(f.mode), Size: int64(len(f.text)), ModTime: epoch, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(head); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.text); err != nil {
			return nil, err
		}
	}
	err = errors.Join(w.Close(), z.Close())
	return out.Bytes(), err
}

func writeZip(files []file) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestCompression) })
	for _, f := range files {
		head := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: epoch}
		head.SetMode(f.mode)
		part, err := w.CreateHeader(head)
		if err != nil {
			return nil, err
		}
		if _, err := part.Write(f.text); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}
