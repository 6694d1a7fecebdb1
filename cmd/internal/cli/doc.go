// Package cli is couplet's command line. It is the only package that knows cobra, and
// the place where the process meets the compiler: flags become options, diagnostics
// become text and an exit code.
//
// Each command has a file: an Options struct that its flags fill, the declaration of
// the command, and a function run... that does the work with the options and a
// [Process] and knows no cobra. Its script in testdata/script runs it with the real
// main.
//
// Exit codes: 0 done, 1 diagnostics or failure, 2 usage, 3 differences found. The
// command eval has jsonnet's: 1 for whatever fails.
package cli
