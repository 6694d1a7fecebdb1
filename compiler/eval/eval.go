package eval

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Engine evaluates programs. It is safe for concurrent use.
type Engine interface {
	// Name is what --engine calls it.
	Name() string
	// Evaluate gives the program's value, with visible fields only, or at least one
	// error. It returns early, with an error, when ctx ends.
	Evaluate(ctx context.Context, p *Program) (value.Value, diag.List)
}

// Program is what to evaluate and everything that it can see.
type Program struct {
	// Files is where imports are read.
	Files *source.Set
	// Entry is the path of the file to evaluate; it is used where Snippet is nil.
	Entry string
	// Snippet is a text to evaluate that has no path. Its imports start at the
	// working directory.
	Snippet *source.File
	// SearchPath lists the folders in which an import is looked for after the folder
	// of the importing file; the first that has it wins.
	SearchPath []string
	// Virtual are files that no folder holds: import path to text.
	Virtual map[string]*source.File
	// ExtVars and TLAs bind external variables and top-level arguments. Of two
	// bindings of one name the later one stands.
	ExtVars, TLAs []Binding
	// Natives are the functions behind std.native.
	Natives []Native
	// MaxStack is the largest number of frames; 0 means DefaultMaxStack.
	MaxStack int
	// MaxSteps bounds the calls and suspended expressions that are run, MaxBytes the size
	// of one value; 0 means DefaultMaxSteps and DefaultMaxBytes.
	MaxSteps, MaxBytes int
	// Trace takes what std.trace writes; nil drops it.
	Trace io.Writer
	// Profile takes what the evaluation costs, by place; nil where that is not wanted. It
	// is of no use with provenance.
	Profile *Profile
	// Reads has an evaluation with provenance note which fields are read.
	Reads bool
	// IsLibrary tells whether a path holds code that is not the user's own, which an
	// error should not point at first; nil means that all is the user's own.
	IsLibrary func(path string) bool
}

// BindingKind tells how a binding's text becomes a value.
type BindingKind uint8

// The four forms of jsonnet's flags.
const (
	BindString     BindingKind = iota // the text itself
	BindCode                          // jsonnet code
	BindStringFile                    // the content of the file at this path
	BindCodeFile                      // the value of the jsonnet file at this path
)

// Binding gives an external variable or a top-level argument its value.
type Binding struct {
	Name string
	Kind BindingKind
	Text string
}

// Native is a function that jsonnet code calls by std.native(Name).
type Native struct {
	Name   string
	Params []string
	// Call gets one argument per parameter. Its error is the message of the jsonnet error.
	Call func(args []value.Value) (value.Value, error)
}

// Resolve finds the file that an import names: beside the importing file first,
// then in the search path. from is the importing file's path, "" for a text that has
// none. The candidates that were looked at come back in order when nothing is found.
// A candidate that is there and cannot be read, be it because it is a folder, ends the
// search with an error; it is the last of those looked at.
func (p *Program) Resolve(from, name string) (*source.File, []string, error) {
	if f, ok := p.Virtual[name]; ok {
		return f, nil, nil
	}
	var tried []string
	for _, candidate := range p.candidates(from, name) {
		f, err := p.Files.Load(candidate)
		if err == nil {
			return f, tried, nil
		}
		tried = append(tried, candidate)
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, tried, err
		}
	}
	return nil, tried, nil
}

func (p *Program) candidates(from, name string) []string {
	if path.IsAbs(name) {
		return []string{path.Clean(name)}
	}
	dir := ""
	if from != "" {
		dir = path.Dir(from)
	}
	out := []string{path.Join(dir, name)}
	for _, dir := range p.SearchPath {
		out = append(out, path.Join(dir, name))
	}
	return out
}
