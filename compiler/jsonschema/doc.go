// Package jsonschema holds values against JSON Schemas (draft 7). It stands beside the
// compiler's way: couplet.yaml is checked by it, and the parameters of components.
//
// It walks over the schema as it stands in its file, next to the value: nothing is
// compiled, and both know where their parts are written. Load checks the schema itself,
// once: keywords that have a value of the wrong kind, patterns that Go's regexp cannot
// read, and references that lead nowhere. A reference leads into the same file or to a
// file beside it. One to another host is an error, and nothing is ever fetched.
//
// Which values are valid is the same as with gojsonschema, and tests hold the two against
// each other; findings are worded for people, and carry the origins of what they are about.
package jsonschema
