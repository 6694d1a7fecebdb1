package schemas

import "github.com/couplet-k8s/couplet/schemas/internal/format"

// decoder reads one body of the container.
type decoder struct {
	m    *Minor
	body section
}

// plain are the schemas that say no more than a type and perhaps a format; most
// properties share one of them.
var plain = func() (out [format.Boolean + 1][format.FormatCIDR + 1]Schema) {
	for t := range out {
		for f := range out[t] {
			out[t][f] = Schema{Type: Type(t), Format: Format(f)}
		}
	}
	return out
}()

func (d *decoder) schema() *Schema {
	head := d.uint()
	typ, parts := Type(head&7), format.Parts(head>>3)
	if parts&format.PartRef != 0 {
		return d.m.reference(uint32(d.uint()))
	}
	if parts&^format.PartFormat == 0 && typ != Object {
		f := FormatNone
		if parts != 0 {
			f = Format(d.uint())
		}
		return &plain[typ][f]
	}
	s := &Schema{Type: typ}
	if parts&format.PartFormat != 0 {
		s.Format = Format(d.uint())
	}
	if parts&format.PartFlags != 0 {
		s.Flags = Flags(d.uint())
	}
	if parts&format.PartElem != 0 {
		s.Elem = d.schema()
	}
	if typ == Object {
		s.Members = d.members(parts)
	}
	if parts&format.PartEnum != 0 {
		s.Enum = d.texts()
	}
	if parts&(format.PartList|format.PartPatch) != 0 {
		s.Merge = d.merge(parts)
	}
	return s
}

// members reads what is known about an object's members. One used as a map of any
// names has none.
func (d *decoder) members(parts format.Parts) *Members {
	if parts&(format.PartElem|format.PartProperties|format.PartRequired) == format.PartElem {
		return nil
	}
	m := &Members{}
	if parts&format.PartProperties != 0 {
		m.Properties = make([]Property, d.uint())
		for i := range m.Properties {
			m.Properties[i].Name = d.text()
			m.Properties[i].Schema = d.schema()
		}
	}
	if parts&format.PartRequired != 0 {
		m.Required = d.texts()
	}
	return m
}

func (d *decoder) merge(parts format.Parts) *Merge {
	m := &Merge{}
	if parts&format.PartList != 0 {
		m.List = ListType(d.uint())
		m.Keys = d.texts()
	}
	if parts&format.PartPatch != 0 {
		m.PatchStrategy, m.PatchKey = d.text(), d.text()
	}
	return m
}

func (d *decoder) text() string { return d.m.c.text(d.uint()) }

func (d *decoder) texts() []string {
	n := d.uint()
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = d.text()
	}
	return out
}

func (d *decoder) uint() int {
	n := 0
	for shift := 0; ; shift += 7 {
		b := d.body[0]
		d.body = d.body[1:]
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}
