// Package value is plain data, fully evaluated: what JSON can say, and nothing
// else. The evaluator gives it, YAML and JSON files are read into it, and objects,
// schemas, differences and the emitter work on it.
//
// A [Value] is immutable, and so safe to share between goroutines; every "change"
// gives a new one that shares what is the same. The fields of an object are sorted
// by name in byte order, which for UTF-8 is code point order, and are unique: the
// order of jsonnet's output. So two equal values are equal in form.
//
// A number is a float64, as in jsonnet. A number that came from a YAML or JSON file
// and that a float64 would change keeps its digits beside it ([Exact]).
//
// Each value and each field carries an origin: a number that means something only
// to whoever made the value (a byte offset for YAML text), 0 for none.
package value
