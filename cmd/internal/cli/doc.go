// Package cli is couplet's command line. It is the only package that knows cobra, and
// the place where the process meets the compiler: flags become options, diagnostics
// become text and an exit code.
//
// Each command has a file: an Options struct that its flags fill, the declaration of
// the command, and a function run... that does the work with the options and a
// [Process] and knows no cobra. Its script in testdata/script runs it with the real
// main.
//
// Two programs are made of this package. couplet reaches no cluster: a command that needs
// one checks its flags and then calls delegate, by which the process becomes
// kubectl-couplet, where the same command goes on. Started as a plugin of kubectl,
// kubectl-couplet has kubectl's manners (kubectl.go); started by couplet, couplet's.
//
// Exit codes: 0 done, 1 diagnostics or failure, 2 usage, 3 differences found. The
// command eval has jsonnet's: 1 for whatever fails. To kubectl all failures are 1, and
// for commands that compare, differences are 1 and failures 2.
package cli
