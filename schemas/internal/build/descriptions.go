package build

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/couplet-k8s/couplet/schemas/internal/format"
)

// packDescriptions makes the descriptions' file.
func packDescriptions(minors []*minor) ([]byte, error) {
	var texts table
	var body []byte
	for _, m := range minors {
		body = binary.AppendUvarint(body, uint64(texts.add(m.name)))
		body = binary.AppendUvarint(body, uint64(len(m.definitions)))
		for _, name := range slices.Sorted(maps.Keys(m.definitions)) {
			body = binary.AppendUvarint(body, uint64(texts.add(name)))
			list := m.definitions[name].descriptions()
			body = binary.AppendUvarint(body, uint64(len(list)))
			for _, text := range list {
				body = binary.AppendUvarint(body, uint64(texts.add(text)))
			}
		}
	}
	out := bytes.NewBuffer(u32([]byte(format.DescriptionsMagic), format.Version))
	w, err := flate.NewWriter(out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(append(texts.bytes(), body...)); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

// descriptions are a definition's own description and its properties', in their order.
func (s *schema) descriptions() []string {
	out := []string{s.Description}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		out = append(out, s.Properties[name].Description)
	}
	return out
}
