package diff

import (
	"encoding/json"
	"io"

	"github.com/couplet-k8s/couplet/compiler/value"
)

// Document is the JSON form of a report; its schema is docs/schemas/diff.json.
type Document struct {
	From         string                `json:"from"`
	To           string                `json:"to"`
	Environments []DocumentEnvironment `json:"environments"`
	Differences  []DocumentDifference  `json:"differences"`
}

// DocumentEnvironment counts the objects of one environment.
type DocumentEnvironment struct {
	Name    string `json:"name,omitempty"`
	Added   int    `json:"added"`
	Removed int    `json:"removed"`
	Changed int    `json:"changed"`
}

// DocumentDifference is an object that is not the same on both sides, in one or several
// environments.
type DocumentDifference struct {
	Object       string           `json:"object"`
	Op           string           `json:"op"` // add, remove or change
	Environments []string         `json:"environments,omitempty"`
	Old          json.RawMessage  `json:"old,omitempty"`
	New          json.RawMessage  `json:"new,omitempty"`
	Changes      []DocumentChange `json:"changes,omitempty"`
}

// DocumentChange is one difference inside an object. A change of order has the keys of
// the array's elements as its values.
type DocumentChange struct {
	Path string          `json:"path"`
	Op   Op              `json:"op"`
	Old  json.RawMessage `json:"old,omitempty"`
	New  json.RawMessage `json:"new,omitempty"`
}

// Document makes the JSON form of the report.
func (r Report) Document() Document {
	doc := Document{From: r.From, To: r.To, Environments: []DocumentEnvironment{}, Differences: []DocumentDifference{}}
	for _, env := range r.Environments {
		n := env.counts()
		doc.Environments = append(doc.Environments, DocumentEnvironment{
			Name: env.Name, Added: n.added, Removed: n.removed, Changed: n.changed,
		})
	}
	for _, g := range r.groups {
		doc.Differences = append(doc.Differences, g.document())
	}
	return doc
}

func (g Group) document() DocumentDifference {
	o := g.Object
	d := DocumentDifference{Object: g.Title, Op: "change", Old: raw(o.Old, o.Op == Remove), New: raw(o.New, o.Op == Add)}
	if o.Op != Replace {
		d.Op = string(o.Op)
	}
	if !g.isNameless() {
		d.Environments = g.Environments
	}
	for _, c := range o.Changes {
		d.Changes = append(d.Changes, DocumentChange{
			Path: c.Path.String(), Op: c.Op, Old: raw(c.Old, c.Op != Add), New: raw(c.New, c.Op != Remove),
		})
	}
	return d
}

func raw(v value.Value, present bool) json.RawMessage {
	if !present {
		return nil
	}
	return json.RawMessage(compact(v))
}

// WriteJSON writes the report as one JSON document.
func (r Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r.Document())
}
