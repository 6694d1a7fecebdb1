package gojsonnet

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"

	jsonnet "github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// staticError is go-jsonnet's form of an error found before evaluation.
type staticError interface {
	error
	Loc() ast.LocationRange
}

// diagnose turns go-jsonnet's error into a diagnostic.
func (r *run) diagnose(err error) diag.List {
	var static staticError
	if errors.As(err, &static) {
		return diag.List{r.static(static, nil)}
	}
	var runtime jsonnet.RuntimeError
	if errors.As(err, &runtime) {
		return diag.List{r.runtime(runtime)}
	}
	return diag.List{{
		Code:    diag.EvalError,
		Span:    r.program.EntryFile().Whole(),
		Message: "go-jsonnet failed: " + firstLine(err.Error()),
		Hint:    "this is a fault of the reference engine, not of your program",
	}}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func (r *run) static(err staticError, trace []diag.Frame) diag.Diagnostic {
	loc := err.Loc()
	message := strings.TrimPrefix(strings.TrimPrefix(err.Error(), loc.String()), " ")
	d := diag.Diagnostic{Code: diag.JsonnetSyntax, Span: r.span(loc), Trace: trace}
	if errors.As(err, new(nestingError)) {
		d.Hint = "name its parts with local, or move them to files of their own"
	}
	if name, ok := strings.CutPrefix(message, "Unknown variable: "); ok {
		d.Code = diag.JsonnetStatic
		d.Message = "unknown variable `" + name + "`"
		if d.Span.IsValid() {
			if near := diag.Suggest(name, variables(d.Span.File.Text())); near != "" {
				d.Hint = "did you mean `" + near + "`?"
			}
		}
		return d
	}
	if isStaticCheck(message) {
		d.Code = diag.JsonnetStatic
	}
	d.Message = sentence(message)
	return d
}

// isStaticCheck tells what go-jsonnet's analysis finds in a text that parses.
func isStaticCheck(message string) bool {
	for _, part := range []string{"Can't use self", "Can't use super", "No top-level object", "Unused variable", "Repeated", "Duplicate"} {
		if strings.Contains(message, part) {
			return true
		}
	}
	return false
}

var (
	bindings = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\blocal\s+([A-Za-z_]\w*)|,\s*([A-Za-z_]\w*)\s*=|\bfor\s+([A-Za-z_]\w*)`)
	})
	params = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\w\(([\w\s,='"]*)\)\s*(?::|=)|\bfunction\s*\(([^)]*)\)`)
	})
	names = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z_]\w*`) })
)

// variables lists the names that a text binds, wherever in it.
func variables(text string) []string {
	found := []string{"std", "self", "super"}
	for _, groups := range bindings().FindAllStringSubmatch(text, -1) {
		found = append(found, strings.Join(groups[1:], ""))
	}
	for _, groups := range params().FindAllStringSubmatch(text, -1) {
		found = append(found, names().FindAllString(strings.Join(groups[1:], " "), -1)...)
	}
	return found
}

// sentence gives go-jsonnet's message the form of ours.
func sentence(message string) string {
	message = strings.TrimSuffix(message, ".")
	if len(message) > 1 && message[0] >= 'A' && message[0] <= 'Z' && !(message[1] >= 'A' && message[1] <= 'Z') {
		message = strings.ToLower(message[:1]) + message[1:]
	}
	return message
}

func (r *run) runtime(err jsonnet.RuntimeError) diag.Diagnostic {
	frames, dataPath := r.frames(err.StackTrace)
	if static := r.importedStatic(err.Msg); static != nil {
		return r.static(static, frames)
	}
	d := diag.Diagnostic{Code: diag.EvalError, Message: err.Msg, Path: dataPath}
	if failure := r.failedImport(err.Msg); failure != nil {
		d = eval.MissingImport(r.program, failure.name, failure.tried, failure.err)
		d.Path = dataPath
	} else if err.Msg == "max stack frames exceeded." {
		d.Code = diag.StackLimit
		d.Message = "the evaluation nests deeper than the limit of stack frames"
		d.Hint = "look for a function or a field that refers to itself without end"
	} else if err.Msg == "" {
		d.Message = "the program raised an error without a message"
	}
	eval.Place(&d, frames, r.program)
	return d
}

var (
	fieldStep = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^Field "(.*)"$`) })
	itemStep  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^Array element (\d+)$`) })
)

// frames gives the steps that lie in files, innermost first, and the data path of
// the manifestation in which the error happened.
func (r *run) frames(trace []jsonnet.TraceFrame) (frames []diag.Frame, dataPath string) {
	var steps []string
	for _, f := range trace {
		if span := r.span(f.Loc); span.HasPlace() {
			frames = append(frames, diag.Frame{Span: span, Name: f.Name})
		} else if m := fieldStep().FindStringSubmatch(f.Loc.FileName); m != nil {
			steps = append(steps, "."+m[1])
		} else if m := itemStep().FindStringSubmatch(f.Loc.FileName); m != nil {
			steps = append(steps, "["+m[1]+"]")
		}
	}
	slices.Reverse(frames)
	const most = 24
	if len(steps) > most {
		steps = slices.Concat(steps[:most/2], []string{"..."}, steps[len(steps)-most/2:])
	}
	return frames, strings.TrimPrefix(strings.Join(steps, ""), ".")
}

// importedStatic finds the static error behind the text that go-jsonnet makes of it
// when it lies in an imported file.
func (r *run) importedStatic(message string) staticError {
	for name, f := range r.importer.found {
		if !strings.HasPrefix(message, name+":") {
			continue
		}
		err := r.importer.load(f).tooDeep
		if err == nil {
			_, _, err = r.vm.ImportAST("", name)
		}
		var static staticError
		if errors.As(err, &static) && static.Error() == message {
			return static
		}
	}
	return nil
}

func (r *run) failedImport(message string) *importFailure {
	for i := range r.importer.failed {
		if r.importer.failed[i].message == message {
			return &r.importer.failed[i]
		}
	}
	return nil
}

// span finds the place that a go-jsonnet location names; the zero Span for places in
// the standard library and for those that are no place.
func (r *run) span(loc ast.LocationRange) source.Span {
	if !loc.IsSet() || loc.File == nil {
		return source.Span{}
	}
	f := r.file(loc)
	if f == nil {
		return source.Span{}
	}
	return source.Span{File: f, Start: offset(f, loc.Begin), End: offset(f, loc.End)}
}

func (r *run) file(loc ast.LocationRange) *source.File {
	name := string(loc.File.DiagnosticFileName)
	if f, ok := r.texts[name]; ok {
		return f
	}
	if name == "<std>" || name == "" {
		return nil
	}
	return r.importer.found[name]
}

func offset(f *source.File, at ast.Location) int {
	line := f.Offset(source.Position{Line: at.Line, Column: 1})
	return min(line+max(at.Column-1, 0), len(f.Text()))
}
