package diag

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/source"
)

// Severity tells whether a finding stops the compilation.
type Severity uint8

// Errors stop, warnings do not.
const (
	Error Severity = iota
	Warning
)

// String is the word printed before the code.
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Diagnostic is one finding.
type Diagnostic struct {
	Code     Code
	Severity Severity
	// Span is the place in the user's source; the zero Span where there is none.
	Span source.Span
	// Message is one sentence without a full stop that says what is wrong.
	Message string
	// Hint says what to do; "" where nothing useful can be said.
	Hint string
	// Related are other places that took part.
	Related []Related
	// Path leads to the value in the environment's data: web.deployment.spec.replicas.
	Path string
	// Trace is the way of the evaluation to the error, innermost frame first.
	Trace []Frame
	// Object names the Kubernetes object concerned: "Deployment.apps shop/web".
	Object string
	// Environment names the environment concerned.
	Environment string
	// Also names further environments with the same finding; see List.Merged.
	Also []string
}

// Related is a further place with a remark on it.
type Related struct {
	Span    source.Span
	Message string
}

// Frame is one step of an evaluation.
type Frame struct {
	Span source.Span
	// Name says what was evaluated there, such as "function <new>"; "" for nothing worth saying.
	Name string
}

// List collects findings. As an error it is the findings' messages.
type List []Diagnostic

// Add appends findings.
func (l *List) Add(found ...Diagnostic) { *l = append(*l, found...) }

// HasErrors tells whether any finding is an error.
func (l List) HasErrors() bool { return l.Count(Error) > 0 }

// Count counts the findings of a severity.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Err is the list as an error, nil unless it has errors.
func (l List) Err() error {
	if l.HasErrors() {
		return l
	}
	return nil
}

// Error implements error for callers that know no better.
func (l List) Error() string {
	var b strings.Builder
	for i, d := range l {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s[%s]: %s", d.Severity, d.Code, d.Message)
	}
	return b.String()
}

// AsList finds the findings in an error; nil where it holds none.
func AsList(err error) List {
	var list List
	if errors.As(err, &list) {
		return list
	}
	return nil
}

// Sorted gives the findings in the order in which they are shown, the same in every
// run: by environment, file, place, code, path and message; without exact repeats.
func (l List) Sorted() List {
	out := slices.Clone(l)
	slices.SortStableFunc(out, compare)
	return slices.CompactFunc(out, func(a, b Diagnostic) bool {
		return compare(a, b) == 0 && a.Severity == b.Severity && a.Hint == b.Hint
	})
}

// Merged makes one finding of those that differ in nothing but their environments, and the
// objects and paths in these: one mistake, however many environments have it. It stands
// where the first of them stood.
func (l List) Merged() List {
	type mistake struct {
		code                Code
		severity            Severity
		span                source.Span
		message, hint, path string
	}
	out := make(List, 0, len(l))
	first := map[mistake]int{}
	for _, d := range l {
		m := mistake{code: d.Code, severity: d.Severity, span: d.Span, message: d.Message, hint: d.Hint, path: d.Path}
		i, there := first[m]
		switch {
		case d.Environment == "" || !d.Span.HasPlace():
			out = append(out, d)
		case !there:
			first[m] = len(out)
			out = append(out, d)
		case out[i].Environment != d.Environment && !slices.Contains(out[i].Also, d.Environment):
			out[i].Also = append(slices.Clip(out[i].Also), d.Environment)
		case out[i].Object != d.Object:
			out = append(out, d)
		}
	}
	return out
}

func compare(a, b Diagnostic) int {
	return cmp.Or(
		strings.Compare(a.Environment, b.Environment),
		strings.Compare(fileName(a.Span), fileName(b.Span)),
		cmp.Compare(a.Span.Start, b.Span.Start),
		strings.Compare(a.Object, b.Object),
		strings.Compare(a.Path, b.Path),
		strings.Compare(string(a.Code), string(b.Code)),
		strings.Compare(a.Message, b.Message),
	)
}

func fileName(s source.Span) string {
	if s.File == nil {
		return ""
	}
	return s.File.Name()
}
