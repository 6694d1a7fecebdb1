// Package diff tells what is different between two sets of objects, and writes it for
// people, programs and pull requests.
//
// It is pure: it takes two lists of [Object] and gives data; where they come from, two
// environments or two revisions of one, is the caller's business. Objects are matched by
// their key ([Compare]). Within an object, fields are matched by name, the elements of
// an array by what Kubernetes knows them by, such as a container's name (see
// naturalKeys), and else by their longest common subsequence ([Values]). The changes
// are complete: applied to the old value they give the new one.
//
// [Groups] joins what many environments have in common, so that one change of a
// component that reaches forty environments is read once. A [Report] is what is
// written: as text, as JSON, or as a comment in markdown.
//
// The data of a Secret are compared like any others, but no renderer shows them: only
// their size, and that they changed. No plain hash is shown, from which a short secret
// could be guessed; who has a key can have keyed ones ([NewKeyedReport]).
package diff
