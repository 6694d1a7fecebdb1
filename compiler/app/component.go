package app

import (
	"path"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// ComponentsDir is the folder of an app's components.
const ComponentsDir = "components"

// Component is one file of components/.
type Component struct {
	Name string
	Path string
	// Form is jsonnet, yaml or json.
	Form string
}

// SchemaSuffix ends the name of a file with the JSON Schema of a component's parameters,
// which stands beside the component.
const SchemaSuffix = ".schema.json"

// Components lists the app's component files by name. A file's name without its
// ending is the component's.
func (a *App) Components(fsys source.FS) ([]Component, diag.List) {
	dir := path.Join(a.Root, ComponentsDir)
	entries, err := fsys.ReadDir(dir)
	if err != nil {
		if source.IsMissing(err) {
			return nil, nil
		}
		return nil, diag.List{diag.CannotRead(dir, err)}
	}
	var out []Component
	for _, e := range entries {
		name, form, _ := strings.Cut(e.Name(), ".")
		if !e.IsDir() && slices.Contains([]string{"jsonnet", "yaml", "yml", "json"}, form) {
			out = append(out, Component{Name: name, Path: path.Join(dir, e.Name()), Form: strings.Replace(form, "yml", "yaml", 1)})
		}
	}
	return out, nil
}
