package value

import (
	"fmt"
	"strconv"
	"strings"
)

// Step is one step of a Path: to a member of an object, or, where Name is "" and Index
// not below 0, to an element of an array.
type Step struct {
	Name  string
	Index int // -1 for a member
}

// Steps lists the path's steps from the outside in.
func (p *Path) Steps() []Step {
	n := 0
	for at := p; at != nil; at = at.outer {
		n++
	}
	steps := make([]Step, n)
	for at := p; at != nil; at = at.outer {
		n--
		steps[n] = Step{at.name, at.index}
	}
	return steps
}

// ParsePath reads what Path.String writes, and the same with a dot before it or with
// single quotes: .spec.containers[0], ["a.b"]. What stands between dots may hold any
// character but these, a dash for one; "." is the value itself.
func ParsePath(text string) (*Path, error) {
	rest := text
	if !strings.HasPrefix(rest, "[") {
		rest = "." + strings.TrimPrefix(rest, ".")
	}
	if rest == "." {
		return nil, nil
	}
	var path *Path
	for rest != "" {
		var err error
		if path, rest, err = nextStep(path, rest); err != nil {
			return nil, fmt.Errorf("the path `%s` %w", text, err)
		}
	}
	return path, nil
}

// nextStep reads a step that starts with a dot or a bracket.
func nextStep(path *Path, text string) (*Path, string, error) {
	switch inner, dotted := strings.CutPrefix(text, "."); {
	case dotted:
		end := strings.IndexAny(inner, ".[")
		if end < 0 {
			end = len(inner)
		}
		if end == 0 {
			return nil, "", fmt.Errorf("has nothing behind a dot")
		}
		return path.Member(inner[:end]), inner[end:], nil
	case text[0] != '[':
		return nil, "", fmt.Errorf("needs a dot or a bracket before `%s`", text)
	case len(text) > 1 && (text[1] == '"' || text[1] == '\''):
		return quotedStep(path, text[1:])
	}
	digits, rest, closed := strings.Cut(text[1:], "]")
	index, err := strconv.Atoi(digits)
	if !closed || err != nil || index < 0 {
		return nil, "", fmt.Errorf("has `%s` where an index such as [0] or a name in quotes is wanted", text)
	}
	return path.Item(index), rest, nil
}

// quotedStep reads a name in quotes, and the bracket behind it.
func quotedStep(path *Path, text string) (*Path, string, error) {
	quoted, err := strconv.QuotedPrefix(text)
	if err == nil && text[0] == '"' {
		name, _ := strconv.Unquote(quoted)
		if rest, ok := strings.CutPrefix(text[len(quoted):], "]"); ok {
			return path.Member(name), rest, nil
		}
	}
	if name, rest, ok := strings.Cut(text[1:], "']"); ok && text[0] == '\'' {
		return path.Member(name), rest, nil
	}
	return nil, "", fmt.Errorf("has no end of `[%s`", text)
}

// Follow goes along a path as far as it leads, and gives the last value that it
// reaches, the way to that, and whether it is the path's end.
func (v Value) Follow(path *Path) (Value, *Path, bool) {
	var at *Path
	for _, s := range path.Steps() {
		if s.Index >= 0 {
			items := v.Items()
			if s.Index >= len(items) {
				return v, at, false
			}
			v, at = items[s.Index], at.Item(s.Index)
			continue
		}
		f, ok := v.Field(s.Name)
		if !ok {
			return v, at, false
		}
		v, at = f.Value, at.Member(s.Name)
	}
	return v, at, true
}
