// Package eval says what it means to evaluate a jsonnet program: a [Program] goes in,
// a [value.Value] or diagnostics come out. It knows neither the standard library nor
// Kubernetes.
//
// An [Engine] does the work. Engines are interchangeable: for one program every
// engine gives the same value, or fails with an error of the same kind at the same
// place. Package gojsonnet holds the reference.
//
// An evaluation reads files through the program's source.Set alone, sees no clock,
// network or environment variable, and so gives the same result whenever the program
// and the files are the same.
package eval
