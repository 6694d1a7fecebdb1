// Package lib holds the standard component library: the jsonnet that ships in
// the compiler, so that an app can import 'couplet/web.libsonnet' with nothing
// installed.
//
// The library is plain jsonnet. It reads no external variables and calls no
// native functions, so any jsonnet with this folder on its search path renders
// what couplet compiles. Its tests stand beside it as *_test.jsonnet and are not
// embedded. docs/library.md is the reference.
package lib

import "embed"

// Files is the library, rooted where an import path starts: it holds
// couplet/main.libsonnet and the files beside that.
//
//go:embed couplet/*.libsonnet
var Files embed.FS
