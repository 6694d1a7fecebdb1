package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/couplet-k8s/couplet/cmd/internal/cache"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// indexName is the file in an export's folder that says which export wrote what.
const indexName = "couplet-export.json"

// ExportIndex is the content of the index file.
type ExportIndex struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	// Environments lists each environment's files, sorted, slash-separated, relative to
	// the index. An environment is called by its name, a file by the way to it.
	Environments map[string][]string `json:"environments"`
}

type exportIndex struct {
	name string
	ExportIndex
	// owners are the environments by file.
	owners map[string]string
	// there tells whether the file on disk says the same.
	there bool
}

func readIndex(dir string) (*exportIndex, error) {
	index := &exportIndex{name: filepath.Join(dir, indexName)}
	index.APIVersion, index.Kind = "couplet/v1", "ExportIndex"
	index.Environments = map[string][]string{}
	text, err := os.ReadFile(index.name)
	if errors.Is(err, fs.ErrNotExist) {
		return index, nil
	}
	broken := func(reason string) diag.List {
		return diag.List{{
			Code: diag.ExportConflict, Span: source.NewFile(filepath.ToSlash(index.name), "").Whole(),
			Message: fmt.Sprintf("cannot read the index of earlier exports: %s", reason),
			Hint:    "restore the file, or remove it and export with --overwrite",
		}}
	}
	if err != nil {
		return nil, broken(source.Reason(err))
	}
	if err := json.Unmarshal(text, &index.ExportIndex); err != nil {
		return nil, broken(err.Error())
	}
	for _, files := range index.Environments {
		for _, name := range files {
			if !filepath.IsLocal(filepath.FromSlash(name)) {
				return nil, broken(fmt.Sprintf("it names %q, which lies outside the folder", name))
			}
		}
	}
	index.there = true
	index.findOwners()
	return index, nil
}

// findOwners notes the environment that wrote each file.
func (x *exportIndex) findOwners() {
	x.owners = map[string]string{}
	for _, env := range slices.Backward(slices.Sorted(maps.Keys(x.Environments))) {
		for _, name := range x.Environments[env] {
			x.owners[name] = env
		}
	}
}

// set changes an environment's files, which must be sorted.
func (x *exportIndex) set(env string, files []string) {
	if old, known := x.Environments[env]; known && slices.Equal(old, files) {
		return
	}
	x.Environments[env] = files
	x.there = false
}

func (x *exportIndex) write() error {
	if x.there {
		return nil
	}
	text, err := json.MarshalIndent(x.ExportIndex, "", "  ")
	if err != nil {
		return err
	}
	x.there = true
	return writeFile(x.name, append(text, '\n'))
}

// export is one environment's files on their way to disk.
type export struct {
	*rendering
	dir string
	// key is the environment's name in the index.
	key    string
	index  *exportIndex
	stamps *cache.Stamps // nil without a cache
	// problems keep the export from being written.
	problems diag.List
	states   []fileState // of the files, as the disk has them
	made     map[string]bool

	written, kept, removed int
}

// fileState is what stands at the place of an exported file.
type fileState uint8

const (
	absent fileState = iota
	same
	other // something else, or something that cannot be read
)

// look compares the files with what is on disk.
func (e *export) look() {
	e.states = make([]fileState, len(e.files))
	for i, f := range e.files {
		e.states[i] = e.state(e.file(f.Name), f)
	}
}

func (e *export) state(name string, f cache.File) fileState {
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return absent
	}
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		info, err = os.Stat(name)
	}
	if err != nil || !info.Mode().IsRegular() || info.Size() != int64(f.Size) {
		return other
	}
	if sum, ok := e.sum(name, info); !ok || sum != f.Sum {
		return other
	}
	return same
}

// sum gives the sum of a file, of which a stamp may know it.
func (e *export) sum(name string, info fs.FileInfo) (source.Sum, bool) {
	stampName := filepath.ToSlash(filepath.Clean(name))
	if e.stamps != nil {
		if sum, ok := e.stamps.Sum(stampName, info); ok {
			return sum, true
		}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return source.Sum{}, false
	}
	sum := source.SumOf(text)
	if e.stamps != nil {
		e.stamps.Learn(stampName, info, sum)
	}
	return sum, true
}

// writes tells whether any file is to be written.
func (e *export) writes() bool {
	return slices.ContainsFunc(e.states, func(s fileState) bool { return s != same })
}

func (e *export) names() []string {
	names := make([]string, len(e.files))
	for i, f := range e.files {
		names[i] = f.Name
	}
	slices.Sort(names)
	return names
}

// conflicts are files that somebody else owns.
func (e *export) conflicts(overwrite bool) diag.List {
	var found diag.List
	for i, f := range e.files {
		owner := e.index.owners[f.Name]
		if owner == e.key {
			continue
		}
		shown := path.Join(filepath.ToSlash(e.dir), f.Name)
		d := diag.Diagnostic{Code: diag.ExportConflict, Span: source.NewFile(shown, "").Whole(), Environment: e.env.Name}
		switch {
		case owner != "":
			d.Message = fmt.Sprintf("`%s` belongs to the export of environment %s", shown, owner)
			d.Hint = "export each environment to a folder of its own"
			found.Add(d)
		case !overwrite && e.states[i] == other:
			d.Message = fmt.Sprintf("`%s` is there, and no export wrote it", shown)
			d.Hint = "choose another folder, or take the file over with --overwrite"
			found.Add(d)
		}
	}
	return found
}

func (e *export) file(name string) string { return filepath.Join(e.dir, filepath.FromSlash(name)) }

// run writes the files. The index names all files, old and new, before the first one
// is written, so that an interrupted run leaves none that no export owns.
func (e *export) run(ctx context.Context) error {
	old, names := e.index.Environments[e.key], e.names()
	all := slices.Concat(old, names)
	slices.Sort(all)
	all = slices.Compact(all)
	if err := makeDir(e.dir); err != nil {
		return err
	}
	e.index.set(e.key, all)
	if err := e.index.write(); err != nil {
		return err
	}
	e.sweep(all)
	if err := e.writeFiles(ctx); err != nil || e.partial {
		return err
	}
	for _, name := range old {
		if _, ours := slices.BinarySearch(names, name); !ours {
			if err := e.remove(name); err != nil {
				return err
			}
		}
	}
	e.index.set(e.key, names)
	return e.index.write()
}

// writeFiles writes what the disk does not have.
func (e *export) writeFiles(ctx context.Context) error {
	for i, f := range e.files {
		if e.states[i] == same {
			e.kept++
			continue
		}
		if ctx.Err() != nil {
			return diag.List{{
				Code: diag.EvalStopped, Environment: e.env.Name,
				Message: "the export was interrupted: every file is whole, but not all are written", Hint: "run it again",
			}}
		}
		if err := e.writeOne(e.file(f.Name), e.texts[i], f.Sum, e.states[i] == absent); err != nil {
			return err
		}
		e.written++
	}
	return nil
}

func (e *export) writeOne(name string, text []byte, sum source.Sum, isNew bool) error {
	if dir := filepath.Dir(name); !e.made[dir] {
		if err := makeDir(dir); err != nil {
			return err
		}
		if e.made == nil {
			e.made = map[string]bool{}
		}
		e.made[dir] = true
	}
	if !isNew {
		return writeFile(name, text)
	}
	written, err := replaceFile(name, text, newMode)
	if err != nil {
		return writeFailed(name, err)
	}
	if e.stamps == nil {
		return nil
	}
	if info, err := os.Lstat(name); err == nil {
		e.stamps.Wrote(filepath.ToSlash(filepath.Clean(name)), written, info, sum)
	}
	return nil
}

// sweep removes what killed exports left aside of these files. A file that is still
// young may be another export's, which is at work.
func (e *export) sweep(names []string) {
	folders := map[string]bool{}
	for _, name := range names {
		folders[path.Dir(name)] = true
	}
	for folder := range folders {
		entries, _ := os.ReadDir(e.file(folder))
		for _, entry := range entries {
			name, ok := asideOf(entry.Name())
			if !ok {
				continue
			}
			info, err := entry.Info()
			if err != nil || time.Since(info.ModTime()) < time.Minute {
				continue
			}
			if _, ours := slices.BinarySearch(names, path.Join(folder, name)); ours {
				_ = os.Remove(e.file(path.Join(folder, entry.Name())))
			}
		}
	}
}

// remove deletes a file and the folders that it leaves empty.
func (e *export) remove(name string) error {
	err := os.Remove(e.file(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return writeFailed(e.file(name), err)
	}
	if err == nil {
		e.removed++
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if os.Remove(e.file(dir)) != nil {
			break
		}
	}
	return nil
}

func (e *export) summary() string {
	return fmt.Sprintf("%s: %s in %s: %d written, %d unchanged, %d removed\n",
		e.env.Name, plural(len(e.files)-e.maps, "object"), filepath.ToSlash(e.dir), e.written, e.kept, e.removed)
}
