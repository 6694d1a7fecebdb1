// Package relations checks what the objects of a bundle say about each other: what no
// schema and no rule of the API server looks at, because the server takes one object at a
// time.
//
// [Check] reports references to objects that neither the bundle nor what is given or
// declared has, selectors that select nothing, ports that do not meet, namespaces that
// nobody makes, and workloads that ask for more than the quota of their namespace. The
// server would take all of these objects, and a cluster may hold what a bundle lacks: so
// they are warnings.
//
// An object exists if it is in the bundle, is given, is declared as external, or is made
// by every cluster for itself: see [External].
package relations
