package eval

import (
	"fmt"
	"path"
	"strings"
	"unsafe"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// importKey is one import as one file writes it.
type importKey struct {
	from *source.File
	name string
}

// found is what an import led to.
type found struct {
	file *source.File
	as   string // the path, as std.thisFile shows it
}

// resolve finds the file that an import names.
func (m *Machine) resolve(n *ir.Node, name string) found {
	from, path := m.importer(n)
	key := importKey{from, name}
	if f, ok := m.imports[key]; ok {
		return f
	}
	file, tried, err := m.program.Resolve(path, name)
	if file == nil {
		m.raise(n, MissingImport(m.program, name, tried, err))
	}
	f := found{file, shownPath(file, name)}
	m.imports[key] = f
	return f
}

// shownPath is the path that code sees: an absolute one stays as it is written.
func shownPath(f *source.File, name string) string {
	if path.IsAbs(name) {
		return name
	}
	return f.Name()
}

// importer gives the file that an import stands in, and the path at which the search
// for what it names starts: "" for a text that has no path.
func (m *Machine) importer(n *ir.Node) (*source.File, string) {
	u, _ := m.store.Locate(n.Start)
	if u == nil || m.texts[u.Tree.File] {
		return nil, ""
	}
	return u.Tree.File, u.Tree.File.Name()
}

func runImport(m *Machine, n *ir.Node, _ *frame) Value {
	f := m.resolve(n, n.Str)
	t, ok := m.loaded[f.as]
	if !ok {
		t = m.load(n, f.file, f.as)
		m.loaded[f.as] = t
	}
	return m.forceThunk(t, n)
}

// load makes a file's code ready to run, in a frame of its own.
func (m *Machine) load(n *ir.Node, f *source.File, as string) *thunk {
	u := m.unit(f)
	if found := u.Errors(); len(found) > 0 {
		panic(&failure{node: n, static: found})
	}
	if u.MentionsTrace() && !m.tracing {
		panic(restart{})
	}
	if as != f.Name() {
		m.shown[u] = as
	}
	return &thunk{node: u.Root.Node(), frame: makeFrame(int(u.Info.RootSlots)).hold()}
}

func runImportStr(m *Machine, n *ir.Node, _ *frame) Value {
	return String(replaceInvalid(m.resolve(n, n.Str).file.Text()))
}

// replaceInvalid puts one replacement character in the place of each byte that is no
// UTF-8, as jsonnet does.
func replaceInvalid(s string) string {
	for i, r := range s {
		if r == '\ufffd' && !strings.HasPrefix(s[i:], "\ufffd") {
			return string([]rune(s))
		}
	}
	return s
}

func runImportBin(m *Machine, n *ir.Node, _ *frame) Value {
	text := m.resolve(n, n.Str).file.Text()
	return NewView(len(text), func(_ *Machine, i int) Value { return Number(float64(text[i])) })
}

// runStd makes the object that std is in one file: what is the same everywhere, and
// the file's path.
func runStd(m *Machine, n *ir.Node, _ *frame) Value {
	u, _ := m.store.Locate(n.Start)
	if v, ok := m.std[u]; ok {
		return v
	}
	shown := ""
	switch as, ok := m.shown[u]; {
	case ok:
		shown = as
	case u != nil && u.Tree.File != m.program.Snippet:
		shown = u.Tree.File.Name()
	}
	v := objectValue(m.library.object(shown))
	m.std[u] = v
	return v
}

// object makes std with its field thisFile.
func (l *Library) object(thisFile string) *Object {
	names := make([]string, len(l.builtins)+1)
	hashes := make([]uint32, len(names))
	values := make([]Value, len(names))
	for i, b := range l.builtins {
		names[i], values[i] = b.Name, b.value
	}
	names[len(l.builtins)], values[len(l.builtins)] = "thisFile", String(thisFile)
	for i, name := range names {
		hashes[i] = ir.Hash(name)
	}
	return &Object{shape: ir.NewShape(names, hashes), cache: unsafe.SliceData(values), state: made | hidden}
}

// MissingImport is the error of an import that Resolve did not find, with what may
// have been meant.
func MissingImport(p *Program, name string, tried []string, err error) diag.Diagnostic {
	d := diag.Diagnostic{Code: diag.ImportMissing}
	if err != nil {
		d.Message = fmt.Sprintf("import `%s` cannot be read: %s", name, source.Reason(err))
		d.Hint = unreadableHint(p.Files.FS(), tried[len(tried)-1])
		return d
	}
	d.Message = fmt.Sprintf("import `%s` is not there", name)
	d.Hint = nearFile(p.Files.FS(), name, tried)
	if d.Hint == "" && len(tried) > 0 {
		d.Hint = "looked for " + strings.Join(tried, ", ")
	}
	return d
}

func unreadableHint(fsys source.FS, last string) string {
	if source.IsDir(fsys, last) {
		return "`" + last + "` is a folder; an import names a file"
	}
	return "look at `" + last + "`"
}

// nearFile looks for a file whose name is spelt nearly so.
func nearFile(fsys source.FS, name string, tried []string) string {
	for _, candidate := range tried {
		dir := path.Dir(candidate)
		entries, err := fsys.ReadDir(dir)
		if err != nil {
			continue
		}
		var there []string
		for _, e := range entries {
			there = append(there, e.Name())
		}
		if near := diag.Suggest(path.Base(name), there); near != "" {
			return "did you mean `" + path.Join(path.Dir(name), near) + "`? (" + path.Join(dir, near) + ")"
		}
	}
	return ""
}
