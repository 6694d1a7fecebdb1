// Package diag is what couplet says about a user's input: data first, text last.
//
// A stage of the compiler never formats an error and never prints. It adds a
// [Diagnostic] to a [List]: a code that documentation and tests can name, a
// severity, the place in the source, one sentence that says what is wrong, and a
// hint that says what to do. The commands choose a renderer at the end: [WriteText]
// for people, [NewReport] for programs.
//
// Every code stands in [Codes] with an example that produces it; a test runs them
// all, and docs/diagnostics.md is made from them.
package diag
