// Package nametemplate makes names of files by Go templates: it takes a template in the
// language of text/template and an object as plain data, and gives a text.
//
// The standard library parses the template and this package runs it. The library's own
// executor finds methods by name, so that the linker must keep every exported method of
// every type: a megabyte that each process of couplet would hold. Data of jsonnet has no
// methods. The tests hold this executor against the library's.
//
// It differs where the library refuses what has a plain meaning: whole numbers and
// fractions compare, for all numbers of an object are float64.
package nametemplate
