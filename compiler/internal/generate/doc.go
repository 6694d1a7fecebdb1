// Package generate makes jsonnet programs for tests: closed and well-formed ones out of
// chance, and broken relatives of given ones. It is in no binary and imports nothing of
// couplet, so that a test of any package may use it.
//
// All decisions are drawn from [Choices], a string of bytes in which 0 always is the
// simplest decision. The same bytes give the same program. That makes a program
// something that a fuzzer can vary and that [Shrink] can make smaller: first by its
// choices, then by its tokens.
//
// [Generate] is typed: an expression is made for the type that its place needs, with
// the variables, fields and imports that can be seen there, so that most programs have
// a value. In some programs, a few expressions have another type on purpose.
package generate
