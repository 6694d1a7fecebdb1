// Package eval evaluates jsonnet programs: a [Program] goes in, a [value.Value] or
// diagnostics come out. It knows neither the standard library's functions, which
// package std brings, nor Kubernetes.
//
// An [Engine] does the work. Engines are interchangeable: for one program every
// engine gives the same value, or fails with an error of the same kind at the same
// place. [Machines] is couplet's own, and the rest of this chapter; package gojsonnet
// holds the reference.
//
// An evaluation reads files through the program's source.Set alone, sees no clock,
// network or environment variable, and so gives the same result whenever the program
// and the files are the same.
//
// # Code and machines
//
// What a file means is compiled once, into the nodes of package ir, which never change
// and are shared by all evaluations of one source.Set. All that changes is in a
// [Machine]: one per evaluation, run by one goroutine, with values that no other
// machine sees. So there are no locks, and as many environments are evaluated at a time
// as there are processors.
//
// A machine runs a node by the table entry of its operation, which runs the nodes below
// it: a tree that is walked, not a byte code. What is slow in jsonnet is not the
// dispatch but the memory that values take, and most of the design is about that.
//
// # Values
//
// A [Value] is two words: a number stands in it, a string is its pointer and length,
// everything else a pointer and a tag. Besides values, a place can hold what leads to
// one. The commonest is a suspended expression: just its node, since the place lies in
// the frame (or array) that the expression is to be run in. Only where two places share
// an expression does it become a thunk. Expressions that cannot fail and cost no more than
// a thunk are evaluated at once; nobody can tell.
//
// A frame has the variables of a call, of an object's locals or of a comprehension's
// round. The resolver has given each variable its distance and slot, so that nothing is
// looked up by name. A frame that nothing refers to when its code has ended is used
// again.
//
// Strings and arrays that + makes stay trees until somebody looks at them: a loop that
// adds up is linear. Ranges, slices and maps compute their elements when they are asked
// for.
//
// # Objects
//
// An [Object] is code with the frame around it, or a sum of others: its layers, oldest
// first. a + b copies no field. The fields of a sum are found through a layout, which
// tells for each name which layers define it, and which is shared by all objects whose
// layers have the same shapes in the same order: jsonnet programs add the same few
// shapes again and again. Field values are kept by layer, so that super.x and self.x
// have places of their own. Assertions run when a field of an object is first asked for
// from outside, once.
//
// # Failures and budgets
//
// A failure is a panic that the entry of the machine (or [Machine.Try], for a part of
// an evaluation) turns into a diagnostic. The stack of nodes that were entered is cut on
// the way back only, so that it still tells the way there. Every call, suspended
// expression and round counts one step; every few thousand steps the machine looks
// whether it should stop, and what is about to make something large counts its bytes first. Go's own stack is bounded through the limit of frames, and, for
// tail calls in the middle of other work, by the context that the command cancels.
//
// # Provenance and profiles
//
// With provenance, the nodes are compiled with another mark, ir.Tracked, whose table
// entries note the origin of what they give in Machine.origin; a chain of origins is
// kept beside each field, element and variable. Without it, none of that code runs. A
// profile works the same way: nodes are wrapped in others that ask for the time.
package eval
