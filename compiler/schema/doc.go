// Package schema tells whether an object is what the Kubernetes API takes, as far as
// the published schemas say.
//
// A [Catalog] knows the kinds of one environment: those of its Kubernetes minor, from
// package schemas, and those of the CustomResourceDefinitions that its bundle holds.
// [Catalog.Scope] answers where a kind lives, [Catalog.Check] checks one object,
// [Catalog.Show] explains a field. Of custom resources' definitions only the schemas
// of the kinds in use are converted, each once.
//
// A check is one walk over the object and its schema side by side, and reports
// everything it finds as [Finding]s in the order of the object, the same in every
// run. It reads values as the API server does, not as JSON Schema would: a null
// member is an absent one, a quantity may be a number, an empty text is no value for
// an optional enumeration, defaults of a custom resource are filled in before its
// required fields are asked for, and in a status, which the server does not take from
// an object, only names and types count. So what it rejects, the server rejects.
//
// The depth of the walk is bounded by the depth of the object. Expressions in the
// x-kubernetes-validations of custom resources are not evaluated.
package schema
