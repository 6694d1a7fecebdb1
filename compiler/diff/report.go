package diff

import (
	"fmt"
	"strings"
)

// Report is a comparison as it is written.
type Report struct {
	// From and To name the two sides: two environments, or two revisions.
	From, To string
	// Environments are all that were compared, also those without a difference. The
	// comparison of two environments with each other has one, without a name.
	Environments []Environment
	groups       []Group
}

// NewReport prepares what is written about a comparison.
func NewReport(from, to string, environments []Environment) Report {
	return NewKeyedReport(from, to, environments, nil)
}

// NewKeyedReport is NewReport with a fingerprint of each secret value, which must not let the
// value be guessed: that of a keyed hash.
func NewKeyedReport(from, to string, environments []Environment, fingerprint func(data []byte) string) Report {
	groups := Groups(environments)
	for i := range groups {
		groups[i].Object = masker{fingerprint}.object(groups[i].Object)
	}
	return Report{From: from, To: to, Environments: environments, groups: groups}
}

// IsEmpty tells whether there is no difference at all.
func (r Report) IsEmpty() bool { return len(r.groups) == 0 }

// counts are numbers of objects.
type counts struct{ added, removed, changed int }

func (c *counts) add(op Op) {
	switch op {
	case Add:
		c.added++
	case Remove:
		c.removed++
	default:
		c.changed++
	}
}

func (e Environment) counts() (c counts) {
	for _, o := range e.Objects {
		c.add(o.Op)
	}
	return c
}

func (r Report) counts() (c counts) {
	for _, g := range r.groups {
		c.add(g.Object.Op)
	}
	return c
}

func (c counts) String() string {
	return fmt.Sprintf("%d added, %d removed, %d changed", c.added, c.removed, c.changed)
}

// few is how many environments are named one by one although they are all.
const few = 4

// isEverywhere tells whether many environments, and all that were compared, are in a group.
func (r Report) isEverywhere(g Group) bool {
	return len(g.Environments) > few && len(g.Environments) == len(r.Environments)
}

// isNameless tells whether the group is from the comparison of two environments with
// each other.
func (g Group) isNameless() bool { return len(g.Environments) == 1 && g.Environments[0] == "" }

// where names the environments of a group for people; "" where there is nothing to say.
func (r Report) where(g Group) string {
	switch {
	case g.isNameless():
		return ""
	case r.isEverywhere(g):
		return fmt.Sprintf("all %d environments", len(g.Environments))
	}
	return strings.Join(g.Environments, ", ")
}

// sign is the mark before an object.
func (g Group) sign() byte {
	switch g.Object.Op {
	case Add:
		return '+'
	case Remove:
		return '-'
	}
	return '~'
}
