// Package schemas carries the OpenAPI definitions of Kubernetes inside the program,
// for each minor that couplet knows.
//
// The definitions lie in a binary container, whose layout internal/format tells, that
// is part of the program's text: opening a [Minor] decodes nothing, and looking up a
// kind decodes the definitions that it reaches, each when it is first asked for.
// Strings are never copied out of the container. So a program that checks one
// Deployment pays for what a Deployment refers to and for nothing else.
//
// The published descriptions, which are three quarters of the bytes, are in a file
// of their own, compressed, and are read only by [OpenDescriptions].
//
// Everything here is immutable to its users and safe for concurrent use. This
// package imports nothing of couplet's compiler and stands at the bottom of the
// layers. `go generate ./schemas` makes both files from the Go module
// k8s.io/kubernetes, whose versions stand in internal/build.
package schemas

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/couplet-k8s/couplet/schemas/internal/format"
)

//go:generate go run ./internal/generate

//go:embed kubernetes.bin
var containerText string

//go:embed descriptions.bin
var descriptionsText string

// container gives the sections of the embedded container.
var container = sync.OnceValue(func() sections { return split(containerText) })

// Minors lists the Kubernetes minors in the container, oldest first, such as 1.37.
func Minors() []string {
	c := container()
	out := make([]string, c.minors.uint(0))
	for i := range out {
		record := c.minors.from(c.minors.uint(1 + i))
		out[i] = c.text(record.uint(0))
	}
	return out
}

// Newest is the newest minor in the container.
func Newest() string {
	all := Minors()
	return all[len(all)-1]
}

// Open gives the definitions of a minor. A leading v, as in v1.37, is accepted, and
// a patch release, as in 1.37.2, means its minor. Each call gives a Minor that
// remembers what it decoded, so a program opens a minor once.
func Open(minor string) (*Minor, error) {
	parts := strings.Split(strings.TrimPrefix(minor, "v"), ".")
	if i := slices.Index(Minors(), strings.Join(parts[:min(2, len(parts))], ".")); i >= 0 && len(parts) <= 3 {
		c := container()
		return newMinor(c, c.minors.from(c.minors.uint(1+i))), nil
	}
	return nil, fmt.Errorf("there is no schema of Kubernetes %s; known: %s", minor, strings.Join(Minors(), ", "))
}

// Serving lists the minors, oldest first, whose servers serve a kind without being told
// to.
func Serving(group, version, kind string) []string {
	var out []string
	for _, name := range Minors() {
		m, err := Open(name)
		if err != nil {
			panic(err) // it is in the list
		}
		if k, ok := m.Lookup(group, version, kind); ok && !k.Off {
			out = append(out, name)
		}
	}
	return out
}

// sections are the parts of the container.
type sections struct {
	strings, names, definitions, kinds, minors section
}

// split finds the sections of a container. The container is part of the program, so
// one that does not fit is a mistake in its making.
func split(text string) sections {
	whole := section(text)
	if !strings.HasPrefix(text, format.Magic) || whole.uint(1) != format.Version {
		panic("schemas: the embedded container does not have the format of this program")
	}
	at := func(i int) section {
		end := len(text)
		if i+1 < format.Sections {
			end = whole.uint(3 + i)
		}
		return whole[whole.uint(2+i):end]
	}
	return sections{at(0), at(1), at(2), at(3), at(4)}
}

// text gives a string by its number.
func (c sections) text(number int) string { return string(c.strings.item(number)) }

// section is a part of the container; a text, so that it is never copied.
type section string

// uint reads the i-th uint32 of the section.
func (s section) uint(i int) int {
	b := s[4*i : 4*i+4]
	return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 | int(b[3])<<24
}

// from is the section behind an offset.
func (s section) from(offset int) section { return s[offset:] }

// item reads an element of a section that is a count, the ends, and the bytes.
func (s section) item(number int) section {
	count, start := s.uint(0), 0
	if number > 0 {
		start = s.uint(number)
	}
	body := s[4*(1+count):]
	return body[start:s.uint(1+number)]
}
