// Package decode reads YAML and JSON files that a user gives directly into values.
//
// It takes a [source.File] and gives plain data whose origins are places in that
// file: the origin of a value, and of a field's name, is its byte offset plus one, so
// that 0 stays "from nowhere". What is behind an alias has the place of the anchored
// value.
//
// YAML means what kubectl makes of it: a scalar is resolved as sigs.k8s.io/yaml does
// (YAML 1.1: yes and on are booleans, 0755 is an octal number, a timestamp is a
// string), the names of fields become strings, a merge key is replaced by what it
// merges. JSON is RFC 8259. Stricter than kubectl in either, decode refuses two fields
// of one name, and what JSON cannot say. A number that a float64 would change keeps
// its digits, with a warning.
//
// Most files are of a simple form, which a quick reader reads at once and in parallel,
// document by document; go.yaml.in/yaml reads the others. The values are the same.
//
// Any bytes give values or diagnostics: nesting and aliases are bounded, and a panic
// of the YAML parser becomes a diagnostic. Where there are errors there are no values.
package decode
