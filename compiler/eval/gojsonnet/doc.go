// Package gojsonnet is the reference engine: google/go-jsonnet as a library. Its
// values are the definition of what jsonnet means, and other engines are compared
// with it.
//
// go-jsonnet gives its result as JSON text and its errors as text or as a stack of
// line numbers. This package turns the one into a [value.Value] and the other into
// diagnostics with places. Imports go through the program's source.Set, never to the
// disk directly.
package gojsonnet
