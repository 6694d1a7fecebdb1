// Package syntax reads jsonnet: it takes a [source.File] and gives a [Tree].
//
// The tree is flat. Its nodes stand in one slice, children before their parents, and
// name each other by index; a node keeps the bytes of the file that it was read from.
// Identifiers and the fixed names of fields are numbered per file, so that whoever
// comes after compares numbers. A string is a piece of the file's text unless it has
// escapes. Comments are kept beside the nodes, for the tools that rewrite or explain
// code. While it reads, the parser marks what is plain data, the bulk of many files,
// which later stages need not look into.
//
// The parser reads bytes, looks one token ahead, and needs no second pass. It accepts
// the programs that go-jsonnet accepts, and an error starts where go-jsonnet's does.
// That includes go-jsonnet's own checks: variables and fields defined twice, escapes,
// what a comprehension cannot hold. What names mean is the business of package
// resolve. There are three differences:
//
//   - Text that is nested so deeply that a recursive walk would exhaust the stack is
//     refused.
//   - After an error the parser goes on, and reports the other mistakes of the file as
//     well. It passes over the tokens up to where it can be sure again: a comma, a
//     semicolon or a closing bracket that something open waits for. Until then
//     further errors are taken for consequences of the first. The tree of such a file
//     has [Bad] nodes and is fit for tools, not for evaluation.
//   - go-jsonnet takes a string that is a colon, where it is an index, for the colon
//     of a slice: x[":"].
//
// Two oddities of go-jsonnet are kept, since a program may depend on them or should
// not run here only. An operator that ends in a sign is read as its first symbol, so
// that a==-1 is an error (the diagnostic says where a space is wanted). And fields are
// compared as they are spelt, so that {"a": 1, "\u0061": 2} is found to have one name
// twice only when it is evaluated; the flag [Computed] of an object tells that this
// may happen.
package syntax
