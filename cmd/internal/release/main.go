// Command release packs what `make release` has built: an archive for each platform, the
// manifest by which krew installs kubectl-couplet from them, and their checksums.
//
//	go run ./cmd/internal/release -version v0.1.0 -dist dist
//
// It is run in the root of the repository. Each folder in dist/build is a platform, such as
// linux_amd64, with its programs. The same programs give the same bytes: files are sorted,
// belong to nobody and have no time.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	version := flag.String("version", "", "the `VERSION` of the release")
	dist := flag.String("dist", "dist", "the `FOLDER` with the programs in build/")
	flag.Parse()
	if err := run(".", *dist, *version); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// archive is a file of the release.
type archive struct {
	name     string
	os, arch string
	sum      string
}

func run(root, dist, version string) error {
	folders, err := filepath.Glob(filepath.Join(dist, "build", "*_*"))
	if err != nil || len(folders) == 0 || version == "" {
		return fmt.Errorf("give the version, and a folder with platforms in build/: %s has %d", dist, len(folders))
	}
	var archives []archive
	for _, folder := range folders {
		a, err := pack(root, dist, folder, version)
		if err != nil {
			return err
		}
		archives = append(archives, a)
	}
	manifest, err := krewManifest(version, archives)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dist, "couplet.yaml"), manifest, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dist, "SHA256SUMS"), sums(archives), 0o644)
}

// pack makes the archive of a platform.
func pack(root, dist, folder, version string) (archive, error) {
	platform := filepath.Base(folder)
	a := archive{}
	a.os, a.arch, _ = strings.Cut(platform, "_")
	files, err := collect(root, folder, a.os)
	if err != nil {
		return a, err
	}
	form, write := ".tar.gz", writeTar
	if a.os == "windows" {
		form, write = ".zip", writeZip
	}
	a.name = "couplet_" + version + "_" + platform + form
	text, err := write(files)
	if err != nil {
		return a, err
	}
	a.sum = fmt.Sprintf("%x", sha256.Sum256(text))
	return a, os.WriteFile(filepath.Join(dist, a.name), text, 0o644)
}

// sums are in the form of the program sha256sum.
func sums(archives []archive) []byte {
	var text []byte
	for _, a := range archives {
		text = fmt.Appendf(text, "%s  %s\n", a.sum, a.name)
	}
	return text
}
