package cli

import (
	"bytes"
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
	return index, nil
}

func (x *exportIndex) write() error {
	text, err := json.MarshalIndent(x.ExportIndex, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if old, err := os.ReadFile(x.name); err == nil && bytes.Equal(old, text) {
		return nil
	}
	return writeFile(x.name, text)
}

// owner is the environment that wrote a file; "" if none did.
func (x *exportIndex) owner(name string) string {
	for _, env := range slices.Sorted(maps.Keys(x.Environments)) {
		if slices.Contains(x.Environments[env], name) {
			return env
		}
	}
	return ""
}

// export is one environment's files on their way to disk.
type export struct {
	dir         string
	environment string
	// key is the environment's name in the index.
	key   string
	index *exportIndex
	// partial exports remove nothing, for they do not know all objects.
	partial bool
	texts   map[string][]byte // by path below dir

	written, kept, removed int
}

func (e *export) names() []string { return slices.Sorted(maps.Keys(e.texts)) }

// conflicts are files that somebody else owns.
func (e *export) conflicts(overwrite bool) diag.List {
	var found diag.List
	for _, name := range e.names() {
		shown := path.Join(filepath.ToSlash(e.dir), name)
		d := diag.Diagnostic{Code: diag.ExportConflict, Span: source.NewFile(shown, "").Whole(), Environment: e.environment}
		switch owner := e.index.owner(name); {
		case owner == e.key:
		case owner != "":
			d.Message = fmt.Sprintf("`%s` belongs to the export of environment %s", shown, owner)
			d.Hint = "export each environment to a folder of its own"
			found.Add(d)
		case !overwrite && e.isForeign(name):
			d.Message = fmt.Sprintf("`%s` is there, and no export wrote it", shown)
			d.Hint = "choose another folder, or take the file over with --overwrite"
			found.Add(d)
		}
	}
	return found
}

// isForeign tells whether a file is there with another content than ours.
func (e *export) isForeign(name string) bool {
	old, err := os.ReadFile(e.file(name))
	return err == nil && !bytes.Equal(old, e.texts[name]) || err != nil && !errors.Is(err, fs.ErrNotExist)
}

func (e *export) file(name string) string { return filepath.Join(e.dir, filepath.FromSlash(name)) }

// run writes the files. The index names all files, old and new, before the first one
// is written, so that an interrupted run leaves none that no export owns.
func (e *export) run(ctx context.Context) error {
	old := e.index.Environments[e.key]
	all := slices.Concat(old, e.names())
	slices.Sort(all)
	all = slices.Compact(all)
	if err := makeDir(e.dir); err != nil {
		return err
	}
	e.index.Environments[e.key] = all
	if err := e.index.write(); err != nil {
		return err
	}
	e.sweep(all)
	for _, name := range e.names() {
		if ctx.Err() != nil {
			return diag.List{{
				Code: diag.EvalStopped, Environment: e.environment,
				Message: "the export was interrupted: every file is whole, but not all are written", Hint: "run it again",
			}}
		}
		if err := e.writeOne(name); err != nil {
			return err
		}
	}
	if e.partial {
		return nil
	}
	for _, name := range old {
		if _, ours := e.texts[name]; !ours {
			if err := e.remove(name); err != nil {
				return err
			}
		}
	}
	e.index.Environments[e.key] = e.names()
	return e.index.write()
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
			info, err := entry.Info()
			if !ok || err != nil || time.Since(info.ModTime()) < time.Minute {
				continue
			}
			if _, ours := slices.BinarySearch(names, path.Join(folder, name)); ours {
				_ = os.Remove(e.file(path.Join(folder, entry.Name())))
			}
		}
	}
}

func (e *export) writeOne(name string) error {
	file := e.file(name)
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, e.texts[name]) {
		e.kept++
		return nil
	}
	if err := makeDir(filepath.Dir(file)); err != nil {
		return err
	}
	e.written++
	return writeFile(file, e.texts[name])
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
		e.environment, plural(len(e.texts), "object"), filepath.ToSlash(e.dir), e.written, e.kept, e.removed)
}
