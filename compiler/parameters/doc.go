// Package parameters checks what an environment sets of the parameters of its components.
// It stands between evaluation and objects: it takes a machine with the value of an entry,
// of which nothing need be evaluated yet, and gives findings (CP8).
//
//   - Check holds the parameters of each component, with all layers on them, against the
//     component's JSON Schema. It evaluates parameters only.
//   - Unknown finds what layers set that no component has.
//   - Unread finds what layers set that an evaluation did not read. It takes the reads of an
//     eval.Machine that noted them, so that what counts is what was run: a parameter that is
//     passed on, computed with or tested is read, one in a branch that was not taken is not.
//   - Unset finds the reads of parameters that nothing sets, by looking at the component's
//     code, so that it finds those in branches that were not taken, too.
//
// A component is a visible field of the entry's value with a field `params`. The layers are
// in the value's hidden field `layers`, as couplet/app.libsonnet makes it; an entry without
// one has none.
package parameters
