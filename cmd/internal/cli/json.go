package cli

import (
	"encoding/json"
	"io"
)

// writeJSON writes a value as indented JSON to standard output.
func (p *Process) writeJSON(v any) error {
	return p.writeBy(func(w io.Writer) error { return writeJSON(w, v) })
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
