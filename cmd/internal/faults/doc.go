// Package faults has the tests of what must be survived: it runs the real program against a
// real API server, and kills, stops, cuts, refuses and delays what lies between them.
//
// Whatever happens to a run, three things must hold, and each test looks for them on the
// cluster itself: the inventory has every object that was applied; applying again makes the
// cluster equal to the source, without making anything anew; and a delete leaves nothing.
//
// `go test` runs a bounded form of each test, `make soak-cluster` all of it, and writes its
// figures into docs/reliability.md. There is no kubelet: where a test waits for pods, it
// writes their status itself, so a wait for a real kubelet is untested.
package faults
