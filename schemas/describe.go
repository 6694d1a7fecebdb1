package schemas

import (
	"compress/flate"
	"fmt"
	"io"
	"strings"

	"github.com/couplet-k8s/couplet/schemas/internal/format"
)

// Descriptions are the published texts about one minor's definitions.
type Descriptions struct {
	byName map[string][]string // a definition's own, then its properties'
}

// OpenDescriptions reads the descriptions of a minor. It takes some milliseconds and
// the texts stay in memory as long as the result is in use.
func OpenDescriptions(minor *Minor) (*Descriptions, error) {
	head := section(descriptionsText)
	if !strings.HasPrefix(descriptionsText, format.DescriptionsMagic) || head.uint(1) != format.Version {
		return nil, fmt.Errorf("the embedded descriptions do not have the format of this program")
	}
	data, err := io.ReadAll(flate.NewReader(strings.NewReader(descriptionsText[8:])))
	if err != nil {
		return nil, fmt.Errorf("the embedded descriptions are broken: %w", err)
	}
	texts := section(data)
	last := texts.uint(0)
	end := 4*(1+last) + texts.uint(last)
	d := decoder{m: &Minor{c: sections{strings: texts[:end]}}, body: texts[end:]}
	for len(d.body) > 0 {
		if name, found := d.text(), d.descriptions(); name == minor.name {
			return found, nil
		}
	}
	return nil, fmt.Errorf("there are no descriptions of Kubernetes %s", minor.name)
}

func (d *decoder) descriptions() *Descriptions {
	out := &Descriptions{byName: map[string][]string{}}
	for range d.uint() {
		name := d.text()
		out.byName[name] = d.texts()
	}
	return out
}

// Of gives a definition's own description; "" where there is none.
func (d *Descriptions) Of(s *Schema) string { return d.text(s, 0) }

// Property gives the description of a definition's property; "" where there is none.
func (d *Descriptions) Property(s *Schema, name string) string {
	for i, known := range s.Names() {
		if known == name {
			return d.text(s, 1+i)
		}
	}
	return ""
}

func (d *Descriptions) text(s *Schema, i int) string {
	if s.Members == nil {
		return ""
	}
	texts := d.byName[s.Members.Package+"."+s.Members.Name]
	if i >= len(texts) {
		return ""
	}
	return texts[i]
}
