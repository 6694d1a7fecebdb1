package app

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// Finder finds apps and environments from a working folder. Paths in what it gives are
// relative to that folder, as a user there would write them.
type Finder struct {
	Files *source.Set
	// Dir is the working folder, absolute and slash-separated.
	Dir string
}

// App is the app of the working folder: the nearest couplet.yaml upward, or else the
// Tanka tree that the folder lies in.
func (f Finder) App() (*App, diag.List) {
	return f.appAbove(f.Dir)
}

func (f Finder) appAbove(dir string) (*App, diag.List) {
	if root, ok := f.above(dir, FileName); ok {
		return load(f.Files, f.show(root))
	}
	if root, ok := f.tankaRoot(dir); ok {
		return f.tankaTree(root)
	}
	return nil, diag.List{{
		Code:    diag.NoApp,
		Message: fmt.Sprintf("there is no app here: no %s, and no %s or %s, in this folder or above", FileName, tankaRootFile, bundlerFile),
		Hint:    "`couplet init NAME` makes an app; `couplet show FILE` renders a file without one",
	}}
}

// Environment is what one argument names: an environment of the app, or a path.
func (f Finder) Environment(arg string) (*Environment, diag.List) {
	a, found := f.appIfAny()
	if found.HasErrors() {
		return nil, found
	}
	if a != nil {
		if env, ok := a.Environment(arg); ok {
			return env, nil
		}
	}
	target := f.abs(arg)
	info, err := f.Files.FS().Stat(f.show(target))
	switch {
	case err != nil && source.IsMissing(err):
		return nil, diag.List{notFound(arg, a)}
	case err != nil:
		return nil, diag.List{diag.CannotRead(arg, err)}
	case info.IsDir():
		return f.folder(arg, target)
	}
	return f.file(target)
}

// appIfAny reads the couplet.yaml upward; without one there is no app to ask for names.
func (f Finder) appIfAny() (*App, diag.List) {
	root, ok := f.above(f.Dir, FileName)
	if !ok {
		return nil, nil
	}
	return load(f.Files, f.show(root))
}

func notFound(arg string, a *App) diag.Diagnostic {
	d := diag.Diagnostic{Code: diag.NotFound}
	if a == nil {
		d.Message = fmt.Sprintf("there is no file or folder `%s`", arg)
		d.Hint = "there is no app here either, whose environments could be meant: no " + FileName + " in this folder or above"
		return d
	}
	d.Message = fmt.Sprintf("app %s has no environment `%s`, and there is no file or folder of that name", a.Name, arg)
	d.Span = a.File.Whole()
	d.Hint = diag.DidYouMean(arg, a.Names())
	return d
}

// folder is the environment in a folder: one that couplet.yaml declares, or a Tanka
// environment.
func (f Finder) folder(arg, target string) (*Environment, diag.List) {
	if _, err := f.Files.FS().ReadDir(f.show(target)); err != nil {
		return nil, diag.List{diag.CannotRead(arg, err)}
	}
	if env, found := f.declared(target); env != nil || found.HasErrors() {
		return env, found
	}
	entry := path.Join(target, tankaEntry)
	if !source.IsFile(f.Files.FS(), f.show(entry)) {
		return nil, diag.List{{
			Code:    diag.Unreadable,
			Span:    source.NewFile(arg, "").Whole(),
			Message: fmt.Sprintf("folder `%s` is no environment: it has no %s", arg, tankaEntry),
			Hint:    "name an environment, or a .jsonnet, .yaml or .json file",
		}}
	}
	return f.file(entry)
}

// declared is the environment of the couplet.yaml above a path whose folder or entry
// the path is; nil if there is none.
func (f Finder) declared(target string) (*Environment, diag.List) {
	root, ok := f.above(target, FileName)
	if !ok {
		return nil, nil
	}
	a, found := load(f.Files, f.show(root))
	if found.HasErrors() {
		return nil, found
	}
	for _, env := range a.Environments {
		if f.abs(env.Dir) == target || f.abs(env.Entry) == target {
			return env, nil
		}
	}
	return nil, nil
}

func (f Finder) file(target string) (*Environment, diag.List) {
	if env, found := f.declared(target); env != nil || found.HasErrors() {
		return env, found
	}
	if !slices.Contains(dataForms, path.Ext(target)) {
		if root, ok := f.tankaRoot(path.Dir(target)); ok {
			return f.tanka(root, target)
		}
	}
	name := f.show(target)
	env := &Environment{
		Layout: Bare, Name: name, Dir: path.Dir(name), Entry: name,
		SearchPath: []string{LibraryDir},
		Span:       source.NewFile(name, "").Whole(),
	}
	if root, ok := f.above(path.Dir(target), FileName); ok {
		env.SearchPath = []string{f.show(path.Join(root, "lib")), f.show(path.Join(root, "vendor")), LibraryDir}
	}
	return env, nil
}

// tankaTree finds the environments of a Tanka tree: every folder with an entry, those
// below hidden folders and vendor excepted.
func (f Finder) tankaTree(root string) (*App, diag.List) {
	a := &App{Layout: Tanka, Root: f.show(root), Name: path.Base(root)}
	var found diag.List
	f.walk(root, &found, func(dir string) {
		env, problems := f.tanka(root, path.Join(dir, tankaEntry))
		found.Add(problems...)
		if env != nil {
			a.Environments = append(a.Environments, env)
		}
	})
	return a, found
}

func (f Finder) walk(dir string, found *diag.List, visit func(dir string)) {
	entries, err := f.Files.FS().ReadDir(f.show(dir))
	if err != nil {
		found.Add(diag.CannotRead(f.show(dir), err))
		return
	}
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == tankaEntry && !e.IsDir() }) {
		visit(dir)
		return
	}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && e.Name() != "vendor" {
			f.walk(path.Join(dir, e.Name()), found, visit)
		}
	}
}

// above is the nearest folder, from dir upward, that holds a file of this name.
func (f Finder) above(dir, name string) (string, bool) {
	for ; ; dir = path.Dir(dir) {
		if source.IsFile(f.Files.FS(), f.show(path.Join(dir, name))) {
			return dir, true
		}
		if dir == path.Dir(dir) {
			return "", false
		}
	}
}

func (f Finder) abs(name string) string {
	name = filepath.ToSlash(name)
	if path.IsAbs(name) || filepath.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(f.Dir, name)
}

// show gives an absolute path as seen from the working folder.
func (f Finder) show(abs string) string { return relative(f.Dir, abs) }

func relative(base, target string) string {
	rel, err := filepath.Rel(filepath.FromSlash(base), filepath.FromSlash(target))
	if err != nil {
		return target
	}
	return filepath.ToSlash(rel)
}
