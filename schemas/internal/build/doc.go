// Package build makes the schema container from the published OpenAPI definitions
// of Kubernetes.
//
// [Releases] pins what is read. Of each release's Go module k8s.io/kubernetes it
// reads api/openapi-spec/swagger.json, which has the definitions, the kinds and
// (in its paths) their scope and resource names, and
// pkg/generated/openapi/zz_generated.openapi.go, which has the enums that the
// published file leaves out. It corrects what is known to be untrue of the server
// ([specials] and [relaxed] say what and why), and packs everything into
// the two files that package format describes.
//
// A key of the OpenAPI definitions that this package does not know is an error: no
// constraint is lost in silence. The output depends on the input alone.
package build
