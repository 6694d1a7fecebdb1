// Package emit writes values as text: YAML for people and the API server, JSON for
// programs, and jsonnet's own JSON for those who compare bytes.
//
// It takes a [value.Value] and appends to a byte slice. The same value always gives
// the same bytes, on every machine and in every release: the assembly of an
// environment is compared, committed and reviewed as text.
//
// What must hold is that the text reads back to the value it was written from, with
// sigs.k8s.io/yaml, which kubectl and the API server use (YAML 1.1), and with a YAML
// 1.2 reader. The readers disagree about many plain words, so a string is plain only
// where nobody takes it for anything else (see ambiguous); else it stands in single
// quotes, or in double quotes with escapes where it holds what cannot be seen. A
// text of several lines is a literal block unless a block cannot hold it. Lines are
// never folded.
//
// A number without a fraction below 2^63 is written as digits; another one in the
// shortest decimal form that gives the same float64; a number with exact digits as
// those digits. Text that is not UTF-8 cannot be written: each wrong byte becomes
// U+FFFD.
//
// There is one walk over the value and one buffer, without reflection: emitting must
// never be what a user waits for.
package emit
