package object

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// Target selects objects by kind/name, as Tanka's -t does.
type Target struct {
	text    string
	exclude bool
	re      *regexp.Regexp
}

// ParseTargets compiles -t arguments: regular expressions in RE2's syntax that must
// match the whole of kind/name, without regard to case; a leading ! excludes.
func ParseTargets(texts []string) ([]Target, error) {
	var out []Target
	for _, text := range texts {
		pattern, exclude := strings.CutPrefix(text, "!")
		if _, err := regexp.Compile(pattern); err != nil {
			return nil, fmt.Errorf("target %q is no regular expression: %s", text, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
		whole := regexp.MustCompile(`(?i)^(?:` + pattern + `)$`)
		out = append(out, Target{text: text, exclude: exclude, re: whole})
	}
	return out, nil
}

// Select keeps the objects that a target matches and no excluding target does; a list
// of only excluding targets keeps all others. A target that should select and matches
// nothing is an error, for it is most likely misspelt.
func Select(objects []Object, targets []Target) ([]Object, diag.List) {
	if len(targets) == 0 {
		return objects, nil
	}
	matched := make([]bool, len(targets))
	var out []Object
	for _, o := range objects {
		if isSelected(o.Kind()+"/"+o.Name(), targets, matched) {
			out = append(out, o)
		}
	}
	return out, unmatched(objects, targets, matched)
}

// Selected tells whether Select would keep an object of this value; of it, kind and
// metadata.name count.
func Selected(v value.Value, targets []Target) bool {
	o := Object{Value: v}
	return len(targets) == 0 || isSelected(o.Kind()+"/"+o.Name(), targets, make([]bool, len(targets)))
}

// isSelected notes which targets match.
func isSelected(name string, targets []Target, matched []bool) bool {
	keep, drop := !slices.ContainsFunc(targets, func(t Target) bool { return !t.exclude }), false
	for i, t := range targets {
		if t.re.MatchString(name) {
			matched[i] = true
			keep = keep || !t.exclude
			drop = drop || t.exclude
		}
	}
	return keep && !drop
}

func unmatched(objects []Object, targets []Target, matched []bool) diag.List {
	var found diag.List
	for i, t := range targets {
		if matched[i] || t.exclude {
			continue
		}
		found.Add(diag.Diagnostic{
			Code:    diag.TargetMatchesNothing,
			Message: fmt.Sprintf("target `%s` matches no object", t.text),
			Hint:    targetHint(objects, t),
		})
	}
	return found
}

func targetHint(objects []Object, t Target) string {
	pattern := t.text
	if !strings.Contains(pattern, "/") {
		return fmt.Sprintf("a target is a regular expression for the whole of kind/name: `%s/.*`, `.*/%s`", pattern, pattern)
	}
	var names []string
	for _, o := range objects {
		names = append(names, strings.ToLower(o.Kind())+"/"+o.Name())
	}
	if near := diag.Suggest(pattern, names); near != "" {
		return "did you mean `" + near + "`?"
	}
	kind, name, _ := strings.Cut(strings.ToLower(pattern), "/")
	for _, candidate := range names {
		if k, n, _ := strings.Cut(candidate, "/"); n == name && strings.HasPrefix(k, kind) {
			return "did you mean `" + candidate + "`?"
		}
	}
	return "`couplet show` without -t shows all objects"
}
