// Package git shows one revision of a git repository as a tree of files, by running
// git: it alone knows every form that a repository can have. Nothing is checked out;
// a file's content is read when it is asked for.
package git

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// Tree is a source.FS over one revision. Paths outside the repository are the disk's,
// and so are vendor folders that git ignores and submodules: no revision holds them.
// It is safe for concurrent use.
type Tree struct {
	disk source.Disk
	dir  string // working folder, absolute
	// prefix is the working folder within the repository; "" at its top.
	prefix string
	commit string
	nodes  map[string]node // by path within the repository
	// children are the paths in each folder.
	children map[string][]string

	mu      sync.Mutex
	cat     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	ignored map[string]bool
	notes   []string
}

// node is one entry of a revision.
type node struct {
	kind byte // 'f' file, 'd' folder, 'l' symbolic link, 's' submodule
	hash string
	size int64
}

// Open reads the tree of a revision of the repository that holds dir, an absolute
// path. The error is a sentence for the user.
func Open(ctx context.Context, dir, revision string) (*Tree, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, errors.New("git is not installed, or not on PATH")
	}
	prefix, err := run(ctx, dir, "rev-parse", "--show-prefix")
	if err != nil {
		return nil, fmt.Errorf("`%s` lies in no git repository: %w", dir, err)
	}
	commit, err := run(ctx, dir, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("there is no revision `%s`", revision)
	}
	list, err := run(ctx, dir, "ls-tree", "-r", "-t", "-z", "-l", "--full-tree", strings.TrimSpace(commit))
	if err != nil {
		return nil, fmt.Errorf("the tree of `%s` cannot be read: %w", revision, err)
	}
	t := &Tree{
		dir: dir, prefix: strings.TrimSuffix(strings.TrimSuffix(prefix, "\n"), "/"), commit: strings.TrimSpace(commit),
		nodes: parseTree(list), children: map[string][]string{}, ignored: map[string]bool{},
	}
	for name := range t.nodes {
		if name != "." {
			t.children[path.Dir(name)] = append(t.children[path.Dir(name)], name)
		}
	}
	return t, t.start(ctx)
}

// run runs git and gives its output; the error is the first line that git says.
func run(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = filepath.FromSlash(dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		if line == "" {
			return "", err
		}
		return "", errors.New(strings.TrimPrefix(line, "fatal: "))
	}
	return stdout.String(), nil
}

// parseTree reads the output of ls-tree -z -l: mode, type, hash and size before a tab,
// the path after it.
func parseTree(list string) map[string]node {
	nodes := map[string]node{".": {kind: 'd'}}
	for entry := range strings.SplitSeq(list, "\x00") {
		head, name, ok := strings.Cut(entry, "\t")
		fields := strings.Fields(head)
		if !ok || len(fields) != 4 {
			continue
		}
		n := node{kind: 'f', hash: fields[2]}
		n.size, _ = strconv.ParseInt(fields[3], 10, 64)
		switch fields[0] {
		case "040000":
			n.kind = 'd'
		case "120000":
			n.kind = 'l'
		case "160000":
			n.kind = 's'
		}
		nodes[name] = n
	}
	return nodes
}

func (t *Tree) start(ctx context.Context) error {
	t.cat = exec.CommandContext(ctx, "git", "cat-file", "--batch")
	t.cat.Dir = filepath.FromSlash(t.dir)
	in, err := t.cat.StdinPipe()
	if err != nil {
		return err
	}
	out, err := t.cat.StdoutPipe()
	if err != nil {
		return err
	}
	t.in, t.out = in, bufio.NewReader(out)
	return t.cat.Start()
}

// Close ends the git process.
func (t *Tree) Close() error {
	_ = t.in.Close()
	return t.cat.Wait()
}

// Commit is the full name of the revision's commit.
func (t *Tree) Commit() string { return t.commit }

// Notes say what was not read from the revision, sorted.
func (t *Tree) Notes() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	notes := slices.Clone(t.notes)
	slices.Sort(notes)
	return notes
}

// content reads an object by its hash.
func (t *Tree) content(hash string) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, err := io.WriteString(t.in, hash+"\n"); err != nil {
		return nil, err
	}
	header, err := t.out.ReadString('\n')
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(header)
	if len(fields) != 3 {
		return nil, fmt.Errorf("git has no object %s: a partial or damaged repository", hash)
	}
	size, err := strconv.Atoi(fields[2])
	if err != nil {
		return nil, err
	}
	text := make([]byte, size+1) // a line end follows
	if _, err := io.ReadFull(t.out, text); err != nil {
		return nil, err
	}
	return text[:size], nil
}

// place is where a path leads: to a node of the revision, or to the disk.
type place struct {
	node   node
	name   string // in the repository
	onDisk bool
}

// find follows a path, through symbolic links too.
func (t *Tree) find(name string) (place, error) {
	missing := &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	rel := filepath.ToSlash(name)
	if path.IsAbs(rel) {
		var ok bool
		if rel, ok = strings.CutPrefix(path.Clean(rel)+"/", path.Clean(t.dir)+"/"); !ok {
			return place{onDisk: true}, nil
		}
	}
	rest := path.Join(t.prefix, rel)
	for hops := 0; hops < 40; hops++ {
		if rest == ".." || strings.HasPrefix(rest, "../") || path.IsAbs(rest) {
			return place{onDisk: true}, nil
		}
		n, ok := t.nodes[rest]
		if ok && n.kind != 'l' && n.kind != 's' {
			return place{node: n, name: rest}, nil
		}
		next, onDisk, err := t.step(rest)
		switch {
		case err != nil:
			return place{}, err
		case onDisk:
			return place{onDisk: true}, nil
		case next == "":
			return place{}, missing
		}
		rest = next
	}
	return place{}, &fs.PathError{Op: "open", Path: name, Err: errors.New("too many symbolic links")}
}

// step resolves the first symbolic link on the way to a path; "" if there is none. A
// submodule, or an ignored vendor folder, on the way leads to the disk.
func (t *Tree) step(name string) (next string, onDisk bool, err error) {
	parts := strings.Split(name, "/")
	for i := range parts {
		at := strings.Join(parts[:i+1], "/")
		n, ok := t.nodes[at]
		switch {
		case !ok && parts[i] == "vendor" && t.isIgnored(at):
			t.note("vendor folder `" + at + "` is not in git: it comes from the working tree")
			return "", true, nil
		case !ok:
			return "", false, nil
		case n.kind == 's':
			t.note("submodule `" + at + "` comes from the working tree")
			return "", true, nil
		case n.kind == 'l':
			target, err := t.content(n.hash)
			if err != nil {
				return "", false, err
			}
			if path.IsAbs(string(target)) {
				return string(target), false, nil
			}
			return path.Join(path.Dir(at), string(target), strings.Join(parts[i+1:], "/")), false, nil
		}
	}
	return "", false, nil
}

func (t *Tree) note(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.Contains(t.notes, text) {
		t.notes = append(t.notes, text)
	}
}

// isIgnored tells whether a folder is there on disk and git ignores it.
func (t *Tree) isIgnored(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	ignored, known := t.ignored[name]
	if !known {
		cmd := exec.Command("git", "check-ignore", "--quiet", "--", t.fromDir(name))
		cmd.Dir = filepath.FromSlash(t.dir)
		ignored = cmd.Run() == nil && source.IsDir(t.disk, path.Join(t.dir, t.fromDir(name)))
		t.ignored[name] = ignored
	}
	return ignored
}

// fromDir gives a path within the repository as seen from the working folder.
func (t *Tree) fromDir(name string) string {
	rel, err := filepath.Rel(filepath.FromSlash("/"+t.prefix), filepath.FromSlash("/"+name))
	if err != nil {
		return name
	}
	return filepath.ToSlash(rel)
}

// ReadFile implements source.FS.
func (t *Tree) ReadFile(name string) ([]byte, error) {
	p, err := t.find(name)
	switch {
	case err != nil:
		return nil, err
	case p.onDisk:
		return t.disk.ReadFile(name)
	case p.node.kind == 'd':
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is a directory")}
	}
	return t.content(p.node.hash)
}

// Stat implements source.FS.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	p, err := t.find(name)
	switch {
	case err != nil:
		return nil, err
	case p.onDisk:
		return t.disk.Stat(name)
	}
	return entry{name: path.Base(p.name), node: p.node}, nil
}

// ReadDir implements source.FS.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	p, err := t.find(name)
	switch {
	case err != nil:
		return nil, err
	case p.onDisk:
		return t.disk.ReadDir(name)
	case p.node.kind != 'd':
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("not a directory")}
	}
	var out []fs.DirEntry
	for _, child := range t.children[p.name] {
		out = append(out, fs.FileInfoToDirEntry(entry{name: path.Base(child), node: t.nodes[child]}))
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}
