// Package app reads apps from disk: which environments there are, and for each its
// entry, its search path, what it can see and where its objects go. It evaluates
// nothing.
//
// Three layouts are read. couplet's own is declared by couplet.yaml, validated
// against the JSON Schema in [Schema]. A Tanka tree is recognised by tkrc.yaml or
// jsonnetfile.json; its environments are folders with main.jsonnet and spec.json
// (static), or objects of kind Environment in the value of a main.jsonnet (inline),
// which the compiler finds by evaluating. And any .jsonnet, .yaml or .json file is an
// environment of its own (bare).
//
// Whatever the layout, the result is an [Environment], and nothing later asks where it
// came from.
package app
