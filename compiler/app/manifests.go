package app

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// dataForms are the endings of plain files.
var dataForms = []string{".yaml", ".yml", ".json"}

// Manifests gives the plain files of YAML and JSON that arguments name: files, or those
// in folders and the folders below, hidden ones excepted, in the order of their paths.
// Arguments that name something else, an environment above all, are left over.
func (f Finder) Manifests(args []string) (files, rest []string, found diag.List) {
	a, _ := f.appIfAny()
	for _, arg := range args {
		names, problems := f.manifests(a, arg)
		found.Add(problems...)
		if len(names) == 0 && len(problems) == 0 {
			rest = append(rest, arg)
		}
		files = append(files, names...)
	}
	return files, rest, found
}

func (f Finder) manifests(a *App, arg string) ([]string, diag.List) {
	if a != nil {
		if _, ok := a.Environment(arg); ok {
			return nil, nil
		}
	}
	target := f.abs(arg)
	if declared, problems := f.declared(target); declared != nil || problems.HasErrors() {
		return nil, problems
	}
	fsys := f.Files.FS()
	switch {
	case source.IsFile(fsys, f.show(target)):
		if slices.Contains(dataForms, path.Ext(target)) {
			return []string{f.show(target)}, nil
		}
		return nil, nil
	case !source.IsDir(fsys, f.show(target)) || source.IsFile(fsys, f.show(path.Join(target, tankaEntry))):
		return nil, nil
	}
	var files []string
	found := f.dataFiles(target, &files)
	return files, found
}

func (f Finder) dataFiles(dir string, files *[]string) (found diag.List) {
	entries, err := f.Files.FS().ReadDir(f.show(dir))
	if err != nil {
		return diag.List{diag.CannotRead(f.show(dir), err)}
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			found.Add(f.dataFiles(name, files)...)
		case slices.Contains(dataForms, path.Ext(name)) && isText(e):
			*files = append(*files, f.show(name))
		}
	}
	return found
}

// isText is false for what never ends when it is read: pipes, sockets and devices.
func isText(e fs.DirEntry) bool { return e.Type().IsRegular() || e.Type() == fs.ModeSymlink }

// FromManifests is the environment that plain files make up together. Those among
// virtual are not on disk.
func FromManifests(files []string, virtual map[string]*source.File) *Environment {
	name := files[0]
	if len(files) > 1 {
		name = fmt.Sprintf("%d files", len(files))
	}
	if v := virtual[files[0]]; v != nil && len(files) == 1 {
		name = v.Name()
	}
	return &Environment{
		Layout: Bare, Name: name, Dir: ".", Entry: name, Manifests: files, Virtual: virtual,
		Span: source.NewFile(name, "").Whole(),
	}
}
