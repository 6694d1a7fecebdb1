package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// printMulti writes each field of an object to a file of its name below -m's folder,
// and lists the files.
func (o *EvalOptions) printMulti(out eval.Output, wrong func(string, ...any) error, p *Process) error {
	if out.Kind != value.KindObject {
		return wrong("-m wants an object with one field per file, found %s", a(out.Kind))
	}
	for _, t := range out.Texts {
		if o.String && t.Kind != value.KindString {
			return wrong("-m with -S wants strings, found %s in field `%s`", a(t.Kind), t.Name)
		}
	}
	if len(out.Texts) == 0 {
		return o.writeOut(nil, false, p)
	}
	if err := o.beginList(p); err != nil {
		return err
	}
	list, err := o.writeFields(out.Texts)
	if err := o.writeOut([][]byte{list}, false, p); err != nil {
		return err
	}
	return err
}

// beginList fails before any field is written where the list could not be.
func (o *EvalOptions) beginList(p *Process) error {
	if info, err := os.Stat(o.OutputFile); o.OutputFile == "" || err == nil && info.Mode()&(os.ModeDevice|os.ModeNamedPipe) != 0 {
		return nil
	}
	return o.writeOut(nil, false, p)
}

// writeFields lists the files that were written, and the one that could not be.
func (o *EvalOptions) writeFields(fields []eval.Text) (list []byte, err error) {
	dir := filepath.Clean(o.Multi)
	if o.CreateDirs {
		if err := makeDir(dir); err != nil {
			return nil, err
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, writeFailed(dir, err)
	}
	defer func() { _ = root.Close() }()
	for _, f := range fields {
		name := filepath.Clean(f.Name)
		if filepath.IsAbs(name) {
			name, _ = filepath.Rel(string(filepath.Separator), name)
		}
		list = append(list, filepath.Join(dir, name)+"\n"...)
		if err := o.writeField(root, name, f); err != nil {
			return list, err
		}
	}
	return list, nil
}

// writeField writes one file below root, which nothing leaves, not even through a
// symbolic link. A file that has the content already stays untouched.
func (o *EvalOptions) writeField(root *os.Root, name string, f eval.Text) error {
	if !filepath.IsLocal(name) {
		return diag.List{{
			Code: diag.WriteFailed, Message: fmt.Sprintf("field `%s` names a file outside `%s`", f.Name, root.Name()),
		}}
	}
	text := slices.Concat(o.file(f)...)
	if old, err := root.ReadFile(name); err == nil && string(old) == string(text) {
		return nil
	}
	if o.CreateDirs {
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return writeFailed(filepath.Join(root.Name(), name), err)
		}
	}
	if err := replaceIn(root, name, text); err != nil {
		return writeFailed(filepath.Join(root.Name(), name), err)
	}
	return nil
}

// replaceIn writes a file whole or not at all: aside first, then renamed. What is there
// and is no regular file, such as a symbolic link, is written to directly.
func replaceIn(root *os.Root, name string, text []byte) error {
	info, err := root.Lstat(name)
	there := err == nil
	if there && !info.Mode().IsRegular() {
		return root.WriteFile(name, text, 0o666)
	}
	aside := besides(name)
	err = root.WriteFile(aside, text, 0o666)
	if err == nil && there {
		err = root.Chmod(aside, info.Mode().Perm())
	}
	if err == nil {
		err = root.Rename(aside, name)
	}
	if err != nil {
		_ = root.Remove(aside)
	}
	if there && (errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EBUSY)) {
		// The folder takes no new file, or a mount holds the old one in place.
		return root.WriteFile(name, text, 0o666)
	}
	return err
}

func writeFailed(name string, err error) diag.List {
	return diag.List{{
		Code: diag.WriteFailed, Span: source.NewFile(filepath.ToSlash(name), "").Whole(),
		Message: fmt.Sprintf("cannot write `%s`: %s", filepath.ToSlash(name), source.Reason(err)),
	}}
}
