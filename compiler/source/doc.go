// Package source is the only door to files. It takes names and gives immutable
// texts, and positions in them.
//
// A [FS] answers for a tree of files: the disk ([Disk]), a mount of an embedded
// tree over another ([Mount]), or, above the compiler, one git revision. Paths are
// slash-separated, absolute or relative to the FS's own working directory, on
// every operating system.
//
// A [Set] reads each path of a FS at most once, so that every stage of one
// compilation sees the same bytes, and hands out a [File], whose pointer is its
// identity. A [Span] is a range of bytes in a File; lines and columns are worked
// out from it at the edge, when a diagnostic is printed.
//
// A [Log] keeps what one user of a set asked and was told: contents, names that led to
// nothing, listings. As long as the same questions get the same answers ([Read]), what was
// made of them need not be made again.
//
// This package imports nothing of couplet and stands at the bottom of the layers.
package source
