package profile

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/eval"
	"github.com/couplet-k8s/couplet/compiler/source"
)

// Report is what a compilation cost. Its schema is docs/schemas/profile.json.
type Report struct {
	Environment string  `json:"environment"`
	Total       Cost    `json:"total"`
	Phases      []Phase `json:"phases"`
	Lines       []Line  `json:"lines"`
	Functions   []Group `json:"functions"`
	Files       []Group `json:"files"`
	Libraries   []Group `json:"libraries"`
}

// Cost is what was spent. Steps are calls and suspended expressions that were run.
type Cost struct {
	Nanoseconds int `json:"nanoseconds"`
	Bytes       int `json:"bytes"`
	Steps       int `json:"steps"`
}

// Phase is what one step of the compilation cost.
type Phase struct {
	Name string `json:"name"`
	Cost Cost   `json:"cost"`
}

// Line is what one line cost. Self is the line's own part, functions of std that it calls
// included; Cumulative has all that it leads to besides. Calls counts how often a
// function, field or variable whose value begins on the line was called or evaluated.
type Line struct {
	File       string `json:"file"`
	Line       int    `json:"line"`
	Source     string `json:"source"`
	Calls      int    `json:"calls"`
	Self       Cost   `json:"self"`
	Cumulative Cost   `json:"cumulative"`
}

// Group is what a function, a file or a library cost.
type Group struct {
	Name       string `json:"name"`
	Calls      int    `json:"calls"`
	Self       Cost   `json:"self"`
	Cumulative Cost   `json:"cumulative"`
}

func (c *Cost) add(d Cost) {
	c.Nanoseconds += d.Nanoseconds
	c.Bytes += d.Bytes
	c.Steps += d.Steps
}

func costOf(c eval.Cost) Cost { return Cost{c.Nanoseconds, c.Bytes, c.Steps} }

// Report sums up what was recorded.
func (r *Recorder) Report(environment string, isLibrary func(path string) bool) Report {
	samples := r.evaluation.Samples()
	out := Report{Environment: environment}
	out.Phases, out.Total = phases(r.laps, samples)
	lines, functions := sums[place]{}, sums[string]{}
	files, libraries := sums[string]{}, sums[string]{}
	for _, s := range samples {
		if phaseOf(s) != Evaluate {
			continue
		}
		lines.add(s, func(f eval.ProfileFrame) (place, bool) { return placeOf(f), f.Kind == eval.CodeFrame })
		functions.add(s, func(f eval.ProfileFrame) (string, bool) { return Name(f), true })
		files.add(s, func(f eval.ProfileFrame) (string, bool) { return fileOf(f), true })
		libraries.add(s, func(f eval.ProfileFrame) (string, bool) { return library(fileOf(f), isLibrary), true })
	}
	out.Lines = linesOf(lines)
	out.Functions, out.Files, out.Libraries = groups(functions), groups(files), groups(libraries)
	return out
}

// phases splits the evaluation's lap by its samples, and adds up all.
func phases(laps []lap, samples []eval.Sample) (all []Phase, total Cost) {
	inside := map[string]Cost{}
	for _, s := range samples {
		c := inside[phaseOf(s)]
		c.add(costOf(s.Cost))
		inside[phaseOf(s)] = c
	}
	all = []Phase{}
	for _, l := range laps {
		c := Cost{Nanoseconds: l.nanoseconds, Bytes: l.bytes}
		total.add(c)
		if l.phase != Evaluate {
			all = append(all, Phase{l.phase, c})
			continue
		}
		for _, phase := range []string{Parse, Output} {
			c.Nanoseconds -= inside[phase].Nanoseconds
			c.Bytes -= inside[phase].Bytes
		}
		c.Steps = inside[Evaluate].Steps
		all = append(all, Phase{Parse, inside[Parse]}, Phase{Evaluate, c}, Phase{Output, inside[Output]})
	}
	total.Steps = inside[Parse].Steps + inside[Evaluate].Steps + inside[Output].Steps
	return all, total
}

func phaseOf(s eval.Sample) string {
	switch {
	case len(s.Stack) == 0:
		return Output
	case s.Stack[0].Kind == eval.ParseFrame:
		return Parse
	}
	return Evaluate
}

// place is one line.
type place struct {
	file *source.File
	line int
}

func placeOf(f eval.ProfileFrame) place {
	if f.Kind != eval.CodeFrame {
		return place{}
	}
	return place{f.Place.File, f.Place.File.Position(f.Place.Start).Line}
}

// sum is what one key cost.
type sum struct {
	calls            int
	self, cumulative Cost
}

type sums[K comparable] map[K]*sum

// add charges a sample to the keys of its frames: to the innermost that has one by
// itself, and once to each of them.
func (all sums[K]) add(s eval.Sample, key func(f eval.ProfileFrame) (K, bool)) {
	var seen []K
	for i, f := range s.Stack {
		k, ok := key(f)
		if !ok || slices.Contains(seen, k) {
			continue
		}
		to := all[k]
		if to == nil {
			to = &sum{}
			all[k] = to
		}
		if seen == nil {
			to.self.add(costOf(s.Cost))
		}
		if i == 0 {
			to.calls += s.Calls
		}
		to.cumulative.add(costOf(s.Cost))
		seen = append(seen, k)
	}
}

func linesOf(all sums[place]) []Line {
	lines := []Line{}
	for k, s := range all {
		lines = append(lines, Line{
			File: k.file.Name(), Line: k.line, Source: strings.TrimSpace(k.file.Line(k.line)),
			Calls: s.calls, Self: s.self, Cumulative: s.cumulative,
		})
	}
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(dearer(a.Self, b.Self), dearer(a.Cumulative, b.Cumulative), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return lines
}

func groups(all sums[string]) []Group {
	out := []Group{}
	for name, s := range all {
		out = append(out, Group{name, s.calls, s.self, s.cumulative})
	}
	slices.SortFunc(out, func(a, b Group) int {
		return cmp.Or(dearer(a.Self, b.Self), dearer(a.Cumulative, b.Cumulative), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// dearer puts what took longest first.
func dearer(a, b Cost) int {
	return cmp.Or(cmp.Compare(b.Nanoseconds, a.Nanoseconds), cmp.Compare(b.Steps, a.Steps))
}

// Name tells the functions and objects of a program apart: as a trace names them, and
// the place of each.
func Name(f eval.ProfileFrame) string {
	switch {
	case f.Kind == eval.ParseFrame:
		return f.Name + " " + f.Place.File.Name()
	case f.Kind != eval.CodeFrame:
		return f.Name
	case f.Name == "":
		return "file " + f.Place.File.Name()
	}
	return f.Name + " " + f.Scope.File.Name() + ":" + strconv.Itoa(f.Scope.File.Position(f.Scope.Start).Line)
}

// std is the file and library of builtins, native the one of native functions.
const (
	std    = "std"
	native = "native"
)

func fileOf(f eval.ProfileFrame) string {
	switch f.Kind {
	case eval.BuiltinFrame:
		return std
	case eval.NativeFrame:
		return native
	}
	return f.Place.File.Name()
}

// own is the name of all code that no library holds.
const own = "(own code)"

// library names the library that a file belongs to: below vendor/ its folder there, which
// is three deep where a host name comes first, as jsonnet-bundler has it.
func library(file string, isLibrary func(path string) bool) string {
	if file == std || file == native {
		return file
	}
	if isLibrary == nil || !isLibrary(file) {
		return own
	}
	i := strings.LastIndex("/"+file, "/vendor/")
	if i < 0 {
		return "couplet"
	}
	parts := strings.Split(strings.TrimPrefix(file[i:], "vendor/"), "/")
	depth := 1
	if strings.Contains(parts[0], ".") {
		depth = 3
	}
	return strings.Join(parts[:max(1, min(depth, len(parts)-1))], "/")
}
