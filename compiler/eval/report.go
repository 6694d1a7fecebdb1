package eval

import (
	"slices"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/ir"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// diagnose turns a failure into diagnostics, with the way that the machine went.
func (m *Machine) diagnose(f *failure) diag.List {
	frames := m.frames(f.node)
	if f.static != nil {
		list := slices.Clone(f.static)
		for i := range list {
			if list[i].Trace == nil {
				list[i].Trace = frames
			}
		}
		return list
	}
	d := f.diag
	d.Path = pathText(m.path)
	Place(&d, frames, m.program)
	return diag.List{d}
}

// frames gives the steps to a failure, innermost first.
func (m *Machine) frames(n *ir.Node) []diag.Frame {
	var frames []diag.Frame
	names := scopeCache{}
	var last *ir.Node
	for _, n := range append([]*ir.Node{n}, reversed(m.stack)...) {
		span := m.span(n)
		if n != last && span.HasPlace() {
			frame := diag.Frame{Span: span}
			if s := names.around(m.store, n); s != nil {
				frame.Name = s.name
			}
			frames = append(frames, frame)
		}
		last = n
	}
	return frames
}

func reversed(nodes []*ir.Node) []*ir.Node {
	nodes = slices.Clone(nodes)
	slices.Reverse(nodes)
	return nodes
}

// Place sets the place of an error to the innermost frame of the user's own code. A
// library's frame further inside becomes a remark.
func Place(d *diag.Diagnostic, frames []diag.Frame, p *Program) {
	d.Trace = frames
	if len(frames) == 0 {
		d.Span = p.EntryFile().Whole()
		return
	}
	d.Span = frames[0].Span
	for _, f := range frames {
		if p.IsLibrary == nil || !p.IsLibrary(f.Span.File.Name()) {
			d.Span = f.Span
			break
		}
	}
	if d.Span != frames[0].Span {
		d.Related = append(d.Related, diag.Related{Span: frames[0].Span, Message: "raised in a library here"})
	}
}

// EntryFile is the text that is evaluated; an empty file of its name where it cannot be
// read.
func (p *Program) EntryFile() *source.File {
	if p.Snippet != nil {
		return p.Snippet
	}
	if f, err := p.Files.Load(p.Entry); err == nil {
		return f
	}
	return source.NewFile(p.Entry, "")
}
