package diff

import (
	"strconv"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/emit"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// line is one line of a difference as people read it, without its line end. The mark
// is '+', '-' or ' '.
type line struct {
	mark byte
	text string
}

// lines writes a difference: an added object whole, of a removed one nothing, of a
// changed one its changes.
func (o ObjectDiff) lines() []line {
	var out lineWriter
	switch o.Op {
	case Add:
		out.add('+', string(emit.AppendYAML(nil, o.New)))
	case Replace:
		for _, c := range o.Changes {
			out.change(c)
		}
	}
	for _, note := range o.Notes {
		out.add(' ', "("+note+")")
	}
	return out.lines
}

type lineWriter struct{ lines []line }

func (w *lineWriter) add(mark byte, text string) {
	for part := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		w.lines = append(w.lines, line{mark, diag.Printable(part)})
	}
}

func (w *lineWriter) change(c Change) {
	path := c.Path.String()
	switch {
	case c.Op == Add:
		w.add('+', labelled(path, c.New))
	case c.Op == Remove:
		w.add('-', labelled(path, c.Old))
	case c.Op == Reorder:
		w.add('-', path+": order "+orderOf(c.Old))
		w.add('+', path+": order "+orderOf(c.New))
	case isText(c.Old) && isText(c.New):
		w.texts(path, c.Old.Str(), c.New.Str())
	default:
		w.add('-', labelled(path, c.Old))
		w.add('+', labelled(path, c.New))
	}
}

// labelled writes a value as YAML behind a path, as if that were its key.
func labelled(path string, v value.Value) string {
	const key = "x"
	yaml := emit.AppendYAML(nil, value.Object(value.Field{Name: key, Value: v}))
	return path + string(yaml[len(key):])
}

// orderOf writes the keys of an array's elements in their order: a, b, c.
func orderOf(keys value.Value) string {
	var names []string
	for _, key := range keys.Items() {
		names = append(names, Step{Key: key.Fields()}.values())
	}
	return strings.Join(names, ", ")
}

func (s Step) values() string {
	var parts []string
	for _, f := range s.Key {
		if f.Value.Kind() == value.KindString {
			parts = append(parts, f.Value.Str())
		} else {
			parts = append(parts, compact(f.Value))
		}
	}
	return strings.Join(parts, "/")
}

func isText(v value.Value) bool { return strings.Contains(strings.TrimSuffix(v.Str(), "\n"), "\n") }

// context is how many equal lines are shown around those that differ.
const context = 3

// texts writes the difference of two texts of several lines, line by line.
func (w *lineWriter) texts(path, old, new string) {
	w.add(' ', path+": |")
	a, b := splitLines(old), splitLines(new)
	gaps := gapsBetween(identify(a, b))
	shown := 0 // how many of a are written
	for i, g := range gaps {
		from := max(shown, g.oldStart-context)
		if from > shown || i == 0 && from > 0 {
			w.add(' ', "  @@ line "+strconv.Itoa(from+1)+" @@")
		}
		w.part(' ', a[from:g.oldStart])
		w.part('-', a[g.oldStart:g.oldEnd])
		w.part('+', b[g.newStart:g.newEnd])
		end := len(a)
		if i+1 < len(gaps) {
			end = gaps[i+1].oldStart
		}
		shown = min(end, g.oldEnd+context)
		w.part(' ', a[g.oldEnd:shown])
	}
}

func (w *lineWriter) part(mark byte, lines []string) {
	for _, text := range lines {
		if whole, ok := strings.CutSuffix(text, "\n"); ok {
			w.lines = append(w.lines, line{mark, "  " + diag.Printable(whole)})
		} else {
			w.lines = append(w.lines, line{mark, "  " + diag.Printable(text) + " (no line end)"})
		}
	}
}

func splitLines(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// identify gives the texts of both lists numbers that are equal where the texts are.
func identify(a, b []string) ([]int, []int) {
	known := map[string]int{}
	number := func(lines []string) []int {
		ids := make([]int, len(lines))
		for i, text := range lines {
			id, ok := known[text]
			if !ok {
				id = len(known)
				known[text] = id
			}
			ids[i] = id
		}
		return ids
	}
	return number(a), number(b)
}
