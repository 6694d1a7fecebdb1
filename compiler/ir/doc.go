// Package ir is the core language: what is left of jsonnet once names are slots and
// sugar is gone. It takes a [syntax.Tree] with its [resolve.Info] and gives [Node]s
// that a machine can run.
//
// A [Unit] is one file. Lowering is lazy: a function's or a field's [Body] is lowered
// when it is first run, so that of a large library only the parts in use cost
// anything. What has been lowered never changes and is shared by all goroutines; two
// that lower the same body at once make equal nodes, of which one is kept.
//
// Every node keeps its place, as offsets in a space that all units of a [Store]
// share: one number names the file and the byte.
//
// The sugar that goes: parentheses, methods and local functions, e { ... }, assert in
// expressions, missing else branches, slices (calls of std.slice), % (std.mod) and in
// (std.objectHasAll), names of fields and members, each hashed once.
package ir
