// Package profile tells what the compilation of an environment costs, and where. A
// [Recorder] goes in with the compiler's options; a [Report] comes out: costs by phase,
// by line, by function, by file and by library. [Report.Pprof] gives the same to
// `go tool pprof`.
//
// Each cost is charged to one place, so that the costs of phases add up to the total, and
// those of lines, files or libraries to the cost of evaluation. Only package cmd has a
// clock: a Recorder is given one.
package profile
