package diff

import (
	"cmp"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// Environment is what is different in one environment.
type Environment struct {
	Name    string
	Objects []ObjectDiff
}

// Group is one difference that one or several environments have.
type Group struct {
	// Environments are the names, in the order in which they were given.
	Environments []string
	// Title names the object; it has no namespace where that is not the same everywhere.
	Title string
	// Object is the difference as the first of the environments has it.
	Object ObjectDiff
}

// Groups joins the differences that several environments have in common: of objects of
// one group, with the same operation and the same changes. Objects that are there on
// one side only must be equal but for their namespace. Groups are sorted by title.
func Groups(environments []Environment) []Group {
	var groups []*Group
	at := map[string]*Group{}
	for _, env := range environments {
		for _, o := range env.Objects {
			sign := signature(o)
			g := at[sign]
			if g == nil {
				g = &Group{Title: o.Title, Object: o}
				at[sign] = g
				groups = append(groups, g)
			}
			g.join(env.Name, o)
		}
	}
	slices.SortStableFunc(groups, func(a, b *Group) int {
		return cmp.Or(strings.Compare(a.Title, b.Title), strings.Compare(a.Object.Key, b.Object.Key))
	})
	out := make([]Group, len(groups))
	for i, g := range groups {
		out[i] = *g
	}
	return out
}

func (g *Group) join(environment string, o ObjectDiff) {
	g.Environments = append(g.Environments, environment)
	if g.Title != o.Title && g.Title != g.Object.Group {
		g.Title = g.Object.Group
		g.Object.Old = withoutNamespace(g.Object.Old)
		g.Object.New = withoutNamespace(g.Object.New)
	}
}

// signature is equal for what is shown as one.
func signature(o ObjectDiff) string {
	var b strings.Builder
	write := func(parts ...string) {
		for _, part := range parts {
			b.WriteString(part)
			b.WriteByte(0)
		}
	}
	write(o.Group, string(o.Op))
	if o.Op != Replace {
		write(compact(withoutNamespace(o.Old)), compact(withoutNamespace(o.New)))
	}
	for _, c := range o.Changes {
		write(c.Path.String(), string(c.Op), compact(c.Old), compact(c.New))
	}
	if isSecret(o.Old) || isSecret(o.New) {
		write("Secret")
	}
	return b.String()
}

func withoutNamespace(v value.Value) value.Value {
	metadata := v.Get("metadata")
	if !metadata.Has("namespace") {
		return v
	}
	return v.With("metadata", metadata.Without("namespace"))
}
