// Package resolve finds what the names in a tree mean, before anything is evaluated.
//
// It takes a [syntax.Tree] and gives an [Info], which says for each variable where its
// value will be: in which frame, counted outwards from the current one, and in which
// slot of it. A frame holds the variables that come to life together:
//
//   - The file has one, the root.
//   - A call of a function has one: first the parameters, in order, then what the body
//     and the default arguments bind by local.
//   - An object has one for each of its layers: first its own locals, in order, then
//     what their values bind.
//   - A field, or an assert of an object, has one of its own inside the object's, if
//     its value binds variables: a field's value is evaluated once per object that
//     inherits it. The parser has marked it with the flag Locals.
//   - Each round of a comprehension's for has one: the variable in slot 0, then what
//     is bound in the conditions after it, in what the next for runs over, and, behind
//     the last for, in the body of an array comprehension. What the first for runs
//     over stands in the frame around.
//   - An object comprehension has besides, for each field, an object's frame inside
//     that of its last for. The name of the field is evaluated outside of it, as
//     computed names of fields always are.
//
// A local anywhere else takes its slots in the frame that it stands in. An expression
// runs at most once per frame, so that the variables of a frame never share a slot.
//
// The package reports, all at once, what go-jsonnet reports before it evaluates:
// variables that are not defined, and self, super and $ outside of an object. It takes
// trees with errors too, and says nothing about text that could not be parsed. As in
// go-jsonnet two parameters of one name are no error: the name means the last.
package resolve
