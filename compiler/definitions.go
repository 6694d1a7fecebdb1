package compiler

import (
	"io/fs"
	"path"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/decode"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/schemas"
)

// kindID is a kind without its version.
type kindID struct{ group, kind string }

// defined finds the CustomResourceDefinitions of the kinds of objects: those among the
// objects, and of the kinds that have none there those in the files that the environment
// names, in vendored packages, and at last the embedded ones, of which it says where they
// are from.
func (c *compilation) defined(objects []object.Object) (all []object.Object, embedded map[string]string) {
	all = definitions(objects)
	catalog := openCatalog(c.env, all)
	seen := map[kindID]bool{}
	embedded = map[string]string{}
	for _, o := range objects {
		group, version := object.GroupVersion(o.APIVersion())
		id := kindID{group, o.Kind()}
		if _, known := catalog.Scope(group, version, id.kind); known || seen[id] || !strings.Contains(group, ".") {
			continue
		}
		seen[id] = true
		if crd, ok := c.fromFiles(id); ok {
			all = append(all, crd)
			continue
		}
		if text, from, ok := schemas.Custom(group, id.kind); ok {
			f := source.NewFile("<"+from+">", string(text))
			if v, found := decode.JSON(f); !found.HasErrors() {
				all = append(all, object.Object{Value: v, Source: object.Source{File: f, Decoded: true}})
				embedded[kindOf(o)] = from
			}
		}
	}
	return all, embedded
}

// fromFiles finds a definition in files.
func (c *compilation) fromFiles(id kindID) (object.Object, bool) {
	if crd, ok := c.definitionsIn(c.env.CRDs, false)[id]; ok {
		return crd, true
	}
	var vendored []string
	if c.opts.Vendored {
		for _, dir := range c.env.SearchPath {
			if path.Base(dir) == "vendor" {
				vendored = append(vendored, dir)
			}
		}
	}
	crd, ok := c.definitionsIn(vendored, true)[id]
	return crd, ok
}

// definitionsOf is what is known of the definitions in some folders.
type definitionsOf struct {
	paths    string
	vendored bool
}

type readDefinitions struct {
	byKind        map[kindID]object.Object
	files, listed []string
	found         diag.List
}

// definitionsIn reads the definitions in files and folders, those in folders below
// included; of vendored packages only those in folders called crd or crds. It does so once
// for all environments.
func (c *compilation) definitionsIn(paths []string, vendored bool) map[kindID]object.Object {
	if len(paths) == 0 {
		return nil
	}
	key := definitionsOf{strings.Join(paths, "\x00"), vendored}
	read := c.files.Memo(key, func() any {
		r := &readDefinitions{byKind: map[kindID]object.Object{}}
		for _, name := range paths {
			if !vendored || source.IsDir(c.files.FS(), name) {
				r.path(c.files, name, !vendored, 0)
			}
		}
		return r
	}).(*readDefinitions)
	read.note(c.files)
	if !c.toldOfFiles[key] {
		if c.toldOfFiles == nil {
			c.toldOfFiles = map[definitionsOf]bool{}
		}
		c.toldOfFiles[key] = true
		c.found.Add(inEnvironment(read.found, c.env)...)
	}
	return read.byKind
}

// note has a set that logs what is read log the files, which another one may have read.
func (r *readDefinitions) note(files *source.Set) {
	for _, name := range r.listed {
		_, _ = files.FS().ReadDir(name)
	}
	for _, name := range r.files {
		_, _ = files.Load(name)
	}
}

// deepestVendor is how far below vendor/ a folder of definitions may lie.
const deepestVendor = 8

func (r *readDefinitions) path(files *source.Set, name string, inside bool, depth int) {
	if !source.IsDir(files.FS(), name) {
		if depth > 0 || path.Base(name) != app.DefinitionsDir || source.IsFile(files.FS(), name) {
			r.file(files, name)
		}
		return
	}
	r.listed = append(r.listed, name)
	entries, err := files.FS().ReadDir(name)
	if err != nil {
		r.found.Add(diag.CannotRead(name, err))
		return
	}
	for _, e := range entries {
		below := path.Join(name, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir() || e.Type()&fs.ModeSymlink != 0 && source.IsDir(files.FS(), below):
			if depth < deepestVendor {
				r.path(files, below, inside || e.Name() == "crd" || e.Name() == "crds", depth+1)
			}
		case inside && dataForm(e.Name()) != "":
			r.file(files, below)
		}
	}
}

// file reads a file that may hold definitions, and other things.
func (r *readDefinitions) file(files *source.Set, name string) {
	r.files = append(r.files, name)
	f, err := files.Load(name)
	if err != nil {
		r.found.Add(diag.CannotRead(name, err))
		return
	}
	if !strings.Contains(f.Text(), "CustomResourceDefinition") {
		return
	}
	docs, found := readData(f, dataForm(name))
	r.found.Add(found...)
	for _, doc := range docs {
		objects, _ := object.Extract(doc, object.Source{File: f, Decoded: true})
		for _, o := range definitions(objects) {
			spec := o.Value.Get("spec")
			id := kindID{spec.Get("group").Str(), spec.Get("names", "kind").Str()}
			if _, there := r.byKind[id]; !there {
				r.byKind[id] = o
			}
		}
	}
}

// embeddedHint adds to the findings about an object which embedded definition it was held
// against: the cluster may have another version of it.
func embeddedHint(found diag.List, from string) {
	if from == "" {
		return
	}
	for i := range found {
		note := "by the definition of " + from + ", which couplet embeds; one in crds/ comes before it"
		if found[i].Hint != "" {
			note = found[i].Hint + "; " + note
		}
		found[i].Hint = note
	}
}
