package app

import (
	"sync"

	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/jsonschema"
	"github.com/couplet-k8s/couplet/compiler/source"
	"github.com/couplet-k8s/couplet/compiler/value"
)

// appSchema is Schema, ready to check files.
var appSchema = sync.OnceValue(func() *jsonschema.Schema {
	schema, found := jsonschema.Load(source.NewFile("schema.json", Schema), nil)
	if len(found) > 0 {
		panic("the embedded schema of couplet.yaml: " + found[0].Message)
	}
	return schema
})

// checkSchema holds a couplet.yaml against its schema.
func checkSchema(file *source.File, doc value.Value) diag.List {
	var found diag.List
	for _, f := range appSchema().Check(doc, FileName, nil) {
		found.Add(diag.Diagnostic{Code: diag.AppInvalid, Span: placeOf(file, f.Place), Path: f.Path.String(), Message: f.Message, Hint: f.Hint})
	}
	return found.Sorted()
}

// placeOf is a member's key in the file, an element, or the whole file.
func placeOf(file *source.File, at jsonschema.Place) source.Span {
	if at.Name != "" {
		return keySpan(file, value.Field{Name: at.Name, Origin: at.NameOrigin})
	}
	if at.Path == nil {
		return file.Whole()
	}
	return spanOf(file, at.Origin)
}
