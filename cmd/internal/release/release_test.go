package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

const root = "../../.."

var platforms = []string{"darwin_arm64", "linux_amd64", "windows_amd64"}

// pretend makes a dist folder as `make release` leaves it, with programs that are not.
func pretend(t *testing.T) string {
	t.Helper()
	dist := t.TempDir()
	for _, p := range platforms {
		system, _, _ := strings.Cut(p, "_")
		for _, name := range []string{"couplet", "kubectl-couplet"} {
			file := filepath.Join(dist, "build", p, program(name, system))
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(name+" for "+p), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dist
}

// TestReproducible packs the same programs twice, at other times and places.
func TestReproducible(t *testing.T) {
	one, other := pretend(t), pretend(t)
	if err := os.Chtimes(filepath.Join(other, "build", "linux_amd64", "couplet"), epoch, epoch); err != nil {
		t.Fatal(err)
	}
	for _, dist := range []string{one, other} {
		if err := run(root, dist, "v1.2.3"); err != nil {
			t.Fatal(err)
		}
	}
	names, err := filepath.Glob(filepath.Join(one, "*.*"))
	if err != nil || len(names) != len(platforms)+1 {
		t.Fatal(names, err)
	}
	for _, name := range append(names, filepath.Join(one, "SHA256SUMS")) {
		if !bytes.Equal(read(t, name), read(t, filepath.Join(other, filepath.Base(name)))) {
			t.Errorf("%s differs", filepath.Base(name))
		}
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestManifest holds the manifest to krew's rules for one, and to the archives.
func TestManifest(t *testing.T) {
	dist := pretend(t)
	if err := run(root, dist, "v1.2.3-rc.1"); err != nil {
		t.Fatal(err)
	}
	var p plugin
	if err := yaml.UnmarshalStrict(read(t, filepath.Join(dist, "couplet.yaml")), &p); err != nil {
		t.Fatal(err)
	}
	if p.APIVersion != "krew.googlecontainertools.github.com/v1alpha2" || p.Kind != "Plugin" || p.Metadata.Name != "couplet" || p.Spec.Version != "v1.2.3-rc.1" {
		t.Errorf("the manifest is of %s, %s, %s, %s", p.APIVersion, p.Kind, p.Metadata.Name, p.Spec.Version)
	}
	if s := p.Spec.ShortDescription; s == "" || len(s) > 50 || strings.ContainsAny(s, "\r\n") || p.Spec.Description == "" || p.Spec.Homepage == "" {
		t.Errorf("the descriptions are %q and %q", s, p.Spec.Description)
	}
	seen := map[string]bool{}
	for _, is := range p.Spec.Platforms {
		labels := is.Selector.MatchLabels
		name := labels["os"] + "_" + labels["arch"]
		if len(labels) != 2 || labels["os"] == "" || labels["arch"] == "" || seen[name] {
			t.Errorf("platform %v", labels)
		}
		seen[name] = true
		checkPlatform(t, dist, name, is)
	}
	for _, name := range platforms {
		if !seen[name] {
			t.Errorf("%s is missing", name)
		}
	}
}

func checkPlatform(t *testing.T, dist, name string, is platform) {
	t.Helper()
	if !strings.HasPrefix(is.URI, "https://") || path.Base(is.URI) != fmt.Sprintf("couplet_v1.2.3-rc.1_%s%s", name, map[bool]string{true: ".zip", false: ".tar.gz"}[strings.HasPrefix(name, "windows")]) {
		t.Errorf("%s: the archive is %s", name, is.URI)
	}
	text := read(t, filepath.Join(dist, path.Base(is.URI)))
	if sum := fmt.Sprintf("%x", sha256.Sum256(text)); is.SHA256 != sum || !strings.Contains(string(read(t, filepath.Join(dist, "SHA256SUMS"))), sum+"  "+path.Base(is.URI)+"\n") {
		t.Errorf("%s: the sum is %s, not %s", name, sum, is.SHA256)
	}
	files := unpack(t, text)
	if got := string(files["couplet"].text) + string(files["couplet.exe"].text); got != "couplet for "+name {
		t.Errorf("%s: couplet is %q", name, got)
	}
	bin := false
	for _, f := range is.Files {
		held, ok := files[f.From]
		if !ok || f.To != "." {
			t.Errorf("%s: %s is to be put into %s, and is in the archive: %t", name, f.From, f.To, ok)
		}
		if executable := held.mode&0o111 != 0; executable != (f.From != "LICENSE") {
			t.Errorf("%s: %s has the mode %o", name, f.From, held.mode)
		}
		if f.From == is.Bin {
			bin = string(held.text) == "kubectl-couplet for "+name
		}
	}
	if !bin {
		t.Errorf("%s: %s is not the plugin", name, is.Bin)
	}
}

// unpack reads an archive as krew does: by what its first bytes say that it is, and only
// plain files at its top.
func unpack(t *testing.T, text []byte) map[string]file {
	t.Helper()
	files := map[string]file{}
	add := func(name string, info fs.FileInfo, from io.Reader) {
		if !info.Mode().IsRegular() || strings.ContainsAny(name, `/\`) || !info.ModTime().Equal(epoch) {
			t.Errorf("%s is no plain file without a time: %s %s", name, info.Mode(), info.ModTime())
		}
		held, err := io.ReadAll(from)
		if err != nil {
			t.Error(err)
		}
		files[name] = file{name, info.Mode(), held}
	}
	if bytes.HasPrefix(text, []byte("PK")) {
		r, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.File {
			from, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			add(f.Name, f.FileInfo(), from)
		}
		return files
	}
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r := tar.NewReader(z)
	for {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if head.Uid+head.Gid != 0 || head.Uname+head.Gname != "" {
			t.Errorf("%s belongs to somebody", head.Name)
		}
		add(head.Name, head.FileInfo(), r)
	}
}

func TestSemantic(t *testing.T) {
	semver := regexp.MustCompile(`^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?$`)
	for version, want := range map[string]string{
		"v0.1.0": "v0.1.0", "v1.2.3-4-gabcdef0": "v1.2.3-4-gabcdef0", "v1.0.0-rc.1": "v1.0.0-rc.1",
		"0123456": "v0.0.0-g0123456", "abcdef0-dirty": "v0.0.0-gabcdef0-dirty", "dev": "v0.0.0-gdev", "v1": "v0.0.0-gv1",
	} {
		if got := semantic(version); got != want || !semver.MatchString(got) {
			t.Errorf("%s becomes %s, want %s", version, got, want)
		}
	}
}

// TestNothing wants an error where nothing was built, and where a program is missing.
func TestNothing(t *testing.T) {
	if err := run(root, t.TempDir(), "v1.2.3"); err == nil {
		t.Error("nothing is packed")
	}
	dist := pretend(t)
	if err := os.Remove(filepath.Join(dist, "build", "linux_amd64", "kubectl-couplet")); err != nil {
		t.Fatal(err)
	}
	if err := run(root, dist, "v1.2.3"); err == nil {
		t.Error("a platform without the plugin is packed")
	}
}
