package cli

import (
	"unicode/utf8"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// keptFinding is a finding as the cache keeps it. Its places are ranges in files by name:
// what is printed of a file is taken from the file again.
type keptFinding struct {
	Code        diag.Code
	Severity    diag.Severity
	Message     string
	Hint        string        `json:",omitempty"`
	Path        string        `json:",omitempty"`
	Object      string        `json:",omitempty"`
	Environment string        `json:",omitempty"`
	Span        keptSpan      `json:",omitzero"`
	Related     []keptRelated `json:",omitempty"`
	Trace       []keptFrame   `json:",omitempty"`
}

type keptSpan struct {
	File       *string
	Start, End int
}

type keptRelated struct {
	Span    keptSpan
	Message string
}

type keptFrame struct {
	Span keptSpan
	Name string
}

// keeper turns findings into what is kept. Its files are logged, so that a result is
// forgotten when a file that its findings point into changes.
type keeper struct {
	files *source.Set
	texts map[string]string // of files that the set does not have
	// odd is set by a name that JSON cannot hold.
	odd bool
}

func (k *keeper) findings(list diag.List) []keptFinding {
	var out []keptFinding
	for _, d := range list {
		kept := keptFinding{
			Code: d.Code, Severity: d.Severity, Message: d.Message, Hint: d.Hint, Path: d.Path,
			Object: d.Object, Environment: d.Environment, Span: k.span(d.Span),
		}
		for _, r := range d.Related {
			kept.Related = append(kept.Related, keptRelated{k.span(r.Span), r.Message})
		}
		for _, f := range d.Trace {
			kept.Trace = append(kept.Trace, keptFrame{k.span(f.Span), f.Name})
		}
		out = append(out, kept)
	}
	return out
}

func (k *keeper) span(s source.Span) keptSpan {
	if !s.IsValid() {
		return keptSpan{}
	}
	name := s.File.Name()
	k.odd = k.odd || !utf8.ValidString(name)
	if s.HasPlace() {
		if f, err := k.files.Load(name); err != nil || f.Text() != s.File.Text() {
			k.texts[name] = s.File.Text()
		}
	}
	return keptSpan{&name, s.Start, s.End}
}

// restorer turns what was kept back into findings.
type restorer struct {
	files *source.Set
	texts map[string]string
	named map[string]*source.File
	lost  bool // whether a file could not be read
}

func (f *restorer) findings(list []keptFinding) diag.List {
	var out diag.List
	for _, k := range list {
		d := diag.Diagnostic{
			Code: k.Code, Severity: k.Severity, Message: k.Message, Hint: k.Hint, Path: k.Path,
			Object: k.Object, Environment: k.Environment, Span: f.span(k.Span),
		}
		for _, r := range k.Related {
			d.Related = append(d.Related, diag.Related{Span: f.span(r.Span), Message: r.Message})
		}
		for _, frame := range k.Trace {
			d.Trace = append(d.Trace, diag.Frame{Span: f.span(frame.Span), Name: frame.Name})
		}
		out.Add(d)
	}
	return out
}

func (f *restorer) span(k keptSpan) source.Span {
	if k.File == nil {
		return source.Span{}
	}
	return source.Span{File: f.file(*k.File, k.Start >= 0), Start: k.Start, End: k.End}
}

// file gives a file by name, with its text where a place in it is shown.
func (f *restorer) file(name string, withText bool) *source.File {
	if file, ok := f.named[name]; ok && (!withText || file.Text() != "") {
		return file
	}
	file := source.NewFile(name, f.texts[name])
	if _, kept := f.texts[name]; withText && !kept {
		loaded, err := f.files.Load(name)
		f.lost = f.lost || err != nil
		if err == nil {
			file = loaded
		}
	}
	f.named[name] = file
	return file
}
