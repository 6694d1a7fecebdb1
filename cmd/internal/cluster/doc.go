// Package cluster makes a cluster equal to a bundle, and tells beforehand what that will
// change.
//
// It takes the objects of a bundle and a [Server], which speaks to the API server of one
// cluster, and knows nothing of how that is done: package kube implements it with
// client-go, which only the program kubectl-couplet links.
//
// The way of an apply:
//
//  1. [MakePlan] reads what the cluster holds of the objects and of the [Inventory], and asks
//     the server by dry runs what an apply would make of them. The result, a [Plan], is data:
//     it is shown, saved, and compared with a later state of the cluster.
//  2. [Execute] holds the [Lease] of the environment, writes the union of the old and the new
//     inventory, then applies tier by tier, waits, deletes what is to be pruned, and writes
//     down what was done.
//
// What must hold: everything that was ever applied and not deleted is in the inventory, so
// that an interruption at any point loses nothing; an object is deleted only if it has the UID
// that the inventory knows; nothing is deleted that has not been backed up; and every write
// can be repeated, for an apply is a server-side apply, and a deletion has preconditions.
package cluster
