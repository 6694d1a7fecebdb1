// Package judgement holds couplet's verdicts on objects against those of a real API
// server.
//
// A [Server] is a test cluster's API server, asked by server-side apply with a dry run. A
// [Local] is what `couplet validate` does: the schemas, and the rules by the companion.
// [Mutants] makes of valid objects such as are likely wrong, and [Compare] asks both
// about each. A difference that the cluster's state alone explains is told apart by
// [OfState].
package judgement
