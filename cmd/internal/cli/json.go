package cli

import (
	"bytes"
	"encoding/json"
)

// writeJSON prints one JSON document, indented by two spaces.
func (p *Process) writeJSON(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	return p.write(b.Bytes())
}
