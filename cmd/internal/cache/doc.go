// Package cache keeps on disk what was made of files, and tells whether it would be made
// the same again.
//
// A [Cache] is a folder that belongs to its user alone, for what is made holds Secrets. In
// it each working folder has a folder ([Store]) of
//
//   - entries: what was read ([source.Read]), the texts that were made of it, and notes of
//     the caller's. An entry is named by a [Key], which stands for all that is known before
//     anything is read, and by the sum of what was read; so a few entries of one key stand
//     side by side, and going back to an earlier state of the files finds its entry again.
//   - stamps ([Stamps]): for each file, what stat says of it beside the sum of its content,
//     so that a file that looks untouched is not read.
//
// Stamps only save reading; what an entry means depends on sums alone. A stamp is not
// trusted when the file could have changed since within one tick of its clock.
//
// Nothing here locks. Files are written aside and renamed, so that a reader sees a whole
// file or another whole file, and each carries sums of its content: one that was damaged is
// as good as none. Whatever goes wrong, a caller can do without.
//
// The package knows neither environments nor Kubernetes, and imports only package source.
package cache
