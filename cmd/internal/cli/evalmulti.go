package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// printMulti writes each field of an object to a file of its name below -m's folder,
// and lists the files.
func (o *EvalOptions) printMulti(v value.Value, wrong func(string, ...any) error, p *Process) error {
	if v.Kind() != value.KindObject {
		return wrong("-m wants an object with one field per file, found %s", a(v.Kind()))
	}
	for _, f := range v.Fields() {
		if o.String && f.Value.Kind() != value.KindString {
			return wrong("-m with -S wants strings, found %s in field `%s`", a(f.Value.Kind()), f.Name)
		}
	}
	if len(v.Fields()) == 0 {
		return o.writeOut(nil, false, p)
	}
	dir := filepath.Clean(o.Multi)
	if o.CreateDirs {
		if err := makeDir(dir); err != nil {
			return err
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return writeFailed(dir, err)
	}
	defer func() { _ = root.Close() }()
	var list []byte
	for _, f := range v.Fields() {
		name, err := o.writeField(root, f)
		if err != nil {
			return err
		}
		list = append(list, filepath.Join(dir, name)+"\n"...)
	}
	return o.writeOut(list, false, p)
}

// writeField writes one file below root, which nothing leaves, not even through a
// symbolic link. A file that has the content already stays untouched.
func (o *EvalOptions) writeField(root *os.Root, f value.Field) (string, error) {
	name := filepath.Clean(f.Name)
	if filepath.IsAbs(name) {
		name, _ = filepath.Rel(string(filepath.Separator), name)
	}
	shown := filepath.Join(root.Name(), name)
	if !filepath.IsLocal(name) {
		return name, diag.List{{
			Code: diag.WriteFailed, Message: fmt.Sprintf("field `%s` names a file outside `%s`", f.Name, root.Name()),
		}}
	}
	text := o.text(f.Value)
	if old, err := root.ReadFile(name); err == nil && string(old) == string(text) {
		return name, nil
	}
	if o.CreateDirs {
		if err := root.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return name, writeFailed(shown, err)
		}
	}
	aside := besides(name)
	if err := root.WriteFile(aside, text, 0o666); err != nil {
		return name, writeFailed(shown, err)
	}
	if err := root.Rename(aside, name); err != nil {
		_ = root.Remove(aside)
		return name, writeFailed(shown, err)
	}
	return name, nil
}

func writeFailed(name string, err error) diag.List {
	return diag.List{{
		Code: diag.WriteFailed, Span: source.NewFile(filepath.ToSlash(name), "").Whole(),
		Message: fmt.Sprintf("cannot write `%s`: %s", filepath.ToSlash(name), source.Reason(err)),
	}}
}
