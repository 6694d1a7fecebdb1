// Package object turns an environment's value into Kubernetes objects, and prepares
// them for a cluster: it finds them at any depth ([Extract]), refuses two of one
// identity, gives namespaces and labels, selects by target, and puts them into an order
// in which they can be applied ([Sort]).
//
// The rules of extraction and selection are Tanka's (pkg/process), so that existing
// trees give the same objects. Every step takes a list and gives a new one; an
// [Object]'s value is never changed in place.
package object
