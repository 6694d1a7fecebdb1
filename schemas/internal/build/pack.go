package build

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/couplet-k8s/couplet/schemas/internal/format"
)

const refPrefix = "#/definitions/"

// table numbers strings of bytes, equal ones once.
type table struct {
	number map[string]uint32
	items  []string
}

func (t *table) add(s string) uint32 {
	if n, ok := t.number[s]; ok {
		return n
	}
	if t.number == nil {
		t.number = map[string]uint32{}
	}
	n := uint32(len(t.items))
	t.number[s] = n
	t.items = append(t.items, s)
	return n
}

// bytes writes the table as a section: count, ends, content.
func (t *table) bytes() []byte {
	out := u32(nil, len(t.items))
	end := 0
	for _, s := range t.items {
		end += len(s)
		out = u32(out, end)
	}
	return append(out, strings.Join(t.items, "")...)
}

func u32[N int | uint32](out []byte, n N) []byte {
	return binary.LittleEndian.AppendUint32(out, uint32(n))
}

// packer collects the sections of the container.
type packer struct {
	strings, definitions, kinds table
	names                       map[string]uint32
	sortedNames                 []string
}

// pack makes the container.
func pack(minors []*minor) []byte {
	p := &packer{names: map[string]uint32{}}
	p.collectNames(minors)
	names := u32(nil, len(p.sortedNames))
	for _, name := range p.sortedNames {
		dot := strings.LastIndexByte(name, '.')
		names = u32(u32(names, p.strings.add(name[:dot])), p.strings.add(name[dot+1:]))
	}
	records := make([][]byte, len(minors))
	for i, m := range minors {
		records[i] = p.minor(m)
	}
	kinds := u32(nil, len(p.kinds.items))
	kinds = append(kinds, strings.Join(p.kinds.items, "")...)
	return container(p.strings.bytes(), names, p.definitions.bytes(), kinds, minorSection(records))
}

// container writes the head and the sections behind it.
func container(sections ...[]byte) []byte {
	out := u32([]byte(format.Magic), format.Version)
	at := len(out) + 4*len(sections)
	for _, s := range sections {
		out = u32(out, at)
		at += len(s)
	}
	return append(out, slices.Concat(sections...)...)
}

func minorSection(records [][]byte) []byte {
	out := u32(nil, len(records))
	at := 4 + 4*len(records)
	for _, r := range records {
		out = u32(out, at)
		at += len(r)
	}
	return append(out, slices.Concat(records...)...)
}

func (p *packer) collectNames(minors []*minor) {
	all := map[string]bool{}
	for _, m := range minors {
		for name := range m.definitions {
			all[name] = true
		}
	}
	p.sortedNames = slices.Sorted(maps.Keys(all))
	for i, name := range p.sortedNames {
		p.names[name] = uint32(i)
	}
}

func (p *packer) minor(m *minor) []byte {
	out := u32(nil, p.strings.add(m.name))
	out = u32(out, len(m.kinds))
	for _, k := range m.kinds {
		out = u32(out, p.kinds.add(p.kind(k)))
	}
	for _, name := range p.sortedNames {
		def, number := m.definitions[name], uint32(0)
		if def != nil {
			number = 1 + p.definitions.add(string(p.body(nil, def)))
		}
		out = u32(out, number)
	}
	return out
}

func (p *packer) kind(k kind) string {
	var flags format.KindFlags
	if k.namespaced {
		flags |= format.Namespaced
	}
	if k.list {
		flags |= format.List
	}
	if k.off {
		flags |= format.Off
	}
	var out []byte
	for _, s := range []string{k.group, k.version, k.kind, k.plural} {
		out = u32(out, p.strings.add(s))
	}
	out = u32(out, p.names[k.definition])
	return string(u32(out, uint32(flags)))
}

// body writes one schema.
func (p *packer) body(out []byte, s *schema) []byte {
	if s.Ref != "" {
		out = binary.AppendUvarint(out, uint64(format.PartRef)<<3)
		return binary.AppendUvarint(out, uint64(p.name(s.Ref)))
	}
	parts := s.parts()
	out = binary.AppendUvarint(out, uint64(s.typ())|uint64(parts)<<3)
	if parts&format.PartFormat != 0 {
		out = binary.AppendUvarint(out, uint64(s.format()))
	}
	if parts&format.PartFlags != 0 {
		out = binary.AppendUvarint(out, uint64(s.flags()))
	}
	if parts&format.PartElem != 0 {
		out = p.body(out, either(s.Items, s.AdditionalProperties))
	}
	if parts&format.PartProperties != 0 {
		out = binary.AppendUvarint(out, uint64(len(s.Properties)))
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			out = p.text(out, name)
			out = p.body(out, s.Properties[name])
		}
	}
	return p.lists(out, s, parts)
}

// lists writes the parts behind the properties.
func (p *packer) lists(out []byte, s *schema, parts format.Parts) []byte {
	if parts&format.PartRequired != 0 {
		out = p.texts(out, slices.Sorted(slices.Values(s.Required)))
	}
	if parts&format.PartEnum != 0 {
		out = p.texts(out, s.Enum)
	}
	if parts&format.PartList != 0 {
		out = binary.AppendUvarint(out, uint64(listTypes[s.ListType]))
		out = p.texts(out, s.ListMapKeys)
	}
	if parts&format.PartPatch != 0 {
		out = p.text(out, s.PatchStrategy)
		out = p.text(out, s.PatchMergeKey)
	}
	return out
}

func (p *packer) name(ref string) uint32 {
	name, ok := strings.CutPrefix(ref, refPrefix)
	number, known := p.names[name]
	if !ok || !known {
		panic("reference to nothing: " + ref)
	}
	return number
}

func (p *packer) text(out []byte, s string) []byte {
	return binary.AppendUvarint(out, uint64(p.strings.add(s)))
}

func (p *packer) texts(out []byte, list []string) []byte {
	out = binary.AppendUvarint(out, uint64(len(list)))
	for _, s := range list {
		out = p.text(out, s)
	}
	return out
}

var listTypes = map[string]format.ListType{
	"": format.ListUnset, "atomic": format.ListAtomic, "set": format.ListSet, "map": format.ListMap,
}

// parts tells which parts the body of a schema has. A definition of type object
// without properties is closed: it allows no member.
func (s *schema) parts() format.Parts {
	var parts format.Parts
	for _, part := range []struct {
		bit   format.Parts
		there bool
	}{
		{format.PartFormat, s.format() != format.FormatNone},
		{format.PartFlags, s.flags() != 0},
		{format.PartElem, s.Items != nil || s.AdditionalProperties != nil},
		{format.PartProperties, s.Properties != nil},
		{format.PartRequired, len(s.Required) > 0},
		{format.PartEnum, len(s.Enum) > 0},
		{format.PartList, s.ListType != ""},
		{format.PartPatch, s.PatchStrategy != "" || s.PatchMergeKey != ""},
	} {
		if part.there {
			parts |= part.bit
		}
	}
	return parts
}

func (s *schema) typ() format.Type {
	if s.special.format != format.FormatNone {
		return format.Any
	}
	t, ok := format.Types[s.Type]
	if !ok {
		panic(fmt.Sprintf("unknown type %q", s.Type))
	}
	return t
}

func (s *schema) format() format.Format {
	if s.special.format != format.FormatNone {
		return s.special.format
	}
	f, ok := format.Formats[s.Format]
	if !ok {
		panic(fmt.Sprintf("unknown format %q", s.Format))
	}
	return f
}

func (s *schema) flags() format.Flags {
	flags := s.special.flags
	for flag, set := range map[format.Flags]bool{
		format.Preserve:  s.Preserve,
		format.Embedded:  s.Embedded,
		format.AtomicMap: s.MapType == "atomic",
	} {
		if set {
			flags |= flag
		}
	}
	return flags
}
