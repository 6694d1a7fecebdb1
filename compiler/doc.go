// Package compiler is couplet's Go API: an environment goes in, a bundle of Kubernetes
// objects and diagnostics come out.
//
// The data's way is one-way:
//
//	source   files            -> texts                 (package source)
//	app      couplet.yaml     -> environments          (package app)
//	eval     jsonnet          -> a value               (packages eval, std)
//	object   value            -> objects               (package object)
//	schema   objects          -> findings              (package schema)
//	bundle   objects in order -> the assembly          (packages bundle, emit)
//	diff     two bundles      -> their difference      (package diff)
//
// [Compile] takes one environment through it; [CompileAll] takes many, in parallel,
// with a result that does not depend on the number of workers; [Check] holds a bundle
// against the schemas of its environment's Kubernetes version.
//
// Below this package and in it nothing reads the clock, the network or the process's
// environment: the same files and options give the same bytes.
package compiler
